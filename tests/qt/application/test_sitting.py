"""A desk unlocked and locked: the window is blanked, the store closed, the keys wiped."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.qt.running_desk import close, lock, start, unlock
from trafficdesk.profile import Profile
from trafficdesk.qt.application import DeskApplication
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.shell.rail import Workspace
from trafficdesk.qt.sitting import Sitting
from trafficdesk.qt.widgets.panels import Panel
from trafficdesk.services.session import Session
from trafficdesk.store.errors import StoreClosedError


def furnish(_equipment: Equipment, sitting: Sitting) -> None:
    sitting.view.add_workspace(
        Workspace("review", "Review", "clipboard-check", "Ctrl+1", lambda: Panel("surface"))
    )


@pytest.fixture
def application(
    make_session: Callable[..., Session], profile: Profile, qtbot: QtBot
) -> Iterator[DeskApplication]:
    make_session()
    running = start(profile, furnish, qtbot)
    yield running
    close(running)


def has_desk(running: DeskApplication) -> bool:
    return running.window.desk is not None


def test_the_right_password_opens_the_desk_and_locking_leaves_nothing_readable(
    application: DeskApplication, qtbot: QtBot
) -> None:
    session = unlock(application, qtbot).session
    assert has_desk(application)
    lock(application, qtbot)
    assert not has_desk(application)
    assert session.key.is_wiped
    assert session.data_key.is_wiped
    with pytest.raises(StoreClosedError), session.store.reading():
        pass


def test_a_desk_left_alone_locks_itself(application: DeskApplication, qtbot: QtBot) -> None:
    session = unlock(application, qtbot).session
    with qtbot.waitSignal(application.locked):
        application._idle.expired.emit()
    assert session.key.is_wiped


def test_a_locked_desk_opens_again_for_the_next_officer(
    application: DeskApplication, qtbot: QtBot
) -> None:
    first = unlock(application, qtbot)
    lock(application, qtbot)
    assert unlock(application, qtbot) is not first


def test_a_fault_is_told_in_the_window_and_kept_without_stopping_the_desk(
    application: DeskApplication, qtbot: QtBot, profile: Profile
) -> None:
    sitting = unlock(application, qtbot)
    application.lanes.failed.emit(RuntimeError("a bug about +91 98765 43210"))
    qtbot.waitUntil(sitting.view.banner.isVisible)
    (report,) = Path(profile.folder / "crash").glob("*.txt")
    assert "98765" not in report.read_text("utf-8")


def test_the_journal_tells_what_the_program_did_in_codes_alone(
    application: DeskApplication, qtbot: QtBot, profile: Profile
) -> None:
    sitting = unlock(application, qtbot)
    name = sitting.session.officer.name
    application.lanes.failed.emit(RuntimeError(f"a bug of {name}"))
    qtbot.waitUntil(sitting.view.banner.isVisible)
    lock(application, qtbot)
    close(application)
    lines = profile.journal.read_text().splitlines()
    told = [line.split()[1] for line in lines]
    assert told == ["started", "unlocked", "crashed", "locked", "ended"]
    assert lines[3].endswith("locked why=lock")
    assert not any(part in line for line in lines for part in name.split())
