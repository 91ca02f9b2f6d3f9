"""What the page asks of each data layer, what it gets, and who answers."""

import json
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from trafficdesk.domain.records import Bounds, Geofence, Incident, Place, Station, Ward
from trafficdesk.domain.vocabulary import ReportStatus, Severity
from trafficdesk.maps.clusters import Cluster
from trafficdesk.store.conflicts import ConflictSpot
from trafficdesk.store.map_view import Cell, Point
from trafficdesk.store.units import UnitNow

_DIGITS = 6  # of a degree: 11 cm


@dataclass(frozen=True, slots=True)
class LayerQuery:
    """A view of the map and what is filtered; empty sets ask for all, times are epoch ms."""

    bounds: Bounds
    zoom: int
    statuses: frozenset[ReportStatus] = frozenset()
    severities: frozenset[Severity] = frozenset()
    violations: frozenset[str] = frozenset()
    from_ms: int | None = None
    to_ms: int | None = None


class ReportsView(NamedTuple):
    """Clusters, reports that stand alone, and how many reports that is in all.

    ``one_in`` is 1 if every report was counted; else numbers are estimates from every so many-th.
    """

    clusters: tuple[Cluster, ...]
    points: tuple[Point, ...]
    total: int
    one_in: int = 1


class UnitSpot(NamedTuple):
    """A unit on the map; ``stale`` says that its position is too old to trust."""

    now: UnitNow
    place: Place
    stale: bool


class PatrolArea(NamedTuple):
    """An area of the patrol plan: what is said of it, and how strong it is shaded (0 to 4)."""

    id: UUID
    words: str
    geometry: str
    step: int


class PatrolView(NamedTuple):
    """The patrol plan of a shift: its areas, and what the legend says of the steps."""

    areas: tuple[PatrolArea, ...]
    title: str
    steps: tuple[str, ...]


class HotspotSpot(NamedTuple):
    """A hotspot: its rank, its middle, what is said of it, and whether it is more than chance."""

    rank: int
    place: Place
    words: str
    is_sure: bool


class HotspotView(NamedTuple):
    """Hotspots, all of one size."""

    spots: tuple[HotspotSpot, ...]
    radius_m: float


NO_HOTSPOTS: Final = HotspotView((), 0.0)
NO_PATROLS: Final = PatrolView((), "", ())


class MapSources(Protocol):
    """Who answers for each layer; called from reader threads, a few hundred things at most."""

    def reports(self, query: LayerQuery) -> ReportsView:
        """Return clusters and single reports of the view."""
        ...

    def heat(self, query: LayerQuery) -> tuple[Cell, ...]:
        """Return finer cells than ``reports``, to be drawn as a density."""
        ...

    def incidents(self, query: LayerQuery) -> tuple[Incident, ...]:
        """Return open incidents in view."""
        ...

    def conflicts(self, query: LayerQuery) -> tuple[ConflictSpot, ...]:
        """Return open conflicts about reports, incidents and units in view."""
        ...

    def units(self, query: LayerQuery) -> tuple[UnitSpot, ...]:
        """Return units whose last position is in view."""
        ...

    def stations(self, query: LayerQuery) -> tuple[Station, ...]:
        """Return police stations in view."""
        ...

    def wards(self, query: LayerQuery) -> tuple[Ward, ...]:
        """Return wards that touch the view."""
        ...

    def geofences(self, query: LayerQuery) -> tuple[Geofence, ...]:
        """Return geofences and patrol areas that touch the view."""
        ...

    def patrols(self, query: LayerQuery) -> PatrolView:
        """Return the areas of the patrol plan that touch the view."""
        ...

    def hotspots(self, query: LayerQuery) -> HotspotView:
        """Return the hotspots of the days asked for that touch the view, whatever is filtered."""
        ...


