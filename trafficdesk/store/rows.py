"""Statements given straight to the driver, where they are many or their rows come by the hundred.

They run in the connection's present transaction, between those that go through SQLAlchemy, which
costs as much again as SQLite itself for a short statement or a row of a list.

Write ``LIMIT +?``, never a bare mark: SQLite lets the number bound to that steer the plan, and so
prepares the statement anew at every run, for several times what a short page costs.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection

from trafficdesk.store.readers import driver_of

Row = TypeVar("Row", bound=tuple[Any, ...])


def fetch_all(
    connection: Connection, statement: str, values: Sequence[object] = ()
) -> list[tuple[Any, ...]]:
    """Return every row of a statement as plain tuples."""
    cursor = driver_of(connection).execute(statement, values)
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def fetch_as(
    kind: type[Row], connection: Connection, statement: str, values: Sequence[object] = ()
) -> list[Row]:
    """Return every row of a statement as a named tuple whose fields are its columns, in order."""
    # ``_make`` counts the fields of every row again, for half of what reading it costs.
    return list(map(partial(tuple.__new__, kind), fetch_all(connection, statement, values)))


def run(connection: Connection, statement: str, values: Sequence[object] = ()) -> int:
    """Run a statement that writes; return how many rows it changed."""
    return int(driver_of(connection).execute(statement, values).rowcount)


def run_each(connection: Connection, statement: str, values: Sequence[Sequence[object]]) -> None:
    """Run a statement that writes, once for each of the values."""
    driver_of(connection).executemany(statement, values)
