"""A newer version on trial changes the store; if it fails, the older one has it back, unharmed."""

import hashlib
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.conftest import HOME, LIGHT_KDF, officer_of
from tests.small_disks import fill
from tests.small_disks import small_disk as disk_at
from tests.updates.standins import BASE, StandIns
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import NewReport
from trafficdesk.domain.times import utc_now
from trafficdesk.domain.vocabulary import Role, Severity
from trafficdesk.profile import Profile
from trafficdesk.security import tries
from trafficdesk.security.enrolment import SetUp, set_up
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.keys import SecretKey
from trafficdesk.security.tries import DeedKind, Doing
from trafficdesk.security.unlock import note_deed
from trafficdesk.services import auditing, desk, trial_backups
from trafficdesk.services.intake import file_report
from trafficdesk.services.session import Session
from trafficdesk.store import copying, facts, migrations
from trafficdesk.store.errors import StoreFullError, StoreTooNewError
from trafficdesk.store.figures import figures
from trafficdesk.updates import launched
from trafficdesk.updates.choosing import choose_for
from trafficdesk.updates.launched import Launched, note_launched
from trafficdesk.updates.trial import OPENING
from trafficdesk.updates.trying import RunningTrial, find_running_trial

NEW = "1.1.0"
BOSS = Holder(new_id(), "Admin A", "AA", "Inspector", Role.ADMIN)


class Desk:
    """A desk of one officer at a machine; ``become`` runs another version on it."""

    def __init__(self, machine: StandIns, patch: pytest.MonkeyPatch) -> None:
        self.machine = machine
        self.profile = Profile(machine.profile)
        self._patch = patch
        made = set_up(self.profile, BOSS, "a long password", kdf=LIGHT_KDF)
        assert isinstance(made, SetUp)
        self._key = made.key.reveal()
        desk.create_store(self.profile, made.key, HOME, officer_of(BOSS))

    def start(self, *words: str) -> str:
        """Choose a version as a start does, and be that one; return which."""
        self.end()
        chosen = choose_for(self.machine.places, words, self.profile.folder)
        note_launched(chosen)
        self.be(chosen.version)
        return chosen.version

    def end(self) -> None:
        """Let go of what a process holds until its end."""
        before = launched.find_launched()
        for lock in before.locks if before else ():
            os.close(lock)
        note_launched(Launched(""))

    def be(self, version: str) -> None:
        """Know the schemas that a version knows: a newer one has a step more."""
        steps = (*migrations.STEPS[:2], *([_one_step_more] if version == NEW else []))
        self._patch.setattr(migrations, "STEPS", steps)
        for module in (migrations, copying):
            self._patch.setattr(module, "SCHEMA_VERSION", len(steps))

    def open(self) -> Session:
        return desk.open_session(self.profile, self.key(), BOSS)

    def key(self) -> SecretKey:
        """Return the key as an unlocking gives it."""
        return SecretKey(self._key)

    @property
    def trial(self) -> RunningTrial:
        found = find_running_trial(self.profile.folder)
        assert found is not None
        return found

    def reports(self) -> int:
        session = self.open()
        try:
            assert auditing.verify(session).ok
            return figures(session.store).rows["reports"]
        finally:
            desk.close_session(session, "lock")


