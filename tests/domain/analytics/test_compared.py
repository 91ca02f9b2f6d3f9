"""What a period is compared with: the whole one before, or the same part of it while it runs."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.domain.analytics.compared import (
    parts_over,
    period_before,
    same_part,
    whole_before,
    year_before,
)
from trafficdesk.domain.analytics.periods import (
    Period,
    first_day_of_month,
    last_days,
    last_months,
    month_period,
)
from trafficdesk.domain.calendar import DAY_MS, Calendar, DayTime, standard_offset_ms
from trafficdesk.domain.times import to_ms

_EPOCH = date(1970, 1, 1).toordinal()
_MINUTE_MS, _HOUR_MS = 60_000, 3_600_000
_NOON_MS = 12 * _HOUR_MS
_days = st.integers(8_000, 40_000)
_times = st.builds(DayTime, _days, st.integers(0, DAY_MS - 1))
_periods = st.builds(lambda first, days: Period(first, first + days), _days, st.integers(1, 900))


def day(year: int, month: int, number: int) -> int:
    """Return the number of a day."""
    return date(year, month, number).toordinal() - _EPOCH


def until(first: int, last: int, passed_ms: int) -> Period:
    """Return the days from one to another, of which the last is counted up to that minute."""
    return Period(first, last + 1, passed_ms + _MINUTE_MS)


@given(period=_periods, passed_ms=st.integers(0, DAY_MS - 1), later=st.integers(0, 500))
def test_a_period_that_is_over_is_compared_with_the_whole_one_before(
    period: Period, passed_ms: int, later: int
) -> None:
    before = period_before(period, DayTime(period.past_day + later, passed_ms))
    assert before == whole_before(period)
    assert before.past_day == period.first_day
    assert before.part_day is None
    assert len(before.months) == len(period.months) or not period.is_whole_months
    assert before.days == period.days or period.is_whole_months


def test_whole_months_are_compared_with_whole_months() -> None:
    over = DayTime(day(2027, 1, 1), 0)
    year = last_months(day(2026, 11, 22), 12)
    assert period_before(year, over) == Period(day(2024, 12, 1), day(2025, 12, 1))
    february = Period(day(2024, 2, 1), day(2024, 3, 1))  # of a leap year
    assert period_before(february, over) == Period(day(2024, 1, 1), day(2024, 2, 1))
    assert year_before(february, over) == Period(day(2023, 2, 1), day(2023, 3, 1))


@given(data=st.data(), period=_periods, passed_ms=st.integers(0, DAY_MS - 1))
def test_of_days_that_run_as_much_time_is_compared(
    data: st.DataObject, period: Period, passed_ms: int
) -> None:
    now = DayTime(data.draw(st.integers(period.first_day, period.past_day - 1)), passed_ms)
    if period.is_whole_months:
        return
    calendar = Calendar(19_800_000)
    so_far_ms = (now.day - period.first_day) * DAY_MS + passed_ms
    for before in (period_before(period, now), year_before(period, now)):
        first_ms, past_ms = before.span_ms(calendar)
        assert 0 < past_ms - first_ms - so_far_ms <= _MINUTE_MS  # the minute it is counts
    assert period_before(period, now).past_day <= period.first_day


@given(now=_times, count=st.integers(1, 14), ahead=st.integers(0, 3))
def test_of_months_that_run_the_other_ends_on_the_same_day_of_the_month(
    now: DayTime, count: int, ahead: int
) -> None:
    running = last_months(now.day, count)
    months = range(running.months[0], running.months[-1] + 1 + ahead)
    period = Period(first_day_of_month(months[0]), first_day_of_month(months[-1] + 1))
    for before, by in (
        (period_before(period, now), len(months)),
        (year_before(period, now), 12),
    ):
        today = date.fromordinal(now.day + _EPOCH)
        year, number = divmod(today.year * 12 + today.month - 1 - by, 12)
        days = monthrange(year, number + 1)[1]
        last = date(year, number + 1, min(today.day, days)).toordinal() - _EPOCH
        assert (before.first_day, before.past_day) == (
            first_day_of_month(months[0] - by),
            last + 1,
        )
        if today.day <= days:
            assert 0 < before.last_ms - now.passed_ms <= _MINUTE_MS
        else:
            assert before.part_day is None


@given(period=_periods, one=_times, other=_times)
def test_what_is_compared_grows_with_time_and_never_beyond_the_whole(
    period: Period, one: DayTime, other: DayTime
) -> None:
    calendar, whole = Calendar(0), whole_before(period)
    sooner, later = sorted((one, other))
    if sooner.day < period.first_day:
        return  # it is still to come: all that is known of it is the other
    ends = [period_before(period, now).span_ms(calendar)[1] for now in (sooner, later)]
    assert ends[0] <= ends[1] <= whole.span_ms(calendar)[1]


@pytest.mark.parametrize(
    ("month", "today", "last"),
    [
        ((2026, 11), (2026, 11, 23), (2026, 10, 23)),
        ((2026, 11), (2026, 11, 1), (2026, 10, 1)),
        ((2024, 3), (2024, 3, 29), (2024, 2, 29)),
        ((2024, 2), (2024, 2, 29), (2024, 1, 29)),
        ((2026, 1), (2026, 1, 31), (2025, 12, 31)),
    ],
)
def test_this_month_is_compared_up_to_the_same_day_and_time(
    month: tuple[int, int], today: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    period = month_period(month[0] * 12 + month[1] - 1)
    before = period_before(period, DayTime(day(*today), _NOON_MS))
    assert before == until(day(last[0], last[1], 1), day(*last), _NOON_MS)
    assert not before.is_whole_months


def test_of_a_shorter_month_all_counts_from_its_last_day_on() -> None:
    march, february = month_period(2026 * 12 + 2), month_period(2026 * 12 + 1)
    for number in (29, 30, 31):
        assert period_before(march, DayTime(day(2026, 3, number), _NOON_MS)) == february
    last = until(february.first_day, day(2026, 2, 28), _NOON_MS)
    assert period_before(march, DayTime(day(2026, 3, 28), _NOON_MS)) == last
    leap = month_period(2024 * 12 + 1)
    feb_2023 = month_period(2023 * 12 + 1)
    assert year_before(leap, DayTime(day(2024, 2, 29), _NOON_MS)) == feb_2023


def test_one_day_is_compared_up_to_the_same_time() -> None:
    today = day(2026, 11, 23)
    yesterday = until(today - 1, today - 1, 9 * _HOUR_MS)
    assert period_before(last_days(today, 1), DayTime(today, 9 * _HOUR_MS)) == yesterday
    assert yesterday.whole_days is None
    assert yesterday.part_day == yesterday
    first = period_before(last_days(today, 1), DayTime(today, 0))
    assert first.last_ms == _MINUTE_MS
    assert period_before(last_days(today, 1), DayTime(today, DAY_MS - 1)).part_day is None


def test_what_is_still_to_come_is_beside_a_whole_one() -> None:
    december = month_period(2026 * 12 + 11)
    assert same_part(december, month_period(2026 * 12), DayTime(day(2026, 11, 23), 0)) == (
        month_period(2026 * 12)
    )


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Europe/Berlin", "America/New_York"])
@pytest.mark.parametrize("changed", [(2026, 3, 29), (2026, 3, 8), (2026, 10, 25), (2026, 11, 1)])
def test_where_clocks_are_changed_as_many_hours_are_compared(
    zone: str, changed: tuple[int, int, int]
) -> None:
    calendar = Calendar(standard_offset_ms(zone))
    for after in (0, 1):
        at = datetime(*changed, 15, 30, tzinfo=ZoneInfo(zone)) + timedelta(days=after)
        now_ms = to_ms(at.astimezone(UTC))
        now = calendar.day_time(now_ms)
        today = last_days(now.day, 1)
        first_ms, past_ms = period_before(today, now).span_ms(calendar)
        so_far_ms = now_ms - today.span_ms(calendar)[0]
        assert past_ms - first_ms == so_far_ms + _MINUTE_MS
        assert past_ms - _MINUTE_MS == now_ms - DAY_MS


@given(period=_periods, now=_times)
def test_parts_that_are_not_over_are_left_out(period: Period, now: DayTime) -> None:
    over = parts_over(period, now.day)
    assert over == period.parts()[: len(over)]
    assert all(each.past_day <= now.day for each in over)
    assert len(over) == len(period.parts()) or period.parts()[len(over)].past_day > now.day


def test_a_last_day_is_there_whole_or_in_part() -> None:
    part = Period(5, 8, _NOON_MS)
    assert part.whole_days == Period(5, 7)
    assert part.part_day == Period(7, 8, _NOON_MS)
    assert part.span_ms(Calendar(0)) == (5 * DAY_MS, 7 * DAY_MS + _NOON_MS)
    whole = Period(5, 8)
    assert (whole.whole_days, whole.part_day) == (whole, None)
    for nothing in (0, DAY_MS + 1):
        with pytest.raises(ValueError, match="a last day of"):
            Period(5, 8, nothing)
