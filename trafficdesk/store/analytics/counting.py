"""All that is counted of a scope, in one snapshot."""

from sqlalchemy import Connection

from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.analytics.sums import Sums, Waiting
from trafficdesk.domain.calendar import Calendar
from trafficdesk.store.analytics import recount
from trafficdesk.store.analytics.responses import count_responses
from trafficdesk.store.analytics.reviewing import count_reviewing


def count_sums(connection: Connection, calendar: Calendar, scope: Scope, today: int) -> Sums:
    """Return what a scope's KPIs are made from; ``today`` is the day on which it is asked."""
    asked = connection, calendar, scope
    if scope.part is Part.OFFICER:
        return Sums(
            decided=recount.count_decided(*asked),
            reviewing=count_reviewing(*asked),
            cited=recount.count_cited(*asked),
        )
    return Sums(
        received=recount.count_received(*asked),
        decided=recount.count_decided(*asked),
        waiting=_waiting(connection, calendar, scope, today),
        reviewing=count_reviewing(*asked),
        cited=recount.count_cited(*asked),
        vehicles=recount.count_vehicles(*asked),
        responses=count_responses(*asked),
    )


def _waiting(connection: Connection, calendar: Calendar, scope: Scope, today: int) -> Waiting:
    n = recount.count_waiting(connection, calendar, scope)
    if scope.period.past_day <= today:
        return Waiting(n)
    days = recount.waiting_by_day(connection, calendar, scope)
    return Waiting(n, {max(0, today - day): count for day, count in days.items() if count})
