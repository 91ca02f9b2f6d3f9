"""Whether the server and what it leans on are well."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import psycopg

from sync_server.admin import queries, room
from sync_server.clock import JUMP_S
from sync_server.db.engine import Crossing
from sync_server.db.migrate import newest
from sync_server.problems import RefusedError
from sync_server.server import Server

OK: Final = "ok"


@dataclass(frozen=True, slots=True)
class ProgramHealth:
    """How the program does: ``failing`` when its own work beside the requests has ended."""

    status: str


@dataclass(frozen=True, slots=True)
class DatabaseHealth:
    """How the database does. ``schema`` is empty when it cannot be asked."""

    status: str
    schema: str = ""
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class SurroundingsHealth:
    """How the machine does: each thing ``ok`` or a word for what is wrong with it."""

    status: str
    services: dict[str, str]


def program_health(tasks: Iterable[asyncio.Task[None]]) -> ProgramHealth:
    """Look whether the server's own work goes on."""
    return ProgramHealth("failing" if any(task.done() for task in tasks) else OK)


def database_health(server: Server) -> DatabaseHealth:
    """Ask the database for its schema, and whether it may be written to."""
    started_s = time.perf_counter()
    try:
        with server.database.crossing(Crossing.OPERATOR) as connection:
            schema = queries.ask_database(connection)
            may_write = queries.may_write(connection)
    except (RefusedError, psycopg.Error):
        return DatabaseHealth("unavailable")
    took_ms = round((time.perf_counter() - started_s) * 1000, 1)
    status = OK if may_write else "read only"
    return DatabaseHealth(status if schema == newest() else "not migrated", schema, took_ms)


def surroundings_health(server: Server) -> SurroundingsHealth:
    """Look at the disk of photos and at the clock, also against the database's."""
    services = {"disk": _disk(server), "clock": _clock(server)}
    is_well = all(word == OK for word in services.values())
    return SurroundingsHealth(OK if is_well else "failing", services)


def _disk(server: Server) -> str:
    folder = server.settings.media_dir
    if not room.may_write(folder):
        return "closed"
    return "full" if room.free_bytes(folder) < server.settings.media_free_bytes else OK


def _clock(server: Server) -> str:
    if server.clock.look():
        return "jumped"
    try:
        with server.database.crossing(Crossing.OPERATOR) as connection:
            apart_s = time.time() - queries.read_clock(connection)
    except (RefusedError, psycopg.Error):
        return OK  # of the database tells /health/db
    return "apart" if abs(apart_s) > JUMP_S else OK
