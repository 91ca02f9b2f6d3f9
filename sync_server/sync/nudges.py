"""Hints that a city's feed has grown: one listening connection, any number of listeners."""

import asyncio
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Final, Protocol
from uuid import UUID

import psycopg

from sync_server.db.ledger import FEED_CHANNEL
from sync_server.logs import logger

_FIRST_WAIT_S: Final = 0.5
_LONGEST_WAIT_S: Final = 30.0


class Subscription:
    """What one listener has not been told yet: for each of its cities the newest number."""

    def __init__(self, city_ids: Collection[UUID]) -> None:
        self._cities = frozenset(city_ids)
        self._newest = dict[UUID, int]()
        self._told = asyncio.Event()

    def offer(self, city_id: UUID, seq: int) -> None:
        """Note a number, unless a newer one waits already."""
        if city_id in self._cities:
            self._newest[city_id] = max(seq, self._newest.get(city_id, 0))
            self._told.set()

    async def next(self) -> dict[UUID, int]:
        """Wait for news; return all there are and forget them."""
        await self._told.wait()
        self._told.clear()
        news, self._newest = self._newest, {}
        return news


class Hints(Protocol):
    """Where hints come from: a database's notifications here, a message bus elsewhere."""

    def listen(self, city_ids: Collection[UUID]) -> AbstractContextManager[Subscription]:
        """Hear of some cities for the length of a block."""

    async def run(self) -> None:
        """Spread hints until cancelled."""


class DatabaseHints:
    """Hints by PostgreSQL's NOTIFY, which a push sends with its commit."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._listeners = set[Subscription]()

    @contextmanager
    def listen(self, city_ids: Collection[UUID]) -> Iterator[Subscription]:
        """Hear of some cities for the length of the block."""
        subscription = Subscription(city_ids)
        self._listeners.add(subscription)
        try:
            yield subscription
        finally:
            self._listeners.discard(subscription)

    async def run(self) -> None:
        """Listen until cancelled; after a lost connection, tell where every city stands."""
        wait_s = _FIRST_WAIT_S
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._url, autocommit=True
                ) as connection:
                    await self._catch_up(connection)
                    wait_s = _FIRST_WAIT_S
                    async for told in connection.notifies():
                        self._spread(told.payload)
            except psycopg.OperationalError:
                logger().warning("listening_lost", again_s=wait_s)
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, _LONGEST_WAIT_S)

    async def _catch_up(self, connection: psycopg.AsyncConnection) -> None:
        await connection.execute(f"LISTEN {FEED_CHANNEL}")
        heads = await connection.execute("SELECT city_id, seq FROM feed_counters")
        for city_id, seq in await heads.fetchall():
            self._offer(city_id, seq)

    def _spread(self, payload: str) -> None:
        city, _, seq = payload.partition(":")
        with suppress(ValueError):  # not ours
            self._offer(UUID(city), int(seq))

    def _offer(self, city_id: UUID, seq: int) -> None:
        for listener in tuple(self._listeners):
            listener.offer(city_id, seq)
