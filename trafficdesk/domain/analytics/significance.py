"""Which full places are a surprise: Getis and Ord's Gi*, judged for many places at once.

Gi* (Ord, Getis, Geographical Analysis 27, 1995) compares what lies in a disc with what as many
squares drawn at random from the area would hold. The area is every square of about 150 m that is
known to have had reports, with the holes between them filled in: where nobody ever was, nothing
can be said.

Counts of squares are skewed, and Gi* of few of them is far from normal. Its chance is therefore
taken from a gamma distribution with the same skewness (Pearson's type III, as in Mielke, Berry,
Permutation Methods, 2007), by the cube root of Wilson and Hilferty (PNAS 17, 1931).

Discs are chosen because they are full. So each is judged as one of all squares it could have been
(Benjamini, Hochberg, JRSS B 57, 1995; for local statistics: Caldas de Castro, Singer, Geographical
Analysis 38, 2006): of the discs called significant, no more than ``FALSE_SHARE`` are expected to
be so by chance.
"""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from trafficdesk.domain.analytics.chances import greatest_significant
from trafficdesk.domain.analytics.micro_cells import COLUMNS, LEVEL, first_column, reach_of

FALSE_SHARE: Final = 0.05
SQUARE_LEVEL: Final = LEVEL - 2
_SQUARES_WIDE: Final = COLUMNS >> 2
_LEAST_SQUARES: Final = 3
_SYMMETRIC: Final = 1e-6

Square = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tested:
    """Gi*, the chance of one as high, and whether that holds beside all that were looked at."""

    gi_star: float
    p_value: float
    is_significant: bool


def square_of(x: int, y: int) -> Square:
    """Return the square a micro-cell lies in: four by four of them."""
    return x >> 2, y >> 2


def judge_discs(
    counts: Mapping[Square, int], middles: Sequence[tuple[int, int]], radius_m: float
) -> tuple[Tested | None, ...]:
    """Judge discs around micro-cells; None where there is nothing to compare with."""
    area = _Area(counts, radius_m)
    found = [area.test(*square_of(*middle)) for middle in middles]
    least = greatest_significant([p for _, p in filter(None, found)], area.size, FALSE_SHARE)
    return tuple(None if each is None else Tested(*each, each[1] <= least) for each in found)


class _Area:
    """The squares that are compared with each other, and how their counts are distributed."""

    def __init__(self, counts: Mapping[Square, int], radius_m: float) -> None:
        self._radius_m = radius_m
        self._from = first_column([x for x, _ in counts], _SQUARES_WIDE)
        self._counts = defaultdict[int, list[tuple[int, int]]](list)
        for (x, y), n in counts.items():
            self._counts[y].append(((x - self._from) % _SQUARES_WIDE, n))
        for row in self._counts.values():
            row.sort()
        masks = {y: sum(1 << column for column, _ in row) for y, row in self._counts.items()}
        self._rows = _closed(masks, radius_m)
        self.size = sum(row.bit_count() for row in self._rows.values())
        values = list(counts.values())
        self._mean = sum(values) / max(1, self.size)
        self._variance, self._third = (self._moment(values, power) for power in (2, 3))

    def _moment(self, values: Sequence[int], power: int) -> float:
        """Return a central moment; squares of the area without reports count with 0."""
        full = math.fsum((n - self._mean) ** power for n in values)
        empty = (self.size - len(values)) * (-self._mean) ** power
        return (full + empty) / max(1, self.size)

    def test(self, x: int, y: int) -> tuple[float, float] | None:
        """Return Gi* of the disc around a square, and the chance of one as high."""
        at, squares, inside = (x - self._from) % _SQUARES_WIDE, 0, 0
        for near, width in reach_of(y, self._radius_m, SQUARE_LEVEL):
            low, past = max(0, at - width), min(at + width + 1, _SQUARES_WIDE)
            squares += ((self._rows.get(near, 0) >> low) & ((1 << (past - low)) - 1)).bit_count()
            row = self._counts.get(near, [])
            inside += sum(n for _, n in row[bisect_left(row, (low,)) : bisect_left(row, (past,))])
        rest = self.size - squares
        if not squares or not rest or self.size < _LEAST_SQUARES or not self._variance:
            return None
        spread = math.sqrt(self._variance * squares * rest / (self.size - 1))
        gi_star = (inside - squares * self._mean) / spread
        # Third moment of a sum drawn without replacement (Cochran, Sampling Techniques, 1977).
        third = self._third * squares * rest * (rest - squares)
        third /= (self.size - 1) * (self.size - 2)
        return gi_star, chance_of(gi_star, third / spread**3)


def chance_of(z: float, skewness: float) -> float:
    """Return the chance of a standardised gamma variable of this skewness to be ``z`` or more."""
    if skewness > _SYMMETRIC:
        root = max(0.0, 1 + z * skewness / 2) ** (1 / 3)
        z = (root - 1 + skewness**2 / 36) * 6 / skewness
    return math.erfc(z / math.sqrt(2)) / 2


def _closed(rows: Mapping[int, int], radius_m: float) -> dict[int, int]:
    """Return rows of bits with all holes filled that no disc fits into (a closing by the disc).

    It widens by the disc and narrows by it again, so that the outer edge stays where it was.
    """
    wide = max((row.bit_length() for row in rows.values()), default=0)
    reaches = {y: _clamped(y, radius_m, wide) for y in rows}
    edge = max((width for reach in reaches.values() for _, width in reach), default=0)
    widened = defaultdict[int, int](int)
    for y, row in rows.items():
        for near, width in reaches[y]:
            widened[near] |= _widened(row << edge, width)
    closed = {}
    for y in widened:
        kept = -1
        for near, width in reaches.get(y) or _clamped(y, radius_m, wide):
            kept &= _narrowed(widened.get(near, 0), width)
        if kept > 0:
            closed[y] = kept >> edge
    return closed


def _clamped(y: int, radius_m: float, wide: int) -> list[tuple[int, int]]:
    return [(row, min(width, wide)) for row, width in reach_of(y, radius_m, SQUARE_LEVEL)]


def _widened(row: int, width: int) -> int:
    """Return the bits that have a set one at most ``width`` away."""
    have, wanted = 1, 2 * width + 1
    while have < wanted:
        step = min(have, wanted - have)
        row |= row << step
        have += step
    return row >> width


def _narrowed(row: int, width: int) -> int:
    """Return the bits that have only set ones at most ``width`` away."""
    have, wanted = 1, 2 * width + 1
    while have < wanted:
        step = min(have, wanted - have)
        row &= row >> step
        have += step
    return row << width