def answer_layer(sources: MapSources, layer: str, query: LayerQuery) -> bytes:
    """Return one layer of a view as the JSON that ``resources/map`` reads.

    Raises:
        KeyError: no such layer.
    """
    told = _WRITERS[layer](sources, query)
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


class _Spot(Protocol):
    @property
    def lon(self) -> float: ...

    @property
    def lat(self) -> float: ...


def _at(spot: _Spot) -> list[float]:
    return [round(spot.lon, _DIGITS), round(spot.lat, _DIGITS)]


def _view(view: ReportsView) -> dict[str, object]:
    return {
        "cells": [
            [*_at(c), c.n, c.critical, *(round(edge, _DIGITS) for edge in c.bounds)]
            for c in view.clusters
        ],
        "points": [[p.pk, *_at(p), p.severity, str(p.status)] for p in view.points],
        "total": view.total,
        "oneIn": view.one_in,
    }


def _incident(incident: Incident) -> list[object]:
    severity, status = int(incident.severity), incident.status.value
    return [incident.pk, *_at(incident.place), severity, incident.reference, status]


def _unit(spot: UnitSpot) -> list[object]:
    unit = spot.now.unit
    told = [unit.call_sign, unit.kind.value, spot.now.status.value, int(spot.stale)]
    return [str(unit.id), *_at(spot.place), *told]


def _shapes(shapes: list[tuple[str, str, str, str]]) -> dict[str, object]:
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": id_,
                "properties": {"name": name, "kind": kind},
                "geometry": json.loads(geometry),
            }
            for id_, name, kind, geometry in shapes
        ],
    }


def _reports(sources: MapSources, query: LayerQuery) -> dict[str, object]:
    return _view(sources.reports(query))


def _heat(sources: MapSources, query: LayerQuery) -> dict[str, object]:
    return {"cells": [[*_at(cell), cell.n] for cell in sources.heat(query)]}


def _incidents(sources: MapSources, query: LayerQuery) -> dict[str, object]:
    return {"points": [_incident(incident) for incident in sources.incidents(query)]}


def _conflicts(sources: MapSources, query: LayerQuery) -> dict[str, object]:
    spots = sources.conflicts(query)
    return {"points": [[str(spot.id), *_at(spot.place), spot.reference] for spot in spots]}


def _units(sources: MapSources, query: LayerQuery) -> dict[str, object]:
    return {"points": [_unit(spot) for spot in sources.units(query)]}


def _stations(sources: MapSources, query: LayerQuery) -> dict[str, object]:
    return {"points": [[str(s.id), *_at(s.place), s.name] for s in sources.stations(query)]}


def _wards(sources: MapSources, query: LayerQuery) -> dict[str, object]:
    return _shapes([(str(w.id), w.name, "", w.geometry) for w in sources.wards(query)])


def _geofences(sources: MapSources, query: LayerQuery) -> dict[str, object]:
    fences = sources.geofences(query)
    return _shapes([(str(g.id), g.name, g.kind.value, g.geometry) for g in fences])


def _patrols(sources: MapSources, query: LayerQuery) -> dict[str, object]:
    view = sources.patrols(query)
    shapes = _shapes([(str(a.id), a.words, str(a.step), a.geometry) for a in view.areas])
    return {**shapes, "legend": {"title": view.title, "steps": view.steps}}


def _hotspots(sources: MapSources, query: LayerQuery) -> dict[str, object]:
    view = sources.hotspots(query)
    spots = [[s.rank, *_at(s.place), s.words, int(s.is_sure)] for s in view.spots]
    return {"points": spots, "radius": view.radius_m}


_WRITERS = {
    "reports": _reports,
    "heat": _heat,
    "incidents": _incidents,
    "conflicts": _conflicts,
    "units": _units,
    "stations": _stations,
    "wards": _wards,
    "geofences": _geofences,
    "patrols": _patrols,
    "hotspots": _hotspots,
}
LAYER_NAMES = tuple(_WRITERS)
