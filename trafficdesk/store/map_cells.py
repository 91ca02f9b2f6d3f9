"""What the map counts: a covering R*Tree of reports, and cells per zoom added up beforehand.

Cells halve the world in degrees: level L has 2^L columns of 360 / 2^L degrees and rows of the same
height. Only some levels are kept; another is added up from the next finer one that is.
"""

from typing import NamedTuple

from sqlalchemy import Connection

from trafficdesk.domain.calendar import SLOT_MS, Calendar
from trafficdesk.domain.vocabulary import ReportStatus, Severity
from trafficdesk.store.rows import run, run_each

ALWAYS = 0  # the month number of the cells that count all time
# A desk's cities have a handful of cells at the first level: coarser views add those up.
LEVELS = (10, 12, 14, 16, 18, 20)


def count_column(status: str, severity: int) -> str:
    """Return the column of ``report_cells`` that counts one status and severity."""
    return f"{ReportStatus(status)}_{int(Severity(severity))}"


COUNTS = tuple(count_column(status, severity) for status in ReportStatus for severity in Severity)


class Spot(NamedTuple):
    """The facts of a report that the map counts by; ``occurred_ms`` in epoch milliseconds."""

    pk: int
    lon: float
    lat: float
    status: str
    severity: int
    occurred_ms: int


def kept_level(level: int) -> int | None:
    """Return the level that is kept and has all of a level's edges; None beyond the finest."""
    return next((kept for kept in LEVELS if kept >= level), None)


def column_of(lon: float, level: int) -> int:
    """Return the cell column of a longitude."""
    return int((lon + 180.0) * (1 << level) / 360.0)


def row_of(lat: float, level: int) -> int:
    """Return the cell row of a latitude, counted from the south pole."""
    return int((lat + 90.0) * (1 << level) / 360.0)


_DAY, _MOVE_DAY = (
    f"""
INSERT INTO report_days (day, status, severity, n) VALUES {rows}
ON CONFLICT (day, status, severity) DO UPDATE SET n = n + excluded.n
"""
    for rows in ("(?, ?, ?, ?)", "(?1, ?2, ?3, -1), (?1, ?4, ?5, 1)")
)
_SPOT = """
INSERT OR REPLACE INTO report_view
(pk, west, east, south, north, first_slot, last_slot, lon, lat, status, severity)
VALUES (?1, ?2, ?2, ?3, ?3, ?6, ?6, ?2, ?3, ?4, ?5)
"""
# Writing to the tree itself would take the entry out of its node and put it back. What the tree
# only carries lies beside it: a2 and a3 are its third and fourth ``+`` columns
# (https://sqlite.org/rtree.html#auxiliary_columns).
_RECOLOUR_SPOT = "UPDATE report_view_rowid SET a2 = ?, a3 = ? WHERE rowid = ?"

_CellKey = tuple[int, int, int, int]


def _keys(spot: Spot, calendar: Calendar) -> list[_CellKey]:
    """Return the cells a report lies in as ``(level, month, x, y)``."""
    month = calendar.month_of(spot.occurred_ms)
    return [
        (level, bucket, column_of(spot.lon, level), row_of(spot.lat, level))
        for bucket in (ALWAYS, month)
        for level in LEVELS
    ]


def _add(connection: Connection, spot: Spot, calendar: Calendar, n: int) -> None:
    column = count_column(spot.status, spot.severity)
    statement = (
        f"INSERT INTO report_cells (level, month, x, y, n, sum_lon, sum_lat, {column}) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?5) ON CONFLICT (level, month, x, y) DO UPDATE SET "
        "n = n + excluded.n, sum_lon = sum_lon + excluded.sum_lon, "
        f"sum_lat = sum_lat + excluded.sum_lat, {column} = {column} + excluded.{column}"
    )
    values = (n, n * spot.lon, n * spot.lat)
    run_each(connection, statement, [(*key, *values) for key in _keys(spot, calendar)])
    run(connection, _DAY, (calendar.day_of(spot.occurred_ms), spot.status, spot.severity, n))


