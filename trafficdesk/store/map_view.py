"""What the map shows of a view: a few hundred cells or points, whatever lies beneath."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection

from trafficdesk.domain.calendar import SLOT_MS, Calendar
from trafficdesk.domain.records import Bounds
from trafficdesk.domain.vocabulary import ReportStatus, Severity
from trafficdesk.store.map_cells import ALWAYS, LEVELS_ALWAYS, LEVELS_MONTHLY, column_of, row_of
from trafficdesk.store.rows import fetch_all

POINTS_AT_MOST = 300
CELLS_PER_TILE_LOG2 = 2  # 256 px tiles, 64 px cells


class ViewQuery(NamedTuple):
    """A view of the map. Empty sets ask for all; times are epoch ms of ``occurred_at``."""

    bounds: Bounds
    zoom: int
    statuses: frozenset[ReportStatus] = frozenset()
    severities: frozenset[Severity] = frozenset()
    from_ms: int | None = None
    to_ms: int | None = None


class Cell(NamedTuple):
    """Reports that lie close together: their middle, how many, and how many of them critical."""

    lon: float
    lat: float
    n: int
    critical: int


class Point(NamedTuple):
    """One report on the map."""

    pk: int
    lon: float
    lat: float
    status: str
    severity: int


class View(NamedTuple):
    """What to draw: cells, and points where reports stand alone; ``total`` counts all in view."""

    cells: tuple[Cell, ...]
    points: tuple[Point, ...]
    total: int


class _Part(NamedTuple):
    """A stretch of time to be answered from cells of months or from the tree."""

    months: tuple[int, int] | None
    slots: tuple[int, int] | None


def _facets(query: ViewQuery) -> tuple[str, list[object]]:
    sql, values = "", list[object]()
    for column, chosen in (
        ("status", [str(s) for s in sorted(query.statuses)]),
        ("severity", [int(s) for s in sorted(query.severities)]),
    ):
        if chosen:
            sql += f" AND {column} IN ({', '.join('?' * len(chosen))})"
            values += chosen
    return sql, values


def tree_statement(
    query: ViewQuery, slots: tuple[int, int] | None, columns: str, limit: int = -1
) -> tuple[str, tuple[object, ...]]:
    """Return the SQL over the covering tree for a view and a stretch of quarter hours."""
    facets, values = _facets(query)
    time = ""
    if slots is not None:
        time = " AND first_slot >= ? AND last_slot < ?"
        values = [*slots, *values]
    west, south, east, north = query.bounds
    statement = (
        f"SELECT {columns} FROM report_view WHERE west <= ? AND east >= ? AND south <= ? "
        f"AND north >= ?{time}{facets} LIMIT ?"
    )
    return statement, (east, west, north, south, *values, limit)


def find_points(
    connection: Connection, query: ViewQuery, limit: int = POINTS_AT_MOST
) -> tuple[Point, ...]:
    """Return up to ``limit`` reports of a view one by one."""
    statement, values = points_statement(query, slots_of(query), limit)
    return tuple(map(Point._make, fetch_all(connection, statement, values)))


def points_statement(
    query: ViewQuery, slots: tuple[int, int] | None, limit: int
) -> tuple[str, tuple[object, ...]]:
    """Return the SQL over the covering tree that gives the rows of ``Point``."""
    return tree_statement(query, slots, "pk, lon, lat, status, severity", limit)


def slots_of(query: ViewQuery) -> tuple[int, int] | None:
    """Return the quarter hours a view asks for as ``(first, past_last)``; None for all time."""
    if query.from_ms is None and query.to_ms is None:
        return None
    return _slot(query.from_ms, 0), _slot(query.to_ms, 1 << 30)


def _slot(ms: int | None, default: int) -> int:
    return default if ms is None else -(-ms // SLOT_MS)


def _parts(query: ViewQuery, calendar: Calendar, level: int) -> list[_Part]:
    """Split the asked time into whole months, from cells, and what is left, from the tree."""
    if query.from_ms is None and query.to_ms is None:
        usable = level <= LEVELS_ALWAYS[-1]
        return [_Part((ALWAYS, ALWAYS + 1), None)] if usable else [_Part(None, None)]
    start, end = query.from_ms or 0, query.to_ms or (1 << 50)
    whole = (_slot(query.from_ms, 0), _slot(query.to_ms, 1 << 30))
    if level > LEVELS_MONTHLY[-1] or query.to_ms is None:
        return [_Part(None, whole)]
    first, past = calendar.whole_months(start, end)
    if first >= past:
        return [_Part(None, whole)]
    cut = (calendar.month_start_ms(first) // SLOT_MS, calendar.month_start_ms(past) // SLOT_MS)
    parts = [_Part((first, past), None)]
    if whole[0] < cut[0]:
        parts.append(_Part(None, (whole[0], cut[0])))
    if cut[1] < whole[1]:
        parts.append(_Part(None, (cut[1], whole[1])))
    return parts


_Sum = tuple[int, int, int, float, float, int]


def _from_cells(
    connection: Connection, query: ViewQuery, level: int, months: tuple[int, int]
) -> Iterable[_Sum]:
    kept = level + level % 2  # odd levels are added up from the next even one
    shift = kept - level
    facets, values = _facets(query)
    west, south, east, north = query.bounds
    columns = range(column_of(west, kept), column_of(east, kept) + 1)
    statement = (
        f"SELECT x >> {shift}, y >> {shift}, sum(n), sum(sum_lon), sum(sum_lat), "
        f"sum(CASE severity WHEN {int(Severity.CRITICAL)} THEN n ELSE 0 END) FROM report_cells "
        f"WHERE level = ? AND month IN ({', '.join('?' * (months[1] - months[0]))}) "
        f"AND x BETWEEN ? AND ? AND y BETWEEN ? AND ? AND n <> 0{facets} GROUP BY 1, 2"
    )
    rows = (row_of(south, kept), row_of(north, kept))
    return fetch_all(
        connection,
        statement,
        (kept, *range(*months), columns[0], columns[-1], *rows, *values),
    )


def tree_cells_statement(
    query: ViewQuery, level: int, slots: tuple[int, int] | None
) -> tuple[str, tuple[object, ...]]:
    """Return the SQL that adds up the cells of a view from the covering tree, as ``_Sum`` rows."""
    side = f"{1 << level} / 360"
    columns = (
        f"CAST((lon + 180) * {side} AS INT) AS x, CAST((lat + 90) * {side} AS INT) AS y, "
        f"count(*), sum(lon), sum(lat), sum(severity = {int(Severity.CRITICAL)})"
    )
    statement, values = tree_statement(query, slots, columns)
    return statement.replace(" LIMIT ?", " GROUP BY 1, 2"), values[:-1]


def _from_tree(
    connection: Connection, query: ViewQuery, level: int, slots: tuple[int, int] | None
) -> Iterable[_Sum]:
    return fetch_all(connection, *tree_cells_statement(query, level, slots))


def find_view(connection: Connection, calendar: Calendar, query: ViewQuery) -> View:
    """Return what to draw of a view; never more than a few hundred things.

    Counts come from cells added up beforehand wherever whole months (or all time) are asked, and
    from the covering tree for the days left over at either end.
    """
    level = query.zoom + CELLS_PER_TILE_LOG2
    sums: dict[tuple[int, int], list[float]] = {}
    for months, slots in _parts(query, calendar, level):
        found = (
            _from_cells(connection, query, level, months)
            if months is not None
            else _from_tree(connection, query, level, slots)
        )
        for x, y, *more in found:
            kept = sums.setdefault((x, y), [0, 0.0, 0.0, 0])
            for i, value in enumerate(more):
                kept[i] += value
    total = int(sum(kept[0] for kept in sums.values()))
    if total <= POINTS_AT_MOST:
        return View((), find_points(connection, query), total)
    cells = tuple(
        Cell(lon / n, lat / n, int(n), int(critical))
        for n, lon, lat, critical in sums.values()
        if n > 0
    )
    return View(cells, (), total)


def count_days(connection: Connection, first_day: int, past_day: int) -> dict[int, int]:
    """Return how many reports occurred on each day of ``[first_day, past_day)`` that has any."""
    rows = connection.exec_driver_sql(
        "SELECT day, sum(n) FROM report_days WHERE day >= ? AND day < ? GROUP BY day",
        (first_day, past_day),
    )
    return {int(day): int(n) for day, n in rows if n}


def find_day_range(connection: Connection) -> tuple[int, int] | None:
    """Return the first and last day that have reports."""
    first, last = connection.exec_driver_sql(
        "SELECT min(day), max(day) FROM report_days WHERE n <> 0"
    ).one()
    return None if first is None else (int(first), int(last))
