"""Whether the server and what it leans on are well."""

import time
from dataclasses import dataclass

import psycopg

from sync_server.admin import queries
from sync_server.db.engine import Crossing
from sync_server.db.migrate import newest
from sync_server.problems import RefusedError
from sync_server.server import Server


@dataclass(frozen=True, slots=True)
class DatabaseHealth:
    """How the database does. ``schema`` is empty when it cannot be asked."""

    status: str
    schema: str = ""
    took_ms: float = 0.0


def database_health(server: Server) -> DatabaseHealth:
    """Ask the database for its schema."""
    started_s = time.perf_counter()
    try:
        with server.database.crossing(Crossing.OPERATOR) as connection:
            schema = queries.ask_database(connection)
    except (RefusedError, psycopg.Error):
        return DatabaseHealth("unavailable")
    took_ms = round((time.perf_counter() - started_s) * 1000, 1)
    return DatabaseHealth("ok" if schema == newest() else "not migrated", schema, took_ms)
