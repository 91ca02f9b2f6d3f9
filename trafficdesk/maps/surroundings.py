"""What is at a place and around it: street, ward, reports near by, and what a search finds."""

from dataclasses import dataclass

from sqlalchemy import Connection

from trafficdesk.domain.geometry import bounds_around, distance_m
from trafficdesk.domain.plates import plate_token
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.records import Geofence, Place, QueueRow
from trafficdesk.maps.gazetteer import FoundPlace, Gazetteer, NearStreet
from trafficdesk.maps.layers import LayerQuery
from trafficdesk.maps.sources import find_points, find_view
from trafficdesk.store import geofences, map_view, places, queues, reports
from trafficdesk.store.engine import Store
from trafficdesk.store.map_view import ViewQuery
from trafficdesk.store.queues import PageRequest

NEAR_M = 100.0
LISTED_AT_MOST = 50
_WALKED_AT_MOST = 20_000  # reports in view beyond which a list says nothing
_CLOSEST_ZOOM = 19
_SHORTEST_PLATE = 3


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """What is known of a point; ``ward`` is "" outside every ward.

    ``knows_limits`` says whether this desk has wards at all: without them nobody can tell whether
    a point lies in the city.
    """

    place: Place
    street: NearStreet | None
    area: str
    ward: str
    knows_limits: bool

    @property
    def is_outside(self) -> bool:
        """Tell whether the point lies outside the city's limits."""
        return self.knows_limits and not self.ward


@dataclass(frozen=True, slots=True)
class NearReport:
    """A report and its distance in metres."""

    row: QueueRow
    distance_m: float


@dataclass(frozen=True, slots=True)
class Listed:
    """Reports of a view, the worst and latest first; ``rows`` is empty when there are too many."""

    rows: tuple[QueueRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a search has found."""

    reports: tuple[QueueRow, ...]
    places: tuple[FoundPlace, ...]


def describe(store: Store, gazetteer: Gazetteer | None, place: Place) -> PlaceFacts:
    """Return the street nearest to a point, its area and its ward."""
    with store.reading() as connection:
        ward_id = places.find_ward_at(connection, place)
        ward = "" if ward_id is None else places.find_ward_name(connection, ward_id)
        knows_limits = bool(ward) or places.count_wards(connection) > 0
    street = None if gazetteer is None else gazetteer.nearest_street(place)
    area = "" if gazetteer is None else gazetteer.nearest_area(place)
    return PlaceFacts(place, street, area, ward, knows_limits)


def find_near(store: Store, place: Place, without_pk: int = 0) -> tuple[NearReport, ...]:
    """Return the other reports within 100 m, the latest first."""
    query = ViewQuery(bounds_around(place, NEAR_M), _CLOSEST_ZOOM)
    with store.reading() as connection:
        points = map_view.find_points(connection, query)
        close = {
            p.pk: far
            for p in points
            if p.pk != without_pk and (far := distance_m(place, Place(p.lon, p.lat))) <= NEAR_M
        }
        rows = queues.find_rows(connection, frozenset(close))
    near = (NearReport(row, close[pk]) for pk, row in rows.items())
    return tuple(sorted(near, key=lambda each: (-each.row.occurred_ms, each.row.pk)))[
        :LISTED_AT_MOST
    ]


def find_listed(store: Store, query: LayerQuery) -> Listed:
    """Return the worst reports of a view."""
    with store.reading() as connection:
        if query.violations and (seen := find_view(connection, query)).one_in > 1:
            return Listed((), seen.view.total)
        points = find_points(connection, query, _WALKED_AT_MOST + 1)
        if len(points) > _WALKED_AT_MOST:
            return Listed((), len(points))
        worst = sorted(points, key=lambda p: (-p.severity, -p.pk))[:LISTED_AT_MOST]
        rows = queues.find_rows(connection, frozenset(p.pk for p in worst))
    ordered = sorted(rows.values(), key=lambda row: (-row.severity, -row.occurred_ms, row.pk))
    return Listed(tuple(ordered), len(points))


def search(
    store: Store, gazetteer: Gazetteer | None, text: str, near: Place | None, limit: int = 8
) -> Found:
    """Return reports by reference or plate and places by name, the best first."""
    wanted = text.strip()
    if not wanted:
        return Found((), ())
    with store.reading() as connection:
        rows = _find_reports(connection, wanted, limit // 2)
    named = () if gazetteer is None else tuple(gazetteer.search(wanted, near, limit - len(rows)))
    return Found(rows, named)


def _find_reports(connection: Connection, wanted: str, limit: int) -> tuple[QueueRow, ...]:
    pk = reports.find_pk(connection, wanted.upper())
    if pk is not None:
        return tuple(queues.find_rows(connection, frozenset({pk})).values())
    token = plate_token(wanted)
    # A plate has digits; "Ukkadam" is a place.
    if len(token) < _SHORTEST_PLATE or not any(sign.isdigit() for sign in token):
        return ()
    request = PageRequest(ReportFilter(plate=token), limit=limit)
    return tuple(queues.find_page(connection, request))


def find_geofence(store: Store, geofence_id: str) -> Geofence | None:
    """Return a drawn area by its id as text."""
    with store.reading() as connection:
        found = geofences.find_all(connection)
    return next((area for area in found if str(area.id) == geofence_id), None)
