"""Counts of reports by day, hour, type, severity and ward, and of incidents by weather."""

from collections import defaultdict

from sqlalchemy import Connection

from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.analytics.trends import HOURS
from trafficdesk.domain.calendar import DAY_MS, Calendar
from trafficdesk.store.analytics.recount import where_of
from trafficdesk.store.rows import fetch_all

HOUR_MS = DAY_MS // HOURS


def _clock(scope: Scope) -> str:
    """Return the column that a scope's reports are told by: an officer's by their decision."""
    return "reported_ms" if scope.part is not Part.OFFICER else "decided_ms"


def hours_by_day(
    connection: Connection, calendar: Calendar, scope: Scope
) -> dict[int, tuple[int, ...]]:
    """Return a scope's reports by day and hour of the day."""
    where, clock = where_of(scope), _clock(scope)
    rows = fetch_all(
        connection,
        f"SELECT ({clock} + ?) / {HOUR_MS}, count(*) FROM reports r "
        f"WHERE deleted_ms IS NULL AND {clock} >= ? AND {clock} < ? AND {where.sql} "
        "GROUP BY 1",
        (calendar.offset_ms, *scope.period.span_ms(calendar), *where.values),
    )
    found = defaultdict[int, list[int]](lambda: [0] * HOURS)
    for number, n in rows:
        day, hour = divmod(int(number), HOURS)
        found[day][hour] = int(n)
    return {day: tuple(hours) for day, hours in found.items()}


def count_by(
    connection: Connection, calendar: Calendar, scope: Scope, column: str
) -> dict[object, int]:
    """Return a scope's reports by a column of theirs."""
    where, clock = where_of(scope), _clock(scope)
    rows = fetch_all(
        connection,
        f"SELECT {column}, count(*) FROM reports r WHERE deleted_ms IS NULL "
        f"AND {clock} >= ? AND {clock} < ? AND {where.sql} GROUP BY 1",
        (*scope.period.span_ms(calendar), *where.values),
    )
    return {value: int(n) for value, n in rows}


def incidents_by_weather(
    connection: Connection, calendar: Calendar, scope: Scope
) -> dict[str, int]:
    """Return a scope's incidents by what was said of the weather; '' where nobody did."""
    where = where_of(scope, "i")
    rows = fetch_all(
        connection,
        "SELECT weather, count(*) FROM incidents i WHERE deleted_ms IS NULL "
        "AND merged_into IS NULL AND reported_ms >= ? AND reported_ms < ? "
        f"AND {where.sql} GROUP BY 1",
        (*scope.period.span_ms(calendar), *where.values),
    )
    return {str(weather): int(n) for weather, n in rows}
