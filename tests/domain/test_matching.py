"""Pairs of least cost are just that: nothing that trying everything would find is cheaper."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.domain.matching import NoMatchingError, least_cost

Table = Sequence[Sequence[float]]

# Small numbers make ties, which are where such algorithms go wrong; infinity forbids a pair.
COSTS = st.one_of(st.integers(-3, 5), st.integers(0, 2_160_000_000_200), st.just(math.inf)).map(
    float
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    rows = draw(st.integers(0, 6))
    columns = draw(st.integers(rows, 9))
    row = st.lists(COSTS, min_size=columns, max_size=columns)
    return draw(st.lists(row, min_size=rows, max_size=rows))


def least_by_trying_all(table: Table) -> float:
    """Return the least cost over all ways to give each row a column; infinity if there is none."""
    by_taken = {0: 0.0}
    for row in table:
        grown: dict[int, float] = {}
        for taken, so_far in by_taken.items():
            for column, cost in enumerate(row):
                if not taken >> column & 1:
                    now = taken | 1 << column
                    grown[now] = min(grown.get(now, math.inf), so_far + cost)
        by_taken = grown
    return min(by_taken.values(), default=math.inf)


@given(tables())
def test_no_other_pairs_are_cheaper(table: Table) -> None:
    least = least_by_trying_all(table)
    if math.isinf(least):
        with pytest.raises(NoMatchingError):
            least_cost(table)
        return
    pairs = least_cost(table)
    assert [row for row, _ in pairs] == list(range(len(table)))
    assert len({column for _, column in pairs}) == len(pairs)
    assert sum(table[row][column] for row, column in pairs) == least


def test_costs_near_the_end_of_what_a_float_counts_are_added_exactly() -> None:
    worst = 21_600 * 100 * 1_000_000.0
    table = [[worst + (row + 1) * column for column in range(60)] for row in range(40)]
    pairs = dict(least_cost(table))
    # The dearest row takes the cheapest column, and every other way differs by a few in 10**14.
    assert pairs == {row: 39 - row for row in range(40)}
