"""What the server would not take: why, what was wanted, retried or withdrawn by keyboard."""

import pytest
from PySide6.QtCore import Qt

from tests.qt.conflicts.conftest import Desk, FileReport, OpenDesk
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import Report
from trafficdesk.domain.times import to_ms
from trafficdesk.services import review
from trafficdesk.services.review import Step, Target
from trafficdesk.services.session import Session
from trafficdesk.store import outbox
from trafficdesk.store.outbox import Settled

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def report(session: Session, file: FileReport) -> Report:
    """A report whose approval the server did not take: another officer holds it."""
    made = file()
    step = Step(Move.APPROVE, "two clear frames")
    assert review.take_step(session, [Target(made.pk, made.revision)], step).is_done
    with session.store.writing() as connection:
        batch = outbox.take_batch(connection, 10)
        parked = Settled(batch[-1].op_id, outbox.PARKED, "rejected", "illegal_move")
        outbox.settle(connection, [parked], to_ms(session.clock()))
    return made


@pytest.fixture
def desk(report: Report, open_desk: OpenDesk) -> Desk:
    """The desk with that approval before the officer."""
    assert report.pk
    shown = open_desk()
    shown.hit(Qt.Key.Key_3, ALT)
    shown.wait(lambda: shown.work.parked.row is not None)
    return shown


def test_it_says_why_and_what_was_wanted(desk: Desk, report: Report) -> None:
    row = desk.work.parked.row
    assert row is not None
    assert row.title.text() == f"Approved, {report.reference}"
    assert row.sentence.text().startswith("The report stands where this step is not possible.")
    told = desk.work.parked.sentences()
    assert "Status: Pending \N{RIGHTWARDS ARROW} Approved" in told
    assert "two clear frames" in told
    assert not any("_" in sentence for sentence in told)


def test_it_is_sent_again_by_r(desk: Desk, session: Session) -> None:
    desk.press("r")
    desk.wait(lambda: not desk.work.listed.parked)
    assert desk.toast == "It is sent again"
    with session.store.reading() as connection:
        assert outbox.count(connection).queued == 1


def test_it_is_withdrawn_after_a_question(desk: Desk, session: Session) -> None:
    desk.hit(Qt.Key.Key_Delete)
    row = desk.work.parked.row
    assert row is not None
    assert row.question.isVisible()
    row.yes.click()
    desk.wait(lambda: not desk.work.listed.parked)
    with session.store.reading() as connection:
        counts = outbox.count(connection)
    assert (counts.queued, counts.parked) == (0, 0)


def test_its_report_is_opened(desk: Desk, report: Report) -> None:
    desk.press("o")
    assert desk.opened == [report.pk]
    desk.press("1")
    assert desk.refused[-1][1] == "Choose an open conflict first"
