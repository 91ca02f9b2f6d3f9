"""Pairs of least cost: who does what, so that all of it together is the cheapest there is.

Shortest augmenting paths with prices, as in R. Jonker, A. Volgenant, "A shortest augmenting path
algorithm for dense and sparse linear assignment problems" (Computing 38, 1987), over a heap: of
a plan's table most is forbidden. It is exact as long as the costs and their sums are.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

Costs = Sequence[Sequence[float]]

_NOBODY = -1


class NoMatchingError(Exception):
    """Not every row can have a column of its own."""


@dataclass(frozen=True, slots=True)
class _Path:
    """The shortest way from a row without a column to a column without a row."""

    end: int
    length: float
    before: dict[int, int]  # the column of the row from which a column was reached
    passed: list[tuple[int, float]]  # the columns in between, and how far each was


@dataclass(slots=True)
class _Matching:
    """What is matched so far, and the prices at which no other pair would be cheaper."""

    open_pairs: list[list[tuple[int, float]]]  # by row
    row_of: list[int]  # by column
    row_price: list[float] = field(init=False)
    column_price: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self.row_price = [0.0] * len(self.open_pairs)
        self.column_price = [0.0] * len(self.row_of)

    def find_path(self, start: int) -> _Path:
        least: dict[int, float] = {}
        before: dict[int, int] = {}
        passed: list[tuple[int, float]] = []
        waiting: list[tuple[float, int]] = []
        row, column, far = start, _NOBODY, 0.0
        while True:
            for other, cost in self.open_pairs[row]:
                length = far + cost - self.row_price[row] - self.column_price[other]
                if length < least.get(other, math.inf):
                    least[other], before[other] = length, column
                    heappush(waiting, (length, other))
            far, column = _nearest(waiting, least)
            if self.row_of[column] == _NOBODY:
                return _Path(column, far, before, passed)
            passed.append((column, far))
            row = self.row_of[column]

    def take(self, start: int, path: _Path) -> None:
        self.row_price[start] += path.length
        for column, far in path.passed:
            self.row_price[self.row_of[column]] += path.length - far
            self.column_price[column] -= path.length - far
        column = path.end
        while column != _NOBODY:
            earlier = path.before[column]
            self.row_of[column] = start if earlier == _NOBODY else self.row_of[earlier]
            column = earlier


def _nearest(waiting: list[tuple[float, int]], least: dict[int, float]) -> tuple[float, int]:
    while waiting:
        far, column = heappop(waiting)
        if far == least[column]:  # else a shorter way there was found since
            return far, column
    raise NoMatchingError


def least_cost(costs: Costs) -> list[tuple[int, int]]:
    """Return a column for each row, none twice, of least cost in all; infinity forbids a pair.

    Raises:
        NoMatchingError: not every row can have one.
    """
    open_pairs = [
        [(column, cost) for column, cost in enumerate(row) if cost < math.inf] for row in costs
    ]
    matching = _Matching(open_pairs, [_NOBODY] * (len(costs[0]) if costs else 0))
    for row in range(len(costs)):
        matching.take(row, matching.find_path(row))
    return sorted((row, column) for column, row in enumerate(matching.row_of) if row != _NOBODY)
