"""What a forecast of places is worth: hits in the squares it names first, beside the plain count.

Shares of the area are shares of the squares that had anything before: streets, not fields and sea.
"""

import math
from bisect import insort
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from trafficdesk.domain.analytics.backtest import CHANCE_AT_MOST, LIKELY, chance_of_lead
from trafficdesk.domain.analytics.place_forecasting import (
    Counts,
    PlaceMethod,
    Square,
    Unit,
    roll,
)

AREAS: Final = (0.01, 0.05, 0.2)
DECIDING_AREA: Final = 0.05
FOLDS: Final[Mapping[Unit, int]] = {Unit.WEEK: 52, Unit.MONTH: 24}
_LEAST_ALIKE: Final = 20
_NEARLY_NONE: Final = 0.05


@dataclass(frozen=True, slots=True)
class AreaScore:
    """What the first squares were worth, up to a share of the area.

    ``hit_rate``: the share of all reports that fell into them. ``pai``: that over their share of
    the area (Chainey, Tompson, Uhlig, Security Journal 21, 2008). ``pei_star``: their reports over
    those of the same number of squares named afterwards (Hunt, 2016; Joshi and others, 2021).
    """

    share: float
    hit_rate: float
    pai: float
    pei_star: float


@dataclass(frozen=True, slots=True)
class PlaceScore:
    """How one way did over all folds.

    ``top_precision``: which share of the tenth it named highest was of the highest tenth.
    ``cover``: which share of squares lay inside the band for four of five.
    """

    method: PlaceMethod
    areas: tuple[AreaScore, ...]
    top_precision: float
    wape: float
    cover: float | None


@dataclass(frozen=True, slots=True)
class PlaceBacktest:
    """A model beside the plain count on the same weeks or months.

    ``p_value``: the chance of so great a lead in hits at ``DECIDING_AREA`` of the area if both
    were equally good (Wilcoxon's signed ranks over the folds, one-sided).
    """

    unit: Unit
    folds: int
    squares: int
    model: PlaceScore
    plain: PlaceScore
    p_value: float

    @property
    def is_better(self) -> bool:
        """Tell whether the model hit more by more than luck, and is no further off in counts."""
        return self.p_value <= CHANCE_AT_MOST and self.model.wape <= self.plain.wape


@dataclass(frozen=True)
class Fold:
    """One week or month: what was expected of each square, and what came."""

    expected: Mapping[Square, float]
    actual: Mapping[Square, int]

    @cached_property
    def ranked(self) -> list[Square]:
        """Return the squares, the one with the most expected first."""
        return sorted(self.expected, key=lambda square: (-self.expected[square], square))

    def hits(self, share: float) -> int:
        """Return the reports in the first squares."""
        return sum(self.actual.get(square, 0) for square in self.ranked[: self.size(share)])

    def size(self, share: float) -> int:
        """Return how many squares a share of the area is, at least one."""
        return max(1, round(share * len(self.expected)))

    def best(self, share: float) -> int:
        """Return the reports that as many squares can have at most."""
        return sum(sorted(self.actual.values(), reverse=True)[: self.size(share)])

    @property
    def total(self) -> int:
        """Return all reports of the week or month."""
        return sum(self.actual.values())

    def top(self) -> tuple[int, int]:
        """Return how many of the highest tenth were named as such, and how many there are.

        Squares that are as full as the last of the tenth belong to it, empty ones never.
        """
        size = self.size(0.1)
        least = sorted((self.actual.get(square, 0) for square in self.expected), reverse=True)
        edge = max(1, least[size - 1])
        named = self.ranked[:size]
        return sum(self.actual.get(square, 0) >= edge for square in named), size

    def errors(self) -> float:
        """Return how far off the squares were, added up, also those that were not known."""
        everywhere = self.expected.keys() | self.actual.keys()
        return sum(abs(self.expected.get(s, 0.0) - self.actual.get(s, 0)) for s in everywhere)


