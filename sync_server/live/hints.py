"""Hints between server processes: one listening connection a process, whatever listens to it."""

import asyncio
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Final, Protocol
from uuid import UUID

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from sync_server.db import channels
from sync_server.logs import logger

_FIRST_WAIT_S: Final = 0.5
_LONGEST_WAIT_S: Final = 30.0
# A line that nobody hangs up says nothing when it is broken: a firewall forgot it, or the machine
# at its other end is gone. So it is asked now and then whether it still carries anything.
_PROVED_EVERY_S = 20.0
_ANSWERED_WITHIN_S = 10.0
# What the network itself does about it, over TCP alone; times in seconds, the last in milliseconds.
_LINE: Final[Mapping[str, int]] = {
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


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
    """Hints by PostgreSQL's NOTIFY, on a connection that is proved to be alive."""

    def __init__(self, url: str) -> None:
        self._address = address_of(url)

    async def run(self, ears: Ears) -> None:
        """Listen until cancelled; after a lost connection say where every city stands."""
        wait_s = _FIRST_WAIT_S
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._address, autocommit=True
                ) as connection:
                    with _in_time(connection):
                        heads = await _begin(connection)
                    ears.hear_again(heads)
                    wait_s = _FIRST_WAIT_S
                    await _listen(connection, ears)
            except psycopg.Error as error:  # also a database that is still to be migrated
                logger().warning("listening_lost", again_s=wait_s, error=error)
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, _LONGEST_WAIT_S)


def address_of(url: str) -> str:
    """Return an address with what is usual of the line; what it says itself goes before."""
    told = conninfo_to_dict(url)
    return make_conninfo(url, **{name: value for name, value in _LINE.items() if name not in told})


async def _listen(connection: psycopg.AsyncConnection, ears: Ears) -> None:
    """Pass on what is told, for ever; what comes while the line is proved comes after.

    Raises:
        psycopg.Error: the connection is lost, or does not answer in time.
    """
    while True:
        async for told in connection.notifies(timeout=_PROVED_EVERY_S):
            _pass_on(told, ears)
        with _in_time(connection):
            await connection.execute("SELECT 1")


@contextmanager
def _in_time(connection: psycopg.AsyncConnection) -> Iterator[None]:
    """Hang up unless the block ends in time; whatever waits for an answer then fails.

    To cancel it would not do: psycopg asks the server to cancel and waits for that, on a line that
    carries nothing.
    """
    loop = asyncio.get_running_loop()
    late = loop.call_later(_ANSWERED_WITHIN_S, _hang_up, connection)
    try:
        yield
    finally:
        late.cancel()


def _hang_up(connection: psycopg.AsyncConnection) -> None:
    with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(connection.fileno())) as it:
        it.shutdown(socket.SHUT_RDWR)


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
