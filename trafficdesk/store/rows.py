"""Rows as the driver gives them: plain tuples, for lists and maps that read them by the hundred."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from trafficdesk.store.readers import driver_of


def fetch_all(
    connection: Connection, statement: str, values: Sequence[object] = ()
) -> list[tuple[Any, ...]]:
    """Return every row of a statement run in the connection's present transaction.

    SQLAlchemy's own rows cost as much again as SQLite needs to find them.
    """
    cursor = driver_of(connection).execute(statement, values)
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
