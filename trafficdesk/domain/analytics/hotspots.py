"""Where much happens: discs of 500 m that do not overlap, the fullest first, on micro-cells.

Density clustering makes one cluster of a whole city, because streets connect; discs of one size
can be compared with each other and with the period before.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from trafficdesk.domain.analytics.micro_cells import (
    COLUMNS,
    Micro,
    MicroGrid,
    middle_of,
    reach_of,
)
from trafficdesk.domain.analytics.significance import Tested, judge_discs
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


def find_discs(
    cells: Sequence[Micro], *, by_weight: bool = False, at_most: int = AT_MOST
) -> tuple[Disc, ...]:
    """Return the fullest discs that do not overlap, the fullest first.

    ``cells`` stand once each, in any order. Each disc is the fullest there is beside those before
    it, around the middle of a micro-cell that has reports; of equally full ones the southernmost,
    then the westernmost comes first, so that the same reports always make the same discs.
    """
    grid = MicroGrid(cells, RADIUS_M)
    found = list[tuple[tuple[int, int], list[Micro]]]()
    for centre in _centres(grid, by_weight=by_weight):
        inside = list(grid.around(*centre))
        if sum(cell.n for cell in inside) >= LEAST:
            found.append((centre, inside))
        if len(found) == at_most:
            break
    tests = judge_discs(cells, [centre for centre, _ in found], RADIUS_M)
    return tuple(
        Disc(
            rank,
            middle_of(*centre),
            sum(cell.n for cell in inside),
            sum(cell.weight for cell in inside),
            sum(cell.before for cell in inside),
            test,
        )
        for rank, ((centre, inside), test) in enumerate(zip(found, tests, strict=True), start=1)
    )


def _centres(grid: MicroGrid, *, by_weight: bool) -> Iterator[tuple[int, int]]:
    """Walk through the middles of discs that do not overlap, the fullest first."""
    value_of = attrgetter("weight" if by_weight else "n")
    full = [(-total, cell.y, cell.x) for total, cell in grid.sums(value_of) if cell.n]
    full.sort()
    taken = _Taken()
    for total, y, x in full:
        if -total < LEAST:
            return
        if taken.is_free(x, y):
            taken.add(x, y)
            yield x, y


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