def compare_places(
    counts: Counts, past: int, unit: Unit, method: PlaceMethod = PlaceMethod.NEIGHBOURS
) -> PlaceBacktest | None:
    """Return a model beside the plain count over the last weeks or months before ``past``.

    Each is forecast from those before it; a year is always left to count from. None without one
    that had a report.
    """
    folds = _folds(counts, past, unit)
    model, plain = (
        roll_places(each, counts, folds, unit) for each in (method, PlaceMethod.LAST_YEAR)
    )
    if not sum(fold.total for fold in model):
        return None
    leads = [
        float(a.hits(DECIDING_AREA) - b.hits(DECIDING_AREA))
        for a, b in zip(model, plain, strict=True)
    ]
    return PlaceBacktest(
        unit,
        len(model),
        len(model[-1].expected),
        _score(method, model),
        _score(PlaceMethod.LAST_YEAR, plain),
        chance_of_lead(leads),
    )


def learn_bands(method: PlaceMethod, counts: Counts, past: int, unit: Unit) -> "Bands":
    """Return the bands that the last weeks or months before ``past`` give."""
    bands = Bands()
    for fold in roll_places(method, counts, _folds(counts, past, unit), unit):
        bands.learn(fold)
    return bands


def _folds(counts: Counts, past: int, unit: Unit) -> range:
    begin = min((when for series in counts.values() for when in series), default=past)
    return range(max(begin + unit.a_year, past - FOLDS[unit]), past)


def roll_places(method: PlaceMethod, counts: Counts, folds: range, unit: Unit) -> list[Fold]:
    """Return weeks or months as forecast from those before each."""
    return [
        Fold(expected, {square: n for square, series in counts.items() if (n := series.get(at, 0))})
        for at, expected in zip(folds, roll(method, counts, folds, unit), strict=True)
    ]


def _score(method: PlaceMethod, folds: Sequence[Fold]) -> PlaceScore:
    total = sum(fold.total for fold in folds)
    tops = [fold.top() for fold in folds]
    return PlaceScore(
        method,
        tuple(_area(folds, share, total) for share in AREAS),
        sum(hit for hit, _ in tops) / sum(size for _, size in tops),
        sum(fold.errors() for fold in folds) / total,
        _cover(folds),
    )


def _area(folds: Sequence[Fold], share: float, total: int) -> AreaScore:
    hits = sum(fold.hits(share) for fold in folds)
    best = sum(fold.best(share) for fold in folds)
    # The share that a whole number of squares really is.
    real = sum(fold.size(share) / len(fold.expected) for fold in folds) / len(folds)
    return AreaScore(share, hits / total, hits / total / real, hits / best if best else 0.0)


class Bands:
    """Between which counts four of five squares lay of which as much was expected.

    Squares are alike if what is expected of them differs by less than about a half. The ranks are
    those that hold a new one with at least that chance if nothing changes (Vovk and others, 2005).
    """

    def __init__(self) -> None:
        self._actual = defaultdict[int, list[int]](list)

    def learn(self, fold: Fold) -> None:
        """Take in what became of a forecast."""
        for square, expected in fold.expected.items():
            insort(self._actual[_kind_of(expected)], fold.actual.get(square, 0))

    def of(self, expected: float) -> tuple[int, int] | None:
        """Return the least and the greatest count of the band; None: too few are known."""
        kind = _kind_of(expected)
        known = self._actual.get(kind, [])
        if len(known) < _LEAST_ALIKE:  # then those that differ by somewhat more, too
            known = sorted(n for near in (-1, 0, 1) for n in self._actual.get(kind + near, []))
        if len(known) < _LEAST_ALIKE:
            return None
        tail = (1 - LIKELY) / 2 * (len(known) + 1)
        return known[max(0, math.floor(tail) - 1)], known[-max(1, math.floor(tail))]


def _kind_of(expected: float) -> int:
    return round(2 * math.log2(expected + _NEARLY_NONE))


def _cover(folds: Sequence[Fold]) -> float | None:
    """Return the share of squares inside the bands that the folds before gave."""
    bands, inside, asked = Bands(), 0, 0
    for fold in folds:
        for square, expected in fold.expected.items():
            band = bands.of(expected)
            if band is not None:
                asked += 1
                inside += band[0] <= fold.actual.get(square, 0) <= band[1]
        bands.learn(fold)
    return inside / asked if asked else None
