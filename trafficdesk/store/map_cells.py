"""What the map counts: a covering R*Tree of reports, and cells per zoom added up beforehand.

Cells halve the world in degrees: level L has 2^L columns of 360 / 2^L degrees and rows of the same
height. Only even levels are kept; an odd one is two columns and rows of the next.
"""

from typing import NamedTuple

from sqlalchemy import Connection

from trafficdesk.domain.calendar import SLOT_MS, Calendar

ALWAYS = 0  # the month number of the cells that count all time
LEVELS_ALWAYS = (6, 8, 10, 12, 14, 16, 18)
LEVELS_MONTHLY = (6, 8, 10, 12, 14, 16)


class Spot(NamedTuple):
    """The facts of a report that the map counts by; ``occurred_ms`` in epoch milliseconds."""

    pk: int
    lon: float
    lat: float
    status: str
    severity: int
    occurred_ms: int


def column_of(lon: float, level: int) -> int:
    """Return the cell column of a longitude."""
    return int((lon + 180.0) * (1 << level) / 360.0)


def row_of(lat: float, level: int) -> int:
    """Return the cell row of a latitude, counted from the south pole."""
    return int((lat + 90.0) * (1 << level) / 360.0)


_CELL = """
INSERT INTO report_cells (level, month, x, y, status, severity, n, sum_lon, sum_lat)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (level, month, x, y, status, severity) DO UPDATE SET
n = n + excluded.n, sum_lon = sum_lon + excluded.sum_lon, sum_lat = sum_lat + excluded.sum_lat
"""
_DAY = """
INSERT INTO report_days (day, status, severity, n) VALUES (?, ?, ?, ?)
ON CONFLICT (day, status, severity) DO UPDATE SET n = n + excluded.n
"""
_SPOT = """
INSERT OR REPLACE INTO report_view
(pk, west, east, south, north, first_slot, last_slot, lon, lat, status, severity)
VALUES (?1, ?2, ?2, ?3, ?3, ?6, ?6, ?2, ?3, ?4, ?5)
"""


def _add(connection: Connection, spot: Spot, calendar: Calendar, n: int) -> None:
    month = calendar.month_of(spot.occurred_ms)
    cells = [
        (
            level,
            bucket,
            column_of(spot.lon, level),
            row_of(spot.lat, level),
            spot.status,
            spot.severity,
            n,
            n * spot.lon,
            n * spot.lat,
        )
        for levels, bucket in ((LEVELS_ALWAYS, ALWAYS), (LEVELS_MONTHLY, month))
        for level in levels
    ]
    connection.exec_driver_sql(_CELL, cells)
    day = calendar.day_of(spot.occurred_ms)
    connection.exec_driver_sql(_DAY, (day, spot.status, spot.severity, n))


def move(
    connection: Connection, calendar: Calendar, before: Spot | None, after: Spot | None
) -> None:
    """Take a report out of one place on the map and put it into another (None: not there)."""
    if before == after:
        return
    if before is not None:
        _add(connection, before, calendar, -1)
    if after is not None:
        _add(connection, after, calendar, 1)
        slot = after.occurred_ms // SLOT_MS
        connection.exec_driver_sql(
            _SPOT, (after.pk, after.lon, after.lat, after.status, after.severity, slot)
        )
    elif before is not None:
        connection.exec_driver_sql("DELETE FROM report_view WHERE pk = ?", (before.pk,))


_REBUILD_VIEW = """
INSERT INTO report_view
(pk, west, east, south, north, first_slot, last_slot, lon, lat, status, severity)
SELECT pk, lon, lon, lat, lat, occurred_ms / {slot}, occurred_ms / {slot}, lon, lat, status,
severity
FROM reports WHERE deleted_ms IS NULL
ORDER BY CAST((lon + 180) * 16384 / 360 AS INT), CAST((lat + 90) * 16384 / 360 AS INT)
"""
_REBUILD_FINEST = """
INSERT INTO report_cells (level, month, x, y, status, severity, n, sum_lon, sum_lat)
SELECT {level}, {month}, CAST((lon + 180) * {columns} / 360 AS INT),
CAST((lat + 90) * {columns} / 360 AS INT), status, severity, count(*), sum(lon), sum(lat)
FROM reports WHERE deleted_ms IS NULL GROUP BY 2, 3, 4, 5, 6
"""
_REBUILD_COARSER = """
INSERT INTO report_cells (level, month, x, y, status, severity, n, sum_lon, sum_lat)
SELECT {level}, month, x >> 2, y >> 2, status, severity, sum(n), sum(sum_lon), sum(sum_lat)
FROM report_cells WHERE level = {finer} AND {months} GROUP BY 2, 3, 4, 5, 6
"""
_REBUILD_DAYS = """
INSERT INTO report_days (day, status, severity, n)
SELECT (occurred_ms + {offset}) / 86400000, status, severity, count(*)
FROM reports WHERE deleted_ms IS NULL GROUP BY 1, 2, 3
"""
_MONTH = (
    "(CAST(strftime('%Y', (occurred_ms + {offset}) / 1000, 'unixepoch') AS INT) * 12"
    " + CAST(strftime('%m', (occurred_ms + {offset}) / 1000, 'unixepoch') AS INT) - 1)"
)


def rebuild(connection: Connection, calendar: Calendar) -> None:
    """Make the tree, the cells and the day counts afresh, after a bulk load."""
    for table in ("report_view", "report_cells", "report_days"):
        connection.exec_driver_sql(f"DELETE FROM {table}")
    connection.exec_driver_sql(_REBUILD_VIEW.format(slot=SLOT_MS))
    month = _MONTH.format(offset=calendar.offset_ms)
    for levels, bucket, months in (
        (LEVELS_ALWAYS, str(ALWAYS), f"month = {ALWAYS}"),
        (LEVELS_MONTHLY, month, f"month <> {ALWAYS}"),
    ):
        finest = levels[-1]
        connection.exec_driver_sql(
            _REBUILD_FINEST.format(level=finest, month=bucket, columns=1 << finest)
        )
        for level in reversed(levels[:-1]):
            connection.exec_driver_sql(
                _REBUILD_COARSER.format(level=level, finer=level + 2, months=months)
            )
    connection.exec_driver_sql(_REBUILD_DAYS.format(offset=calendar.offset_ms))
