"""What the map shows of a view: a few hundred cells or points, whatever lies beneath."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection

from trafficdesk.domain.calendar import SLOT_MS, Calendar
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.records import Bounds
from trafficdesk.domain.vocabulary import ReportStatus, Severity
from trafficdesk.store import tallies
from trafficdesk.store.map_cells import (
    ALWAYS,
    LEVELS,
    column_of,
    count_column,
    kept_level,
    row_of,
)
from trafficdesk.store.rows import fetch_all, fetch_as

POINTS_AT_MOST = 300
RARE_AT_MOST = 3_000
_CELLS_PER_TILE_LOG2 = 2  # 256 px tiles, 64 px cells


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
    """A stretch of time to be answered from cells of months or from the tree.

    ``sign`` is -1 where the tree takes away what a whole month counts too much.
    """

    months: tuple[int, int] | None
    slots: tuple[int, int] | None
    sign: int = 1


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
        f"AND north >= ?{time}{facets} LIMIT +?"
    )
    return statement, (east, west, north, south, *values, limit)


def find_points(
    connection: Connection, query: ViewQuery, limit: int = POINTS_AT_MOST
) -> tuple[Point, ...]:
    """Return up to ``limit`` reports of a view one by one."""
    slots = slots_of(query)
    statement, values = (
        _rare_statement(query, slots, limit)
        if _is_rare(connection, query)
        else points_statement(query, slots, limit)
    )
    return tuple(fetch_as(Point, connection, statement, values))


def count_points(connection: Connection, query: ViewQuery) -> int:
    """Count the reports of a view one by one, as ``find_points`` finds them."""
    statement, values = tree_statement(query, slots_of(query), "count(*)")
    return int(fetch_all(connection, statement, values)[0][0])


def _is_rare(connection: Connection, query: ViewQuery) -> bool:
    """Tell whether so few reports have the asked status and severity that all can be looked at."""
    if not query.statuses:
        return False
    wanted = ReportFilter(statuses=query.statuses, severities=query.severities)
    return tallies.count(connection, wanted) <= RARE_AT_MOST


def _rare_statement(
    query: ViewQuery, slots: tuple[int, int] | None, limit: int
) -> tuple[str, tuple[object, ...]]:
    """Return the SQL that looks through the reports of a status instead of the whole tree."""
    facets, values = _facets(query)
    time: tuple[int, ...] = ()
    if slots is not None:
        facets += " AND occurred_ms >= ? AND occurred_ms < ?"
        time = (slots[0] * SLOT_MS, slots[1] * SLOT_MS)
    west, south, east, north = query.bounds
    statement = (
        "SELECT pk, lon, lat, status, severity FROM reports INDEXED BY reports_status_severity "
        f"WHERE deleted_ms IS NULL{facets} AND lon BETWEEN ? AND ? AND lat BETWEEN ? AND ? LIMIT +?"
    )
    return statement, (*values, *time, west, east, south, north, limit)


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


def level_of(zoom: int) -> int:
    """Return the level of cells a zoom is shown with; beyond the finest they only look larger."""
    return min(zoom + _CELLS_PER_TILE_LOG2, LEVELS[-1])


def _parts(query: ViewQuery, calendar: Calendar) -> list[_Part]:
    """Split the asked time into whole months, from cells, and what differs, from the tree."""
    whole = slots_of(query)
    if whole is None:
        return [_Part((ALWAYS, ALWAYS + 1), None)]
    if query.from_ms is None or query.to_ms is None:
        return [_Part(None, whole)]
    # The nearest turn of a month: at most half a month is left for the tree at either end.
    first, past = calendar.nearest_month(query.from_ms), calendar.nearest_month(query.to_ms)
    ends = [calendar.month_start_ms(month) // SLOT_MS for month in (first, past)]
    left = [(whole[0], ends[0]), (ends[1], whole[1])]
    if first >= past or sum(abs(b - a) for a, b in left) >= whole[1] - whole[0]:
        return [_Part(None, whole)]
    parts = [_Part((first, past), None)]
    parts += [_Part(None, (a, b)) if a < b else _Part(None, (b, a), -1) for a, b in left if a != b]
    return parts


def _closed(connection: Connection, calendar: Calendar, query: ViewQuery) -> ViewQuery:
    """Return a view with an open end of its time closed where the reports end."""
    if (query.from_ms is None) == (query.to_ms is None):
        return query
    first, last = find_day_range(connection) or (0, 0)
    if query.from_ms is None:
        return query._replace(from_ms=calendar.day_start_ms(first))
    return query._replace(to_ms=max(query.from_ms, calendar.day_start_ms(last + 1)))


_Sum = tuple[int, int, int, float, float, int]
_COLUMNS_ONE_BY_ONE = 64


def _counted(query: ViewQuery) -> tuple[str, str, str]:
    """Return what to add up over cells: how many, how many critical, and the share that counts."""
    every = [
        (severity, count_column(status, severity))
        for status in sorted(query.statuses or ReportStatus)
        for severity in sorted(query.severities or Severity)
    ]
    critical = " + ".join(c for severity, c in every if severity is Severity.CRITICAL) or "0"
    if not query.statuses and not query.severities:
        return "n", critical, "1"
    some = " + ".join(column for _, column in every)
    # The middle of all stands for the middle of some.
    return some, critical, f"({some}) / CAST(n AS REAL)"


def _from_cells(
    connection: Connection, query: ViewQuery, grid: "_Grid", months: tuple[int, int]
) -> Iterable[_Sum]:
    kept = kept_level(grid.level) or grid.level
    shift = kept - grid.level
    count, critical, share = _counted(query)
    columns, rows = (
        range(cells.start << shift, cells.stop << shift) for cells in (grid.columns, grid.rows)
    )
    if len(columns) <= _COLUMNS_ONE_BY_ONE:  # each column is a stretch of its own in the index
        across, values = f"x IN ({', '.join('?' * len(columns))})", tuple(columns)
    else:
        across, values = "x BETWEEN ? AND ?", (columns[0], columns[-1])
    statement = (
        f"SELECT x >> {shift}, y >> {shift}, sum({count}), sum(sum_lon * {share}), "
        f"sum(sum_lat * {share}), sum({critical}) FROM report_cells "
        f"WHERE level = ? AND month IN ({', '.join('?' * (months[1] - months[0]))}) "
        f"AND {across} AND y BETWEEN ? AND ? AND n > 0 GROUP BY 1, 2"
    )
    return fetch_all(connection, statement, (kept, *range(*months), *values, rows[0], rows[-1]))


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
    return statement.replace(" LIMIT +?", " GROUP BY 1, 2"), values[:-1]


def find_view(connection: Connection, calendar: Calendar, query: ViewQuery) -> View:
    """Return what to draw of a view; never more than a few hundred things.

    Counts come from cells added up beforehand wherever whole months (or all time) are asked, and
    from the covering tree for the days by which the asked time differs from them.
    """
    if not query.statuses and not query.severities:
        # A tree that need not pass over other statuses says soonest that the view holds few.
        points = find_points(connection, query, POINTS_AT_MOST + 1)
        if len(points) <= POINTS_AT_MOST:
            return View((), points, len(points))
    cells = _cells(connection, calendar, query)
    total = sum(cell.n for cell in cells)
    if total <= POINTS_AT_MOST:
        return View((), find_points(connection, query), total)
    return View(cells, (), total)


def _cells(connection: Connection, calendar: Calendar, query: ViewQuery) -> tuple[Cell, ...]:
    """Add up whole cells: what a cell counts does not change while its edge enters the view."""
    level = level_of(query.zoom)
    query = _closed(connection, calendar, query)
    grid = _grid_under(query.bounds, level)
    whole = query._replace(bounds=grid.bounds)
    sums: dict[tuple[int, int], list[float]] = {}
    for months, slots, sign in _parts(query, calendar):
        found = (
            _from_cells(connection, whole, grid, months)
            if months is not None
            else fetch_all(connection, *tree_cells_statement(whole, level, slots))
        )
        for x, y, *more in found:
            if x not in grid.columns or y not in grid.rows:
                continue  # the tree's own edges are rounded outwards
            kept = sums.setdefault((x, y), [0, 0.0, 0.0, 0])
            for i, value in enumerate(more):
                kept[i] += sign * value
    return tuple(
        Cell(lon / n, lat / n, int(n), int(critical))
        for n, lon, lat, critical in sums.values()
        if n > 0
    )


class _Grid(NamedTuple):
    """The cells of a level that a view touches."""

    level: int
    columns: range
    rows: range

    @property
    def bounds(self) -> Bounds:
        side = 360.0 / (1 << self.level)
        return Bounds(
            self.columns.start * side - 180.0,
            self.rows.start * side - 90.0,
            self.columns.stop * side - 180.0,
            self.rows.stop * side - 90.0,
        )


def _grid_under(bounds: Bounds, level: int) -> _Grid:
    west, south, east, north = bounds
    return _Grid(
        level,
        range(column_of(west, level), column_of(east, level) + 1),
        range(row_of(south, level), row_of(north, level) + 1),
    )


def box_of_cell(cell: Cell, zoom: int) -> Bounds:
    """Return the rectangle of the grid that a cell of ``find_view`` at a zoom adds up."""
    spot = Bounds(cell.lon, cell.lat, cell.lon, cell.lat)
    return _grid_under(spot, level_of(zoom)).bounds


def find_day_range(connection: Connection) -> tuple[int, int] | None:
    """Return the first and last day that have reports."""
    first, last = connection.exec_driver_sql(
        "SELECT min(day), max(day) FROM report_days WHERE n <> 0"
    ).one()
    return None if first is None else (int(first), int(last))
