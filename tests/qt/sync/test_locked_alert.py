"""A locked desk whose line stood at the lock hears of alerts on, and has no key for anything."""

import pytest
from pytestqt.qtbot import QtBot

from tests.qt.sync.conftest import Window
from tests.server.live_rooms.listening import Dispatcher
from tests.server.world import World
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.qt.unlock.alert_note import AlertNote
from trafficdesk.qt.unlock.screen import UnlockScreen
from trafficdesk.sync.errors import LineError
from trafficdesk.wire.live import LIVE


def _note(window: Window) -> AlertNote:
    window.wait(lambda: isinstance(window.shown(), UnlockScreen))
    screen = window.shown()
    assert isinstance(screen, UnlockScreen)
    return screen.findChildren(AlertNote)[0]


def test_an_alert_of_elsewhere_reaches_a_locked_desk_and_goes_when_it_is_answered(
    window: Window, world: World, qtbot: QtBot
) -> None:
    writer = Dispatcher.at(world)
    sync = window.sitting.sync
    assert sync is not None
    window.wait(lambda: sync.is_told)
    session = window.sitting.session
    with qtbot.waitSignal(window.application.locked):
        window.application.lock("lock")
    note, watch = _note(window), window.application.watch
    assert watch is not None
    assert watch.is_listening
    assert not note.isVisible()
    incident = ("incident", writer.file_incident(vehicle_count=8, address="Mill Road"))
    window.wait(note.isVisible)
    assert note.words().startswith("1 alert waits to be answered")
    assert "Mill" not in note.words()
    assert session.key.is_wiped
    assert watch._live is not None
    with pytest.raises(LineError):
        watch._live.headers(LIVE)
    writer.change(incident, "acknowledge", acknowledged_ms=(None, to_ms(utc_now())))
    window.wait(lambda: not note.isVisible())
    window.unlock()
    assert window.application.watch is None
