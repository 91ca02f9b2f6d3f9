"""All that is counted of a scope, in one snapshot: from the sums by day where there are any."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.reviewed import reviewing_of
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.analytics.sums import Sums, Waiting
from trafficdesk.domain.calendar import Calendar
from trafficdesk.store.analytics import day_figures, recount
from trafficdesk.store.analytics.day_figures import Backlog
from trafficdesk.store.analytics.responses import Answered, find_answered, responses_of
from trafficdesk.store.analytics.reviewing import Happening, find_happenings

Row = TypeVar("Row", Happening, Answered)


class Counting:
    """Counts scopes over parts of one stretch of days; what is read row by row is read once."""

    def __init__(self, connection: Connection, calendar: Calendar, stretch: Period) -> None:
        self._connection, self._calendar = connection, calendar
        self._stretch, self._backlogs = stretch, dict[UUID | None, Backlog]()
        self._happenings = find_happenings(connection, calendar, stretch)
        self._answered = find_answered(connection, calendar, stretch)

    def count(self, scope: Scope) -> Sums:
        """Return what a scope's KPIs are made from, all but what ``count_whole`` adds."""
        days = day_figures.read_sums(self._connection, scope)
        workload = day_figures.read_workload(self._connection, scope)
        reviewing = reviewing_of(each.looked_at for each in _of_scope(self._happenings, scope))
        if scope.part is Part.OFFICER:
            return Sums(
                decided=days.decided, workload=workload, reviewing=reviewing, cited=days.cited
            )
        return Sums(
            received=days.received,
            decided=days.decided,
            waiting=Waiting(self._backlog(scope).before(scope.period.past_day)),
            workload=workload,
            reviewing=reviewing,
            cited=days.cited,
            responses=responses_of(_of_scope(self._answered, scope)),
        )

    def _backlog(self, scope: Scope) -> Backlog:
        if scope.part_id not in self._backlogs:
            past_day = self._stretch.past_day
            self._backlogs[scope.part_id] = Backlog(self._connection, scope, past_day)
        return self._backlogs[scope.part_id]

    def count_whole(self, scope: Scope, today: int) -> Sums:
        """Return also how old what waits is, if the period reaches to ``today``."""
        found = self.count(scope)
        if found.waiting is None or scope.period.past_day <= today:
            return found
        days = recount.waiting_by_day(self._connection, self._calendar, scope)
        ages = {max(0, today - day): count for day, count in days.items() if count}
        return replace(found, waiting=Waiting(found.waiting.n, ages))


def _of_scope(rows: Sequence[Row], scope: Scope) -> list[Row]:
    part, period = scope.part, scope.period
    wanted = b"" if scope.part_id is None else scope.part_id.bytes
    return [
        row
        for row in rows
        if period.first_day <= row.day < period.past_day and row.part_id(part) == wanted
    ]


def count_sums(connection: Connection, calendar: Calendar, scope: Scope, today: int) -> Sums:
    """Return what a scope's KPIs are made from; ``today`` is the day on which it is asked."""
    return Counting(connection, calendar, scope.period).count_whole(scope, today)


def recount_sums(connection: Connection, calendar: Calendar, scope: Scope, today: int) -> Sums:
    """Return the same from every report itself: what the sums by day must agree with."""
    asked = connection, calendar, scope
    kept = count_sums(connection, calendar, scope, today)
    found = replace(
        kept,
        decided=recount.count_decided(*asked),
        workload=recount.count_workload(*asked),
        cited=recount.count_cited(*asked),
    )
    if kept.waiting is None:
        return found
    return replace(
        found,
        received=recount.count_received(*asked),
        waiting=replace(kept.waiting, n=recount.count_waiting(*asked)),
    )
