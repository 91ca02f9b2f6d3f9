"""What stands around the map: counts per layer, severity and status, and the days of reports."""

from dataclasses import dataclass, field

from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.records import Bounds
from trafficdesk.domain.vocabulary import ReportStatus, Severity
from trafficdesk.maps.sources import box_of
from trafficdesk.maps.time_window import Span, frame_of, latest
from trafficdesk.store import facts, geofences, incidents, map_view, places, report_days
from trafficdesk.store.engine import Store


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an officer has chosen to see; empty sets are all, no span is all time."""

    statuses: frozenset[ReportStatus] = frozenset()
    severities: frozenset[Severity] = frozenset()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts of the present choice, and of all there is.

    ``facets`` counts the reports of the span by status and severity whatever is ticked, ``days``
    those that are ticked on every day, ``things`` the other layers.
    """

    calendar: Calendar
    frame: Span
    days: dict[int, int]
    facets: dict[tuple[ReportStatus, Severity], int]
    total: int
    things: dict[str, int] = field(default_factory=dict)

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


def read_overview(store: Store, chosen: Chosen, now_ms: int) -> Overview:
    """Return the counts around the map, read in one snapshot."""
    with store.reading() as connection:
        calendar = facts.calendar(connection)
        found = map_view.find_day_range(connection)
        frame = frame_of(found, calendar.day_of(now_ms))
        span = chosen.span or frame
        counted = report_days.count_by_facet(connection, frame.first, frame.past)
        things = {
            "incidents": len(incidents.find_open(connection)),
            "units": len(incidents.find_units(connection)),
            "stations": len(places.find_stations(connection)),
            "wards": places.count_wards(connection),
            "geofences": len(geofences.find_all(connection)),
        }
        return Overview(
            calendar,
            frame,
            report_days.count_by_day(connection, chosen.statuses, chosen.severities),
            counted
            if span == frame
            else report_days.count_by_facet(connection, span.first, span.past),
            sum(counted.values()),
            things,
        )


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
