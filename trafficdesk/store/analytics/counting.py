"""All that is counted of a scope, in one snapshot: from the sums by day where there are any."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.reviewed import reviewing_of
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.analytics.sums import Sums, Waiting, Workload, added
from trafficdesk.domain.calendar import Calendar
from trafficdesk.store.analytics import day_figures, recount
from trafficdesk.store.analytics.day_figures import Backlog, DaySums
from trafficdesk.store.analytics.part_days import read_part_day
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
        period = scope.period
        pieces = [self._of_days(scope.over(whole)) for whole in (period.whole_days,) if whole]
        pieces += [self._of_part_day(scope.over(part)) for part in (period.part_day,) if part]
        return pieces[0] if len(pieces) == 1 else added(pieces)

    def _of_days(self, scope: Scope) -> Sums:
        days = day_figures.read_sums(self._connection, scope)
        return self._sums(
            scope,
            days,
            day_figures.read_workload(self._connection, scope),
            lambda: self._backlog(scope).before(scope.period.past_day),
        )

    def _of_part_day(self, scope: Scope) -> Sums:
        """Count the reports of a day that is there in part: sums by day know whole ones."""
        found = read_part_day(self._connection, self._calendar, scope)
        sums, day = found.sums, scope.period.first_day
        come = sums.received.n - sums.decided.n
        return self._sums(
            scope, sums, found.workload, lambda: self._backlog(scope).before(day) + come
        )

    def _sums(
        self, scope: Scope, days: DaySums, workload: Workload | None, waiting: Callable[[], int]
    ) -> Sums:
        reviewing = reviewing_of(each.looked_at for each in self._of(self._happenings, scope))
        if scope.part is Part.OFFICER:
            return Sums(
                decided=days.decided, workload=workload, reviewing=reviewing, cited=days.cited
            )
        return Sums(
            received=days.received,
            decided=days.decided,
            waiting=Waiting(max(0, waiting())),
            workload=workload,
            reviewing=reviewing,
            cited=days.cited,
            responses=responses_of(self._of(self._answered, scope)),
        )

    def _backlog(self, scope: Scope) -> Backlog:
        if scope.part_id not in self._backlogs:
            past_day = self._stretch.past_day
            self._backlogs[scope.part_id] = Backlog(self._connection, scope, past_day)
        return self._backlogs[scope.part_id]

    def _of(self, rows: Sequence[Row], scope: Scope) -> list[Row]:
        part, (from_ms, past_ms) = scope.part, scope.period.span_ms(self._calendar)
        wanted = b"" if scope.part_id is None else scope.part_id.bytes
        return [
            row for row in rows if from_ms <= row.at_ms < past_ms and row.part_id(part) == wanted
        ]

    def count_whole(self, scope: Scope, today: int) -> Sums:
        """Return also how old what waits is, if the period reaches to ``today``."""
        found = self.count(scope)
        if found.waiting is None or scope.period.past_day <= today:
            return found
        days = recount.waiting_by_day(self._connection, self._calendar, scope)
        ages = {max(0, today - day): count for day, count in days.items() if count}
        return replace(found, waiting=Waiting(found.waiting.n, ages))


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
