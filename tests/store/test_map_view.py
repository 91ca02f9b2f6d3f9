"""The map's cells and points, against counting every report by hand."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Row

from tests.store.conftest import LAST_MS, MakeCityStore
from trafficdesk.domain.calendar import SLOT_MS, Calendar, standard_offset_ms
from trafficdesk.domain.demo.town import CENTRE
from trafficdesk.domain.records import Bounds
from trafficdesk.domain.vocabulary import ReportStatus, Severity
from trafficdesk.services.demo.scale import WEEK_MS, WEEKS
from trafficdesk.store import facts, map_view, reports
from trafficdesk.store.engine import Store
from trafficdesk.store.map_cells import COUNTS, column_of, row_of
from trafficdesk.store.map_view import View, ViewQuery, level_of

ROWS = 4_000
FIRST_MS = LAST_MS - WEEKS * WEEK_MS
_CALENDAR = Calendar(standard_offset_ms("Asia/Kolkata"))
_SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_SPOT = st.floats(-0.2, 0.2)


@pytest.fixture(scope="module")
def store(make_city_store: MakeCityStore) -> Store:
    made = make_city_store(ROWS)
    with made.writing() as connection:
        for pk in range(1, 600, 3):
            _change(connection, pk)
    return made


def _change(connection: Connection, pk: int) -> None:
    """Decide on a report, move it, or delete it, as officers and undo do."""
    changes: list[dict[str, object]] = [
        {"status": "rejected", "severity": 4},
        {"lon": 76.99 + pk / 1e5, "lat": 11.01},
        {"deleted_ms": LAST_MS},
        {"status": "pending"},
    ]
    change = reports.ReportUpdate(pk, 1, changes[pk % 4], LAST_MS)
    assert reports.update(connection, _CALENDAR, change) == 2


@st.composite
def _queries(draw: st.DrawFn) -> ViewQuery:
    lon, lat = CENTRE.lon + draw(_SPOT), CENTRE.lat + draw(_SPOT)
    zoom = draw(st.integers(5, 19))
    half = 360 * 2.5 / (1 << zoom)
    start = end = None
    if draw(st.booleans()):
        start = draw(st.integers(FIRST_MS, LAST_MS)) // SLOT_MS * SLOT_MS
        end = start + draw(st.integers(1, 80_000)) * SLOT_MS
        start, end = draw(st.sampled_from([(start, end), (start, None), (None, end)]))
    return ViewQuery(
        Bounds(max(-180, lon - half), max(-85, lat - half), lon + half, min(85, lat + half)),
        zoom,
        draw(st.frozensets(st.sampled_from(ReportStatus), max_size=3)),
        draw(st.frozensets(st.sampled_from(Severity), max_size=2)),
        start,
        end,
    )


def _wanted(store: Store, query: ViewQuery) -> list[Row[tuple[object, ...]]]:
    with store.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT pk, lon, lat, status, severity, occurred_ms FROM reports "
            "WHERE deleted_ms IS NULL"
        ).all()
    return [
        row
        for row in rows
        if (not query.statuses or row.status in query.statuses)
        and (not query.severities or row.severity in query.severities)
        and (query.from_ms is None or row.occurred_ms >= query.from_ms)
        and (query.to_ms is None or row.occurred_ms < query.to_ms)
    ]


def _find(store: Store, query: ViewQuery) -> View:
    with store.reading() as connection:
        return map_view.find_view(connection, facts.calendar(connection), query)


@_SLOW
@given(query=_queries())
def test_a_view_shows_every_report_in_it_once(store: Store, query: ViewQuery) -> None:
    view, west, south, east, north = _find(store, query), *query.bounds
    wanted = _wanted(store, query)
    if not view.cells:
        # The tree rounds its rectangles outwards, by less than a metre.
        edge = 2e-5
        inside = {r.pk for r in wanted if west <= r.lon <= east and south <= r.lat <= north}
        near = {
            r.pk
            for r in wanted
            if west - edge <= r.lon <= east + edge and south - edge <= r.lat <= north + edge
        }
        assert inside <= {point.pk for point in view.points} <= near
        return
    level = level_of(query.zoom)
    xs = range(column_of(west, level), column_of(east, level) + 1)
    ys = range(row_of(south, level), row_of(north, level) + 1)
    cells = [(column_of(r.lon, level), row_of(r.lat, level), r.severity) for r in wanted]
    counted = Counter((x, y) for x, y, _ in cells if x in xs and y in ys)
    critical = Counter((x, y) for x, y, severity in cells if severity == Severity.CRITICAL)
    found = {(column_of(c.lon, level), row_of(c.lat, level)): c for c in view.cells}
    assert {key: cell.n for key, cell in found.items()} == counted
    assert {key: cell.critical for key, cell in found.items()} == {k: critical[k] for k in found}
    assert view.total == counted.total()


def test_a_cell_of_one_report_lies_where_its_box_finds_it(store: Store) -> None:
    query = ViewQuery(Bounds(76.8, 10.85, 77.15, 11.2), 13, frozenset({ReportStatus.PENDING}))
    wide = query._replace(statuses=frozenset({ReportStatus.PENDING, ReportStatus.REJECTED}))
    alone = [cell for cell in _find(store, wide).cells if cell.n == 1]
    assert alone
    for cell in alone[:20]:
        box = map_view.box_of_cell(cell, wide.zoom)
        with store.reading() as connection:
            (point,) = map_view.find_points(connection, wide._replace(bounds=box))
        assert abs(point.lon - cell.lon) <= box.east - box.west


def test_every_status_and_severity_has_its_column(store: Store) -> None:
    with store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT name FROM pragma_table_info('report_cells')")
        columns = [row[0] for row in rows]
    assert columns[-len(COUNTS) :] == list(COUNTS)
