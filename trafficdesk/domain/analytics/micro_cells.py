"""Counts on micro-cells, and how much lies around each: on the sphere, across the antimeridian."""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

from trafficdesk.domain.geometry import EARTH_RADIUS_M
from trafficdesk.domain.records import Place

LEVEL: Final = 20  # micro-cells halve the world so often: 38 m high, and 38 m wide at the equator
COLUMNS: Final = 1 << LEVEL
ROWS: Final = COLUMNS // 2
_SIDE: Final = 360.0 / COLUMNS
# A row is spread out to be looked up by column where that takes at most so many places a cell.
_SPREAD: Final = 16


class Micro(NamedTuple):
    """What was counted in a micro-cell: column from 180 degrees west, row from the south pole.

    ``n`` reports of the period, their severity weights added up, and the reports of the period
    before it.
    """

    x: int
    y: int
    n: int
    weight: int
    before: int = 0


def middle_of(x: int, y: int) -> Place:
    """Return the middle of a micro-cell."""
    return Place((x + 0.5) * _SIDE - 180.0, (y + 0.5) * _SIDE - 90.0)


def micro_of(place: Place) -> tuple[int, int]:
    """Return column and row of the micro-cell a place lies in."""
    x = int((place.lon + 180.0) / _SIDE) % COLUMNS
    return x, min(int((place.lat + 90.0) / _SIDE), ROWS - 1)


def reach_of(y: int, radius_m: float, level: int = LEVEL) -> list[tuple[int, int]]:
    """Return the rows near a row, and how many columns to either side are within the radius.

    Both are counted from middle to middle (haversine), so that it holds at the poles, too.
    """
    side = math.radians(360.0 / (1 << level))
    rows = 1 << (level - 1)
    reach = (math.sin(radius_m / EARTH_RADIUS_M / 2)) ** 2
    lat = (y + 0.5) * side - math.pi / 2
    span = math.ceil(radius_m / EARTH_RADIUS_M / side)
    found = []
    for row in range(max(0, y - span), min(rows, y + span + 1)):
        left = reach - math.sin((row - y) * side / 2) ** 2
        if left < 0:
            continue
        turn = left / (math.cos(lat) * math.cos((row + 0.5) * side - math.pi / 2))
        width = int(2 * math.asin(math.sqrt(turn)) / side) if turn < 1 else rows
        found.append((row, width))
    return found


class MicroGrid:
    """Micro-cells by row, counted from the far side of the widest gap, so that none is cut."""

    def __init__(self, cells: Sequence[Micro], radius_m: float) -> None:
        self._radius_m = radius_m
        self._from = first_column([cell.x for cell in cells])
        self._rows = defaultdict[int, list[tuple[int, Micro]]](list)
        for cell in cells:
            self._rows[cell.y].append(((cell.x - self._from) % COLUMNS, cell))
        for row in self._rows.values():
            row.sort()
        self._width = 1 + max((row[-1][0] for row in self._rows.values()), default=0)

    def around(self, x: int, y: int) -> Iterator[Micro]:
        """Return the cells whose middle lies within the radius of a cell's middle."""
        at = (x - self._from) % COLUMNS
        for near, width in reach_of(y, self._radius_m):
            row = self._rows.get(near, ())
            begin = bisect_left(row, (at - width,))
            end = bisect_left(row, (at + width + 1,))
            yield from (cell for _, cell in row[begin:end])

    def sums(self, value_of: Callable[[Micro], int]) -> Iterator[tuple[int, Micro]]:
        """Return with each cell what lies around it, added up; from south to north."""
        ready = dict[int, _Spread | _Sparse]()
        for y in sorted(self._rows):
            columns = [column for column, _ in self._rows[y]]
            sums = [0] * len(columns)
            reach = reach_of(y, self._radius_m)
            for near, width in reach:
                if near not in self._rows:
                    continue
                if near not in ready:
                    ready[near] = self._ready(near, value_of)
                ready[near].add(columns, min(width, self._width), sums)
            for passed in [each for each in ready if each < reach[0][0]]:
                del ready[passed]
            yield from zip(sums, (cell for _, cell in self._rows[y]), strict=True)

    def _ready(self, y: int, value_of: Callable[[Micro], int]) -> "_Spread | _Sparse":
        columns = [column for column, _ in self._rows[y]]
        values = [value_of(cell) for _, cell in self._rows[y]]
        # As far as this row reaches into others, others reach into it.
        beside = min(self._width, max(width for _, width in reach_of(y, self._radius_m)))
        places = self._width + 2 * beside + 1
        if places > _SPREAD * len(columns):
            return _Sparse(columns, [0, *accumulate(values)])
        spread = [0] * places
        for column, value in zip(columns, values, strict=True):
            spread[column + beside + 1] = value
        return _Spread(list(accumulate(spread)), beside)


class _Spread(NamedTuple):
    """A row's values added up to each column, which is ``beside`` places further."""

    sums: list[int]
    beside: int

    def add(self, columns: Sequence[int], width: int, sums: list[int]) -> None:
        """Add to each sum what lies at most ``width`` from its column."""
        kept, low, high = self.sums, self.beside - width, self.beside + width + 1
        for i, column in enumerate(columns):
            sums[i] += kept[column + high] - kept[column + low]


class _Sparse(NamedTuple):
    """The columns of a row that have cells, and the values added up before each of them."""

    columns: list[int]
    before: list[int]

    def add(self, columns: Sequence[int], width: int, sums: list[int]) -> None:
        """Add to each sum what lies at most ``width`` from its column."""
        for i, column in enumerate(columns):
            high = bisect_right(self.columns, column + width)
            sums[i] += self.before[high] - self.before[bisect_left(self.columns, column - width)]


def first_column(columns: Sequence[int], of: int = COLUMNS) -> int:
    """Return the column after the widest gap on the way around the world; 0 without columns."""
    there = sorted(set(columns))
    if not there:
        return 0
    gaps = [(there[0] + of - there[-1], there[0])]
    gaps += [(east - west, east) for west, east in pairwise(there)]
    return max(gaps, key=lambda gap: (gap[0], -gap[1]))[1]
