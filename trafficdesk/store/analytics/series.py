"""Counts of reports by day, hour, type, severity and ward, and of incidents by weather."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Final, NamedTuple

from sqlalchemy import Connection

from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.analytics.trends import HOURS
from trafficdesk.domain.calendar import DAY_MS, Calendar
from trafficdesk.store.analytics.day_columns import TYPE_OF
from trafficdesk.store.analytics.day_figures import (
    arrivals_by_type,
    arrivals_by_ward,
    arrivals_of_each,
    read_hours,
    read_sums,
)
from trafficdesk.store.analytics.recount import Where, where_of
from trafficdesk.store.rows import fetch_all

HOUR_MS = DAY_MS // HOURS


def _decided(calendar: Calendar, scope: Scope) -> Where:
    """Return what an officer decided; the index has all that trends ask for of a report."""
    where = where_of(scope)
    return Where(
        "FROM reports r INDEXED BY reports_reviewer WHERE deleted_ms IS NULL "
        f"AND decided_ms >= ? AND decided_ms < ? AND {where.sql}",
        (*scope.period.span_ms(calendar), *where.values),
    )


def _received(calendar: Calendar, scope: Scope) -> Where:
    """Return what a scope received, report by report; the index has all that is asked of one."""
    where = where_of(scope)
    return Where(
        "FROM reports r INDEXED BY reports_newest WHERE deleted_ms IS NULL "
        f"AND reported_ms >= ? AND reported_ms < ? AND {where.sql}",
        (*scope.period.span_ms(calendar), *where.values),
    )


def count_hours(
    connection: Connection, calendar: Calendar, scope: Scope
) -> dict[int, tuple[int, ...]]:
    """Return a scope's reports by day and hour of the day; an officer's by their decision."""
    if scope.part is Part.OFFICER:
        return _hours_read(connection, calendar, "decided_ms", _decided(calendar, scope))
    whole, part = scope.period.whole_days, scope.period.part_day
    found = read_hours(connection, scope.over(whole)) if whole else {}
    if part is None:
        return found
    rest = _received(calendar, scope.over(part))
    return found | _hours_read(connection, calendar, "reported_ms", rest)


def _hours_read(
    connection: Connection, calendar: Calendar, clock: str, asked: Where
) -> dict[int, tuple[int, ...]]:
    rows = fetch_all(
        connection,
        f"SELECT ({clock} + ?) / {HOUR_MS}, count(*) {asked.sql} GROUP BY 1",
        (calendar.offset_ms, *asked.values),
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
    """Return what a scope's reports are of; only those of a day that is there in part are read."""
    if scope.part is Part.OFFICER:
        return _kinds_read(connection, _decided(calendar, scope))
    whole, part = scope.period.whole_days, scope.period.part_day
    kept = _kinds_kept(connection, calendar, scope.over(whole)) if whole else Kinds({}, {}, {})
    if part is None:
        return kept
    rest = _kinds_read(connection, _received(calendar, scope.over(part)))
    return Kinds(
        Counter(kept.types) + Counter(rest.types),
        Counter(kept.severities) + Counter(rest.severities),
        Counter(kept.wards) + Counter(rest.wards),
    )


def _kinds_read(connection: Connection, found: Where) -> Kinds:
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


_OWN_TYPES: Final = f"""
SELECT violation, count(*) FROM reports r WHERE deleted_ms IS NULL
AND violation NOT IN ({", ".join(f"'{code}'" for code in TYPE_OF)})
AND reported_ms >= ? AND reported_ms < ? AND {{}} GROUP BY 1
"""


def _kinds_kept(connection: Connection, calendar: Calendar, scope: Scope) -> Kinds:
    """Return what sums by day know; reports of types that an admin made are counted."""
    kept = arrivals_by_type(connection, scope)
    types = {code: n for code, n in kept.items() if code is not None}
    if None in kept:
        types |= _own_types(connection, calendar, scope)
    received = read_sums(connection, scope).received
    wards = dict[bytes | None, int](_wards_of(connection, scope, received.n).items())
    if of_none := received.n - sum(wards.values()):
        wards[None] = of_none
    severities = {int(severity): n for severity, n in received.by_severity.items()}
    return Kinds(types, severities, wards)


def _own_types(connection: Connection, calendar: Calendar, scope: Scope) -> dict[str, int]:
    where = where_of(scope)
    rows = fetch_all(
        connection,
        _OWN_TYPES.format(where.sql),
        (*scope.period.span_ms(calendar), *where.values),
    )
    return {str(code): int(n) for code, n in rows}


def _wards_of(connection: Connection, scope: Scope, received: int) -> Mapping[bytes, int]:
    if scope.ward_id is not None:
        return {scope.ward_id.bytes: received} if received else {}
    if scope.station_id is not None:
        return arrivals_by_ward(connection, scope.station_id, scope.period)
    return arrivals_of_each(connection, Part.WARD, scope.period)


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
