"""Squares of 500 m: where they lie, what is forecast of them, and what that is worth."""

import pytest
from numpy.random import Generator, default_rng

from trafficdesk.domain.analytics.place_backtest import (
    Bands,
    Fold,
    compare_places,
    roll_places,
)
from trafficdesk.domain.analytics.place_forecasting import (
    PlaceMethod,
    Square,
    Squares,
    Unit,
    predict,
    roll,
)
from trafficdesk.domain.geometry import contains, distance_m
from trafficdesk.domain.records import Place

TAVEUNI = Place(179.99, -16.85)  # the antimeridian is 1 km to the east
Counts = dict[Square, dict[int, int]]


@pytest.mark.parametrize("middle", [Place(76.96, 11.01), Place(-21.94, 64.14)])
def test_squares_are_500_m_wide_and_hold_what_is_in_them(middle: Place) -> None:
    squares, rng = Squares(middle), default_rng(1)
    for dx, dy in rng.uniform(-0.05, 0.05, (50, 2)):
        place = Place(middle.lon + float(dx), middle.lat + float(dy))
        bounds = squares.bounds_of(squares.square_of(place))
        assert contains(bounds, place)
        corner = Place(bounds.west, bounds.south)
        assert distance_m(corner, Place(bounds.east, bounds.south)) == pytest.approx(500, rel=0.01)
        assert distance_m(corner, Place(bounds.west, bounds.north)) == pytest.approx(500, rel=0.01)


def test_squares_go_on_across_the_antimeridian() -> None:
    squares = Squares(TAVEUNI)
    west, east = (squares.square_of(Place(lon, -16.85)) for lon in (179.9999, -179.9999))
    assert abs(west[0] - east[0]) <= 1
    assert west[1] == east[1]


def random_counts(seed: int, months: int = 48) -> Counts:
    """Return squares that differ much from each other and never change."""
    rng = default_rng(seed)
    counts: Counts = {}
    for x in range(10):
        for y in range(10):
            mean = 0.2 * 1.05 ** (x * y)
            drawn = rng.poisson(mean, months).tolist()
            counts[x, y] = {month: n for month, n in enumerate(drawn) if n}
    return counts


@pytest.mark.parametrize("method", PlaceMethod)
def test_a_forecast_sees_nothing_of_its_month_nor_of_those_after(method: PlaceMethod) -> None:
    counts = random_counts(2)
    known = {
        square: {month: n for month, n in series.items() if month < 40}
        for square, series in counts.items()
    }
    assert predict(method, counts, 40, Unit.MONTH) == predict(
        method, {square: series for square, series in known.items() if series}, 40, Unit.MONTH
    )


@pytest.mark.parametrize("method", PlaceMethod)
def test_without_a_report_before_there_is_no_forecast(method: PlaceMethod) -> None:
    assert predict(method, {}, 5, Unit.WEEK) == {}
    assert predict(method, {(0, 0): {7: 3}}, 5, Unit.WEEK) == {}


def test_the_plain_count_is_the_mean_of_the_last_year_or_of_what_is_known() -> None:
    counts = {(0, 0): dict.fromkeys(range(30), 2), (5, 5): {20: 6}}
    assert predict(PlaceMethod.LAST_YEAR, counts, 30, Unit.MONTH) == {(0, 0): 2.0, (5, 5): 0.5}
    assert predict(PlaceMethod.LAST_YEAR, counts, 6, Unit.MONTH) == {(0, 0): 2.0}


def test_squares_beside_a_busy_one_are_expected_to_have_more() -> None:
    counts = {(0, 0): dict.fromkeys(range(30), 9), (1, 0): {3: 1}, (7, 7): {3: 1}}
    found = predict(PlaceMethod.NEIGHBOURS, counts, 30, Unit.MONTH)
    assert found[1, 0] > found[7, 7]


def test_hits_are_weighed_by_area_and_by_what_could_be_hit() -> None:
    # One square of twenty has half of all that happens, the others the rest.
    counts: Counts = {(x, 0): dict.fromkeys(range(30), 1) for x in range(20)}
    counts[3, 0] = dict.fromkeys(range(30), 19)
    found = compare_places(counts, 30, Unit.MONTH)
    assert found is not None
    assert (found.folds, found.squares) == (18, 20)
    one, five, fifth = found.plain.areas
    assert (five.hit_rate, five.pei_star) == (0.5, 1.0)
    assert five.pai == pytest.approx(10)
    assert one.pai == pytest.approx(10), "a square is the least area there is"
    assert fifth.hit_rate == pytest.approx(22 / 38)
    assert found.plain.wape == pytest.approx(0)
    assert found.plain.top_precision == 1.0
    assert not found.is_better, "nothing is better than right"


def test_four_of_five_squares_lie_in_their_band() -> None:
    folds = roll_places(PlaceMethod.LAST_YEAR, random_counts(3), range(12, 48), Unit.MONTH)
    bands = Bands()
    for fold in folds[:-1]:
        bands.learn(fold)
    inside = []
    for square, expected in folds[-1].expected.items():
        band = bands.of(expected)
        if band is not None:
            inside.append(band[0] <= folds[-1].actual.get(square, 0) <= band[1])
    assert len(inside) > 80
    assert sum(inside) / len(inside) >= 0.75


def test_too_few_squares_have_no_band() -> None:
    bands = Bands()
    bands.learn(Fold({(0, 0): 3.0}, {(0, 0): 2}))
    assert bands.of(3.0) is None


@pytest.mark.parametrize("unit", Unit)
def test_rolled_forecasts_are_those_that_each_time_alone_comes_to(unit: Unit) -> None:
    rng = default_rng(5)
    counts = {
        (int(x), int(y)): {int(when): int(n) for when, n in zip(*_series(rng), strict=True)}
        for x, y in rng.integers(0, 9, (40, 2))
    }
    ahead = range(-3, 170)
    for at, rolled in zip(ahead, roll(PlaceMethod.LAST_YEAR, counts, ahead, unit), strict=True):
        first = min(min(series) for series in counts.values())
        length = max(1, min(unit.a_year, at - first))
        assert rolled == {
            square: sum(n for when, n in series.items() if at - unit.a_year <= when < at) / length
            for square, series in counts.items()
            if min(series) < at
        }
    for at, rolled in zip(ahead, roll(PlaceMethod.NEIGHBOURS, counts, ahead, unit), strict=True):
        fade = 0.5 ** (1 / unit.a_year)
        weight = sum(fade**age for age in range(at - first))
        faded = {
            square: sum(n * fade ** (at - 1 - when) for when, n in series.items() if when < at)
            for square, series in counts.items()
            if min(series) < at
        }
        assert rolled == pytest.approx(
            {each: _leaning(each, faded, weight, unit) for each in faded}
        )


def _series(rng: Generator) -> tuple[list[int], list[int]]:
    when = rng.choice(160, 30, replace=False)
    return when.tolist(), rng.integers(1, 9, 30).tolist()


def _leaning(
    square: tuple[int, int], faded: dict[tuple[int, int], float], weight: float, unit: Unit
) -> float:
    x, y = square
    near = [faded.get((x + dx, y + dy), 0.0) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    prior = 0.1 * unit.a_year
    return (faded[square] + prior * sum(near) / 9 / weight) / (weight + prior)
