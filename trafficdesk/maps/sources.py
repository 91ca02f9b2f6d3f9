"""Answers the map's data layers from the desk's store."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import Connection

from trafficdesk.domain.geometry import bounds_around, contains
from trafficdesk.domain.ranking import STALE_AFTER
from trafficdesk.domain.records import Bounds, Geofence, Incident, Place, Station, Ward
from trafficdesk.maps.clusters import Cluster, gather_cells, gather_points
from trafficdesk.maps.layers import (
    NO_HOTSPOTS,
    NO_PATROLS,
    HotspotView,
    LayerQuery,
    PatrolArea,
    PatrolView,
    ReportsView,
    UnitSpot,
)
from trafficdesk.store import (
    conflicts,
    facts,
    geofences,
    incidents,
    map_types,
    map_view,
    places,
    units,
)
from trafficdesk.store.conflicts import ConflictSpot
from trafficdesk.store.engine import Store
from trafficdesk.store.map_types import SampledView, TypesQuery
from trafficdesk.store.map_view import Cell, Point, ViewQuery

GATHERED_AT_MOST = 2_000  # reports in view that are gathered one by one, not from cells
_ALONE_AT_MOST = 60
_HEAT_FINER = 1  # zooms
_BOXES_KEPT = 512

Placed = TypeVar("Placed", Station, Incident, ConflictSpot)
Shaped = TypeVar("Shaped", Ward, Geofence, PatrolArea)


def view_query(query: LayerQuery) -> ViewQuery:
    """Return what the store is asked for a layer's view; types are asked for apart."""
    return ViewQuery(
        query.bounds, query.zoom, query.statuses, query.severities, query.from_ms, query.to_ms
    )


def find_view(connection: Connection, query: LayerQuery) -> SampledView:
    """Return what to draw of a view; only types that are asked for make it a sample."""
    calendar, asked = facts.calendar(connection), view_query(query)
    if query.violations:
        return map_types.find_view(connection, calendar, TypesQuery(asked, query.violations))
    return SampledView(map_view.find_view(connection, calendar, asked), 1)


def find_points(connection: Connection, query: LayerQuery, limit: int) -> tuple[Point, ...]:
    """Return up to ``limit`` reports of a view one by one."""
    asked = view_query(query)
    if not query.violations:
        return map_view.find_points(connection, asked, limit)
    types = TypesQuery(asked, query.violations)
    return map_types.find_points(connection, facts.calendar(connection), types, limit)


def count_points(store: Store, query: LayerQuery) -> int:
    """Return how many reports a view has, none at its edges too many; 0 where nobody knows.

    That is where so many lie that of the types asked for only a sample is looked at.
    """
    with store.reading() as connection:
        if not query.violations:
            return map_view.count_points(connection, view_query(query))
        if find_view(connection, query).one_in > 1:
            return 0
        return len(find_points(connection, query, map_types.LOOKED_AT_MOST))


