"""A desk in a car, as its officer meets it: its unit, its place, its crew, and one key for help."""

import socket
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.position.drives import START, rmc
from tests.qt.running_desk import close, lock, start, unlock
from tests.services.dispatching import enlist, file, send
from trafficdesk.domain.records import Place
from trafficdesk.domain.vocabulary import Role
from trafficdesk.position.policy import PositionPolicy
from trafficdesk.position.status import State
from trafficdesk.position.watch import PositionWatch
from trafficdesk.profile import Profile
from trafficdesk.qt.application import DeskApplication
from trafficdesk.qt.furnishing import furnish
from trafficdesk.qt.own_unit.calling import HELP
from trafficdesk.qt.own_unit.riding import CHECK_IN, Riding
from trafficdesk.qt.own_unit.unit_sheet import UnitSheet
from trafficdesk.qt.own_unit.welfare import REMIND_BEFORE
from trafficdesk.qt.settings import DeskSettings
from trafficdesk.qt.sitting import Sitting
from trafficdesk.services import own_unit, units
from trafficdesk.services.session import Session
from trafficdesk.store import unit_positions
from trafficdesk.store.rows import fetch_all

MakeSession = Callable[..., Session]
StartDesk = Callable[..., tuple[DeskApplication, Sitting]]
CHORD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
METRES = 1 / 109_200


def _write_drive(file: Path, seconds: int) -> None:
    """Write a drive eastwards at 12 m/s, a fix a second."""
    places = (Place(76.9660 + n * 12 * METRES, 11.0180) for n in range(seconds))
    file.write_bytes(
        b"".join(rmc(START + timedelta(seconds=n), place) for n, place in enumerate(places))
    )


@pytest.fixture
def car(make_session: MakeSession) -> UUID:
    """Enlist P12 at the desk that will be started; return its id."""
    return enlist(make_session(Role.DISPATCHER, "Devi D"), "P12").id


@pytest.fixture
def start_desk(make_session: MakeSession, profile: Profile, qtbot: QtBot) -> Iterator[StartDesk]:
    """Start the program under a policy and unlock it."""
    make_session()
    running: list[DeskApplication] = []

    def make(source: str = "off", keep_days: int = 7) -> tuple[DeskApplication, Sitting]:
        policy = PositionPolicy(source, keep_days)
        profile.settings.write_bytes(msgspec.json.encode(DeskSettings(position=policy)))
        running.append(start(profile, furnish, qtbot))
        return running[0], unlock(running[0], qtbot)

    yield make
    for each in running:
        close(each)


def _riding(sitting: Sitting) -> Riding:
    found = sitting.findChild(Riding)
    assert isinstance(found, Riding)
    return found


def _ride(sitting: Sitting, unit_id: UUID | None, qtbot: QtBot) -> Riding:
    """Let the desk be a unit, and wait until it knows."""
    riding = _riding(sitting)
    riding.choose(unit_id)
    qtbot.waitUntil(lambda: _id_of(riding) == unit_id)
    return riding


def _id_of(riding: Riding) -> UUID | None:
    return None if riding.found is None else riding.found.unit.id


def _press(letter: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, letter, CHORD)


def test_the_unit_stands_beside_the_officer_until_it_is_retired(
    start_desk: StartDesk, car: UUID, qtbot: QtBot
) -> None:
    _running, sitting = start_desk()
    bar = sitting.view.top_bar
    assert bar.detail.text() == "Inspector"
    _ride(sitting, car, qtbot)
    assert bar.detail.text() == "Inspector · P12"
    retired = units.retire(sitting.session, car)
    sitting.view._equipment.changes.tell(retired.changed)
    qtbot.waitUntil(lambda: bar.detail.text() == "Inspector")
    assert not _riding(sitting)._equipment.commands.run(CHECK_IN)


def test_the_unit_is_chosen_by_its_call_sign_and_let_go_again(
    start_desk: StartDesk, car: UUID, qtbot: QtBot
) -> None:
    _running, sitting = start_desk()
    riding = _riding(sitting)
    sheet = _open_sheet(riding)
    qtbot.waitUntil(lambda: len(sheet.shown) == 1)
    assert sheet.source.text() == "Position off"
    QTest.keyClicks(sheet.field.edit, "q9")
    QTest.keyClick(sheet.field.edit, Qt.Key.Key_Return)
    assert sheet.field.error.text() == "No unit has this call sign."
    sheet.field.edit.clear()
    QTest.keyClicks(sheet.field.edit, "p12")
    QTest.keyClick(sheet.field.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: _id_of(riding) == car)
    sheet = _open_sheet(riding)
    assert sheet.now.text() == "This desk is P12."
    sheet.none.click()
    qtbot.waitUntil(lambda: riding.found is None)


def _open_sheet(riding: Riding) -> UnitSheet:
    riding.open_sheet()
    assert riding.sheet is not None
    return riding.sheet


