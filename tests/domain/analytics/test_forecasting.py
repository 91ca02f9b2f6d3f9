"""Forecasts of counts against series whose next months are known, and what they are worth."""

import math

import pytest
from numpy.random import default_rng

from trafficdesk.domain.analytics.backtest import (
    FOLDS,
    LIKELY,
    chance_of_lead,
    compare,
    cover,
    half_width,
    roll,
    wape,
)
from trafficdesk.domain.analytics.forecasting import PLAIN, Method, forecast, seasonal_factors

SEASON = [30, 10, 20, 40, 25, 15, 35, 45, 5, 50, 60, 55]


@pytest.mark.parametrize("method", sorted(set(Method) - {Method.LAST_MONTHS}))
def test_a_season_that_never_changes_is_forecast_without_an_error(method: Method) -> None:
    series = SEASON * 5
    assert forecast(method, series, 12) == pytest.approx(SEASON, rel=1e-6)


@pytest.mark.parametrize("method", [Method.HOLT_WINTERS, Method.THETA])
def test_a_straight_rise_goes_on(method: Method) -> None:
    series = [100.0 + 2 * month for month in range(60)]
    # Theta takes half of the slope ahead and lags a little: its share of the known bias is small.
    assert forecast(method, series, 3) == pytest.approx([220, 222, 224], rel=0.02)


def test_the_mean_of_three_years_takes_the_last_three_of_the_same_month() -> None:
    years = [[10.0 * year + month for month in range(12)] for year in range(5)]
    series = [n for year in years for n in year] + [100.0]
    assert forecast(Method.SEASONAL_MEAN, series, 12) == pytest.approx(
        [*(30.0 + month for month in range(1, 12)), (30 + 40 + 100) / 3]
    )


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("series", [[7], [0] * 40, [5] * 11, [0, 0, 9] * 8, [3] * 23])
def test_short_and_empty_series_are_forecast_by_something_sensible(
    method: Method, series: list[float]
) -> None:
    found = forecast(method, series, 6)
    assert len(found) == 6
    assert all(math.isfinite(n) and 0 <= n <= 2 * max(series) for n in found)


@pytest.mark.parametrize("method", Method)
def test_without_a_month_there_is_no_forecast(method: Method) -> None:
    assert forecast(method, [], 3) == []
    assert roll(method, [1.0] * 5) == []


def test_factors_of_a_year_are_around_one() -> None:
    assert sum(seasonal_factors(SEASON * 4)) == pytest.approx(12)
    assert seasonal_factors([4.0] * 23) == [1.0] * 12


def test_a_fold_sees_nothing_of_the_month_it_forecasts_nor_of_those_after() -> None:
    rng = default_rng(1)
    series = [float(n) for n in rng.poisson(50, 60)]
    folds = roll(Method.MEAN_OF_THREE, series, step=2, folds=FOLDS)
    assert len(folds) == FOLDS
    for fold in folds:
        assert fold.actual == series[fold.known + 1]
        changed = series[: fold.known] + [9_999.0] * (60 - fold.known)
        assert fold.forecast == forecast(Method.MEAN_OF_THREE, changed[: fold.known], 2)[-1]
    last = roll(Method.MEAN_OF_THREE, [*series[:-1], 9_999.0], step=2)[-1]
    assert last.forecast == folds[-1].forecast


def test_the_model_is_better_only_where_it_is_by_more_than_luck() -> None:
    rng = default_rng(2)
    means = [400 + 150 * math.sin(month / 12 * math.tau) for month in range(96)]
    # What a year had too much the next has too little: last year's count errs twice as much.
    turns = [40 if month // 12 % 2 else -40 for month in range(96)]
    seasonal = [float(rng.poisson(mean + turn)) for mean, turn in zip(means, turns, strict=True)]
    flat = [float(rng.poisson(60)) for _ in range(96)]
    better, not_better = compare(seasonal), compare(flat)
    assert better is not None
    assert not_better is not None
    assert better.is_better
    assert better.gain is not None
    assert better.gain > 0.1
    assert not not_better.is_better
    assert better.plain.method in PLAIN


def test_a_model_without_any_worth_is_seldom_called_better() -> None:
    rng = default_rng(3)
    found = [compare([float(n) for n in rng.poisson(60, 60)]) for _ in range(40)]
    assert (
        sum(each is not None and each.is_better for each in found) / 40
        <= 0.05 + 3 * (0.05 * 0.95 / 40) ** 0.5
    )


def test_four_of_five_months_to_come_lie_in_the_band() -> None:
    rng, inside, asked = default_rng(4), 0, 0
    for _ in range(100):
        series = [float(n) for n in rng.poisson(70, 61)]
        width = half_width(roll(Method.SEASONAL_MEAN, series[:-1]), 70.0)
        assert width is not None
        expected = forecast(Method.SEASONAL_MEAN, series[:-1], 1)[0]
        asked += 1
        inside += abs(series[-1] - expected) <= width
    assert inside / asked == pytest.approx(LIKELY, abs=0.1)


def test_bands_are_tried_on_months_they_have_not_seen() -> None:
    rng = default_rng(5)
    folds = roll(Method.LAST_MONTHS, [float(n) for n in rng.poisson(70, 60)])
    assert cover(folds[:8]) is None
    share = cover(folds)
    assert share is not None
    assert 0.5 <= share <= 1


def test_errors_are_weighed_by_what_happened() -> None:
    folds = roll(Method.LAST_MONTHS, [10.0] * 12 + [20.0, 20.0])
    assert wape(folds) == pytest.approx((10 + (20 - 130 / 12)) / 40)
    assert wape(roll(Method.LAST_MONTHS, [0.0] * 20)) is None


def test_the_signed_ranks_have_their_known_chances() -> None:
    # Of n leads all to one side the chance is 2^-n; ranks 5, 4, 3, 2 against 1: 2 of 32.
    assert chance_of_lead([1, 2, 3, 4, 5]) == 1 / 32
    assert chance_of_lead([-1, 2, 3, 4, 5]) == 2 / 32
    assert chance_of_lead([-1, -2]) == 1.0
    assert chance_of_lead([0.0, 0.0]) == 1.0
    assert chance_of_lead([1, 1, -1, -1]) == pytest.approx(11 / 16)
