"""``trafficdesk handover`` writes the sheet of a shift, whole or not at all."""

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QApplication

from tests.cli.conftest import ADMIN, PASSWORD, Run
from trafficdesk.cli.exits import Exit
from trafficdesk.domain.records import NewIncident, Place
from trafficdesk.domain.times import utc_now
from trafficdesk.domain.vocabulary import IncidentType, Severity
from trafficdesk.profile import Profile
from trafficdesk.security.unlock import Unlocked, unlock
from trafficdesk.services import desk, incidents

PLACE = Place(76.9674, 11.0183)


@pytest.fixture(autouse=True)
def _screen(qapp: QApplication) -> None:
    """Let the windows of other tests live: a process has one application."""


@pytest.fixture
def shift(home: Profile) -> str:
    """Let an incident be filed at the desk; return its reference."""
    opened = unlock(home, ADMIN.officer_id, PASSWORD, utc_now())
    assert isinstance(opened, Unlocked)
    session = desk.open_session(home, opened.key, opened.holder)
    made = NewIncident(
        IncidentType.CAR_CRASH, Severity.SEVERE, PLACE, utc_now() - timedelta(minutes=1)
    )
    filed = incidents.file(session, made)
    assert filed.incident_id is not None
    found = incidents.find_incident(session, filed.incident_id)
    assert found is not None
    desk.close_session(session, "lock")
    return found.reference


def words(path: Path) -> str:
    document = QPdfDocument()
    assert document.load(str(path)) is QPdfDocument.Error.None_
    told = "\n".join(document.getAllText(n).text() for n in range(document.pageCount()))
    document.close()
    return told


def test_the_present_shift_is_written_and_told(run: Run, shift: str, tmp_path: Path) -> None:
    paper = tmp_path / "handover.pdf"
    ran = run("handover", paper, "--json", officer="Poongodi")
    assert ran.code == Exit.DONE, ran.err
    told = ran.told
    assert [each["incident"] for each in told["handed_over"]] == [shift]
    assert [(each["action"], each["sync"]) for each in told["log"]] == [("file", "not_sent")]
    assert told["is_alone"]
    on_paper = words(paper)
    assert shift in on_paper
    assert "Poongodi I" in on_paper
    assert "Page 1 of 2" in on_paper


@pytest.mark.usefixtures("shift")
def test_another_span_is_named_and_has_nothing_of_this_one(run: Run, tmp_path: Path) -> None:
    paper = tmp_path / "handover.pdf"
    ran = run("handover", paper, "--from", "2026-01-05T06:00", officer="Poongodi")
    assert ran.code == Exit.DONE, ran.err
    assert "From 2026-01-05 06:00 to 2026-01-05 14:00 (Asia/Kolkata):" in ran.out
    assert "0 things done" in ran.out
    assert "Nothing was done at dispatch in this time." in words(paper)


@pytest.mark.usefixtures("home")
def test_a_file_that_is_there_and_an_end_before_the_beginning_are_refused(
    run: Run, tmp_path: Path
) -> None:
    paper = tmp_path / "handover.pdf"
    times = ("--from", "2026-01-05T06:00", "--to", "2026-01-05T05:00")
    ran = run("handover", paper, *times, officer="Poongodi")
    assert (ran.code, paper.exists()) == (Exit.REFUSED, False)
    assert "--to is not after --from" in ran.err
    paper.write_bytes(b"mine")
    ran = run("handover", paper, officer="Poongodi")
    assert ran.code == Exit.REFUSED
    assert paper.read_bytes() == b"mine"
