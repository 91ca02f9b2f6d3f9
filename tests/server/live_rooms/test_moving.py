"""Units that move: taken from those who may say so, the newest of each told to who responds."""

from uuid import UUID

import pytest

from tests.server.live import Live
from tests.server.live_rooms.listening import Dispatcher, Ear, listening
from tests.server.world import World
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.domain.vocabulary import Role
from trafficdesk.wire.live import (
    PositionsSent,
    PositionsTold,
    Refusal,
    Refused,
    RoomKind,
    UnitPosition,
    room_of,
)


@pytest.fixture
def world(live: Live) -> World:
    """An agency of this test alone."""
    return World(live)


def unit_of(who: Dispatcher) -> UUID:
    return who.make("unit", "enlist", call_sign=f"P{new_id()}", kind="patrol_car")


def at(unit_id: UUID, lat: float, after_ms: int = 0) -> UnitPosition:
    """Return where a unit is now, or a little later."""
    at_ms = to_ms(utc_now()) - 10_000 + after_ms
    return UnitPosition(unit_id=unit_id, lon=76.97, lat=lat, at_ms=at_ms)


def tell(ear: Ear, *positions: UnitPosition) -> None:
    ear.say(PositionsSent(positions=list(positions)))


def lats(told: PositionsTold) -> dict[UUID, float]:
    return {each.unit_id: each.lat for each in told.positions}


def test_who_responds_is_told_of_all_units_first_and_then_of_those_that_move(world: World) -> None:
    patrol, desk = Dispatcher.at(world), Dispatcher.at(world)
    one, other = unit_of(patrol), unit_of(patrol)
    room = room_of(RoomKind.RESPONDERS, world.city_id)
    with listening(patrol.client) as car, listening(desk.client) as ear:
        tell(car, at(one, 11.0), at(other, 11.1))
        ear.enter(room)
        known = dict[UUID, float]()
        while len(known) < 2:
            known |= lats(ear.hear(PositionsTold))
        assert known == {one: 11.0, other: 11.1}
        tell(car, at(one, 11.001, 1_000))
        assert lats(ear.hear(PositionsTold)) == {one: 11.001}
        with listening(Dispatcher.at(world).client) as late:
            late.enter(room)
            assert lats(late.hear(PositionsTold)) == {one: 11.001, other: 11.1}


def test_of_a_flood_of_one_unit_the_newest_is_told(world: World) -> None:
    patrol, desk = Dispatcher.at(world), Dispatcher.at(world)
    unit_id = unit_of(patrol)
    with listening(patrol.client) as car, listening(desk.client) as ear:
        ear.enter(room_of(RoomKind.RESPONDERS, world.city_id))
        for first in range(0, 80 * 16, 16):
            tell(car, *(at(unit_id, 11.0 + (first + n) * 1e-6, first + n) for n in range(16)))
        heard = [lats(ear.hear(PositionsTold))[unit_id]]
        while heard[-1] != 11.0 + 1279 * 1e-6:
            heard.append(lats(ear.hear(PositionsTold))[unit_id])
    assert heard == sorted(heard)
    assert len(heard) <= 20, "once a second, not once a message"


@pytest.mark.parametrize("role", [Role.OFFICER, Role.DISPATCHER])
def test_another_citys_units_are_nobodys_to_move(world: World, role: Role) -> None:
    stranger, desk = Dispatcher.at(World(world.live), role), Dispatcher.at(world)
    mine, theirs = unit_of(desk), unit_of(Dispatcher.at(stranger.world))
    with listening(stranger.client) as foreign, listening(desk.client) as ear:
        ear.enter(room_of(RoomKind.RESPONDERS, world.city_id))
        foreign.enter(room_of(RoomKind.RESPONDERS, stranger.world.city_id))
        tell(foreign, at(mine, 11.0), at(theirs, 11.1))
        assert lats(foreign.hear(PositionsTold)) == {theirs: 11.1}
        tell(ear, at(mine, 11.2))
        assert lats(ear.hear(PositionsTold)) == {mine: 11.2}


def test_somebody_at_no_desk_moves_no_unit(world: World) -> None:
    unit_id = unit_of(Dispatcher.at(world))
    with listening(world.sign_in(world.person(Role.OFFICER))) as ear:
        tell(ear, at(unit_id, 11.0))
        assert ear.next() == Refused(code=Refusal.NOT_PERMITTED)
