"""What the map shows of chosen violation types, which its cells do not count apart.

The covering tree knows no type either: a report's row is looked at for it. Where that would take
too long only every so many-th report is, evenly by its number, and the answer says so.
"""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection

from trafficdesk.domain.calendar import DAY_MS, SLOT_MS, Calendar
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.records import Bounds
from trafficdesk.domain.vocabulary import ReportStatus, Severity
from trafficdesk.store import map_view, tallies
from trafficdesk.store.map_view import POINTS_AT_MOST, Cell, Point, View, ViewQuery
from trafficdesk.store.rows import fetch_all, fetch_as

LOOKED_AT_MOST = 5_000  # rows of the encrypted table that are read for one answer
_WALKED_AT_MOST = 100_000  # reports in view beyond which the tree takes longer than the index
_COLUMNS = "pk, lon, lat, status, severity"
DayFacets = dict[tuple[int, ReportStatus, Severity], int]


class TypesQuery(NamedTuple):
    """A view of some violation types; a report is of the type it names first."""

    view: ViewQuery
    violations: frozenset[str]


class SampledView(NamedTuple):
    """What to draw; ``one_in`` is 1 if every report was counted, else counts are estimates."""

    view: View
    one_in: int


class SampledDays(NamedTuple):
    """Reports by day, status and severity; ``one_in`` as in ``SampledView``."""

    facets: DayFacets
    one_in: int


class _Way(NamedTuple):
    """Whether the tree of places or the index of types is walked, and every how-many-th counts."""

    by_tree: bool
    one_in: int


def find_view(connection: Connection, calendar: Calendar, query: TypesQuery) -> SampledView:
    """Return what to draw of a view: like ``map_view.find_view``, of some types only."""
    way = _way(connection, calendar, query)
    if way.one_in == 1:
        statement, values = _statement(query, way, _COLUMNS, POINTS_AT_MOST + 1)
        points = tuple(fetch_as(Point, connection, statement, values))
        if len(points) <= POINTS_AT_MOST:
            return SampledView(View((), points, len(points)), 1)
    cells = _find_cells(connection, query, way)
    return SampledView(View(cells, (), sum(cell.n for cell in cells)), way.one_in)


def find_points(
    connection: Connection, calendar: Calendar, query: TypesQuery, limit: int
) -> tuple[Point, ...]:
    """Return up to ``limit`` reports of a view one by one, of a sample where there are many."""
    way = _way(connection, calendar, query)
    return tuple(fetch_as(Point, connection, *_statement(query, way, _COLUMNS, limit)))


def count_days(
    connection: Connection, calendar: Calendar, violations: frozenset[str]
) -> SampledDays:
    """Return how many reports of some types occurred on which day, by status and severity."""
    total = tallies.count(connection, ReportFilter(violations=violations))
    one_in = max(1, -(-total // LOOKED_AT_MOST))
    rows = fetch_all(
        connection,
        f"SELECT (occurred_ms + ?) / {DAY_MS}, status, severity, count(*) FROM reports "
        f"INDEXED BY reports_status_violation_severity WHERE deleted_ms IS NULL "
        f"AND status IN ({_marks(ReportStatus)}) AND violation IN ({_marks(violations)}) "
        f"AND pk % ? = 0 GROUP BY 1, 2, 3",
        (calendar.offset_ms, *map(str, ReportStatus), *sorted(violations), one_in),
    )
    counted = {(int(d), ReportStatus(st), Severity(se)): n * one_in for d, st, se, n in rows}
    return SampledDays(counted, one_in)


def _marks(values: Collection[object] | type[ReportStatus]) -> str:
    return ", ".join("?" * len(values))


def _way(connection: Connection, calendar: Calendar, query: TypesQuery) -> _Way:
    view = query.view
    in_view = map_view.find_view(connection, calendar, view).total
    if in_view <= LOOKED_AT_MOST:
        return _Way(by_tree=True, one_in=1)
    wanted = ReportFilter(
        statuses=view.statuses, severities=view.severities, violations=query.violations
    )
    of_type = tallies.count(connection, wanted)
    by_tree = of_type > LOOKED_AT_MOST and in_view <= _WALKED_AT_MOST
    return _Way(by_tree, max(1, -(-(in_view if by_tree else of_type) // LOOKED_AT_MOST)))


def _find_cells(connection: Connection, query: TypesQuery, way: _Way) -> tuple[Cell, ...]:
    """Add up whole cells, so that they stay what they are while the map is moved."""
    view = query.view
    level = map_view.level_of(view.zoom)
    whole = query._replace(view=view._replace(bounds=_whole_cells(view.bounds, view.zoom)))
    side = f"{1 << level} / 360"
    columns = (
        f"CAST((lon + 180) * {side} AS INT), CAST((lat + 90) * {side} AS INT), "
        f"count(*), sum(lon), sum(lat), sum(severity = {int(Severity.CRITICAL)})"
    )
    statement, values = _statement(whole, way, columns, -1)
    rows = fetch_all(connection, statement.replace(" LIMIT +?", " GROUP BY 1, 2"), values[:-1])
    k = way.one_in
    return tuple(Cell(lon / n, lat / n, n * k, some * k) for _, _, n, lon, lat, some in rows)


def _whole_cells(bounds: Bounds, zoom: int) -> Bounds:
    south_west = map_view.box_of_cell(Cell(bounds.west, bounds.south, 1, 0), zoom)
    north_east = map_view.box_of_cell(Cell(bounds.east, bounds.north, 1, 0), zoom)
    return Bounds(south_west.west, south_west.south, north_east.east, north_east.north)


def _statement(
    query: TypesQuery, way: _Way, columns: str, limit: int
) -> tuple[str, tuple[object, ...]]:
    if not way.by_tree:
        return _index_statement(query, way.one_in, columns, limit)
    slots = map_view.slots_of(query.view)
    statement, values = map_view.tree_statement(query.view, slots, columns, limit)
    of_type = (
        " AND pk % ? = 0 AND (SELECT violation FROM reports WHERE reports.pk = report_view.pk) "
        f"IN ({_marks(query.violations)}) LIMIT +?"
    )
    values = (*values[:-1], way.one_in, *sorted(query.violations), values[-1])
    return statement.replace(" LIMIT +?", of_type), values


def _index_statement(
    query: TypesQuery, one_in: int, columns: str, limit: int
) -> tuple[str, tuple[object, ...]]:
    view = query.view
    statuses = [str(status) for status in sorted(view.statuses or ReportStatus)]
    violations = sorted(query.violations)
    where = [
        "deleted_ms IS NULL AND pk % ? = 0",
        f"status IN ({_marks(statuses)}) AND violation IN ({_marks(violations)})",
    ]
    values: list[object] = [one_in, *statuses, *violations]
    if view.severities:
        where.append(f"severity IN ({_marks(view.severities)})")
        values += [int(severity) for severity in sorted(view.severities)]
    slots = map_view.slots_of(view)
    if slots is not None:
        where.append("occurred_ms >= ? AND occurred_ms < ?")
        values += [slot * SLOT_MS for slot in slots]
    west, south, east, north = view.bounds
    where.append("lon BETWEEN ? AND ? AND lat BETWEEN ? AND ?")
    values += [west, east, south, north, limit]
    source = "reports INDEXED BY reports_status_violation_severity"
    return f"SELECT {columns} FROM {source} WHERE {' AND '.join(where)} LIMIT +?", tuple(values)
