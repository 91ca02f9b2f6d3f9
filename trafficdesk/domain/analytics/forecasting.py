"""How many reports the next months bring: counted plainly, and by three ways and their mean.

Series are monthly counts without a gap, the oldest first. Every way forecasts ``ahead`` months and
takes a short series as it is; what none of them knows of are holidays, weather and plans.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from itertools import product
from statistics import fmean
from typing import Final

SEASON: Final = 12
_YEARS: Final = 3
_LEAST_SEASONAL: Final = 2 * SEASON  # a season seen once cannot be told from chance
_SMOOTHING: Final = (0.05, 0.15, 0.3, 0.5)
_TREND_SMOOTHING: Final = (0.0, 0.02, 0.1)
_SEASON_SMOOTHING: Final = (0.05, 0.15, 0.3)

Series = Sequence[float]


class Method(StrEnum):
    """Ways to forecast; the first two are plain counts."""

    LAST_YEAR = "last_year"
    LAST_MONTHS = "last_months"
    SEASONAL_MEAN = "seasonal_mean"
    HOLT_WINTERS = "holt_winters"
    THETA = "theta"
    MEAN_OF_THREE = "mean_of_three"


PLAIN: Final = (Method.LAST_YEAR, Method.LAST_MONTHS)


def forecast(method: Method, series: Series, ahead: int) -> list[float]:
    """Return the next ``ahead`` months, none below 0; [] without a single month."""
    if not series:
        return []
    return [max(0.0, value) for value in _WAYS[method](series, ahead)]


def last_year(series: Series, ahead: int) -> list[float]:
    """Return the same month a year before (seasonal naive); a short series' mean instead."""
    if len(series) < SEASON:
        return last_months(series, ahead)
    return [series[len(series) - SEASON + step % SEASON] for step in range(ahead)]


def last_months(series: Series, ahead: int) -> list[float]:
    """Return the mean of the last twelve months."""
    return [fmean(series[-SEASON:])] * ahead


def seasonal_mean(series: Series, ahead: int) -> list[float]:
    """Return the mean of the same month of the last three years."""
    if len(series) < SEASON:
        return last_months(series, ahead)
    found = []
    for step in range(ahead):
        last = len(series) - SEASON + step % SEASON
        same = series[last % SEASON : last + 1 : SEASON]
        found.append(fmean(same[-_YEARS:]))
    return found


def holt_winters(series: Series, ahead: int) -> list[float]:
    """Return level, trend and season smoothed on (Winters, Management Science 6, 1960; additive).

    The three constants are those of a small grid that forecast the series itself best, month by
    month.
    """
    if len(series) < _LEAST_SEASONAL:
        return last_year(series, ahead)
    grid = product(_SMOOTHING, _TREND_SMOOTHING, _SEASON_SMOOTHING)
    fits = [_smooth(series, *constants) for constants in grid]
    _, level, trend, season = min(fits, key=lambda fit: fit[0])
    at = len(series)
    return [level + (step + 1) * trend + season[(at + step) % SEASON] for step in range(ahead)]


def _smooth(
    series: Series, alpha: float, beta: float, gamma: float
) -> tuple[float, float, float, list[float]]:
    """Return the squared errors added up, and level, trend and season at the end."""
    level = fmean(series[:SEASON])
    trend = (fmean(series[SEASON:_LEAST_SEASONAL]) - level) / SEASON
    season = [value - level for value in series[:SEASON]]
    squares = 0.0
    for at in range(SEASON, len(series)):
        place, before = at % SEASON, level
        error = series[at] - (level + trend + season[place])
        squares += error * error
        level = alpha * (series[at] - season[place]) + (1 - alpha) * (level + trend)
        trend += beta * (level - before - trend)
        season[place] += gamma * (series[at] - level - season[place])
    return squares, level, trend, season


def theta(series: Series, ahead: int) -> list[float]:
    """Return the Theta forecast (Assimakopoulos, Nikolopoulos, Int. J. of Forecasting 16, 2000).

    As Hyndman and Billah showed (same journal 19, 2003): simple smoothing with half the slope of
    the straight line through the series, which was freed of its season before.
    """
    factors = seasonal_factors(series)
    flat = [value / factors[at % SEASON] for at, value in enumerate(series)]
    n = len(flat)
    middle = (n - 1) / 2
    across = sum((at - middle) ** 2 for at in range(n))
    slope = sum((at - middle) * value for at, value in enumerate(flat)) / across if across else 0.0
    fits = [_level(flat, alpha) for alpha in (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)]
    _, alpha, level = min(fits)
    drift = (1 - (1 - alpha) ** n) / alpha
    return [
        (level + slope / 2 * (step + drift)) * factors[(n + step) % SEASON] for step in range(ahead)
    ]


def _level(series: Series, alpha: float) -> tuple[float, float, float]:
    level, squares = series[0], 0.0
    for value in series[1:]:
        squares += (value - level) ** 2
        level += alpha * (value - level)
    return squares, alpha, level


def seasonal_factors(series: Series) -> list[float]:
    """Return each month's share of a usual month, around 1; all 1 for a short or empty series.

    The mean ratio to the centred yearly mean (classical decomposition).
    """
    half = SEASON // 2
    ratios: list[list[float]] = [[] for _ in range(SEASON)]
    if len(series) >= _LEAST_SEASONAL:
        for at in range(half, len(series) - half):
            # Twelve months have no middle: the first and the thirteenth count half.
            around = sum(series[at - half : at + half]) + sum(series[at - half + 1 : at + half + 1])
            if around:
                ratios[at % SEASON].append(2 * SEASON * series[at] / around)
    if not all(ratios):
        return [1.0] * SEASON
    means = [max(fmean(each), 0.01) for each in ratios]
    return [SEASON * mean / sum(means) for mean in means]


def mean_of_three(series: Series, ahead: int) -> list[float]:
    """Return the mean of seasonal mean, Holt-Winters and Theta."""
    ways = (seasonal_mean, holt_winters, theta)
    return [fmean(values) for values in zip(*(way(series, ahead) for way in ways), strict=True)]


_WAYS: Final[Mapping[Method, Callable[[Series, int], list[float]]]] = {
    Method.LAST_YEAR: last_year,
    Method.LAST_MONTHS: last_months,
    Method.SEASONAL_MEAN: seasonal_mean,
    Method.HOLT_WINTERS: holt_winters,
    Method.THETA: theta,
    Method.MEAN_OF_THREE: mean_of_three,
}
