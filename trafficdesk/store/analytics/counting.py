"""All that is counted of a scope, in one snapshot: from the sums by day where there are any."""

from sqlalchemy import Connection

from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.analytics.sums import Sums, Waiting
from trafficdesk.domain.calendar import Calendar
from trafficdesk.store.analytics import day_figures, recount
from trafficdesk.store.analytics.responses import count_responses
from trafficdesk.store.analytics.reviewing import count_reviewing


def count_sums(connection: Connection, calendar: Calendar, scope: Scope, today: int | None) -> Sums:
    """Return what a scope's KPIs are made from.

    ``today`` is the day on which it is asked; None leaves out what is read row by row: how old
    what waits is, and how often vehicles were reported.
    """
    days = day_figures.read_sums(connection, scope)
    workload = day_figures.read_workload(connection, scope)
    reviewing = count_reviewing(connection, calendar, scope)
    if scope.part is Part.OFFICER:
        return Sums(decided=days.decided, workload=workload, reviewing=reviewing, cited=days.cited)
    return Sums(
        received=days.received,
        decided=days.decided,
        waiting=_waiting(connection, calendar, scope, today),
        workload=workload,
        reviewing=reviewing,
        cited=days.cited,
        vehicles=None if today is None else recount.count_vehicles(connection, calendar, scope),
        responses=count_responses(connection, calendar, scope),
    )


def recount_sums(connection: Connection, calendar: Calendar, scope: Scope, today: int) -> Sums:
    """Return the same from every report itself: what the sums by day must agree with."""
    asked = connection, calendar, scope
    kept = count_sums(connection, calendar, scope, today)
    if scope.part is Part.OFFICER:
        received = waiting = vehicles = responses = None
    else:
        received = recount.count_received(*asked)
        ages = {} if kept.waiting is None else kept.waiting.ages
        waiting = Waiting(recount.count_waiting(*asked), ages)
        vehicles, responses = recount.count_vehicles(*asked), count_responses(*asked)
    return Sums(
        received=received,
        decided=recount.count_decided(*asked),
        waiting=waiting,
        workload=recount.count_workload(*asked),
        reviewing=count_reviewing(*asked),
        cited=recount.count_cited(*asked),
        vehicles=vehicles,
        responses=responses,
    )


def _waiting(
    connection: Connection, calendar: Calendar, scope: Scope, today: int | None
) -> Waiting:
    n = day_figures.count_waiting(connection, scope)
    if today is None or scope.period.past_day <= today:
        return Waiting(n)
    days = recount.waiting_by_day(connection, calendar, scope)
    return Waiting(n, {max(0, today - day): count for day, count in days.items() if count})
