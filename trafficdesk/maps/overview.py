"""What stands around the map: counts per layer, severity and status, and the days of reports."""

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import Connection

from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.records import Bounds
from trafficdesk.domain.vocabulary import ReportStatus, Severity
from trafficdesk.maps.sources import box_of
from trafficdesk.maps.time_window import Span, frame_of, latest
from trafficdesk.store import (
    conflicts,
    facts,
    geofences,
    incidents,
    map_view,
    places,
    report_days,
    units,
)
from trafficdesk.store.engine import Store
from trafficdesk.store.map_types import DayFacets, SampledDays, count_days


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an officer has chosen to see; empty sets are all, no span is all time."""

    statuses: frozenset[ReportStatus] = frozenset()
    severities: frozenset[Severity] = frozenset()
    span: Span | None = None
    violations: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts of the present choice, and of all there is.

    ``facets`` counts the reports of the span by status and severity whatever is ticked, ``days``
    those that are ticked on every day, ``things`` the other layers. ``one_in`` is 1 if every
    report was counted; with types chosen among very many the counts are estimates from every so
    many-th, and ``of_types`` keeps them for the next choice of days. ``named_types`` are an
    admin's words for types, by code.
    """

    calendar: Calendar
    frame: Span
    days: dict[int, int]
    facets: dict[tuple[ReportStatus, Severity], int]
    total: int
    things: dict[str, int] = field(default_factory=dict)
    of_types: tuple[frozenset[str], SampledDays] | None = None
    named_types: dict[str, str] = field(default_factory=dict)

    @property
    def one_in(self) -> int:
        """Return from every how-many-th report the counts are estimated."""
        return 1 if self.of_types is None else self.of_types[1].one_in

    def of_status(self, status: ReportStatus, chosen: Chosen) -> int:
        """Return the reports of a status among the severities chosen."""
        return sum(
            n
            for (each, severity), n in self.facets.items()
            if each is status and (not chosen.severities or severity in chosen.severities)
        )

    def of_severity(self, severity: Severity, chosen: Chosen) -> int:
        """Return the reports of a severity among the statuses chosen."""
        return sum(
            n
            for (status, each), n in self.facets.items()
            if each is severity and (not chosen.statuses or status in chosen.statuses)
        )

    def shown(self, chosen: Chosen) -> int:
        """Return the reports of the choice."""
        return sum(self.of_severity(severity, chosen) for severity in self._severities(chosen))

    @staticmethod
    def _severities(chosen: Chosen) -> frozenset[Severity]:
        return chosen.severities or frozenset(Severity)


def read_overview(
    store: Store, chosen: Chosen, now_ms: int, before: Overview | None = None
) -> Overview:
    """Return the counts around the map, read in one snapshot.

    ``before`` is an overview of the same reports, whose count by types need not be made again.
    """
    with store.reading() as connection:
        calendar = facts.calendar(connection)
        found = map_view.find_day_range(connection)
        frame = frame_of(found, calendar.day_of(now_ms))
        span = chosen.span or frame
        of_types = _of_types(connection, calendar, chosen, before)
        if of_types is None:
            days = report_days.count_by_day(connection, chosen.statuses, chosen.severities)
            facets = report_days.count_by_facet(connection, span.first, span.past)
        else:
            days = _by_day(of_types[1].facets, chosen)
            facets = _by_facet(of_types[1].facets, span)
        everything = report_days.count_by_facet(connection, frame.first, frame.past)
        things = {
            "incidents": incidents.count_open(connection),
            "conflicts": len(conflicts.find_spots(connection)),
            "units": len(units.find_all(connection)),
            "stations": len(places.find_stations(connection)),
            "wards": places.count_wards(connection),
            "geofences": len(geofences.find_all(connection)),
        }
        named = places.find_violation_types(connection)
    total = sum(everything.values())
    return Overview(calendar, frame, days, facets, total, things, of_types, named)


def _of_types(
    connection: Connection, calendar: Calendar, chosen: Chosen, before: Overview | None
) -> tuple[frozenset[str], SampledDays] | None:
    if not chosen.violations:
        return None
    if before is not None and before.of_types and before.of_types[0] == chosen.violations:
        return before.of_types
    return chosen.violations, count_days(connection, calendar, chosen.violations)


def _by_day(facets: DayFacets, chosen: Chosen) -> dict[int, int]:
    days: Counter[int] = Counter()
    for (day, status, severity), n in facets.items():
        if (not chosen.statuses or status in chosen.statuses) and (
            not chosen.severities or severity in chosen.severities
        ):
            days[day] += n
    return dict(days)


def _by_facet(facets: DayFacets, span: Span) -> dict[tuple[ReportStatus, Severity], int]:
    found: Counter[tuple[ReportStatus, Severity]] = Counter()
    for (day, status, severity), n in facets.items():
        if span.first <= day < span.past:
            found[status, severity] += n
    return dict(found)


def first_span(store: Store, now_ms: int, days: int) -> Span | None:
    """Return the last ``days`` days if they have any report, else None for all time."""
    with store.reading() as connection:
        calendar = facts.calendar(connection)
        frame = frame_of(map_view.find_day_range(connection), calendar.day_of(now_ms))
        span = latest(frame, days)
        return span if report_days.count_by_facet(connection, span.first, span.past) else None


def city_bounds(store: Store) -> Bounds:
    """Return the box around the city's wards, or its own bounds when no ward is known."""
    with store.reading() as connection:
        boxes = [box_of(ward.geometry) for ward in places.find_wards(connection)]
        if not boxes:
            return places.get_city(connection, facts.home_city_id(connection)).bounds
    return Bounds(
        min(box.west for box in boxes),
        min(box.south for box in boxes),
        max(box.east for box in boxes),
        max(box.north for box in boxes),
    )