def _recolour(connection: Connection, calendar: Calendar, before: Spot, after: Spot) -> None:
    """Count a report that stayed where it was under its new status and severity."""
    old, new = (count_column(spot.status, spot.severity) for spot in (before, after))
    run_each(
        connection,
        f"UPDATE report_cells SET {old} = {old} - 1, {new} = {new} + 1 "
        "WHERE level = ? AND month = ? AND x = ? AND y = ?",
        _keys(after, calendar),
    )
    day = calendar.day_of(after.occurred_ms)
    moved = (day, before.status, before.severity, after.status, after.severity)
    run(connection, _MOVE_DAY, moved)
    run(connection, _RECOLOUR_SPOT, (after.status, after.severity, after.pk))


def move(
    connection: Connection, calendar: Calendar, before: Spot | None, after: Spot | None
) -> None:
    """Take a report out of one place on the map and put it into another (None: not there)."""
    if before == after:
        return
    if before is not None and after is not None and _is_same_place(before, after):
        _recolour(connection, calendar, before, after)
        return
    if before is not None:
        _add(connection, before, calendar, -1)
    if after is not None:
        _add(connection, after, calendar, 1)
        slot = after.occurred_ms // SLOT_MS
        run(
            connection,
            _SPOT,
            (after.pk, after.lon, after.lat, after.status, after.severity, slot),
        )
    elif before is not None:
        run(connection, "DELETE FROM report_view WHERE pk = ?", (before.pk,))


def _is_same_place(one: Spot, other: Spot) -> bool:
    return one == other._replace(status=one.status, severity=one.severity)


_REBUILD_VIEW = """
INSERT INTO report_view
(pk, west, east, south, north, first_slot, last_slot, lon, lat, status, severity)
SELECT pk, lon, lon, lat, lat, occurred_ms / {slot}, occurred_ms / {slot}, lon, lat, status,
severity
FROM reports WHERE deleted_ms IS NULL
ORDER BY CAST((lon + 180) * 16384 / 360 AS INT), CAST((lat + 90) * 16384 / 360 AS INT)
"""
_COLUMNS = f"level, month, x, y, n, sum_lon, sum_lat, {', '.join(COUNTS)}"
_EACH = ", ".join(
    f"sum(facet = {4 * i + severity})" for i in range(len(ReportStatus)) for severity in Severity
)
_FACET = f"""CASE status {
    " ".join(f"WHEN '{status}' THEN {4 * i}" for i, status in enumerate(ReportStatus))
} END + severity"""
_REBUILD_FINEST = f"""
INSERT INTO report_cells ({_COLUMNS})
SELECT {{level}}, month, x, y, count(*), sum(lon), sum(lat), {_EACH} FROM (
SELECT {{month}} AS month, CAST((lon + 180) * {{columns}} / 360 AS INT) AS x,
CAST((lat + 90) * {{columns}} / 360 AS INT) AS y, lon, lat, {_FACET} AS facet
FROM reports WHERE deleted_ms IS NULL) GROUP BY month, x, y
"""
_SUMS = ", ".join(f"sum({column})" for column in COUNTS)
_REBUILD_COARSER = f"""
INSERT INTO report_cells ({_COLUMNS})
SELECT {{level}}, month, x >> 2, y >> 2, sum(n), sum(sum_lon), sum(sum_lat), {_SUMS}
FROM report_cells WHERE level = {{finer}} AND {{months}} GROUP BY 2, 3, 4
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
    finest = LEVELS[-1]
    for bucket, months in ((str(ALWAYS), f"month = {ALWAYS}"), (month, f"month <> {ALWAYS}")):
        connection.exec_driver_sql(
            _REBUILD_FINEST.format(level=finest, month=bucket, columns=1 << finest)
        )
        for level in reversed(LEVELS[:-1]):
            connection.exec_driver_sql(
                _REBUILD_COARSER.format(level=level, finer=level + 2, months=months)
            )
    connection.exec_driver_sql(_REBUILD_DAYS.format(offset=calendar.offset_ms))
