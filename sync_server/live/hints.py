"""Hints between server processes: one listening connection a process, whatever listens to it."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final, Protocol
from uuid import UUID

import psycopg

from sync_server.db import channels
from sync_server.logs import logger

_FIRST_WAIT_S: Final = 0.5
_LONGEST_WAIT_S: Final = 30.0


class Ears(Protocol):
    """What hears hints, in the order in which they were committed."""

    def hear_feed(self, city_id: UUID, seq: int) -> None:
        """A city's feed has grown to a number."""

    def hear_access(self, changed_id: UUID) -> None:
        """The access of a session, device or user is no longer what it was."""

    def hear_positions(self, city_id: UUID) -> None:
        """Units of a city have moved."""

    def hear_again(self, heads: Mapping[UUID, int]) -> None:
        """Listening begins, at the start or after a gap; ``heads`` says where each city stands."""


class Hints(Protocol):
    """Where hints come from: a database's notifications here, a message bus elsewhere."""

    async def run(self, ears: Ears) -> None:
        """Bring hints until cancelled."""


class DatabaseHints:
    """Hints by PostgreSQL's NOTIFY."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def run(self, ears: Ears) -> None:
        """Listen until cancelled; after a lost connection say where every city stands."""
        wait_s = _FIRST_WAIT_S
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._url, autocommit=True
                ) as connection:
                    ears.hear_again(await _begin(connection))
                    wait_s = _FIRST_WAIT_S
                    async for told in connection.notifies():
                        _pass_on(told, ears)
            except psycopg.Error as error:  # also a database that is still to be migrated
                logger().warning("listening_lost", again_s=wait_s, error=error)
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, _LONGEST_WAIT_S)


async def _begin(connection: psycopg.AsyncConnection) -> dict[UUID, int]:
    for channel in (channels.FEED, channels.ACCESS, channels.POSITIONS):
        await connection.execute(f"LISTEN {channel}".encode())
    heads = await connection.execute("SELECT city_id, seq FROM feed_counters")
    return dict(await heads.fetchall())


def _pass_on(told: psycopg.Notify, ears: Ears) -> None:
    name, _, seq = told.payload.partition(":")
    with suppress(ValueError):  # not ours
        if told.channel == channels.FEED:
            ears.hear_feed(UUID(name), int(seq))
            return
        hear: Mapping[str, Callable[[UUID], None]] = {
            channels.ACCESS: ears.hear_access,
            channels.POSITIONS: ears.hear_positions,
        }
        hear[told.channel](UUID(name))
