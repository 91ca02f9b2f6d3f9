"""Weeks and months that squares are counted by: every day is in one, and the next one follows."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.place_forecasting import Unit
from trafficdesk.domain.analytics.times_ahead import Times

_EPOCH = date(1970, 1, 1).toordinal()
_days = st.integers(10_000, 30_000)


@given(past_day=_days, day=_days)
def test_weeks_are_counted_from_the_end_of_what_is_known(past_day: int, day: int) -> None:
    weeks = Times(Unit.WEEK, past_day)
    assert weeks.of(past_day - 1) == -1
    assert weeks.of(day) == (day - past_day) // 7
    assert (weeks.next, weeks.first_day) == (0, past_day)


@given(past_day=_days, day=_days)
def test_the_month_that_the_end_lies_in_comes_next(past_day: int, day: int) -> None:
    months, at, end = (
        Times(Unit.MONTH, past_day),
        date.fromordinal(day + _EPOCH),
        date.fromordinal(past_day + _EPOCH),
    )
    assert months.of(day) == at.year * 12 + at.month - 1
    assert months.next == end.year * 12 + end.month - 1
    assert months.first_day == end.replace(day=1).toordinal() - _EPOCH


@given(past_day=_days, first_day=_days, days=st.integers(1, 2_000), unit=st.sampled_from(Unit))
def test_parts_follow_each_other_and_hold_the_days_of_their_week_or_month(
    past_day: int, first_day: int, days: int, unit: Unit
) -> None:
    times, period = Times(unit, past_day), Period(first_day, first_day + days)
    parts = times.parts(period)
    held = [day for part in parts.values() for day in range(part.first_day, part.past_day)]
    assert held == list(range(period.first_day, period.past_day))
    for number, part in parts.items():
        assert {times.of(day) for day in range(part.first_day, part.past_day)} == {number}
