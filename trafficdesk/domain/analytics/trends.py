"""How counts run: months, the hours of a week, and what changed between two."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from trafficdesk.domain.analytics.metrics import Direction
from trafficdesk.domain.analytics.periods import Period, month_of_day, weekday_of

HOURS: Final = 24
WEEKDAYS: Final = 7


class MonthCount(NamedTuple):
    """A month (``year * 12 + month - 1``), how many.

    ``is_whole`` says that all of its days are counted, and over.
    """

    month: int
    n: int
    is_whole: bool


WeekHours = tuple[tuple[int, ...], ...]  # seven weekdays from Monday on, 24 hours each


def by_month(period: Period, days: Mapping[int, int], today: int) -> tuple[MonthCount, ...]:
    """Return the counts of a period's months from counts by day.

    Empty ones too, but for those still to come: that those have nothing tells nothing.
    """
    this_month = month_of_day(today)
    found = dict.fromkeys(period.months, 0)
    for day, n in days.items():
        if period.first_day <= day < period.past_day:
            found[month_of_day(day)] += n
    first_is_whole = month_of_day(period.first_day - 1) != period.months[0]
    ends_whole = period.part_day is None
    last_is_whole = ends_whole and month_of_day(period.past_day) != period.months[-1]
    return tuple(
        MonthCount(
            month,
            n,
            month < this_month
            and (first_is_whole or month != period.months[0])
            and (last_is_whole or month != period.months[-1]),
        )
        for month, n in found.items()
        if n or month <= this_month
    )


def hour_by_weekday(counts: Iterable[tuple[int, Sequence[int]]]) -> WeekHours:
    """Return counts by weekday (Monday first) and hour, from each day's 24 hours."""
    found = [[0] * HOURS for _ in range(WEEKDAYS)]
    for day, hours in counts:
        row = found[weekday_of(day)]
        for hour, n in enumerate(hours):
            row[hour] += n
    return tuple(map(tuple, found))


def busiest(hours: WeekHours) -> tuple[int, int, int] | None:
    """Return weekday, hour and count of the fullest hour of the week; None if all are empty."""
    n, weekday, hour = max(
        (n, -day, -hour) for day, row in enumerate(hours) for hour, n in enumerate(row)
    )
    return (-weekday, -hour, n) if n else None


class Verdict(StrEnum):
    """What a change of a figure means."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Change:
    """From one figure to another: the difference, and that as a share of the first (None of 0)."""

    difference: float
    share: float | None
    verdict: Verdict


def change_of(before: float | None, now: float | None, direction: Direction) -> Change | None:
    """Return how a figure changed; None if either is not known."""
    if before is None or now is None:
        return None
    difference = now - before
    share = difference / abs(before) if before else None
    return Change(difference, share, _verdict(difference, direction))


def _verdict(difference: float, direction: Direction) -> Verdict:
    if not difference:
        return Verdict.SAME
    if direction is Direction.NEITHER:
        return Verdict.NEITHER
    return Verdict.BETTER if (difference > 0) == (direction is Direction.UP) else Verdict.WORSE
