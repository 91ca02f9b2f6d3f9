"""Counts of reports by day, hour, type, severity and ward, and of incidents by weather."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Final, NamedTuple

from sqlalchemy import Connection

from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.analytics.trends import HOURS
from trafficdesk.domain.calendar import DAY_MS, Calendar
from trafficdesk.store.analytics.day_figures import arrivals_of_each, read_sums
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


class Kinds(NamedTuple):
    """Reports by type, by severity and by ward (None: of none)."""

    types: Mapping[str, int]
    severities: Mapping[int, int]
    wards: Mapping[bytes | None, int]


def count_kinds(connection: Connection, calendar: Calendar, scope: Scope) -> Kinds:
    """Return what a scope's reports are of; the whole city's without reading them."""
    if scope.part is Part.CITY:
        return _kinds_of_city(connection, calendar, scope.period)
    where, clock = where_of(scope), _clock(scope)
    rows = fetch_all(
        connection,
        "SELECT violation, severity, ward_id, count(*) FROM reports r WHERE deleted_ms IS NULL "
        f"AND {clock} >= ? AND {clock} < ? AND {where.sql} GROUP BY 1, 2, 3",
        (*scope.period.span_ms(calendar), *where.values),
    )
    types, severities = Counter[str](), Counter[int]()
    wards = Counter[bytes | None]()
    for violation, severity, ward_id, n in rows:
        types[violation] += n
        severities[severity] += n
        wards[ward_id] += n
    return Kinds(types, severities, wards)


_TYPES: Final = """
WITH RECURSIVE types (code) AS (
SELECT min(violation) FROM reports WHERE deleted_ms IS NULL
UNION ALL SELECT (SELECT min(violation) FROM reports WHERE deleted_ms IS NULL
AND violation > types.code) FROM types WHERE types.code IS NOT NULL)
SELECT code, (SELECT count(*) FROM reports INDEXED BY reports_violation
WHERE deleted_ms IS NULL AND violation = code AND reported_ms >= ? AND reported_ms < ?) AS n
FROM types WHERE code IS NOT NULL AND n > 0
"""


def _kinds_of_city(connection: Connection, calendar: Calendar, period: Period) -> Kinds:
    types = fetch_all(connection, _TYPES, period.span_ms(calendar))
    received = read_sums(connection, Scope(period)).received
    received_by = arrivals_of_each(connection, Part.WARD, period)
    wards = dict[bytes | None, int](received_by.items())
    if of_none := received.n - sum(wards.values()):
        wards[None] = of_none
    severities = {int(severity): n for severity, n in received.by_severity.items()}
    return Kinds({str(code): int(n) for code, n in types}, severities, wards)


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
