"""Units that move: taken from those who may say so, the newest of each told to who responds."""

import asyncio
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from sync_server.db.engine import Crossing
from sync_server.live.authority import Listener
from sync_server.live.hall import Hall
from sync_server.live.member import Member
from sync_server.live.positions import Positions
from sync_server.server import Server
from sync_server.units.service import Sender, take_positions
from tests.server.live import Live
from tests.server.live_rooms.listening import Dispatcher, Ear, listening, wait_until
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


class Line:
    """A line that takes everything."""

    is_free = True

    def __init__(self) -> None:
        self.written = list[bytes]()

    def write(self, frame: bytes) -> None:
        self.written.append(frame)

    def end(self, code: int) -> None:
        raise AssertionError(f"closed with {code}")


@dataclass
class Responders:
    """The responders of some cities in a hall of their own."""

    server: Server
    hall: Hall = field(default_factory=Hall)

    def __post_init__(self) -> None:
        self.positions = Positions(self.server, self.hall)

    def let_in(self, world: World) -> tuple[Member, Line]:
        line, cities = Line(), frozenset({world.city_id})
        who = Listener(world.tenant_id, new_id(), new_id(), Role.DISPATCHER, cities, None)
        member = Member(who, line, self.positions)
        assert self.hall.admit(member, self.hall.changes)
        self.hall.enter(member, room_of(RoomKind.RESPONDERS, world.city_id), ())
        self.positions.begin(member, world.city_id)
        return member, line

    def is_reading(self) -> bool:
        query = (
            "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
            "AND datname = current_database() AND query LIKE '%unit_positions%'"
        )
        with self.server.database.crossing(Crossing.OPERATOR) as connection:
            return connection.execute(query).fetchone() is not None


def test_units_are_told_though_the_last_of_a_city_leaves_while_another_is_read(live: Live) -> None:
    left, stays = [World(live), World(live)], World(live)
    unit_id = unit_of(Dispatcher.at(stays))
    sender = Sender(stays.tenant_id, [stays.city_id])

    async def come_and_go() -> None:
        here = Responders(live.server)
        members = [here.let_in(world)[0] for world in left]
        with live.server.database.crossing(Crossing.OPERATOR) as other:
            other.execute("LOCK TABLE unit_positions IN ACCESS EXCLUSIVE MODE")
            telling = asyncio.create_task(here.positions.run())
            await asyncio.to_thread(wait_until, here.is_reading)
            for world, member in zip(left, members, strict=True):
                here.hall.dismiss(member)
                here.positions.note_moved(world.city_id)
        line = here.let_in(stays)[1]
        for lat in (11.0, 11.001):
            assert take_positions(live.server, sender, [at(unit_id, lat)]).taken == 1
            here.positions.note_moved(stays.city_id)
            line.written.clear()
            await asyncio.to_thread(wait_until, lambda: bool(line.written) or telling.done())
            assert not telling.done(), telling.exception()
        telling.cancel()

    asyncio.run(come_and_go())
