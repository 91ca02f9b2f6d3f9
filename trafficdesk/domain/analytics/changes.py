"""Sudden changes: what the last weeks had beside the year before, and how sure that is.

Given what a part and all the others had together, how much of it came late is known exactly if
nothing changed (Fisher's test): that holds however little is known of the usual rate, and a season
or a campaign that moves the whole city alarms nowhere. Where weeks differ by more than Poisson
counts do, counts weigh less (quasi-likelihood; McCullagh, Nelder, Generalized Linear Models, 1989).
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from trafficdesk.domain.analytics.chances import Table, exact_tails
from trafficdesk.domain.analytics.periods import Period

RECENT_WEEKS: Final = 4
USUAL_WEEKS: Final = 52
# Of a hundred looks at which nothing had changed, at most five show any change at all.
FALSE_ALARMS: Final = 0.05
_LEAST_WEEKS: Final = 8
_WEEK: Final = 7
_PLENTY: Final = 1e9  # the calendar has no chance in it

Part = TypeVar("Part", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Change(Generic[Part]):
    """A part of which there is suddenly more or less than before.

    ``usual``: what as many weeks would have had if nothing had changed. ``p_value``: the chance of
    a change as great, to either side, beside all the parts that were looked at.
    """

    part: Part
    recent: int
    usual: float
    p_value: float


def find_changes(weeks: Mapping[Part, Sequence[int]]) -> tuple[Change[Part], ...]:
    """Return the parts that changed in the last ``RECENT_WEEKS`` weeks, the surest first.

    Weekly counts of each part, the oldest first, all over the same weeks. Together they are the
    city. With less than ``_LEAST_WEEKS`` weeks before, nothing is said.
    """
    usable = {part: counts[-RECENT_WEEKS - USUAL_WEEKS :] for part, counts in weeks.items()}
    city = [sum(week) for week in zip(*usable.values(), strict=True)]
    if len(city) < RECENT_WEEKS + _LEAST_WEEKS or not sum(city[:-RECENT_WEEKS]):
        return ()
    found = [_change(part, counts, city) for part, counts in usable.items()]
    # Holm, Scandinavian Journal of Statistics 6, 1979.
    found.sort(key=lambda change: change.p_value)
    sure, beside = list[Change[Part]](), 0.0
    for at, change in enumerate(found):
        beside = max(beside, min(1.0, change.p_value * (len(found) - at)))
        if beside > FALSE_ALARMS:
            break
        sure.append(Change(change.part, change.recent, change.usual, beside))
    return tuple(sure)


def _change(part: Part, counts: Sequence[int], city: Sequence[int]) -> Change[Part]:
    """Compare a part with all the others; the whole city, or its only part, with the calendar."""
    others = [float(whole - own) for whole, own in zip(city, counts, strict=True)]
    if not sum(others):
        others = [_PLENTY] * len(counts)
    table = Table(
        sum(counts[-RECENT_WEEKS:]),
        sum(counts[:-RECENT_WEEKS]),
        sum(others[-RECENT_WEEKS:]),
        sum(others[:-RECENT_WEEKS]),
    )
    usual = table.early * table.other_late / table.other_early if table.other_early else 0.0
    spread = _spread(counts[:-RECENT_WEEKS], others[:-RECENT_WEEKS])
    less, more = exact_tails(Table(*(n / spread for n in table)))
    return Change(part, int(table.late), usual, min(1.0, 2 * min(less, more)))


def _spread(counts: Sequence[int], others: Sequence[float]) -> float:
    """Return how many times as much weeks vary as Poisson counts do; 1 if less."""
    total, beside = sum(counts), sum(others)
    if not total or not beside:
        return 1.0
    usual = [total * other / beside for other in others]
    off = sum((n - mean) ** 2 / mean for n, mean in zip(counts, usual, strict=True) if mean)
    return max(1.0, off / (len(counts) - 1))


def looked_at(past_day: int) -> Period:
    """Return the weeks that are looked at for changes up to a day."""
    return Period(past_day - (RECENT_WEEKS + USUAL_WEEKS) * _WEEK, past_day)


def weekly(rows: Iterable[tuple[Part, int, int]], period: Period) -> dict[Part, list[int]]:
    """Return counts of part and day by week; weeks before the first report are left out."""
    weeks = period.days // _WEEK
    counts = defaultdict[Part, list[int]](lambda: [0] * weeks)
    first = weeks
    for part, day, n in rows:
        week = (day - period.first_day) // _WEEK
        first = min(first, week)
        counts[part][week] += n
    return {part: each[first:] for part, each in counts.items()}
