"""Columns of numbers and plain Python choose the same discs of the same cells."""

from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trafficdesk.domain.analytics.hotspots import choose_discs, find_discs
from trafficdesk.domain.analytics.micro_cells import COLUMNS, ROWS, Micro
from trafficdesk.services.analytics import columns
from trafficdesk.services.analytics.columns import Cells, ColumnGrid, joined

Places = st.tuples(st.integers(0, 60), st.integers(0, 60))
# In India, on the antimeridian, in the far north, and over the pole.
CORNERS = [(748_000, 294_000), (COLUMNS - 30, 220_000), (10, 440_000), (500, ROWS - 61)]


def assert_same(cells: list[Micro], *, by_weight: bool) -> None:
    now = [(cell.y * COLUMNS + cell.x, cell.n, cell.weight) for cell in cells if cell.n]
    then = [(cell.y * COLUMNS + cell.x, cell.before, 0) for cell in cells if cell.before]
    # A cell may come in two pieces, as one that has reports in two months does.
    grid = ColumnGrid(joined([Cells.of(now[::2]), Cells.of(now[1::2])]), Cells.of(then))
    assert choose_discs(grid, by_weight=by_weight) == find_discs(cells, by_weight=by_weight)


@pytest.mark.parametrize("most", [0, columns._PLACES_AT_MOST])
@pytest.mark.parametrize("corner", CORNERS)
@given(
    counts=st.dictionaries(Places, st.tuples(st.integers(0, 9), st.integers(0, 3)), max_size=40),
    by_weight=st.booleans(),
)
@settings(max_examples=25)
def test_both_find_the_same_discs(
    most: int,
    corner: tuple[int, int],
    *,
    counts: dict[tuple[int, int], tuple[int, int]],
    by_weight: bool,
) -> None:
    cells = [
        Micro((corner[0] + x) % COLUMNS, corner[1] + y, n, n * (1 + x % 3), before)
        for (x, y), (n, before) in counts.items()
    ]
    with patch.object(columns, "_PLACES_AT_MOST", most):
        assert_same(cells, by_weight=by_weight)


def test_cities_on_two_continents_are_looked_at_in_one() -> None:
    cells = [
        Micro(x + i % 40, y + i // 40, 1 + i % 3, 1)
        for x, y in ((748_000, 294_000), (520_000, 380_000))
        for i in range(400)
    ]
    assert_same(cells, by_weight=False)
