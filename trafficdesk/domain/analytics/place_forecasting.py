"""How many reports each square of 500 m may have next week or month, from what it had so far."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from trafficdesk.domain.geometry import EARTH_RADIUS_M
from trafficdesk.domain.records import Bounds, Place

SIDE_M: Final = 500.0
_DEGREES_HIGH: Final = math.degrees(SIDE_M / EARTH_RADIUS_M)

Square = tuple[int, int]
Counts = Mapping[Square, Mapping[int, int]]  # by the number of the week or month; zeros left out


class PlaceMethod(StrEnum):
    """Ways to forecast squares; the first is the plain count."""

    LAST_YEAR = "last_year"
    NEIGHBOURS = "neighbours"


# Two years to try it on, and what fades to an eighth before them.
PAST_DAYS: Final = 5 * 52 * 7


class Unit(StrEnum):
    """How long the time is that is forecast."""

    WEEK = "week"
    MONTH = "month"

    @property
    def a_year(self) -> int:
        """Return how many make a year."""
        return 52 if self is Unit.WEEK else 12


@dataclass(frozen=True, slots=True)
class Squares:
    """A grid of squares ``SIDE_M`` wide around a place, which is the corner of four of them.

    Wide they are at its latitude alone: a city's squares differ by less than one in a hundred.
    """

    middle: Place

    @property
    def degrees(self) -> tuple[float, float]:
        """Return how wide and how high a square is, in degrees."""
        return _DEGREES_HIGH / max(math.cos(math.radians(self.middle.lat)), 1e-6), _DEGREES_HIGH

    def square_of(self, place: Place) -> Square:
        """Return column and row of the square a place lies in, the short way round the globe."""
        east = (place.lon - self.middle.lon + 180.0) % 360.0 - 180.0
        north = place.lat - self.middle.lat
        wide, high = self.degrees
        return math.floor(east / wide), math.floor(north / high)

    def bounds_of(self, square: Square) -> Bounds:
        """Return the box of a square; beyond the antimeridian it runs on past 180 degrees."""
        wide, high = self.degrees
        west = self.middle.lon + square[0] * wide
        south = self.middle.lat + square[1] * high
        return Bounds(west, south, west + wide, south + high)


def predict(method: PlaceMethod, counts: Counts, at: int, unit: Unit) -> dict[Square, float]:
    """Return what to expect of each square in the week or month ``at``, from those before it.

    Squares stand in it that had anything before ``at``, which is the only area that is known.
    """
    return next(roll(method, counts, range(at, at + 1), unit))


def roll(
    method: PlaceMethod, counts: Counts, ahead: range, unit: Unit
) -> Iterator[dict[Square, float]]:
    """Yield the same for each week or month of a range, every one from those before it alone."""
    begin = min((when for series in counts.values() for when in series), default=ahead.start)
    by_time = defaultdict[int, list[tuple[Square, int]]](list)
    for square, series in counts.items():
        for when, n in series.items():
            by_time[when].append((square, n))
    yield from ({} for _ in range(ahead.start, min(begin, ahead.stop)))
    ways = {PlaceMethod.LAST_YEAR: _last_year, PlaceMethod.NEIGHBOURS: _neighbours}
    yield from ways[method](by_time, begin, ahead, unit)


_ByTime = Mapping[int, list[tuple[Square, int]]]


def _last_year(
    counts: _ByTime, begin: int, ahead: range, unit: Unit
) -> Iterator[dict[Square, float]]:
    """Yield the count of the last year, as a mean; of all that is known where that is less."""
    sums = dict[Square, int]()
    for at in range(begin, ahead.stop):
        if at in ahead:
            length = max(1, min(unit.a_year, at - begin))
            yield {square: n / length for square, n in sums.items()}
        for square, n in counts.get(at, ()):
            sums[square] = sums.get(square, 0) + n
        for square, n in counts.get(at - unit.a_year, ()):
            sums[square] -= n


# A year ago counts half, so that old works and new lamps are forgotten; and a tenth of a year of
# what a square and its eight neighbours have in the mean stands beside its own counts. Chosen on
# Barcelona's accidents up to 2016; the back-test that is shown of them begins after that.
_HALF_LIFE_YEARS: Final = 1.0
_PRIOR_YEARS: Final = 0.1


def _neighbours(
    counts: _ByTime, begin: int, ahead: range, unit: Unit
) -> Iterator[dict[Square, float]]:
    """Yield a faded mean drawn towards that of the squares around (Bowers, Johnson, Pease, 2004).

    Places near where something happened lately are hit more often (British Journal of Criminology
    44, Prospective hot-spotting); how much, is the mean of a gamma prior with Poisson counts.
    """
    fade = 0.5 ** (1 / (_HALF_LIFE_YEARS * unit.a_year))
    prior = _PRIOR_YEARS * unit.a_year
    faded, weight = dict[Square, float](), 0.0
    for at in range(begin, ahead.stop):
        if at in ahead:
            around = _around(faded)
            yield {
                square: (total + (prior * around[square] / weight if weight else 0.0))
                / (weight + prior)
                for square, total in faded.items()
            }
        faded = {square: total * fade for square, total in faded.items()}
        weight = weight * fade + 1
        for square, n in counts.get(at, ()):
            faded[square] = faded.get(square, 0.0) + n


def _around(faded: Mapping[Square, float]) -> Mapping[Square, float]:
    """Return the mean of each square and its eight neighbours."""
    around = defaultdict[Square, float](float)
    for (x, y), total in faded.items():
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                around[x + dx, y + dy] += total / 9
    return around
