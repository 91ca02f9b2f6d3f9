"""Stretches of days of the city's standard time; what they are compared with: ``compared``."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from trafficdesk.domain.calendar import DAY_MS, Calendar

_EPOCH: Final = date(1970, 1, 1).toordinal()
MONTHS_A_YEAR: Final = 12
_THURSDAY: Final = 3  # 1 January 1970


def month_of_day(day: int) -> int:
    """Return ``year * 12 + month - 1`` of a day."""
    found = date.fromordinal(day + _EPOCH)
    return found.year * MONTHS_A_YEAR + found.month - 1


def first_day_of_month(month: int) -> int:
    """Return the first day of a month (``year * 12 + month - 1``)."""
    year, number = divmod(month, MONTHS_A_YEAR)
    return date(year, number + 1, 1).toordinal() - _EPOCH


def weekday_of(day: int) -> int:
    """Return the weekday of a day; Monday is 0."""
    return (day + _THURSDAY) % 7


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from ``first_day`` on, ``past_day`` left out; counted as ``domain.calendar`` does.

    ``last_ms``: how much of the last day belongs to it, in milliseconds; the whole day but where
    a period is compared with one that still runs.

    Raises:
        ValueError: it has no day, or nothing of its last one.
    """

    first_day: int
    past_day: int
    last_ms: int = DAY_MS

    def __post_init__(self) -> None:
        """Refuse what is no stretch of days."""
        if self.past_day <= self.first_day:
            raise ValueError(f"a period of {self.past_day - self.first_day} days")
        if not 0 < self.last_ms <= DAY_MS:
            raise ValueError(f"a last day of {self.last_ms} ms")

    @property
    def days(self) -> int:
        """Return how many days there are; one that is there in part is one."""
        return self.past_day - self.first_day

    def span_ms(self, calendar: Calendar) -> tuple[int, int]:
        """Return when it begins and ends, in epoch milliseconds, the end left out."""
        first_ms = calendar.day_start_ms(self.first_day)
        return first_ms, calendar.day_start_ms(self.past_day - 1) + self.last_ms

    @property
    def whole_days(self) -> "Period | None":
        """Return it without a last day that is there in part; None if there is no other."""
        if self.last_ms == DAY_MS:
            return self
        return Period(self.first_day, self.past_day - 1) if self.days > 1 else None

    @property
    def part_day(self) -> "Period | None":
        """Return its last day if that is there in part."""
        is_whole = self.last_ms == DAY_MS
        return None if is_whole else Period(self.past_day - 1, self.past_day, self.last_ms)

    @property
    def months(self) -> tuple[int, ...]:
        """Return the months that any of its days lies in."""
        return tuple(range(month_of_day(self.first_day), month_of_day(self.past_day - 1) + 1))

    @property
    def is_whole_months(self) -> bool:
        """Tell whether it begins and ends with a month."""
        is_whole = self.last_ms == DAY_MS
        return is_whole and _begins_month(self.first_day) and _begins_month(self.past_day)

    def parts(self, count: int = 12) -> tuple["Period", ...]:
        """Return it cut into ``count`` parts of nearly equal length, or into its days if fewer.

        Exactly ``count`` whole months are cut into those months.
        """
        if self.is_whole_months and len(self.months) == count:
            return tuple(month_period(month) for month in self.months)
        count = min(count, self.days)
        cuts = [self.first_day + self.days * number // count for number in range(count + 1)]
        return tuple(Period(first, past) for first, past in pairwise(cuts))


def _begins_month(day: int) -> bool:
    return date.fromordinal(day + _EPOCH).day == 1


def spanning(one: Period, other: Period) -> Period:
    """Return the stretch from the beginning of the first of two to the end of the last."""
    return Period(min(one.first_day, other.first_day), max(one.past_day, other.past_day))


def month_period(month: int) -> Period:
    """Return the days of a month."""
    return Period(first_day_of_month(month), first_day_of_month(month + 1))


def last_months(today: int, count: int) -> Period:
    """Return ``count`` whole months that end with the month of ``today``."""
    past = month_of_day(today) + 1
    return Period(first_day_of_month(past - count), first_day_of_month(past))


def last_days(today: int, count: int) -> Period:
    """Return ``count`` days that end with today."""
    return Period(today + 1 - count, today + 1)
