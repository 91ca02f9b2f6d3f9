"""Trends: how a scope's reports run over months and the hours of a week, and what they are of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from trafficdesk.domain.analytics.periods import month_period
from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.domain.analytics.trends import MonthCount, WeekHours, by_month, hour_by_weekday
from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Severity
from trafficdesk.services.analytics.as_of import heard_at
from trafficdesk.services.analytics.drilling import reports_of
from trafficdesk.services.session import Session
from trafficdesk.store import facts, places
from trafficdesk.store.analytics import series


@dataclass(frozen=True, slots=True)
class Slice:
    """How many reports are of one kind; ``name`` as the desk calls it, '' for none of any.

    ``rows`` finds them in the review list; None where they are not found so.
    """

    key: str
    name: str
    n: int
    rows: ReportFilter | None


@dataclass(frozen=True, slots=True)
class Trends:
    """A scope's reports by the time they were reported, an officer's by their decision.

    ``rows`` finds all of them, ``month_rows`` those of each month. The fullest slices come first;
    weather is that of incidents.
    """

    scope: Scope
    by_month: tuple[MonthCount, ...]
    month_rows: tuple[ReportFilter, ...]
    hour_by_weekday: WeekHours
    by_type: tuple[Slice, ...]
    by_severity: tuple[Slice, ...]
    by_ward: tuple[Slice, ...]
    by_weather: tuple[Slice, ...]
    rows: ReportFilter
    as_of: datetime


def find_trends(session: Session, scope: Scope) -> Trends:
    """Return the trends of a scope."""
    with session.store.reading() as connection:
        calendar = facts.calendar(connection)
        hours = series.count_hours(connection, calendar, scope)
        kinds = series.count_kinds(connection, calendar, scope)
        weathers = series.incidents_by_weather(connection, calendar, scope)
        names = dict(places.find_ward_names(connection))
        as_of = heard_at(connection, session)
    rows = reports_of(scope, calendar)
    by_day = {day: sum(counts) for day, counts in hours.items()}
    months = by_month(scope.period, by_day, calendar.day_of(to_ms(session.lease_clock())))
    return Trends(
        scope,
        months,
        tuple(_of_month(scope, each.month, calendar) for each in months),
        hour_by_weekday(hours.items()),
        _by_type(kinds.types, rows),
        _by_severity(kinds.severities, rows),
        _by_ward(kinds.wards, names, rows),
        _sorted(Slice(name, name, n, None) for name, n in weathers.items()),
        rows,
        as_of,
    )


def _of_month(scope: Scope, month: int, calendar: Calendar) -> ReportFilter:
    whole = month_period(month)
    found, (first_ms, past_ms) = reports_of(scope, calendar), scope.period.span_ms(calendar)
    month_ms = whole.span_ms(calendar)
    from_ms, to_ms = max(first_ms, month_ms[0]), min(past_ms, month_ms[1])
    if scope.officer_id is not None:
        return replace(found, decided_from_ms=from_ms, decided_to_ms=to_ms)
    return replace(found, from_ms=from_ms, to_ms=to_ms)


def _sorted(slices: Iterable[Slice]) -> tuple[Slice, ...]:
    return tuple(sorted(slices, key=lambda each: (-each.n, each.name)))


def _by_type(counts: Mapping[str, int], rows: ReportFilter) -> tuple[Slice, ...]:
    return _sorted(
        Slice(code, code, n, replace(rows, violations=frozenset({code})))
        for code, n in counts.items()
    )


def _by_severity(counts: Mapping[int, int], rows: ReportFilter) -> tuple[Slice, ...]:
    return tuple(
        Slice(
            str(int(each)),
            each.name.lower(),
            counts.get(int(each), 0),
            replace(rows, severities=frozenset({each})),
        )
        for each in reversed(Severity)
    )


def _by_ward(
    counts: Mapping[bytes | None, int], names: dict[UUID, str], rows: ReportFilter
) -> tuple[Slice, ...]:
    def of(raw: bytes | None, n: int) -> Slice:
        if raw is None:
            return Slice("", "", n, None)
        ward_id = UUID(bytes=raw)
        return Slice(str(ward_id), names.get(ward_id, ""), n, replace(rows, ward_id=ward_id))

    return _sorted(of(raw, n) for raw, n in counts.items())
