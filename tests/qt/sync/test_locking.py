"""Locking waits for no server; a desk that was revoked leaves its work, then its keys go."""

import base64
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from sync_server.db.engine import Crossing
from tests.qt.sync.conftest import Window
from tests.server.live import Live, running, settings_for
from tests.server.world import World
from tests.system.sync.fault_proxy import Road, Way
from trafficdesk.domain.lifecycle import Move
from trafficdesk.profile import Profile
from trafficdesk.qt.unlock.screen import UnlockScreen
from trafficdesk.qt.unlock.set_up_page import FaultPage
from trafficdesk.services.session import Session
from trafficdesk.store.errors import StoreClosedError
from trafficdesk.wire.boxes import new_private_key, public_key_of

LOCKED_WITHIN_S = 5.0  # a request may hang for a minute


def test_a_server_that_hangs_keeps_no_desk_from_locking(
    window: Window, road: Road, qtbot: QtBot, profile: Profile
) -> None:
    road.set(Way.NOWHERE)
    window.step(window.pks()[0], Move.APPROVE)
    window.wait(road.lost.is_set)
    session = window.sitting.session
    began_s = time.monotonic()
    with qtbot.waitSignal(window.application.locked):
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


def revoke(world: World, device_id: UUID) -> None:
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute("UPDATE devices SET revoked_at = now() WHERE id = %s", [device_id])


def end_page(window: Window, words: str) -> FaultPage:
    """Wait for the page that says how it ended."""

    def says() -> bool:
        page = window.shown()
        return isinstance(page, FaultPage) and words in page.accessibleName()

    window.wait(says)
    page = window.shown()
    assert isinstance(page, FaultPage)
    return page


def be_revoked_with_work(window: Window, road: Road, world: World, qtbot: QtBot) -> Session:
    """Decide while offline, be revoked, and hear of it."""
    road.set(Way.CLOSED)
    sitting = window.sitting
    assert sitting.sync is not None
    sitting.sync.try_now()
    window.wait_for_pill("Offline")
    window.step(window.pks()[0], Move.APPROVE)
    revoke(world, sitting.session.device_id)
    road.set(Way.OPEN)
    with qtbot.waitSignal(window.application.locked):
        sitting.sync.try_now()
    return sitting.session


def test_a_revoked_desk_whose_work_cannot_be_sealed_destroys_nothing(
    window: Window, road: Road, world: World, profile: Profile, qtbot: QtBot
) -> None:
    session = be_revoked_with_work(window, road, world, qtbot)
    page = end_page(window, "1 change that it has not confirmed")
    assert "no key was destroyed" in page.accessibleName()
    assert session.key.is_wiped
    assert profile.key_slots.exists()
    assert profile.database.exists()
    assert not profile.for_it.exists()
    page.again.emit()
    window.wait(lambda: isinstance(window.shown(), UnlockScreen))


class TestWithAKeyOfStationIT:
    """The same, at a server that names the key to seal to."""

    @pytest.fixture
    def live(self, database_url: str, tmp_path: Path) -> Iterator[Live]:
        folder = tmp_path / "server"
        folder.mkdir()
        public = base64.b64encode(public_key_of(new_private_key())).decode()
        with running(settings_for(database_url, folder, it_public_key=public)) as started:
            yield started

    def test_a_revoked_desk_leaves_its_work_to_station_it_and_destroys_its_keys(
        self, window: Window, road: Road, world: World, profile: Profile, qtbot: QtBot
    ) -> None:
        session = be_revoked_with_work(window, road, world, qtbot)
        end_page(window, "1 change that the server has not confirmed is sealed")
        assert session.key.is_wiped
        assert not profile.key_slots.exists()
        assert len(list(profile.for_it.glob("*.tdbundle"))) == 1
        assert not list(profile.crash_reports.glob("*"))

    def test_a_revoked_desk_without_work_destroys_its_keys(
        self, window: Window, world: World, profile: Profile, qtbot: QtBot
    ) -> None:
        sync = window.sitting.sync
        assert sync is not None
        revoke(world, window.sitting.session.device_id)
        with qtbot.waitSignal(window.application.locked):
            sync.try_now()
        end_page(window, "had confirmed everything")
        assert not profile.key_slots.exists()
