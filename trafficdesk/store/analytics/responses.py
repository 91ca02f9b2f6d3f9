"""Incidents of a period and how long each step of the answer to them took."""

from sqlalchemy import Connection

from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.domain.analytics.sums import Responses
from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.vocabulary import IncidentStatus
from trafficdesk.store.analytics.recount import where_of
from trafficdesk.store.rows import fetch_all


def count_responses(connection: Connection, calendar: Calendar, scope: Scope) -> Responses:
    """Return the incidents of a period, those merged into others left out."""
    where = where_of(scope, "i")
    rows = fetch_all(
        connection,
        "SELECT injuries, dispatched_ms - reported_ms, arrived_ms - reported_ms, "
        "CASE WHEN status = ? THEN cleared_ms - reported_ms END FROM incidents i "
        "WHERE deleted_ms IS NULL AND merged_into IS NULL "
        f"AND reported_ms >= ? AND reported_ms < ? AND {where.sql}",
        (str(IncidentStatus.CLEARED), *scope.period.span_ms(calendar), *where.values),
    )
    steps = [tuple(row[column] for row in rows if row[column] is not None) for column in (1, 2, 3)]
    return Responses(len(rows), sum(bool(row[0]) for row in rows), *steps)
