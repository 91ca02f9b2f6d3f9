"""Which squares of 500 m may have most next week or month, beside the plain count."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np

from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.place_backtest import PlaceBacktest
from trafficdesk.domain.analytics.place_forecasting import (
    PAST_DAYS,
    PlaceMethod,
    Square,
    Squares,
    Unit,
)
from trafficdesk.domain.analytics.places_ahead import squares_ahead
from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.domain.analytics.times_ahead import Times
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.records import Bounds
from trafficdesk.domain.times import to_ms
from trafficdesk.services.analytics.as_of import heard_at
from trafficdesk.services.analytics.forecasts import first_known_day
from trafficdesk.services.analytics.happened import happened_in
from trafficdesk.services.analytics.spots import Spots, SpotsKept, spots_of
from trafficdesk.services.session import Session
from trafficdesk.store import facts, places

SQUARES_AT_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class SquareAhead:
    """What is expected of a square of 500 m; ``low`` to ``high`` holds four of five like it.

    ``rows`` finds the reports it had in the scope's period.
    """

    bounds: Bounds
    expected: float
    low: int | None
    high: int | None
    rows: ReportFilter


@dataclass(frozen=True, slots=True)
class PlacesAhead:
    """The squares of which most is expected in the week or month from ``first_day`` on.

    ``method`` is a model only where its back-test is better than the plain count's.
    """

    scope: Scope
    unit: Unit
    first_day: int
    squares: tuple[SquareAhead, ...]
    method: PlaceMethod
    backtest: PlaceBacktest | None
    as_of: datetime


def forecast_places(
    session: Session,
    scope: Scope,
    unit: Unit = Unit.WEEK,
    at_most: int = SQUARES_AT_MOST,
    kept: SpotsKept | None = None,
) -> PlacesAhead:
    """Forecast the week or month after a scope's period, square by square, the fullest first.

    Which those are says ``times_ahead``; nothing is expected of a period of which this desk has
    nothing. ``kept``, held by the caller, makes the next answer quick.
    """
    with session.store.reading() as connection:
        calendar = facts.calendar(connection)
        past_day = min(scope.period.past_day, calendar.day_of(to_ms(session.lease_clock())))
        first_day = max(past_day - PAST_DAYS, first_known_day(connection, calendar))
        spots = spots_of([])
        if first_day < past_day:
            asked = scope.over(Period(first_day, past_day))
            spots = (kept or SpotsKept()).read(connection, asked)
        rows = happened_in(scope, calendar)
        as_of = heard_at(connection, session)
        squares = Squares(places.get_city(connection, facts.home_city_id(connection)).centre)
    times = Times(unit, past_day)
    found = squares_ahead(count_by_square(spots, squares, times), times.next, unit)
    return PlacesAhead(
        scope,
        unit,
        times.first_day,
        tuple(
            SquareAhead(bounds, each.expected, each.low, each.high, replace(rows, bounds=bounds))
            for each in found.rows[:at_most]
            for bounds in [squares.bounds_of(each.square)]
        ),
        found.method,
        found.backtest,
        as_of,
    )


def count_by_square(spots: Spots, squares: Squares, times: Times) -> dict[Square, dict[int, int]]:
    """Count spots by square and week or month; the squares are those of ``Squares.square_of``."""
    if not len(spots):
        return {}
    lons, lats, days = spots.T
    wide, high = squares.degrees
    east = (lons - squares.middle.lon + 180.0) % 360.0 - 180.0
    known, places = np.unique(days.astype(np.int64), return_inverse=True)
    when = np.array([times.of(day) for day in known.tolist()])[places]
    columns = np.stack((np.floor(east / wide), np.floor((lats - squares.middle.lat) / high), when))
    whole = columns.astype(np.int64)
    least, sizes = whole.min(axis=1), np.ptp(whole, axis=1) + 1
    # One number for the three sorts much sooner than three do.
    x, y, at = whole - least[:, None]
    found, numbers = np.unique((x * sizes[1] + y) * sizes[2] + at, return_counts=True)
    each = np.unravel_index(found, tuple(sizes.tolist()))
    counts: dict[Square, dict[int, int]] = {}
    kept = np.stack(each).T + least
    for (column, row, time), n in zip(kept.tolist(), numbers.tolist(), strict=True):
        counts.setdefault((column, row), {})[time] = n
    return counts
