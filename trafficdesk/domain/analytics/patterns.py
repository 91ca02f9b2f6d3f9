"""What comes back: a kind of offence at one place and time of the week, more than pairs explain."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from trafficdesk.domain.analytics.chances import Table, exact_tails, greatest_significant
from trafficdesk.domain.analytics.periods import weekday_of
from trafficdesk.domain.analytics.place_forecasting import Square
from trafficdesk.domain.calendar import Calendar

FALSE_SHARE: Final = 0.05
LEAST_SUPPORT: Final = 5
HOURS: Final = 3
_HOUR_MS: Final = 3_600_000


class When(NamedTuple):
    """A stretch of ``HOURS`` hours of a week: the weekday (0 is Monday) and its first hour."""

    weekday: int
    hour: int


def when_of(calendar: Calendar, at_ms: int) -> When:
    """Return the stretch of a week that an instant lies in."""
    day = calendar.day_of(at_ms)
    hour = (at_ms - calendar.day_start_ms(day)) // _HOUR_MS
    return When(weekday_of(day), hour // HOURS * HOURS)


class Kind(NamedTuple):
    """What a pattern is made of: a square of 500 m, a time of the week, a type of offence."""

    square: Square
    when: When
    violation: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """Reports of one kind.

    ``support``: how many. ``expected``: how many there would be by the best of three pairs (place
    and time, place and type, time and type) if the third did not matter. ``p_value``: the chance of
    so many then (Fisher's test of the pair and the third).
    """

    kind: Kind
    support: int
    expected: float
    p_value: float

    @property
    def lift(self) -> float:
        """Return how many times as many there are as expected."""
        return self.support / self.expected


def find_patterns(counts: Mapping[Kind, int]) -> tuple[Pattern, ...]:
    """Return what comes back more than by chance, the surest first.

    A place that is always busy is no pattern, nor is an offence that is common there at all hours:
    the three together must say more than each two of them. Judged beside every kind that could be.
    """
    pairs = _Pairs(counts)
    found = []
    for kind, support in counts.items():
        if support >= LEAST_SUPPORT and support > (expected := pairs.expected(kind)):
            found.append(Pattern(kind, support, expected, pairs.chance(kind, support)))
    edge = greatest_significant([each.p_value for each in found], pairs.possible, FALSE_SHARE)
    sure = [each for each in found if each.p_value <= edge]
    return tuple(sorted(sure, key=lambda each: (each.p_value, -each.support, each.kind)))


class _Pairs:
    """How often each one and each two of place, time and type occur."""

    def __init__(self, counts: Mapping[Kind, int]) -> None:
        self._total = sum(counts.values())
        self._ones = [Counter[object]() for _ in range(3)]
        self._twos = [Counter[object]() for _ in range(3)]
        for kind, n in counts.items():
            for i in range(3):
                self._ones[i][kind[i]] += n
                self._twos[i][_without(kind, i)] += n
        self.possible = 1
        for each in self._ones:
            self.possible *= max(1, len(each))

    def expected(self, kind: Kind) -> float:
        return max(two * one / self._total for two, one in self._sides(kind))

    def chance(self, kind: Kind, support: int) -> float:
        return max(
            exact_tails(
                Table(support, two - support, one - support, self._total - two - one + support)
            )[1]
            for two, one in self._sides(kind)
        )

    def _sides(self, kind: Kind) -> Iterator[tuple[int, int]]:
        """Yield three times how often two of a kind come together, and how often the third."""
        for i in range(3):
            yield self._twos[i][_without(kind, i)], self._ones[i][kind[i]]


def _without(kind: Kind, i: int) -> tuple[object, ...]:
    return (*kind[:i], *kind[i + 1 :])
