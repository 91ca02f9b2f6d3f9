"""Comparing: the KPIs of every station, ward or officer side by side, and of two periods."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.analytics.metrics import Figure, MetricId, figures_of
from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.scope import Part, Scope, scope_of
from trafficdesk.domain.analytics.sums import Sums
from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.services.analytics.as_of import heard_at
from trafficdesk.services.analytics.drilling import reports_of
from trafficdesk.services.session import Session
from trafficdesk.store import facts, officers, places
from trafficdesk.store.analytics.part_counting import count_parts


@dataclass(frozen=True)
class Compared:
    """One station, ward or officer with its KPIs; ``rows`` finds its reports.

    The KPIs are made when they are looked at: a screen shows some rows of 50,000 wards.
    """

    part_id: UUID
    name: str
    sums: Sums
    rows: ReportFilter

    @cached_property
    def figures(self) -> dict[MetricId, Figure]:
        """Return every KPI it has."""
        return figures_of(self.sums)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All stations, wards or officers that a period knows of, by name, and the whole city."""

    period: Period
    part: Part
    rows: tuple[Compared, ...]
    city: dict[MetricId, Figure]
    as_of: datetime


def compare_stations(session: Session, period: Period) -> Comparison:
    """Return the KPIs of every station."""
    return _compare(session, period, Part.STATION)


def compare_wards(session: Session, period: Period) -> Comparison:
    """Return the KPIs of every ward that anything happened in."""
    return _compare(session, period, Part.WARD)


def compare_officers(session: Session, period: Period) -> Comparison:
    """Return the KPIs of every officer who decided anything; others' only to whom they may be."""
    return _compare(session, period, Part.OFFICER)


def _compare(session: Session, period: Period, part: Part) -> Comparison:
    with session.store.reading() as connection:
        calendar = facts.calendar(connection)
        names = _names(connection, part)
        found = count_parts(connection, calendar, period, part)
        city = count_parts(connection, calendar, period, Part.CITY)[b""]
        as_of = heard_at(connection, session)
    if part is Part.OFFICER and not session.may(Permission.ANALYTICS_OFFICERS):
        own = session.officer.id.bytes
        found = {part_id: sums for part_id, sums in found.items() if part_id == own}
    rows = [
        _compared(calendar, scope_of(period, part, UUID(bytes=raw)), names, sums)
        for raw, sums in found.items()
    ]
    rows.sort(key=lambda row: (row.name, row.part_id.bytes))
    return Comparison(period, part, tuple(rows), figures_of(city), as_of)


def _compared(calendar: Calendar, scope: Scope, names: dict[UUID, str], sums: Sums) -> Compared:
    part_id = scope.part_id
    if part_id is None:
        raise AssertionError("the city is not compared with itself")
    return Compared(part_id, names[part_id], sums, reports_of(scope, calendar))


_UNKNOWN: Final = ""


def _names(connection: Connection, part: Part) -> dict[UUID, str]:
    found = defaultdict[UUID, str](lambda: _UNKNOWN)
    if part is Part.STATION:
        found.update({each.id: each.name for each in places.find_stations(connection)})
    elif part is Part.WARD:
        found.update(places.find_ward_names(connection))
    else:
        found.update(officers.find_names(connection))
    return found
