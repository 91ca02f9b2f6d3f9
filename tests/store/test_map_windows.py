"""What the map shows of any window and time adds up to what lies there."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trafficdesk.domain.records import Bounds
from trafficdesk.domain.vocabulary import ReportStatus, Severity
from trafficdesk.store import facts, map_view
from trafficdesk.store.engine import Store
from trafficdesk.store.map_view import ViewQuery

InsertReport = Callable[..., int]

QUARTER_MS = 900_000
_START = 1_785_000_000_000 // QUARTER_MS * QUARTER_MS
_quarters = st.integers(0, 4 * 24 * 120)  # four months
_reports = st.lists(
    st.fixed_dictionaries(
        {
            "lon": st.floats(76.8, 77.2),
            "lat": st.floats(10.8, 11.2),
            "status": st.sampled_from(["pending", "approved"]),
            "severity": st.integers(1, 4),
            "occurred_ms": _quarters.map(lambda q: _START + q * QUARTER_MS + 60_000),
        }
    ),
    max_size=30,
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    made=_reports,
    zoom=st.integers(4, 18),
    times=st.none() | st.tuples(_quarters, _quarters),
    only=st.sampled_from([(frozenset(), frozenset()), ("pending", 4)]),
)
def test_a_view_of_everything_counts_every_report_of_its_time(
    shared_store: Store,
    insert_report: InsertReport,
    made: list[dict[str, Any]],
    zoom: int,
    times: tuple[int, int] | None,
    only: tuple[Any, Any],
) -> None:
    from_ms = to_ms = None
    if times is not None:
        from_ms, to_ms = (_START + q * QUARTER_MS for q in sorted(times))
    statuses = frozenset({ReportStatus(only[0])}) if only[0] else frozenset()
    severities = frozenset({Severity(only[1])}) if only[1] else frozenset()
    query = ViewQuery(Bounds(76.7, 10.7, 77.3, 11.3), zoom, statuses, severities, from_ms, to_ms)
    expected = [
        r
        for r in made
        if (from_ms is None or r["occurred_ms"] >= from_ms)
        and (to_ms is None or r["occurred_ms"] < to_ms)
        and (not statuses or r["status"] in statuses)
        and (not severities or r["severity"] in severities)
    ]
    with shared_store.writing() as connection:
        for values in made:
            insert_report(connection, **values)
        view = map_view.find_view(connection, facts.calendar(connection), query)
        assert view.total == len(expected)
        assert len(view.points) == len(expected)
        connection.rollback()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    made=_reports,
    corner=st.tuples(st.floats(76.8, 77.1), st.floats(10.8, 11.1)),
    size=st.tuples(st.floats(0.001, 0.3), st.floats(0.001, 0.3)),
)
def test_the_points_of_a_window_are_those_that_lie_in_it(
    shared_store: Store,
    insert_report: InsertReport,
    made: list[dict[str, Any]],
    corner: tuple[float, float],
    size: tuple[float, float],
) -> None:
    window = Bounds(*corner, corner[0] + size[0], corner[1] + size[1])
    # The tree keeps 32-bit floats and rounds outwards: what lies on its edge may come, too.
    edge = 1e-5
    inner = Bounds(window.west + edge, window.south + edge, window.east - edge, window.north - edge)
    outer = Bounds(window.west - edge, window.south - edge, window.east + edge, window.north + edge)
    with shared_store.writing() as connection:
        pks = {insert_report(connection, **values): values for values in made}
        points = map_view.find_points(connection, ViewQuery(window, 14))
        connection.rollback()
    found = {point.pk for point in points}
    assert {pk for pk, values in pks.items() if _lies_in(values, inner)} <= found
    assert found <= {pk for pk, values in pks.items() if _lies_in(values, outer)}


def _lies_in(values: dict[str, float], bounds: Bounds) -> bool:
    return (
        bounds.west <= values["lon"] <= bounds.east
        and bounds.south <= values["lat"] <= bounds.north
    )
