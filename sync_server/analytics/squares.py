"""Squares of 500 m of which most is expected next week or month, and what naming them is worth."""

from dataclasses import dataclass

from sync_server.analytics import queries
from sync_server.analytics.queries import Question
from sync_server.db.engine import Connection
from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.place_forecasting import PAST_DAYS, Square, Squares, Unit
from trafficdesk.domain.analytics.places_ahead import SquaresAhead, squares_ahead
from trafficdesk.domain.analytics.times_ahead import Times


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
    """Forecast the week or month after a scope's period (``times_ahead``)."""
    past_day = min(asked.scope.period.past_day, today)
    grid, times = Squares(queries.find_middle(connection, asked.city_id)), Times(unit, past_day)
    parts = times.parts(Period(past_day - PAST_DAYS, past_day))
    numbers, counts = list(parts), dict[Square, dict[int, int]]()
    edges = asked.edges(*parts.values())
    for row in queries.count_squares(connection, asked, grid, edges):
        counts.setdefault((row["x"], row["y"]), {})[numbers[row["stretch"] - 1]] = row["n"]
    return SquaresToCome(unit, times.first_day, grid, squares_ahead(counts, times.next, unit))
