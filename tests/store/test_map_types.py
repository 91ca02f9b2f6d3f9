"""The map of chosen violation types, against counting every report by hand."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import Row

from tests.store.conftest import LAST_MS, MakeCityStore
from trafficdesk.domain.calendar import SLOT_MS, Calendar
from trafficdesk.domain.demo.town import CENTRE
from trafficdesk.domain.records import Bounds
from trafficdesk.domain.vocabulary import ReportStatus, Severity, Violation
from trafficdesk.services.demo.scale import WEEK_MS
from trafficdesk.store import facts, map_types
from trafficdesk.store.engine import Store
from trafficdesk.store.map_types import SampledView, TypesQuery
from trafficdesk.store.map_view import POINTS_AT_MOST, ViewQuery

ROWS = 6_000
ALL_OF_IT = Bounds(70.0, 5.0, 85.0, 20.0)
STREETS = Bounds(CENTRE.lon - 0.02, CENTRE.lat - 0.02, CENTRE.lon + 0.02, CENTRE.lat + 0.02)
COMMON, RARE = frozenset({str(Violation.NO_HELMET)}), frozenset({str(Violation.OTHER)})


@pytest.fixture(scope="module")
def store(make_city_store: MakeCityStore) -> Store:
    return make_city_store(ROWS)


def _find(store: Store, view: ViewQuery, types: frozenset[str]) -> SampledView:
    with store.reading() as connection:
        calendar = facts.calendar(connection)
        return map_types.find_view(connection, calendar, TypesQuery(view, types))


def _wanted(store: Store, view: ViewQuery, types: frozenset[str]) -> list[Row[Any]]:
    with store.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT pk, lon, lat, status, severity, violation, occurred_ms FROM reports"
        ).all()
    west, south, east, north = view.bounds
    return [
        row
        for row in rows
        if row.violation in types
        and (west <= row.lon <= east and south <= row.lat <= north)
        and (not view.statuses or row.status in view.statuses)
        and (not view.severities or row.severity in view.severities)
        and (view.from_ms is None or row.occurred_ms >= view.from_ms)
        and (view.to_ms is None or row.occurred_ms < view.to_ms)
    ]


VIEWS = [
    ViewQuery(ALL_OF_IT, 5),
    ViewQuery(STREETS, 14),
    ViewQuery(ALL_OF_IT, 11, frozenset({ReportStatus.PENDING}), frozenset({Severity.SEVERE})),
    ViewQuery(
        ALL_OF_IT,
        11,
        from_ms=(LAST_MS - 12 * WEEK_MS) // SLOT_MS * SLOT_MS,
        to_ms=(LAST_MS - WEEK_MS) // SLOT_MS * SLOT_MS,
    ),
]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("types", [COMMON, RARE, COMMON | RARE])
def test_a_view_of_types_holds_each_of_their_reports_once(
    store: Store, view: ViewQuery, types: frozenset[str]
) -> None:
    wanted = _wanted(store, view, types)
    found = _find(store, view, types)
    assert found.one_in == 1
    if view.bounds is ALL_OF_IT:  # whole cells hold what a view's edge cuts off
        assert found.view.total == len(wanted)
        assert sum(c.critical for c in found.view.cells) in {
            0,
            sum(row.severity == Severity.CRITICAL for row in wanted),
        }
    assert found.view.total >= len(wanted)
    if len(wanted) <= POINTS_AT_MOST and found.view.points:
        assert {row.pk for row in wanted} <= {point.pk for point in found.view.points}


@pytest.mark.parametrize("walked_at_most", [0, 100_000], ids=["index", "tree"])
@pytest.mark.parametrize("view", VIEWS[:1] + VIEWS[3:])
def test_among_very_many_a_sample_is_counted_and_said_so(
    store: Store, view: ViewQuery, walked_at_most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_types, "LOOKED_AT_MOST", 400)
    monkeypatch.setattr(map_types, "_WALKED_AT_MOST", walked_at_most)
    true = len(_wanted(store, view, COMMON))
    found = _find(store, view, COMMON)
    assert found.one_in > 1
    assert found.view.points == ()
    assert abs(found.view.total - true) < 0.35 * true
    assert all(cell.n % found.one_in == 0 for cell in found.view.cells)


def test_few_of_a_type_among_very_many_are_still_counted_one_by_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_types, "LOOKED_AT_MOST", 400)
    view = VIEWS[0]
    found = _find(store, view, RARE)
    assert found.one_in == 1
    assert found.view.total == len(_wanted(store, view, RARE)) > 0


def test_days_of_types_add_up_to_their_reports(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.reading() as connection:
        calendar = facts.calendar(connection)
        exact = map_types.count_days(connection, calendar, COMMON)
        monkeypatch.setattr(map_types, "LOOKED_AT_MOST", 400)
        rough = map_types.count_days(connection, calendar, COMMON)
    rows = _wanted(store, VIEWS[0], COMMON)
    wanted = Counter(_facet(calendar, row) for row in rows)
    assert exact.one_in == 1
    assert exact.facets == dict(wanted)
    assert rough.one_in > 1
    assert abs(sum(rough.facets.values()) - len(rows)) < 0.2 * len(rows)


def _facet(calendar: Calendar, row: Row[Any]) -> tuple[int, ReportStatus, Severity]:
    return calendar.day_of(row.occurred_ms), ReportStatus(row.status), Severity(row.severity)
