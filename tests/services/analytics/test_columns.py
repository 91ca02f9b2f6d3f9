"""Columns of numbers and plain Python choose the same discs of the same cells."""

from collections import Counter
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import default_rng

from trafficdesk.domain.analytics.hotspots import choose_discs, find_discs
from trafficdesk.domain.analytics.micro_cells import COLUMNS, ROWS, Micro
from trafficdesk.domain.analytics.place_forecasting import Squares, Unit
from trafficdesk.domain.analytics.times_ahead import Times
from trafficdesk.domain.records import Place
from trafficdesk.services.analytics import columns
from trafficdesk.services.analytics.columns import Cells, ColumnGrid, joined
from trafficdesk.services.analytics.place_forecasts import count_by_square
from trafficdesk.services.analytics.spots import spots_of

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
@settings(max_examples=15)
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


@pytest.mark.parametrize("middle", [Place(76.96, 11.01), Place(179.99, -16.85), Place(-0.1, 64)])
def test_places_are_counted_in_the_squares_they_lie_in(middle: Place) -> None:
    rng, squares = default_rng(1), Squares(middle)
    offsets = rng.uniform(-0.05, 0.05, (300, 2)).tolist()
    lons = [(middle.lon + dx + 180) % 360 - 180 for dx, _ in offsets]
    spots = [
        (lon, middle.lat + dy, 20_000 + i % 40)
        for i, (lon, (_, dy)) in enumerate(zip(lons, offsets, strict=True))
    ]
    expected = Counter(
        (squares.square_of(Place(lon, lat)), (day - 20_040) // 7) for lon, lat, day in spots
    )
    found = count_by_square(spots_of(spots), squares, Times(Unit.WEEK, 20_040))
    assert {(s, at): n for s, each in found.items() for at, n in each.items()} == expected
    assert count_by_square(spots_of([]), squares, Times(Unit.WEEK, 20_040)) == {}
