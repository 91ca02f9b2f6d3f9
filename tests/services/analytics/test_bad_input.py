"""Figures of a city with very many wards, of days when clocks change, and by a wrong clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.services.analytics.happened import MARKET, Happened, write
from trafficdesk.domain.analytics.metrics import MetricId
from trafficdesk.domain.analytics.periods import Period, last_months
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.times import to_ms
from trafficdesk.services.analytics.comparing import compare_wards
from trafficdesk.services.analytics.forecasts import forecast_counts
from trafficdesk.services.analytics.hotspots import find_hotspots
from trafficdesk.services.analytics.overview import find_overview
from trafficdesk.services.analytics.place_forecasts import forecast_places
from trafficdesk.services.analytics.trends import find_trends
from trafficdesk.services.session import Session
from trafficdesk.store import facts, queues

WARDS = 50_000
DAY = 20_600


def test_fifty_thousand_wards_stand_side_by_side(session: Session) -> None:
    with session.store.writing() as connection:
        connection.exec_driver_sql(
            "WITH RECURSIVE w (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM w WHERE n + 1 < ?) "
            "INSERT INTO day_sums (part, part_id, day, received_1, hour_9) "
            "SELECT ?, unhex(printf('%032x%032x', n + 1, 7)), ?, 1 + n % 7, 1 + n % 7 FROM w",
            (WARDS, int(Part.WARD), DAY),
        )
    found = compare_wards(session, Period(DAY - 30, DAY + 1))
    assert len(found.rows) == WARDS
    whole = sum(1 + n % 7 for n in range(WARDS))
    assert sum(each.sums.received.n for each in found.rows if each.sums.received) == whole
    assert 1 <= found.rows[0].figures[MetricId.RECEIVED].n <= 7
    slices = find_trends(session, Scope(Period(DAY - 30, DAY + 1))).by_ward
    assert sum(each.n for each in slices if each.key) == whole


# The nights in which Madrid's clocks go back and forward, by universal time.
@pytest.mark.parametrize("change", ["2025-10-26T01:00", "2026-03-29T01:00"])
def test_no_report_is_lost_or_told_twice_where_clocks_change(session: Session, change: str) -> None:
    with session.store.writing() as connection:
        facts.put(connection, "time_zone", "Europe/Madrid")
    middle = datetime.fromisoformat(change).replace(tzinfo=UTC)
    times = [middle + timedelta(minutes=30 * step) for step in range(-96, 96)]
    write(session, [Happened(MARKET, at) for at in times])
    with session.store.reading() as connection:
        calendar = facts.calendar(connection)
    first, past = (calendar.day_of(to_ms(at)) for at in (times[0], times[-1]))
    days = [Period(day, day + 1) for day in range(first, past + 1)]
    counted = [_counts(session, Scope(each)) for each in days]
    assert sum(counted) == _counts(session, Scope(Period(first, past + 1))) == len(times)
    assert counted[1:-1] == [48] * len(counted[1:-1])  # every day has its 24 hours


def _counts(session: Session, scope: Scope) -> int:
    """Return how many reports a scope has, which every way to count them must agree on."""
    overview, trends = find_overview(session, scope), find_trends(session, scope)
    received = next(each for each in overview.kpis if each.metric_id is MetricId.RECEIVED)
    assert received.rows is not None
    with session.store.reading() as connection:
        listed = queues.count_live(connection, received.rows)
    hours = sum(map(sum, trends.hour_by_weekday))
    happened = find_hotspots(session, scope).total
    assert {received.n, listed, hours, sum(each.n for each in trends.by_month)} == {listed}
    assert happened == listed
    return listed


@pytest.mark.parametrize("off", [timedelta(days=-800), timedelta(days=800), timedelta(hours=-30)])
def test_a_wrong_clock_changes_what_today_is_and_no_count(session: Session, off: timedelta) -> None:
    now = session.clock()
    write(session, [Happened(MARKET, now - timedelta(days=day)) for day in range(60)])
    wrong = replace(session, clock=lambda: now + off)
    with session.store.reading() as connection:
        today = facts.calendar(connection).day_of(to_ms(now))
    scope = Scope(last_months(today, 12))
    right, found = find_overview(session, scope), find_overview(wrong, scope)
    counts = [
        next((each.value, each.n) for each in told.kpis if each.metric_id is MetricId.RECEIVED)
        for told in (right, found)
    ]
    assert counts[0] == counts[1]
    months = [
        {each.month: each.n for each in find_trends(asking, scope).by_month if each.n}
        for asking in (wrong, session)
    ]
    assert months[0] == months[1]
    assert find_hotspots(wrong, scope).total == find_hotspots(session, scope).total
    for told in (forecast_counts(wrong, scope), forecast_places(wrong, scope)):
        assert told.as_of == wrong.clock()
