"""Where units are: taken in and told once a second, of each unit the newest, and no more."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

import psycopg
from anyio import CapacityLimiter, to_thread

from sync_server.live.authority import Listener
from sync_server.live.hall import Hall
from sync_server.live.member import Member, framed
from sync_server.logs import logger
from sync_server.problems import RefusedError
from sync_server.server import Server
from sync_server.units.service import Sender, find_positions, take_positions
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.wire.live import PositionsTold, Room, RoomKind, UnitPosition, room_of

Answer = TypeVar("Answer")
EVERY_S: Final = 1.0
MOST_UNITS: Final = 20_000  # taken in between two rounds by one process; the rest is dropped
_OVERLAP_MS: Final = 5_000  # what was stamped so long ago may have been committed only now
_THREADS: Final = 2
_UNREADABLE: Final = (psycopg.Error, RefusedError)


async def _every_second(work: Callable[[], Awaitable[None]]) -> None:
    """Do something once a second; what takes longer is followed by the next at once."""
    loop = asyncio.get_running_loop()
    due_s = loop.time()
    while True:
        await work()
        due_s = max(due_s + EVERY_S, loop.time())
        await asyncio.sleep(due_s - loop.time())


class _City:
    """The units of a city as its responders know them.

    ``mark`` counts the rounds in which something moved; each unit has that of its last move. So
    whoever was slow gets in one message just what they have not had, each unit once.
    """

    def __init__(self, city_id: UUID) -> None:
        self.mark = 0
        self.since_ms = 0  # what moved since then may be news
        self._city_id = city_id
        self._units = dict[UUID, tuple[int, UnitPosition]]()
        self._frames = dict[int, bytes]()

    def take(self, positions: Iterable[UnitPosition]) -> bool:
        """Take what was read; tell whether any of it is new."""
        moved = [each for each in positions if self._last_of(each.unit_id) != each]
        if not moved:
            return False
        self.mark += 1
        self._frames.clear()
        self._units |= {each.unit_id: (self.mark, each) for each in moved}
        return True

    def _last_of(self, unit_id: UUID) -> UnitPosition | None:
        known = self._units.get(unit_id)
        return None if known is None else known[1]

    def after(self, mark: int) -> bytes:
        """Return the frame of what moved after a mark; made once for all who ask."""
        if mark >= self.mark:
            return b""
        if mark not in self._frames:
            moved = [position for when, position in self._units.values() if when > mark]
            self._frames[mark] = framed(PositionsTold(city=self._city_id, positions=moved))
        return self._frames[mark]


class Positions:
    """Takes positions in from this process's callers, and tells its responders of all."""

    def __init__(self, server: Server, hall: Hall) -> None:
        self._server, self._hall = server, hall
        self._cities = dict[UUID, _City]()
        self._moved = set[UUID]()
        self._came = dict[Sender, dict[UUID, UnitPosition]]()

    def take(self, who: Listener, positions: Sequence[UnitPosition]) -> bool:
        """Take positions in, to be kept within the second; False if the caller may say none.

        Only of units of the caller's cities are they kept.
        """
        if who.device is None or not who.may(Permission.INCIDENT_RESPOND):
            return False
        came = self._came.setdefault(Sender(who.tenant_id, tuple(sorted(who.city_ids))), {})
        for each in positions:
            known = came.get(each.unit_id)
            is_newer = known is None or known.at_ms <= each.at_ms
            if is_newer and (known is not None or len(came) < MOST_UNITS):
                came[each.unit_id] = each
        return True

    def begin(self, member: Member, city_id: UUID) -> None:
        """Tell a member of all units of a city, and then of those that move."""
        if room_of(RoomKind.RESPONDERS, city_id) not in member.rooms:
            return  # has left again
        member.marks.setdefault(city_id, 0)
        if city_id not in self._cities:
            self._cities[city_id] = _City(city_id)
            self._moved.add(city_id)
        elif self._cities[city_id].mark:
            member.offer_positions(city_id)

    def note_moved(self, city_id: UUID) -> None:
        """Note that units of a city moved, if anybody here wants to know."""
        if city_id in self._cities:
            self._moved.add(city_id)

    def note_gap(self) -> None:
        """Note that moves may not have been heard of."""
        self._moved |= self._cities.keys()

    def after(self, city_id: UUID, mark: int) -> tuple[bytes, int]:
        """Return the frame of a city's moves since a mark, and the new mark."""
        city = self._cities.get(city_id)
        return (b"", mark) if city is None else (city.after(mark), city.mark)

    async def run(self) -> None:
        """Keep what came and tell what moved, once a second, until cancelled.

        One after the other: what is told in the midst of keeping goes half with this round and half
        with the next, which overtakes it, and moves are lost though there was time for all.
        """
        self._threads = CapacityLimiter(_THREADS)
        await _every_second(self._round)

    async def _round(self) -> None:
        await self._keep()
        await self._tell()

    async def _keep(self) -> None:
        came, self._came = self._came, {}
        for sender, positions in came.items():
            take = partial(take_positions, self._server, sender, list(positions.values()))
            try:
                await self._in_thread(take)
                self._moved |= self._cities.keys() & set(sender.city_ids)  # the hint is on its way
            except _UNREADABLE as error:  # the next position comes soon
                logger().warning("positions_lost", error=error, count=len(positions))

    async def _tell(self) -> None:
        moved, self._moved = self._moved, set()
        for city_id in moved:
            room = room_of(RoomKind.RESPONDERS, city_id)
            if self._hall.is_empty(city_id, room):
                self._cities.pop(city_id, None)  # it may have moved again before it was forgotten
            elif city_id in self._cities:
                await self._tell_city(city_id, room)

    async def _tell_city(self, city_id: UUID, room: Room) -> None:
        city, now_ms = self._cities[city_id], to_ms(utc_now())
        whose = (self._hall.tenant_of(city_id), [city_id])
        find = partial(find_positions, self._server.database, *whose, city.since_ms)
        try:
            found = await self._in_thread(find)
        except _UNREADABLE as error:
            logger().warning("positions_unread", error=error)
            self._moved.add(city_id)
            return
        city.since_ms = now_ms - _OVERLAP_MS
        if city.take(found):
            for member, _ in self._hall.in_room(city_id, room):
                member.offer_positions(city_id)

    async def _in_thread(self, work: Callable[[], Answer]) -> Answer:
        return await to_thread.run_sync(work, limiter=self._threads)
