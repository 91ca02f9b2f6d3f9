"""Reference numbers given by this desk until the server gives the city's own."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection


def take_next(connection: Connection, series: str) -> int:
    """Return the next number of a series, starting at 1; a rolled-back one is given again."""
    return take_many(connection, series, 1)


def take_many(connection: Connection, series: str, count: int) -> int:
    """Return the first of the next ``count`` numbers of a series; all of them are taken."""
    last = connection.exec_driver_sql(
        "INSERT INTO reference_counters VALUES (?1, ?2) "
        "ON CONFLICT (series) DO UPDATE SET last = last + ?2 RETURNING last",
        (series, count),
    ).scalar_one()
    return int(last) - count + 1


def find_references(connection: Connection, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the reference numbers of reports by id."""
    marks = ", ".join("?" * len(ids))
    rows = connection.exec_driver_sql(
        f"SELECT id, reference FROM reports WHERE id IN ({marks})", tuple(i.bytes for i in ids)
    )
    return {UUID(bytes=row[0]): str(row[1]) for row in rows}
