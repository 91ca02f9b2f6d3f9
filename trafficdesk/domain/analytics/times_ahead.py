"""Weeks and months that squares are counted by: which day lies in which, and which one comes next.

A week is counted from 0 at the end of what is known, so that the last one known is whole; a month
is one of the calendar (``year * 12 + month - 1``), and the one that end lies in is the next.
"""

from dataclasses import dataclass
from typing import Final

from trafficdesk.domain.analytics.periods import Period, first_day_of_month, month_of_day
from trafficdesk.domain.analytics.place_forecasting import Unit

_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Times:
    """The weeks or months around the first day that is not known of, ``past_day``."""

    unit: Unit
    past_day: int

    def of(self, day: int) -> int:
        """Return the number of the week or month that a day lies in."""
        if self.unit is Unit.MONTH:
            return month_of_day(day)
        return (day - self.past_day) // _WEEK

    @property
    def next(self) -> int:
        """Return the number of the one that is forecast."""
        return self.of(self.past_day)

    @property
    def first_day(self) -> int:
        """Return the day on which the one that is forecast begins."""
        return self._first_day_of(self.next)

    def _first_day_of(self, number: int) -> int:
        if self.unit is Unit.MONTH:
            return first_day_of_month(number)
        return self.past_day + _WEEK * number

    def parts(self, period: Period) -> dict[int, Period]:
        """Return the days of a period by the week or month they lie in, in their order."""
        first, last = self.of(period.first_day), self.of(period.past_day - 1)
        return {
            number: Period(
                max(period.first_day, self._first_day_of(number)),
                min(period.past_day, self._first_day_of(number + 1)),
            )
            for number in range(first, last + 1)
        }
