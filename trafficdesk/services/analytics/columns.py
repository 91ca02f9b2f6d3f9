"""Counted micro-cells as columns of numbers: the same discs as in plain Python, much sooner."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trafficdesk.domain.analytics.hotspots import LEAST, RADIUS_M, Inside
from trafficdesk.domain.analytics.micro_cells import COLUMNS, first_column, reach_of
from trafficdesk.domain.analytics.significance import Square

Whole = NDArray[np.int64]
Between = Callable[[Whole, Whole, Whole], Whole]
_PLACES_AT_MOST: Final = 16_000_000  # of a table of sums, 8 bytes each


class Cells(NamedTuple):
    """Micro-cells by number (``row * COLUMNS + column``), how many reports, and their weight."""

    numbers: Whole
    counts: Whole
    weights: Whole

    @classmethod
    def of(cls, rows: list[tuple[int, int, int]]) -> "Cells":
        """Return rows of number, reports and weight as columns."""
        return cls(*np.array(rows, np.int64).reshape(-1, 3).T.copy())


def joined(parts: list[Cells]) -> Cells:
    """Return several lists of cells one after the other; a cell may stand in several."""
    return Cells(*(np.concatenate(each) for each in zip(Cells.of([]), *parts, strict=True)))


class ColumnGrid:
    """Cells of a period and of the one before it; see ``domain.analytics.hotspots.Grid``."""

    def __init__(self, now: Cells, then: Cells) -> None:
        every = np.concatenate([now.numbers, then.numbers])
        rows, columns = every // COLUMNS, every % COLUMNS
        self._from = first_column(np.unique(columns).tolist())
        turned = rows * COLUMNS + (columns - self._from) % COLUMNS
        # In order, row by row, with the columns counted from the far side of the widest gap.
        self._keys, places = np.unique(turned, return_inverse=True)
        mine, before = places[: len(now.numbers)], places[len(now.numbers) :]
        size = len(self._keys)
        self._counts = _added(mine, now.counts, size)
        self._upto = [
            np.concatenate([[0], np.cumsum(values)])
            for values in (
                self._counts,
                _added(mine, now.weights, size),
                _added(before, then.counts, size),
            )
        ]

    def fullest(self, *, by_weight: bool) -> Iterable[tuple[int, int]]:
        """Return the cells that have reports, the one with most around it first."""
        around = self._around(self._upto[1 if by_weight else 0])
        there = np.flatnonzero((self._counts > 0) & (around >= LEAST))
        rows, columns = self._keys[there] // COLUMNS, self._keys[there] % COLUMNS
        columns = (columns + self._from) % COLUMNS
        order = np.lexsort((columns, rows, -around[there]))
        return zip(columns[order].tolist(), rows[order].tolist(), strict=True)

    def inside(self, x: int, y: int) -> Inside:
        """Return what has its middle in the disc around a cell."""
        at, sums = (x - self._from) % COLUMNS, [0, 0, 0]
        for row, width in reach_of(y, RADIUS_M):
            ends = row * COLUMNS + np.array([max(0, at - width), min(at + width + 1, COLUMNS)])
            low, past = np.searchsorted(self._keys, ends)
            for i, upto in enumerate(self._upto):
                sums[i] += int(upto[past] - upto[low])
        return Inside(*sums)

    def squares(self) -> Mapping[Square, int]:
        """Return the period's reports of the squares that have any in either period."""
        rows, columns = self._keys // COLUMNS, self._keys % COLUMNS
        columns = (columns + self._from) % COLUMNS
        # As ``significance.square_of`` has it, for all of them.
        squares, places = np.unique((rows >> 2) * COLUMNS + (columns >> 2), return_inverse=True)
        sums = _added(places, self._counts, len(squares))
        keys = zip((squares % COLUMNS).tolist(), (squares // COLUMNS).tolist(), strict=True)
        return dict(zip(keys, sums.tolist(), strict=True))

    def _around(self, upto: Whole) -> Whole:
        """Return what lies in the disc around each cell, row by row of the disc."""
        sums = np.zeros(len(self._keys), np.int64)
        if not len(sums):
            return sums
        rows, at = self._keys // COLUMNS, self._keys % COLUMNS
        between = self._looked_up(upto, rows, at) or self._searched(upto)
        for near, widths in _reaches(rows):
            sums += np.where(widths >= 0, between(near, at - widths, at + widths + 1), 0)
        return sums

    def _looked_up(self, upto: Whole, rows: Whole, at: Whole) -> Between | None:
        """Return what looks sums up in a table of the whole box; None if that were too large."""
        south, height, width = rows[0], rows[-1] - rows[0] + 1, at.max() + 1
        if height * width > _PLACES_AT_MOST:
            return None
        table = np.zeros((height + 2, width + 1), np.int64)  # a row of nothing at either end
        table[rows - south + 1, at + 1] = np.diff(upto)
        np.cumsum(table, axis=1, out=table)

        def between(near: Whole, low: Whole, past: Whole) -> Whole:
            row = np.clip(near - south + 1, 0, height + 1)
            found: Whole = table[row, np.minimum(past, width)] - table[row, np.maximum(low, 0)]
            return found

        return between

    def _searched(self, upto: Whole) -> Between:
        """Return what searches for the ends of each sum: for cities far apart."""

        def between(near: Whole, low: Whole, past: Whole) -> Whole:
            row = near * COLUMNS
            begin = np.searchsorted(self._keys, row + np.maximum(low, 0))
            end = np.searchsorted(self._keys, row + np.minimum(past, COLUMNS))
            found: Whole = upto[end] - upto[begin]
            return found

        return between


def _reaches(rows: Whole) -> Iterator[tuple[Whole, Whole]]:
    """Yield, offset by offset, the row near each row and how far it reaches there; -1: not."""
    known, places = np.unique(rows, return_inverse=True)
    reaches = [dict(reach_of(row, RADIUS_M)) for row in known.tolist()]
    span = max((row - min(reach) for row, reach in zip(known, reaches, strict=True)), default=0)
    for step in range(-span, span + 1):
        widths = [
            reach.get(row + step, -1) for row, reach in zip(known.tolist(), reaches, strict=True)
        ]
        if max(widths, default=-1) >= 0:
            yield rows + step, np.array(widths, np.int64)[places]


def _added(places: Whole, values: Whole, size: int) -> Whole:
    sums: Whole = np.zeros(size, np.int64)
    np.add.at(sums, places, values)
    return sums
