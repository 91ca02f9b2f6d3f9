"""KPIs from what was counted, over which days, and how sure a median of counts is."""

from collections import Counter
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.domain.analytics.agreement import agreement_of, draw
from trafficdesk.domain.analytics.durations import (
    BOUND,
    BUCKETS,
    EDGES_MS,
    bucket_of,
    quantile_ms,
    within_a_day,
)
from trafficdesk.domain.analytics.metrics import CATALOGUE, METRICS, Direction, MetricId, figures_of
from trafficdesk.domain.analytics.periods import (
    Period,
    first_day_of_month,
    last_months,
    month_of_day,
)
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.analytics.sums import Decided, Received, Sums, Waiting, added
from trafficdesk.domain.analytics.trends import (
    Verdict,
    busiest,
    by_month,
    change_of,
    hour_by_weekday,
)
from trafficdesk.domain.calendar import DAY_MS
from trafficdesk.domain.vocabulary import ReportStatus, Severity

_EPOCH = date(1970, 1, 1).toordinal()
_days = st.integers(0, 40_000)
_periods = st.builds(lambda first, days: Period(first, first + days), _days, st.integers(1, 900))
A, R, D = ReportStatus.APPROVED, ReportStatus.REJECTED, ReportStatus.DUPLICATE


def day(year: int, month: int, number: int) -> int:
    """Return the number of a day."""
    return date(year, month, number).toordinal() - _EPOCH


@given(took=st.lists(st.integers(EDGES_MS[0], EDGES_MS[-1] - 1), min_size=1), share=st.floats(0, 1))
def test_a_quantile_of_counts_is_as_near_as_it_says(took: list[int], share: float) -> None:
    counts = [0] * BUCKETS
    for each in took:
        counts[bucket_of(each)] += 1
    found = quantile_ms(counts, share)
    assert found is not None
    wanted = share * len(took)
    exact = next(each for n, each in enumerate(sorted(took), 1) if n >= wanted)
    assert abs(found - exact) <= BOUND * exact + 1


@given(took=st.lists(st.integers(-5, 400 * DAY_MS) | st.sampled_from([DAY_MS, DAY_MS - 1])))
def test_the_share_within_a_day_is_exact(took: list[int]) -> None:
    counts = Counter(bucket_of(each) for each in took)
    kept = [counts[bucket] for bucket in range(BUCKETS)]
    assert within_a_day(kept) == sum(each < DAY_MS for each in took)


def test_of_nothing_there_is_no_quantile() -> None:
    assert quantile_ms([0] * BUCKETS, 0.5) is None


@given(period=_periods, count=st.integers(1, 14))
def test_parts_follow_each_other_and_leave_no_day_out(period: Period, count: int) -> None:
    parts = period.parts(count)
    assert 1 <= len(parts) <= count
    assert [part.first_day for part in parts[1:]] == [part.past_day for part in parts[:-1]]
    assert (parts[0].first_day, parts[-1].past_day) == (period.first_day, period.past_day)


def test_twelve_months_are_cut_into_months() -> None:
    year = last_months(day(2026, 11, 22), 12)
    assert year == Period(day(2025, 12, 1), day(2026, 12, 1))
    assert [month_of_day(part.first_day) for part in year.parts()] == list(year.months)
    assert first_day_of_month(month_of_day(day(2024, 2, 29))) == day(2024, 2, 1)


def test_a_period_has_a_day_and_a_scope_is_about_one_thing() -> None:
    with pytest.raises(ValueError, match="0 days"):
        Period(5, 5)
    one_day = Period(5, 6)
    assert one_day.parts() == (one_day,)
    with pytest.raises(ValueError, match="one station"):
        Scope(one_day, station_id=UUID(int=1), officer_id=UUID(int=2))
    assert Scope(one_day, ward_id=UUID(int=3)).part is Part.WARD


def test_agreement_takes_off_what_chance_would_agree_on() -> None:
    # By hand: margins 100, 60, 40 against 90, 40, 70.
    shares = {(A, A): 50, (A, R): 26, (A, D): 24, (R, A): 24, (R, R): 4, (R, D): 32}
    found = agreement_of({**shares, (D, A): 16, (D, R): 10, (D, D): 14})
    assert found.n == 200
    assert found.rate == pytest.approx(0.34)
    chance = (100 * 90 + 60 * 40 + 40 * 70) / 200**2
    assert found.kappa == pytest.approx((0.34 - chance) / (1 - chance))