class StoreSources:
    """``MapSources`` over an open store; may be asked from any thread."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        read_patrols: Callable[[], PatrolView] = lambda: NO_PATROLS,
        read_hotspots: Callable[[LayerQuery], HotspotView] = lambda _: NO_HOTSPOTS,
    ) -> None:
        self._store = store
        self._clock = clock
        self._read_patrols = read_patrols
        self._read_hotspots = read_hotspots

    def reports(self, query: LayerQuery) -> ReportsView:
        """Return clusters and single reports of the view."""
        asked = view_query(query)
        with self._store.reading() as connection:
            view, one_in = find_view(connection, query)
            if view.total <= GATHERED_AT_MOST and one_in == 1:
                found = view.points or find_points(connection, query, GATHERED_AT_MOST)
                clusters, points = gather_points(found, query.zoom)
            elif query.violations:
                clusters, points = gather_cells(view.cells, asked.zoom), []
            else:
                clusters, points = _apart(connection, asked, view.cells)
        return ReportsView(tuple(clusters), tuple(points), view.total, one_in)

    def heat(self, query: LayerQuery) -> tuple[Cell, ...]:
        """Return cells of half the size, to be drawn as a density."""
        with self._store.reading() as connection:
            view, _ = find_view(connection, replace(query, zoom=query.zoom + _HEAT_FINER))
        return view.cells or tuple(Cell(p.lon, p.lat, 1, 0) for p in view.points)

    def incidents(self, query: LayerQuery) -> tuple[Incident, ...]:
        """Return open incidents in view, and those that units are out for though removed."""
        with self._store.reading() as connection:
            return _within(incidents.find_standing(connection), query.bounds)

    def conflicts(self, query: LayerQuery) -> tuple[ConflictSpot, ...]:
        """Return open conflicts about reports, incidents and units in view."""
        with self._store.reading() as connection:
            return _within(conflicts.find_spots(connection), query.bounds)

    def units(self, query: LayerQuery) -> tuple[UnitSpot, ...]:
        """Return units whose last position is in view; a position of over 10 minutes is stale."""
        with self._store.reading() as connection:
            found = units.find_now(connection)
        fresh_from = self._clock() - STALE_AFTER
        return tuple(
            UnitSpot(each, each.position.place, each.position.at < fresh_from)
            for each in found
            if each.position is not None and contains(query.bounds, each.position.place)
        )

    def stations(self, query: LayerQuery) -> tuple[Station, ...]:
        """Return police stations in view."""
        with self._store.reading() as connection:
            return _within(places.find_stations(connection), query.bounds)

    def wards(self, query: LayerQuery) -> tuple[Ward, ...]:
        """Return wards that touch the view."""
        with self._store.reading() as connection:
            return _touching(places.find_wards(connection), query.bounds)

    def geofences(self, query: LayerQuery) -> tuple[Geofence, ...]:
        """Return geofences and patrol areas that touch the view."""
        with self._store.reading() as connection:
            return _touching(geofences.find_all(connection), query.bounds)

    def patrols(self, query: LayerQuery) -> PatrolView:
        """Return the areas of the patrol plan that touch the view."""
        view = self._read_patrols()
        return view._replace(areas=_touching(view.areas, query.bounds))

    def hotspots(self, query: LayerQuery) -> HotspotView:
        """Return the hotspots of the days asked for that touch the view, whatever is filtered."""
        view = self._read_hotspots(query)
        touching = tuple(
            spot
            for spot in view.spots
            if _overlap(bounds_around(spot.place, view.radius_m), query.bounds)
        )
        return view._replace(spots=touching)


def _apart(
    connection: Connection, asked: ViewQuery, cells: Iterable[Cell]
) -> tuple[list[Cluster], list[Point]]:
    """Gather cells, and show a report as itself where it lies far from any other."""
    gathered = gather_cells(cells, asked.zoom)
    alone = [cluster for cluster in gathered if cluster.n == 1][:_ALONE_AT_MOST]
    points: list[Point] = []
    resolved: set[Cluster] = set()
    for cluster in alone:
        cell = Cell(cluster.lon, cluster.lat, 1, cluster.critical)
        box = map_view.box_of_cell(cell, asked.zoom)
        found = map_view.find_points(connection, asked._replace(bounds=box), 2)
        if len(found) == 1:
            points.extend(found)
            resolved.add(cluster)
    return [cluster for cluster in gathered if cluster not in resolved], points


def _within(found: Iterable[Placed], bounds: Bounds) -> tuple[Placed, ...]:
    return tuple(one for one in found if contains(bounds, one.place))


def _touching(found: Iterable[Shaped], bounds: Bounds) -> tuple[Shaped, ...]:
    return tuple(one for one in found if _overlap(box_of(one.geometry), bounds))


def _overlap(a: Bounds, b: Bounds) -> bool:
    return a.west <= b.east and a.east >= b.west and a.south <= b.north and a.north >= b.south


@lru_cache(maxsize=_BOXES_KEPT)
def box_of(geometry: str) -> Bounds:
    """Return the box around a GeoJSON Polygon or MultiPolygon (text)."""
    told = json.loads(geometry)
    polygons = [told["coordinates"]] if told["type"] == "Polygon" else told["coordinates"]
    spots = [Place(*spot[:2]) for rings in polygons for ring in rings for spot in ring]
    lons, lats = [spot.lon for spot in spots], [spot.lat for spot in spots]
    return Bounds(min(lons), min(lats), max(lons), max(lats))
