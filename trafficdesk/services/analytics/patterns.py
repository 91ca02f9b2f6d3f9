"""What comes back and what changed: vehicles, places at times of the week, wards and types."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.analytics.changes import Change, find_changes, looked_at, weekly
from trafficdesk.domain.analytics.patterns import Kind, Pattern, find_patterns, when_of
from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.place_forecasting import Squares
from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.records import Bounds, Place
from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.domain.vocabulary import Severity
from trafficdesk.services.analytics.as_of import heard_at
from trafficdesk.services.analytics.happened import happened_in
from trafficdesk.services.analytics.place_names import name_of
from trafficdesk.services.session import Session
from trafficdesk.store import facts, places
from trafficdesk.store.analytics import happenings

LEAST_REPEATED: Final = 3
AT_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Repeater:
    """A vehicle with several reports in a period, what finds its reports."""

    plate: str
    n: int
    worst: Severity
    first_at: datetime
    last_at: datetime
    rows: ReportFilter


@dataclass(frozen=True, slots=True)
class FoundPattern:
    """A pattern with the name of its place, '' where none is known.

    ``rows`` finds those of its type at its place, whatever their hour.
    """

    pattern: Pattern
    name: str
    rows: ReportFilter


@dataclass(frozen=True, slots=True)
class Changes:
    """Wards (None: outside all) and types that suddenly have more or less.

    ``period`` are the weeks that were looked at; ``ward_names`` has the names of those wards.
    """

    period: Period
    wards: tuple[Change[UUID | None], ...]
    types: tuple[Change[str], ...]
    ward_names: dict[UUID, str]
    as_of: datetime


def find_repeat_offenders(
    session: Session, scope: Scope, least: int = LEAST_REPEATED, at_most: int = AT_MOST
) -> tuple[Repeater, ...]:
    """Return the vehicles with ``least`` reports or more in a period, the most often seen first.

    Reports that were rejected or found to be duplicates do not count.
    """
    with session.store.reading() as connection:
        calendar = facts.calendar(connection)
        found = happenings.find_repeated(connection, calendar, scope, least, at_most)
        rows = happened_in(scope, calendar)
    return tuple(
        Repeater(
            each.plate,
            each.n,
            Severity(each.worst),
            from_ms(each.first_ms),
            from_ms(each.last_ms),
            replace(rows, plate=each.plate, is_whole_plate=True),
        )
        for each in found
    )


def find_recurring(session: Session, scope: Scope) -> tuple[FoundPattern, ...]:
    """Return what comes back at one place and time of the week, the surest first."""
    with session.store.reading() as connection:
        calendar = facts.calendar(connection)
        found = happenings.find_happenings(connection, calendar, scope)
        squares = Squares(places.get_city(connection, facts.home_city_id(connection)).centre)
        counts = Counter(
            Kind(
                squares.square_of(Place(each.lon, each.lat)),
                when_of(calendar, each.occurred_ms),
                each.violation,
            )
            for each in found
        )
        rows = happened_in(scope, calendar)
        return tuple(
            _named(connection, pattern, squares.bounds_of(pattern.kind.square), rows)
            for pattern in find_patterns(counts)[:AT_MOST]
        )


def _named(
    connection: Connection, pattern: Pattern, bounds: Bounds, rows: ReportFilter
) -> FoundPattern:
    name = name_of(connection, bounds)
    violations = frozenset({pattern.kind.violation})
    return FoundPattern(pattern, name, replace(rows, bounds=bounds, violations=violations))


def find_sudden_changes(session: Session, scope: Scope) -> Changes:
    """Return what changed in the last four weeks of a period, against the year before them.

    Of a period that is not over the last weeks are those up to yesterday.
    """
    with session.store.reading() as connection:
        calendar = facts.calendar(connection)
        today = calendar.day_of(to_ms(session.lease_clock()))
        period = looked_at(min(scope.period.past_day, today))
        asked = scope.over(period)
        by_ward = happenings.count_by_ward_and_day(connection, calendar, asked)
        by_type = happenings.count_by_type_and_day(connection, calendar, asked)
        names = dict(places.find_ward_names(connection))
        as_of = heard_at(connection, session)
    wards = weekly(((_id(ward), day, n) for ward, day, n in by_ward), period)
    return Changes(
        period,
        find_changes(wards),
        find_changes(weekly(by_type, period)),
        {ward: names[ward] for ward in wards if ward in names},
        as_of,
    )


def _id(raw: bytes | None) -> UUID | None:
    return None if raw is None else UUID(bytes=raw)