def _one_step_more(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE of_a_newer_version (n INTEGER)")


def _file(session: Session) -> None:
    with session.store.reading() as connection:
        city_id, station_id = facts.home_city_id(connection), facts.home_station_id(connection)
    at = utc_now() - timedelta(hours=1)
    report = NewReport(
        ("signal_jump",), Severity.SEVERE, HOME.city.centre, at, at, city_id, station_id
    )
    assert file_report(session, report).outcome.is_done


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk with one report, at a machine that has just switched to a newer version."""
    monkeypatch.setattr(launched, "_known", [])
    machine = StandIns(tmp_path)
    machine.prepare()
    for name in ("desk.db", "audit.anchor"):
        (machine.profile / name).unlink()
    made = Desk(machine, monkeypatch)
    session = made.open()
    _file(session)
    desk.close_session(session, "lock")
    machine.make(NEW, "")
    machine.switch(NEW)
    yield made
    made.end()


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _schema(of: Desk) -> int:
    session = of.open()
    try:
        return figures(session.store).schema
    finally:
        desk.close_session(session, "lock")


def test_what_a_failed_version_did_to_the_store_is_undone_and_the_older_one_opens_it(
    old: Desk,
) -> None:
    before = _store_of(old)
    assert old.start() == NEW
    old.trial.reach(OPENING)
    session = old.open()  # brought to the newer schema, and then the program dies
    assert figures(session.store).schema == 3
    session.close()
    assert old.start() == BASE
    assert _store_of(old) == before
    assert old.reports() == 1
    assert not (old.profile.folder / "update-backup").exists()


def _store_of(of: Desk) -> str:
    """Return what is in the store, told apart from any other."""
    return _digests(of.profile.folder)["desk.db"]


def test_a_version_that_was_worked_with_keeps_the_store(old: Desk) -> None:
    old.start()
    old.trial.reach(OPENING)
    session = old.open()
    assert (old.profile.folder / "update-backup").is_dir()
    old.trial.prove()
    assert not (old.profile.folder / "update-backup").exists(), "a later failure must not find it"
    _file(session)
    session.close()
    assert old.start() == NEW
    assert not old.trial.is_on
    assert old.reports() == 2


def test_a_command_of_the_newer_version_that_works_in_the_store_binds_it(old: Desk) -> None:
    assert old.start("import", "rows.csv") == NEW
    session = old.open()
    assert (old.profile.folder / "update-backup").is_dir()
    trial_backups.work_in_store(old.profile)
    _file(session)
    desk.close_session(session, "lock")
    assert not (old.profile.folder / "update-backup").exists()
    assert old.start() == NEW
    old.trial.reach(OPENING)  # and dies
    assert old.start() == NEW, "the older one could not open it any more"
    assert old.reports() == 2


def test_an_older_program_refuses_a_newer_store_and_touches_nothing(old: Desk) -> None:
    old.start()
    _schema(old)
    old.be(BASE)
    note_launched(Launched(""))
    before = _digests(old.profile.folder)
    with pytest.raises(StoreTooNewError):
        old.open()
    assert _digests(old.profile.folder) == before


def test_an_older_program_on_trial_refuses_a_newer_store_and_keeps_no_copy(old: Desk) -> None:
    old.start()
    _schema(old)
    old.trial.work()
    old.be(BASE)
    note_launched(Launched(BASE, old.profile.folder))
    before = _digests(old.profile.folder)
    with pytest.raises(StoreTooNewError):
        old.open()
    assert _digests(old.profile.folder) == before


def test_help_at_the_unlock_screen_is_told_to_the_store_that_came_back(old: Desk) -> None:
    old.start()
    old.trial.reach(OPENING)
    note_deed(old.profile, Doing(DeedKind.OWN_CHANGE, BOSS.officer_id, BOSS.officer_id), utc_now())
    old.open().close()
    old.start()
    session = old.open()
    with session.store.reading() as connection:
        told = [entry.action for entry in auditing.entries(connection)]
    desk.close_session(session, "lock")
    assert told.count("officer.change_password") == 1
    old.trial.prove()
    old.reports()
    ids = [BOSS.officer_id]
    assert tries.load_ledger(old.profile, ids, utc_now()).deeds == (), "and is forgotten then"


def test_a_trial_without_a_new_schema_copies_nothing(old: Desk) -> None:
    old.start()
    old.be(BASE)
    session = old.open()
    session.close()
    assert not (old.profile.folder / "update-backup").exists()


def _dying_at(number: int, act: Callable[[], object]) -> int:
    """Do something in a process that is killed before its nth change of a name; its exit code."""
    left = number

    def count(event: str, _arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in {"os.rename", "os.remove", "os.rmdir", "os.mkdir"}:
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        code = 1
        try:
            sys.addaudithook(count)
            act()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_kill_at_any_moment_of_going_back_is_made_good_at_the_next_start(old: Desk) -> None:
    before = _store_of(old)
    old.start()
    old.trial.reach(OPENING)
    session = old.open()
    session.store.close()
    old.end()
    failed = old.machine.folder / "failed"
    shutil.copytree(old.profile.folder, failed)
    number, code = 0, -signal.SIGKILL
    while code == -signal.SIGKILL:
        shutil.rmtree(old.profile.folder)
        shutil.copytree(failed, old.profile.folder)
        code = _dying_at(number, old.start)
        assert old.start() == BASE, number
        assert _store_of(old) == before, number
        old.end()
        number += 1
    assert code == 0
    assert number > 8
    assert old.reports() == 1


def test_a_kill_at_any_moment_before_the_change_loses_nothing(old: Desk) -> None:
    before = _store_of(old)
    old.start()
    old.trial.reach(OPENING)
    old.end()
    waiting = old.machine.folder / "waiting"
    shutil.copytree(old.profile.folder, waiting)
    for number in range(100):
        shutil.rmtree(old.profile.folder)
        shutil.copytree(waiting, old.profile.folder)
        note_launched(Launched(NEW, old.profile.folder))
        old.be(NEW)
        code = _dying_at(number, lambda: trial_backups.keep_before_upgrade(old.profile, old.key()))
        assert old.start() == BASE, number
        assert _store_of(old) == before, number
        old.end()
        if code == 0:
            break
    assert number > 3


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk that a store fits on, but not twice."""
    with disk_at(tmp_path / "disk", "12m") as folder:
        yield folder


def test_without_room_for_the_copy_the_store_is_not_changed(old: Desk, small_disk: Path) -> None:
    profile = Profile(small_disk / "profile")
    shutil.copytree(old.profile.folder, profile.folder)
    before = _digests(profile.folder)
    filler = fill(small_disk)
    os.truncate(filler, filler.stat().st_size - (1 << 19))
    old.be(NEW)
    note_launched(Launched(NEW, profile.folder))
    with pytest.raises(StoreFullError):
        desk.open_session(profile, old.key(), BOSS)
    assert _digests(profile.folder) == before
    filler.unlink()
    desk.open_session(profile, old.key(), BOSS).close()
