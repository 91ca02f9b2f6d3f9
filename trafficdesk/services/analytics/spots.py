"""Where and when everything happened, read once and then only what has changed of it."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from trafficdesk.domain.analytics.periods import Period, first_day_of_month, month_of_day
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.store import facts
from trafficdesk.store.analytics import happenings, micro_counts

Spots = NDArray[np.float64]  # a row for each: longitude, latitude, day


def spots_of(rows: list[happenings.Spot]) -> Spots:
    """Return places and days as columns."""
    return np.array(rows, np.float64).reshape(-1, 3)


@dataclass(slots=True)
class SpotsKept:
    """Keeps the places of each month of the whole city until anything of the month changes.

    What is stale is read in one go, from its first month to its last: after a day's work that is
    the month the day lies in. A part is read anew: whose a report is does not show in its month.
    """

    _months: dict[int, tuple[micro_counts.Mark, Spots]] = field(default_factory=dict)

    def read(self, connection: Connection, scope: Scope) -> Spots:
        """Return what happened in a period, in no order."""
        period = scope.period
        if scope.part is not Part.CITY:
            return spots_of(happenings.find_spots(connection, facts.calendar(connection), scope))
        first = month_of_day(period.first_day)
        past = month_of_day(period.past_day - 1) + 1
        marks = micro_counts.marks_of_months(connection, first, past)
        kept = {month: self._months[month] for month in marks if month in self._months}
        stale = [month for month, mark in marks.items() if kept.get(month, (None,))[0] != mark]
        self._months = kept | self._read_months(connection, scope, stale, marks)
        found = np.concatenate([spots_of([]), *(spots for _, spots in self._months.values())])
        days = found[:, 2]
        whole: Spots = found[(days >= period.first_day) & (days < period.past_day)]
        return whole

    @staticmethod
    def _read_months(
        connection: Connection, scope: Scope, stale: list[int], marks: dict[int, Any]
    ) -> dict[int, tuple[micro_counts.Mark, Spots]]:
        if not stale:
            return {}
        first, past = min(stale), max(stale) + 1
        days = Period(first_day_of_month(first), first_day_of_month(past))
        read = happenings.find_spots(connection, facts.calendar(connection), scope.over(days))
        spots = spots_of(read)
        edges = [first_day_of_month(month) for month in range(first, past + 1)]
        at = np.digitize(spots[:, 2], edges) - 1
        return {
            month: (marks[month], spots[at == month - first])
            for month in range(first, past)
            if month in marks
        }
