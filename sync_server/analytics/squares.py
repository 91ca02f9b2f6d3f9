"""Squares of 500 m of which most is expected next week or month, and what naming them is worth."""

from dataclasses import dataclass

from sync_server.analytics import queries
from sync_server.analytics.queries import Question
from sync_server.db.engine import Connection
from trafficdesk.domain.analytics.periods import Period, first_day_of_month, month_of_day
from trafficdesk.domain.analytics.place_forecasting import PAST_DAYS, Square, Squares, Unit
from trafficdesk.domain.analytics.places_ahead import SquaresAhead, squares_ahead


@dataclass(frozen=True, slots=True)
class SquaresToCome:
    """The squares of the week or month from ``first_day`` on, and where they lie."""

    unit: Unit
    first_day: int
    grid: Squares
    found: SquaresAhead


def forecast_squares(
    connection: Connection, asked: Question, today: int, unit: Unit
) -> SquaresToCome:
    """Forecast the week after a scope's period, or the month that the day after it lies in."""
    past_day = min(asked.scope.period.past_day, today)
    grid = Squares(queries.find_middle(connection, asked.city_id))
    scope = asked.scope.over(Period(past_day - PAST_DAYS, past_day))
    counts: dict[Square, dict[int, int]] = {}
    for row in queries.count_squares(connection, asked._replace(scope=scope), grid, unit):
        counts.setdefault((row["x"], row["y"]), {})[row["time"]] = row["n"]
    is_week = unit is Unit.WEEK
    at = 0 if is_week else month_of_day(past_day)
    first_day = past_day if is_week else first_day_of_month(at)
    return SquaresToCome(unit, first_day, grid, squares_ahead(counts, at, unit))
