"""Locking waits for no server; a desk that was revoked locks and keeps its work."""

import time

import pytest
from pytestqt.qtbot import QtBot

from sync_server.db.engine import Crossing
from tests.qt.sync.conftest import WAIT_MS, OpenDesk, Window
from tests.qt.sync.road import Road, Way
from tests.server.world import World
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.lifecycle import Move
from trafficdesk.profile import Profile
from trafficdesk.qt.unlock.screen import UnlockScreen
from trafficdesk.qt.unlock.set_up_page import FaultPage
from trafficdesk.store.errors import StoreClosedError

LOCKED_WITHIN_S = 5.0  # a request may hang for a minute


@pytest.fixture
def window(profile: Profile, other: SyncedDesk, open_desk: OpenDesk) -> Window:
    """An unlocked desk that has fetched one report."""
    other.file()
    other.sync()
    opened = open_desk(profile)
    opened.unlock()
    opened.wait(lambda: len(opened.pks()) == 1)
    opened.wait_for_pill("Online, all sent")
    return opened


def test_a_server_that_hangs_keeps_no_desk_from_locking(
    window: Window, road: Road, qtbot: QtBot, profile: Profile
) -> None:
    road.set(Way.NOWHERE)
    window.step(window.pks()[0], Move.APPROVE)
    window.wait(road.lost.is_set)
    session = window.sitting.session
    began_s = time.monotonic()
    with qtbot.waitSignal(window.application.locked, timeout=WAIT_MS):
        window.application.lock("lock")
    assert time.monotonic() - began_s < LOCKED_WITHIN_S
    assert session.key.is_wiped
    with pytest.raises(StoreClosedError), session.store.reading():
        pass
    assert not list(profile.crash_reports.glob("*"))
    road.set(Way.OPEN)
    window.wait(lambda: isinstance(window.shown(), UnlockScreen))
    window.unlock()
    window.wait_until_sent()
    assert not list(profile.crash_reports.glob("*"))


def test_a_revoked_desk_locks_says_so_and_destroys_nothing(
    window: Window, road: Road, world: World, profile: Profile, qtbot: QtBot
) -> None:
    road.set(Way.CLOSED)
    sitting = window.sitting
    assert sitting.sync is not None
    sitting.sync.try_now()
    window.wait_for_pill("Offline")
    window.step(window.pks()[0], Move.APPROVE)
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute(
            "UPDATE devices SET revoked_at = now() WHERE id = %s", [sitting.session.device_id]
        )
    road.set(Way.OPEN)
    with qtbot.waitSignal(window.application.locked, timeout=WAIT_MS):
        sitting.sync.try_now()
    window.wait(lambda: isinstance(window.shown(), FaultPage))
    page = window.shown()
    assert isinstance(page, FaultPage)
    assert "revoked" in page.accessibleName()
    assert "1 change that it has not confirmed is kept here" in page.accessibleName()
    assert profile.key_slots.exists()
    assert profile.database.exists()
    page.again.emit()
    window.wait(lambda: isinstance(window.shown(), UnlockScreen))
