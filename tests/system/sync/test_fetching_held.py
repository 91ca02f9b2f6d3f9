"""A first sync is stopped: what came stays, the desk works and sends, the rest comes later."""

from collections.abc import Callable
from dataclasses import replace
from random import SystemRandom

import pytest

from sync_server.sync import service
from tests.server.world import World
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk, reopen
from tests.system.sync.faulty_line import Faults
from tests.system.sync.laws import check_laws
from tests.system.sync.told import exchange
from trafficdesk.domain.vocabulary import Role
from trafficdesk.qt.sync.contact import advice_of, contact_title
from trafficdesk.sync.status import Phase, Status

MANY = 12
PAGE = 3


@pytest.fixture
def other(add_desk: AddDesk, monkeypatch: pytest.MonkeyPatch) -> SyncedDesk:
    """A desk that has sent many reports, and a server that tells them on short pages."""
    monkeypatch.setattr(service, "MAX_RECORDS", PAGE)
    desk = add_desk(Role.SUPERVISOR)
    desk.sync()
    for _ in range(MANY):
        desk.file()
    desk.sync()
    return desk


def known(desk: SyncedDesk) -> int:
    with desk.session.store.reading() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM reports").scalar_one())


def hold_when(desk: SyncedDesk, holds: Callable[[Status], bool]) -> None:
    """Let somebody stop the fetching as soon as the panel shows this."""
    tell = desk.engine.listener.status

    def press(status: Status) -> None:
        tell(status)
        if holds(status):
            desk.engine.hold_fetching()

    desk.engine.listener = replace(desk.engine.listener, status=press)


def is_early(status: Status) -> bool:
    return 0 < status.fetched < status.to_fetch


def test_a_first_sync_that_is_stopped_keeps_what_came_and_goes_on_when_somebody_wants_it(
    other: SyncedDesk, add_desk: AddDesk, world: World
) -> None:
    desk = add_desk(Role.SUPERVISOR)
    hold_when(desk, is_early)
    assert exchange(world, desk) == ""
    held, here = desk.engine.status, known(desk)
    assert (held.phase, held.is_held) == (Phase.RESTING, True)
    assert 0 < here < MANY
    assert contact_title(held) == "Online, fetching stopped here"
    assert f"{held.fetched} of {held.to_fetch} are here" in advice_of(held)

    mine = desk.file()
    assert exchange(world, desk) == ""
    assert desk.counts() == (0, 0, 0, 0), "what is done here is sent all the same"
    assert known(desk) == here + 1

    desk.engine.listener = replace(desk.engine.listener, status=desk.statuses.append)
    desk.engine.fetch_on()
    assert desk.engine._wake.is_set()
    desk.engine._wake.clear()
    assert exchange(world, desk) == ""
    assert not desk.engine.status.is_held
    other.sync()
    assert other.find(mine.id) is not None
    assert known(desk) == MANY + 1
    check_laws(world, [desk, other])


def test_a_desk_that_is_opened_again_goes_on_by_itself(
    other: SyncedDesk, add_desk: AddDesk, world: World
) -> None:
    desk = add_desk(Role.SUPERVISOR)
    hold_when(desk, is_early)
    assert exchange(world, desk) == ""
    assert 0 < known(desk) < MANY
    desk = reopen(desk, Faults(SystemRandom()))
    assert exchange(world, desk) == ""
    assert known(desk) == MANY
    check_laws(world, [desk, other])
    desk.close()
