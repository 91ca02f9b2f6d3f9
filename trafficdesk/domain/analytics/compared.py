"""What a period is compared with: of one that still runs, the same part of the other.

This stands here alone; desk, server and reports ask it. A running period beside a whole one looks
like a fall where there is none, and one whose last day is today would be beside a whole day more
than it has: so the other is counted up to the same day and the same time of that day.
"""

from typing import Final

from trafficdesk.domain.analytics.periods import (
    MONTHS_A_YEAR,
    Period,
    first_day_of_month,
    month_of_day,
    month_period,
)
from trafficdesk.domain.calendar import DAY_MS, DayTime

_MINUTE_MS: Final = 60_000
_52_WEEKS: Final = 364  # to keep weekdays


def period_before(period: Period, now: DayTime) -> Period:
    """Return what a period is compared with, the one just before it; see ``same_part``."""
    return same_part(period, whole_before(period), now)


def year_before(period: Period, now: DayTime) -> Period:
    """Return the same stretch a year earlier; see ``same_part``."""
    return same_part(period, _whole_year_before(period), now)


def whole_before(period: Period) -> Period:
    """Return the period just before: as many months if these are whole, else as many days."""
    if not period.is_whole_months:
        return Period(period.first_day - period.days, period.first_day)
    first = period.months[0] - len(period.months)
    return Period(first_day_of_month(first), period.first_day)


def _whole_year_before(period: Period) -> Period:
    if not period.is_whole_months:
        return Period(period.first_day - _52_WEEKS, period.past_day - _52_WEEKS)
    first = period.months[0] - MONTHS_A_YEAR
    return Period(first_day_of_month(first), first_day_of_month(first + len(period.months)))


def parts_over(period: Period, today: int) -> tuple[Period, ...]:
    """Return the parts of a period that are over: of the others a small line would show a fall."""
    return tuple(each for each in period.parts() if each.past_day <= today)


def is_running(period: Period, today: int) -> bool:
    """Tell whether today is one of a period's days."""
    return period.first_day <= today < period.past_day


def same_part(period: Period, other: Period, now: DayTime) -> Period:
    """Return as much of another period as there has been of a period that still runs.

    That is up to the same time of the same day: of the month where both are whole months (all of
    a month that has no such day), else counted from the beginning. The time is that of the city's
    standard time, which has no hour twice or never, and ends with the minute it is. Beside a
    period that is over, or still to come, the other one is whole.
    """
    if not is_running(period, now.day):
        return other
    last_ms = min(DAY_MS, (now.passed_ms // _MINUTE_MS + 1) * _MINUTE_MS)
    if not (period.is_whole_months and other.is_whole_months):
        day = other.first_day + now.day - period.first_day
        return Period(other.first_day, day + 1, last_ms)
    this_month = month_of_day(now.day)
    month = month_period(other.months[0] + this_month - period.months[0])
    day = month.first_day + now.day - first_day_of_month(this_month)
    if day >= month.past_day:
        return Period(other.first_day, month.past_day)
    return Period(other.first_day, day + 1, last_ms)
