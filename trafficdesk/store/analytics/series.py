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
from trafficdesk.store.analytics.recount import Where, where_of
from trafficdesk.store.rows import fetch_all

HOUR_MS = DAY_MS // HOURS


# Each has all that trends ask for, so that no report is read for them.
_INDEXES: Final = {
    Part.STATION: "reports_newest",
    Part.WARD: "reports_ward",
    Part.OFFICER: "reports_reviewer",
}


def _found(calendar: Calendar, scope: Scope) -> Where:
    """Return the reports of a scope: by when they were reported, an officer's by their decision."""
    where = where_of(scope)
    clock = "decided_ms" if scope.part is Part.OFFICER else "reported_ms"
    return Where(
        f"FROM reports r INDEXED BY {_INDEXES[scope.part]} WHERE deleted_ms IS NULL "
        f"AND {clock} >= ? AND {clock} < ? AND {where.sql}",
        (*scope.period.span_ms(calendar), *where.values),
    )


def decided_by_hour(
    connection: Connection, calendar: Calendar, scope: Scope
) -> dict[int, tuple[int, ...]]:
    """Return what an officer decided by day and hour of the day."""
    decided = _found(calendar, scope)
    rows = fetch_all(
        connection,
        f"SELECT (decided_ms + ?) / {HOUR_MS}, count(*) {decided.sql} GROUP BY 1",
        (calendar.offset_ms, *decided.values),
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
    """Return what a scope's reports are of, without reading them."""
    if scope.part is Part.CITY:
        return _kinds_of_city(connection, calendar, scope.period)
    found = _found(calendar, scope)
    rows = fetch_all(
        connection,
        f"SELECT violation, severity, ward_id, count(*) {found.sql} GROUP BY 1, 2, 3",
        found.values,
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
    """Return a scope's incidents by what was said of the weather; '' where nobody did.

    None is an officer's.
    """
    if scope.part is Part.OFFICER:
        return {}
    where = where_of(scope, "i")
    rows = fetch_all(
        connection,
        "SELECT weather, count(*) FROM incidents i WHERE deleted_ms IS NULL "
        "AND merged_into IS NULL AND reported_ms >= ? AND reported_ms < ? "
        f"AND {where.sql} GROUP BY 1",
        (*scope.period.span_ms(calendar), *where.values),
    )
    return {str(weather): int(n) for weather, n in rows}
