"""A desk with two officers, made once and copied for each test, and a way to run commands on it."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from trafficdesk.cli.commands import app
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Bounds, City, NewReport, Officer, Place, Station
from trafficdesk.domain.times import utc_now
from trafficdesk.domain.vocabulary import Role, Severity
from trafficdesk.profile import Profile
from trafficdesk.security.enrolment import SetUp, add_officer, set_up
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.password_kdf import KdfParameters
from trafficdesk.services import desk
from trafficdesk.services.intake import file_report
from trafficdesk.store import officers

ADMIN = Holder(new_id(), "Poongodi I", "PI", "Inspector", Role.ADMIN)
OFFICER = Holder(new_id(), "Meena S", "MS", "Constable", Role.OFFICER)
PASSWORD = "river-lamp-42"
REPORTS = 5
_LIGHT = KdfParameters(memory_kib=64, passes=1, lanes=1)


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> dict[str, Any]:
        """The JSON object of a command run with --json."""
        told: dict[str, Any] = json.loads(self.out)
        return told


Run = Callable[..., Ran]


def _make_desk(folder: Path) -> None:
    profile = Profile(folder)
    made = set_up(profile, ADMIN, PASSWORD, kdf=_LIGHT)
    assert isinstance(made, SetUp)
    add_officer(profile, made.key, OFFICER, PASSWORD, kdf=_LIGHT)
    city = City(
        new_id(),
        "CBE",
        "Coimbatore",
        "Asia/Kolkata",
        Place(76.9558, 11.0168),
        Bounds(76.8, 10.8, 77.2, 11.2),
    )
    station = Station(new_id(), city.id, "Gandhipuram", Place(76.966, 11.018))
    first = Officer(
        ADMIN.officer_id, ADMIN.name, ADMIN.initials, ADMIN.rank, ADMIN.role, station.id
    )
    desk.create_store(profile, made.key, desk.Home(city, station, "D1"), first)
    session = desk.open_session(profile, made.key, ADMIN)
    second = replace(first, id=OFFICER.officer_id, name=OFFICER.name, initials=OFFICER.initials)
    with session.store.writing() as connection:
        officers.put(connection, replace(second, rank=OFFICER.rank, role=OFFICER.role))
    for i in range(REPORTS):
        at = utc_now() - timedelta(hours=i + 1)
        place = Place(76.95 + i / 200, 11.01)
        report = NewReport(("signal_jump",), Severity.SEVERE, place, at, at, city.id, station.id)
        assert file_report(session, report).outcome.is_done
    desk.close_session(session, "lock")


@pytest.fixture(scope="session")
def made_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "desk"
    folder.mkdir()
    _make_desk(folder)
    return folder


@pytest.fixture
def home(made_desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Profile:
    """A desk of this test's own, named by TRAFFICDESK_HOME."""
    folder = tmp_path / "home" / "desk"
    shutil.copytree(made_desk, folder)
    monkeypatch.setenv("TRAFFICDESK_HOME", str(folder))
    return Profile(folder)


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text(f"{PASSWORD}\n")
    return path


@pytest.fixture
def run(password_file: Path) -> Run:
    """Run a command; ``officer`` signs in with the right password unless another is given."""

    def start(*words: object, officer: str = "", password: str | None = None) -> Ran:
        line = [str(word) for word in words]
        if officer:
            if password is not None:
                password_file.write_text(password)
            line += ["--officer", officer, "--password-file", str(password_file)]
        done = CliRunner().invoke(app, line, catch_exceptions=False)
        return Ran(done.exit_code, done.stdout, done.stderr)

    return start