def test_where_all_say_the_same_chance_explains_it() -> None:
    assert agreement_of({(A, A): 9}).kappa is None
    assert agreement_of({}).rate is None
    assert agreement_of({(A, A): 5, (R, R): 5}).kappa == 1
    assert agreement_of({(A, R): 5, (R, A): 5}).kappa == -1


@given(st.sets(st.uuids(), max_size=30), st.floats(0.01, 1), st.text(max_size=4))
def test_lots_are_the_same_whatever_order_the_reports_come_in(
    ids: set[UUID], share: float, seed: str
) -> None:
    drawn = draw(sorted(ids), share, seed)
    assert drawn == draw(sorted(ids, reverse=True), share, seed)
    assert len(drawn) == (max(1, round(len(ids) * share)) if ids else 0)
    assert set(drawn) <= ids


@pytest.mark.parametrize("share", [0, -1, 1.5])
def test_a_share_is_between_nothing_and_all(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        draw([UUID(int=1)], share, "")


def test_the_catalogue_names_every_kpi_once() -> None:
    assert [metric.id for metric in CATALOGUE] == list(MetricId)
    assert len(METRICS) > 15


def test_of_nothing_every_share_is_unknown_and_every_count_zero() -> None:
    found = figures_of(Sums(received=Received(), waiting=Waiting()))
    assert found[MetricId.RECEIVED].value == found[MetricId.BACKLOG].value == 0
    assert found[MetricId.APPROVED_SHARE].value is None
    assert found[MetricId.BACKLOG_AGE].value is None
    assert MetricId.INCIDENTS not in found  # nobody counted them


def test_half_of_what_waits_is_as_old_as_the_median_says() -> None:
    sums = Sums(waiting=Waiting(5, {0: 1, 3: 2, 40: 2}))
    found = figures_of(sums)
    assert found[MetricId.BACKLOG_AGE] == (3, 5)
    assert found[MetricId.BACKLOG_OLDEST] == (40, 5)


def test_stretches_add_up() -> None:
    one = Sums(Received({Severity.MINOR: 2}, 80), Decided(approved=1), waiting=Waiting(1))
    two = Sums(Received({Severity.SEVERE: 1}, 40), Decided(rejected=2), waiting=Waiting(0))
    both = added([one, two])
    assert both.received == Received({Severity.MINOR: 2, Severity.SEVERE: 1}, 120)
    assert (both.decided.n, both.waiting) == (3, Waiting(0))


def test_months_are_told_with_those_that_have_nothing_and_those_cut_off() -> None:
    period = Period(day(2026, 1, 10), day(2026, 4, 1))
    counts = {day(2026, 1, 31): 2, day(2026, 3, 1): 5, day(2026, 4, 1): 9}
    found = by_month(period, counts, day(2026, 5, 1))
    assert [(each.n, each.is_whole) for each in found] == [(2, False), (0, True), (5, True)]


def test_a_month_that_runs_is_there_in_part_and_one_to_come_is_not() -> None:
    year = Period(day(2026, 1, 1), day(2027, 1, 1))
    found = by_month(year, {day(2026, 2, 3): 4}, day(2026, 2, 28))
    assert [(each.n, each.is_whole) for each in found] == [(0, True), (4, False)]
    part = by_month(Period(day(2026, 1, 1), day(2026, 2, 1), DAY_MS // 2), {}, day(2026, 5, 1))
    assert [each.is_whole for each in part] == [False]


def test_the_busiest_hour_is_found_by_weekday() -> None:
    hours = [0] * 24
    hours[17] = 3
    week = hour_by_weekday([(0, hours), (7, hours), (1, [1] * 24)])  # 1970 began on a Thursday
    assert busiest(week) == (3, 17, 6)
    assert busiest(hour_by_weekday([])) is None


@pytest.mark.parametrize(
    ("before", "now", "direction", "verdict"),
    [
        (2, 3, Direction.UP, Verdict.BETTER),
        (2, 3, Direction.DOWN, Verdict.WORSE),
        (3, 2, Direction.DOWN, Verdict.BETTER),
        (3, 2, Direction.NEITHER, Verdict.NEITHER),
        (2, 2, Direction.DOWN, Verdict.SAME),
    ],
)
def test_a_change_says_whether_it_is_better(
    before: float, now: float, direction: Direction, verdict: Verdict
) -> None:
    change = change_of(before, now, direction)
    assert change is not None
    assert change.verdict is verdict


def test_from_nothing_there_is_no_share_of_change() -> None:
    change = change_of(0, 4, Direction.UP)
    assert change is not None
    assert (change.difference, change.share) == (4, None)
    assert change_of(None, 4, Direction.UP) is None
