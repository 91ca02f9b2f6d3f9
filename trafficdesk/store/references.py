"""Reference numbers given by this desk until the server gives the city's own."""

from typing import Final

from sqlalchemy import Connection

from trafficdesk.store.rows import fetch_all


def take_next(connection: Connection, series: str) -> int:
    """Return the next number of a series, starting at 1; a rolled-back one is given again."""
    return take_many(connection, series, 1)


def take_many(connection: Connection, series: str, count: int) -> int:
    """Return the first of the next ``count`` numbers of a series; all of them are taken.

    What another desk numbered in this series (a clone, say, or one forgotten in a restore) is
    stepped over.
    """
    first = _count_on(connection, series, count)
    if _is_met(connection, _name(series, first), _name(series, first + count - 1)):
        last = _find_last(connection, series)
        connection.exec_driver_sql(
            "UPDATE reference_counters SET last = ? WHERE series = ?", (last, series)
        )
        first = _count_on(connection, series, count)
    return first


def _count_on(connection: Connection, series: str, count: int) -> int:
    last = connection.exec_driver_sql(
        "INSERT INTO reference_counters VALUES (?1, ?2) "
        "ON CONFLICT (series) DO UPDATE SET last = last + ?2 RETURNING last",
        (series, count),
    ).scalar_one()
    return int(last) - count + 1


def _name(series: str, number: int) -> str:
    return f"{series}-{number:05d}"


_NAMED: Final = (
    ("reports", "reference"),
    ("citations", "number"),
    ("incidents", "reference"),
)


def _is_met(connection: Connection, first: str, last: str) -> bool:
    return any(
        fetch_all(
            connection,
            f"SELECT 1 FROM {table} WHERE {column} BETWEEN ? AND ? || '~' LIMIT 1",
            (first, last),
        )
        for table, column in _NAMED
    )


def _find_last(connection: Connection, series: str) -> int:
    """Return the highest number of a series that anything here bears."""
    found = [
        fetch_all(
            connection,
            f"SELECT coalesce(max(CAST(substr({column}, ?1) AS INTEGER)), 0) FROM {table} "
            f"WHERE {column} BETWEEN ?2 AND ?2 || '~'",
            (len(series) + 2, f"{series}-"),
        )[0][0]
        for table, column in _NAMED
    ]
    return max(map(int, found))