def test_a_drive_is_kept_and_the_last_of_it_is_where_the_unit_is(
    start_desk: StartDesk,
    make_session: MakeSession,
    car: UUID,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    session = make_session()
    own_unit.choose(session, car)
    _write_drive(tmp_path / "drive.nmea", 40)
    running, sitting = start_desk(f"replay:20x:{tmp_path / 'drive.nmea'}")
    riding = _riding(sitting)
    with qtbot.waitSignal(riding.position.moved):
        pass
    assert riding.position.status.state is State.FIXED
    qtbot.waitUntil(lambda: riding.position.status.state is State.FAULT)
    assert sitting.view.top_bar.detail.text() == "Inspector · P12 · The recorded drive is over"
    lock(running, qtbot)
    with session.store.reading() as connection:
        last = unit_positions.find_all(connection)[car]
        events = fetch_all(connection, "SELECT count(*) FROM events WHERE entity = 'unit'")
    kept = own_unit.count_track(session)
    assert kept.count >= 30
    assert last.place.lon == pytest.approx(76.9660 + 39 * 12 * METRES, abs=METRES)
    assert events == [(1,)]  # its enlisting


@pytest.fixture
def mute_port() -> Iterator[int]:
    """Return the port of a router in the car that takes calls and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as router:
        yield router.getsockname()[1]


def test_a_desk_is_locked_at_once_whatever_its_receiver_does(
    start_desk: StartDesk, mute_port: int, qtbot: QtBot
) -> None:
    running, sitting = start_desk(f"tcp:127.0.0.1:{mute_port}")
    for source in ("qt", "nonsense", ""):
        watch = _wait_for_watch(_riding(sitting), qtbot)
        lock(running, qtbot)
        assert sitting.session.key.is_wiped
        assert watch is None or not watch._thread.is_alive()
        if source:
            running.equipment.settings.change(position=PositionPolicy(source))
            sitting = unlock(running, qtbot)


def _wait_for_watch(riding: Riding, qtbot: QtBot) -> PositionWatch | None:
    qtbot.waitUntil(lambda: riding.position.status.state is not State.OFF)
    return riding.position._watch


def test_a_station_s_desk_keeps_no_place_whatever_it_hears(
    start_desk: StartDesk, make_session: MakeSession, tmp_path: Path, qtbot: QtBot
) -> None:
    session = make_session()
    _write_drive(tmp_path / "drive.nmea", 10)
    running, sitting = start_desk(f"replay:20x:{tmp_path / 'drive.nmea'}")
    riding = _riding(sitting)
    qtbot.waitUntil(lambda: riding.position.status.state is State.FAULT)
    lock(running, qtbot)
    assert own_unit.count_track(session).count == 0
    with session.store.reading() as connection:
        assert unit_positions.find_all(connection) == {}


def test_one_key_calls_for_help_from_any_screen_and_under_any_panel(
    start_desk: StartDesk, car: UUID, tmp_path: Path, qtbot: QtBot
) -> None:
    _write_drive(tmp_path / "drive.nmea", 10)
    _running, sitting = start_desk(f"replay:20x:{tmp_path / 'drive.nmea'}")
    riding = _ride(sitting, car, qtbot)
    qtbot.waitUntil(lambda: riding.position.status.state is State.FAULT)
    sitting.view.open_palette()
    _press(Qt.Key.Key_H)
    banner = sitting.view.banner
    qtbot.waitUntil(lambda: "P12 calls for help" in banner.message.title())
    _press(Qt.Key.Key_H)
    qtbot.waitUntil(lambda: "already" in banner.message.title())
    with sitting.session.store.reading() as connection:
        ((lon, unit_id),) = fetch_all(connection, "SELECT lon, unit_id FROM incidents")
    assert UUID(bytes=unit_id) == car
    assert lon == pytest.approx(76.9660, abs=12 * 10 * METRES)


def test_a_key_pressed_right_after_unlocking_calls_for_the_own_unit_too(
    start_desk: StartDesk, make_session: MakeSession, car: UUID, qtbot: QtBot
) -> None:
    own_unit.choose(make_session(), car)
    _running, sitting = start_desk()
    banner = sitting.view.banner
    _unknowing(_riding(sitting)).call_for_help()
    qtbot.waitUntil(lambda: "P12 calls for help" in banner.message.title())


def _unknowing(riding: Riding) -> Riding:
    """Put it back to where it does not know yet which unit the desk is, and reads it."""
    riding.found, riding._is_known = None, False
    riding.load()
    return riding


def test_a_station_s_desk_is_asked_which_unit_needs_help(
    start_desk: StartDesk, qtbot: QtBot
) -> None:
    _running, sitting = start_desk()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    _press(Qt.Key.Key_H)
    qtbot.waitUntil(lambda: sitting.view.open_id() == "dispatch")
    with sitting.session.store.reading() as connection:
        assert fetch_all(connection, "SELECT count(*) FROM incidents") == [(0,)]
    commands = _riding(sitting)._equipment.commands
    assert [each.id for each in commands.all() if "Ctrl+Shift+H" in each.keys] == [HELP]


def test_a_crew_is_reminded_before_it_is_overdue_and_one_key_says_that_it_is_well(
    start_desk: StartDesk, make_session: MakeSession, car: UUID, qtbot: QtBot
) -> None:
    session = make_session(Role.DISPATCHER, "Divya R")
    with session.store.reading() as connection:
        assert fetch_all(connection, "SELECT count(*) FROM units") == [(1,)]
    (found,) = [each.unit for each in units.find_units(session)]
    _running, sitting = start_desk()
    riding = _ride(sitting, car, qtbot)
    strip = riding.welfare.strip
    send(session, file(session), found)
    riding.load()
    qtbot.waitUntil(lambda: _due(riding) is not None)
    assert strip.isHidden()
    due_at = _due(riding)
    assert due_at is not None
    sitting.session.clock = lambda: due_at - REMIND_BEFORE + timedelta(seconds=1)
    with qtbot.waitSignal(riding.welfare.due):
        riding.welfare.look()
    assert strip.isVisible()
    assert strip.words.text().startswith("P12: is the crew well?")
    sitting.session.clock = lambda: due_at + timedelta(minutes=1)
    with qtbot.waitSignal(riding.welfare.due):
        riding.welfare.look()
    assert "overdue" in strip.words.text()
    _press(Qt.Key.Key_W)
    qtbot.waitUntil(strip.isHidden)
    assert (_due(riding) or due_at) > due_at


def _due(riding: Riding) -> datetime | None:
    return None if riding.found is None else riding.found.welfare_due_at
