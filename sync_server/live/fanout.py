"""From hints to messages: a city's feed is read once after a commit, and told where it belongs."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final, TypeVar
from uuid import UUID

import psycopg
from anyio import CapacityLimiter, to_thread

from sync_server.db.engine import Crossing
from sync_server.live import queries
from sync_server.live.events import FEED, Told, is_wished, read_told
from sync_server.live.hall import Hall
from sync_server.live.hints import Hints
from sync_server.live.member import Member, framed
from sync_server.live.positions import Positions
from sync_server.logs import logger
from sync_server.problems import RefusedError
from sync_server.server import Server
from trafficdesk.wire.live import FeedGrown, RoomKind, room_of

Answer = TypeVar("Answer")
_THREADS: Final = 4  # of their own: what is told must not wait for the thousand pulls it leads to
_HINT_EVERY_S: Final = 1.0  # a city's desks pull together: not for every commit of a busy hour
_UNREADABLE: Final = (psycopg.Error, RefusedError)


class Fanout:
    """Hears hints and tells the hall; only the event loop comes here, but for the reading."""

    def __init__(self, server: Server, hall: Hall, positions: Positions) -> None:
        self._server, self._hall, self._positions = server, hall, positions
        self._newest = dict[UUID, int]()
        self._told = dict[UUID, int]()
        self._hinted_at = dict[UUID, float]()
        self._waiting = dict[UUID, asyncio.TimerHandle]()
        self._reading = dict[UUID, asyncio.Task[None]]()
        self._proving = set[asyncio.Task[None]]()
        self._has_begun = False

    async def run(self, hints: Hints) -> None:
        """Hear hints until cancelled."""
        self._threads = CapacityLimiter(_THREADS)
        try:
            await hints.run(self)
        finally:
            for timer in self._waiting.values():
                timer.cancel()
            for task in (*self._reading.values(), *self._proving):
                task.cancel()

    def head_of(self, city_id: UUID) -> int | None:
        """Return where a city's feed stands as far as was heard; None before anything was."""
        return self._newest.get(city_id, 0) if self._has_begun else None

    def hear_feed(self, city_id: UUID, seq: int) -> None:
        """Tell of a city's new number, and of what it brought."""
        if seq <= self._newest.get(city_id, 0):
            return
        self._newest[city_id] = seq
        if not self._hall.listens_to(city_id):
            self._told[city_id] = seq
        elif city_id not in self._reading:
            self._reading[city_id] = asyncio.create_task(self._tell(city_id))

    def hear_access(self, changed_id: UUID) -> None:
        """End the WebSockets of those whose access has changed, before anything else is told."""
        self._hall.note_change(changed_id)
        asyncio.get_running_loop().call_soon(self._hall.sweep)

    def hear_positions(self, city_id: UUID) -> None:
        """Let a city's positions be read."""
        self._positions.note_moved(city_id)

    def hear_again(self, heads: Mapping[UUID, int]) -> None:
        """Make up for what was not heard: numbers, and changes of access."""
        if not self._has_begun:
            self._has_begun = True
            self._newest, self._told = dict(heads), dict(heads)
            return
        self._hall.note_gap()
        proving = asyncio.create_task(self._prove_all())
        self._proving.add(proving)
        proving.add_done_callback(self._proving.discard)
        self._positions.note_gap()
        for city_id, seq in heads.items():
            self.hear_feed(city_id, seq)

    async def _tell(self, city_id: UUID) -> None:
        """Tell until all that is known of was told: events first, then the hint to pull."""
        try:
            while (after := self._told.get(city_id, 0)) < (upto := self._newest[city_id]):
                tenant_id = self._hall.tenant_of(city_id)
                self._told[city_id] = upto
                told = await self._read(tenant_id, city_id, after, upto)
                for each in told:
                    self._spread(city_id, each)
                self._hint_soon(city_id)
        finally:
            del self._reading[city_id]

    async def _read(self, tenant_id: UUID, city_id: UUID, after: int, upto: int) -> list[Told]:
        def read() -> list[Told]:
            with self._server.database.reading(tenant_id, [city_id]) as connection:
                return read_told(connection, city_id, after, upto)

        try:
            return await self._in_thread(read)
        except _UNREADABLE as error:  # whoever is told of the number pulls
            logger().warning("live_unread", error=error)
            return []

    async def _in_thread(self, work: Callable[[], Answer]) -> Answer:
        return await to_thread.run_sync(work, limiter=self._threads)

    def _spread(self, city_id: UUID, told: Told) -> None:
        frame, asked = framed(told.message), dict[Member, None]()
        for room in told.rooms:
            for member, wishes in self._hall.in_room(city_id, room):
                if is_wished(told.message.event, wishes):
                    asked[member] = None
        for member in asked:
            if told.may_hear(member.who):
                member.offer(city_id, frame)

    def _hint_soon(self, city_id: UUID) -> None:
        if city_id in self._waiting:
            return
        loop = asyncio.get_running_loop()
        at = max(loop.time(), self._hinted_at.get(city_id, 0.0) + _HINT_EVERY_S)
        self._waiting[city_id] = loop.call_at(at, self._hint, city_id)

    def _hint(self, city_id: UUID) -> None:
        del self._waiting[city_id]
        self._hinted_at[city_id] = asyncio.get_running_loop().time()
        seq = self._newest[city_id]
        frame = framed(FeedGrown(city=city_id, seq=seq))
        for member, wishes in self._hall.in_room(city_id, room_of(RoomKind.CITY, city_id)):
            if is_wished(FEED, wishes):
                member.offer_feed(city_id, seq, frame)

    async def _prove_all(self) -> None:
        """End the WebSockets of those whose access changed while nobody listened."""
        asked = self._hall.members

        def find() -> dict[UUID, tuple[str, UUID | None]]:
            with self._server.database.crossing(Crossing.SESSION) as connection:
                return queries.find_standing(connection, [each.who.session_id for each in asked])

        try:
            standing = await self._in_thread(find)
        except _UNREADABLE as error:
            logger().warning("live_unproved", error=error)
            standing = {}
        self._hall.end([each for each in asked if not each.who.is_as(standing)])
