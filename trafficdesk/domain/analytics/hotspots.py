"""Where much happens: discs of 500 m that do not overlap, the fullest first, on micro-cells.

Density clustering makes one cluster of a whole city, because streets connect; discs of one size
can be compared with each other and with the period before.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, NamedTuple, Protocol

from trafficdesk.domain.analytics.micro_cells import (
    COLUMNS,
    Micro,
    MicroGrid,
    middle_of,
    reach_of,
)
from trafficdesk.domain.analytics.significance import Square, Tested, judge_discs, square_of
from trafficdesk.domain.records import Place
from trafficdesk.domain.vocabulary import Severity

RADIUS_M: Final = 500.0
LEAST: Final = 3  # a disc with fewer reports is no hotspot, whatever surrounds it
AT_MOST: Final = 50
# Flanders ranks dangerous places by 1 for a slight injury, 3 for a serious one and 5 for a death
# (Geurts, Wets, Brijs, Vanhoof, Transportation Research Record 1897, 2004); our scale has one
# step more.
SEVERITY_WEIGHTS: Final[Mapping[Severity, int]] = {
    Severity.MINOR: 1,
    Severity.MODERATE: 2,
    Severity.SEVERE: 3,
    Severity.CRITICAL: 5,
}


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle of ``RADIUS_M`` around a place, and what micro-cells have their middle inside.

    ``before`` counts the reports of the period before. ``test`` is None where there is nothing to
    compare the disc with.
    """

    rank: int
    place: Place
    n: int
    weight: int
    before: int
    test: Tested | None

    @property
    def change(self) -> int:
        """Return how many reports there are more than in the period before."""
        return self.n - self.before

    @property
    def is_significant(self) -> bool:
        """Tell whether so full a disc is a surprise, beside all that were looked at."""
        return self.test is not None and self.test.is_significant


class Inside(NamedTuple):
    """What lies in a disc: the period's reports, their weights added up, the period's before."""

    n: int
    weight: int
    before: int


class Grid(Protocol):
    """Counted micro-cells, however they are kept: all that choosing discs asks of them."""

    def fullest(self, *, by_weight: bool) -> Iterable[tuple[int, int]]:
        """Return micro-cells with reports by what lies around them, the most first.

        Of equal ones the southernmost, then the westernmost comes first; left out are those with
        less than ``LEAST`` around them.
        """
        ...

    def inside(self, x: int, y: int) -> Inside:
        """Return what has its middle at most ``RADIUS_M`` from a micro-cell's."""
        ...

    def squares(self) -> Mapping[Square, int]:
        """Return the period's reports of the squares that have any in either period."""
        ...


def find_discs(
    cells: Sequence[Micro],
    *,
    by_weight: bool = False,
    at_most: int = AT_MOST,
    known: Iterable[Square] = (),
) -> tuple[Disc, ...]:
    """Return what ``choose_discs`` finds on cells that stand once each, in any order."""
    return choose_discs(_Counted(cells), by_weight=by_weight, at_most=at_most, known=known)


def choose_discs(
    grid: Grid,
    *,
    by_weight: bool = False,
    at_most: int = AT_MOST,
    known: Iterable[Square] = (),
) -> tuple[Disc, ...]:
    """Return the fullest discs that do not overlap, the fullest first.

    Each is the fullest there is beside those before it, around the middle of a micro-cell that has
    reports, so that the same reports always make the same discs. ``known`` are squares where
    reports could have been, beside those of the two periods: full discs are judged against them.
    """
    found = list[tuple[tuple[int, int], Inside]]()
    taken = _Taken()
    for middle in grid.fullest(by_weight=by_weight):
        if len(found) == at_most:
            break
        if taken.is_free(*middle) and (inside := grid.inside(*middle)).n >= LEAST:
            taken.add(*middle)
            found.append((middle, inside))
    counts = dict.fromkeys(known, 0) | dict(grid.squares())
    tests = judge_discs(counts, [middle for middle, _ in found], RADIUS_M)
    return tuple(
        Disc(rank, middle_of(*middle), *inside, test)
        for rank, ((middle, inside), test) in enumerate(zip(found, tests, strict=True), start=1)
    )


class _Counted:
    """The grid of plain Python."""

    def __init__(self, cells: Sequence[Micro]) -> None:
        self._cells = cells
        self._grid = MicroGrid(cells, RADIUS_M)

    def fullest(self, *, by_weight: bool) -> Iterable[tuple[int, int]]:
        around = self._grid.sums(attrgetter("weight" if by_weight else "n"))
        full = [(-sum_, cell.y, cell.x) for sum_, cell in around if cell.n and sum_ >= LEAST]
        return ((x, y) for _, y, x in sorted(full))

    def inside(self, x: int, y: int) -> Inside:
        cells = list(self._grid.around(x, y))
        return Inside(
            sum(cell.n for cell in cells),
            sum(cell.weight for cell in cells),
            sum(cell.before for cell in cells),
        )

    def squares(self) -> Mapping[Square, int]:
        counts = Counter[Square]()
        for cell in self._cells:
            if cell.n or cell.before:
                counts[square_of(cell.x, cell.y)] += cell.n
        return counts


class _Taken:
    """Where the middle of another disc would overlap one that was chosen."""

    def __init__(self) -> None:
        self._rows = defaultdict[int, list[tuple[int, int]]](list)

    def add(self, x: int, y: int) -> None:
        for row, width in reach_of(y, 2 * RADIUS_M):
            self._rows[row].append((x, width))

    def is_free(self, x: int, y: int) -> bool:
        for at, width in self._rows.get(y, ()):
            beside = (x - at) % COLUMNS
            if beside <= width or COLUMNS - beside <= width:
                return False
        return True
