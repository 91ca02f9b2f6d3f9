"""The squares of which most is expected: by the model where it was better than the plain count."""

from dataclasses import dataclass

from trafficdesk.domain.analytics.place_backtest import PlaceBacktest, compare_places, learn_bands
from trafficdesk.domain.analytics.place_forecasting import (
    Counts,
    PlaceMethod,
    Square,
    Unit,
    predict,
)


@dataclass(frozen=True, slots=True)
class SquareExpected:
    """What is expected of a square; ``low`` to ``high`` holds four of five like it."""

    square: Square
    expected: float
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class SquaresAhead:
    """Every square, the fullest first, by which method, and what that was worth so far."""

    rows: tuple[SquareExpected, ...]
    method: PlaceMethod
    backtest: PlaceBacktest | None

    @property
    def is_model(self) -> bool:
        """Tell whether a model says so, and not last year's count."""
        return self.method is not PlaceMethod.LAST_YEAR


def squares_ahead(counts: Counts, at: int, unit: Unit) -> SquaresAhead:
    """Forecast week or month ``at`` from the counts of those before it."""
    backtest = compare_places(counts, at, unit)
    is_model = backtest is not None and backtest.is_better
    method = PlaceMethod.NEIGHBOURS if is_model else PlaceMethod.LAST_YEAR
    bands = learn_bands(method, counts, at, unit)
    expected = predict(method, counts, at, unit)
    ordered = sorted(expected, key=lambda square: (-expected[square], square))
    return SquaresAhead(
        tuple(
            SquareExpected(square, expected[square], *(bands.of(expected[square]) or (None, None)))
            for square in ordered
        ),
        method,
        backtest,
    )
