"""Gathers reports that would lie on top of each other into clusters, by pixels of the screen."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from trafficdesk.domain.records import Bounds
from trafficdesk.domain.vocabulary import Severity
from trafficdesk.maps.mercator import fraction_at
from trafficdesk.store.map_view import Cell, Point

APART_FROM_ZOOM = 17  # from here on only reports on one spot are gathered
_TILE_PX = 256
_CELL_PX = 64
_SPOT_PX = 12
_POINT_RADIUS_PX = 9
_OVERLAP_PX = 2
# How large clusters are drawn: resources/map/theme.js has the same steps.
_RADII_PX = ((120, 28), (60, 24), (25, 20), (10, 17), (2, 14))


class Cluster(NamedTuple):
    """Reports shown as one symbol at their middle, and the box that holds them all."""

    lon: float
    lat: float
    n: int
    critical: int
    bounds: Bounds


@dataclass(slots=True)
class _Group:
    x: float
    y: float
    lon: float
    lat: float
    n: int
    critical: int
    bounds: Bounds
    point: Point | None = None
    inside: list[Point] = field(default_factory=list)

    @property
    def radius_px(self) -> int:
        return next((px for least, px in _RADII_PX if self.n >= least), _POINT_RADIUS_PX)

    def take(self, other: "_Group") -> None:
        n = self.n + other.n
        share = other.n / n
        self.x += (other.x - self.x) * share
        self.y += (other.y - self.y) * share
        self.lon += (other.lon - self.lon) * share
        self.lat += (other.lat - self.lat) * share
        self.n, self.critical, self.point = n, self.critical + other.critical, None
        self.bounds = _joined(self.bounds, other.bounds)
        self.inside += other.inside


def _joined(a: Bounds, b: Bounds) -> Bounds:
    return Bounds(
        min(a.west, b.west), min(a.south, b.south), max(a.east, b.east), max(a.north, b.north)
    )


def _group(lon: float, lat: float, zoom: int) -> _Group:
    x, y = fraction_at(lon, lat)
    side = _TILE_PX * (1 << zoom)
    return _Group(x * side, y * side, lon, lat, 1, 0, Bounds(lon, lat, lon, lat))


def _of_point(point: Point, zoom: int) -> _Group:
    group = _group(point.lon, point.lat, zoom)
    group.critical = int(point.severity == Severity.CRITICAL)
    group.point = point
    group.inside.append(point)
    return group


def _of_cell(cell: Cell, zoom: int) -> _Group:
    group = _group(cell.lon, cell.lat, zoom)
    group.n, group.critical = cell.n, cell.critical
    if cell.n > 1:
        half = 180 / (1 << (zoom + 2))  # half a cell of the store, which has four to a tile
        group.bounds = Bounds(cell.lon - half, cell.lat - half, cell.lon + half, cell.lat + half)
    return group


def gather_points(points: Iterable[Point], zoom: int) -> tuple[list[Cluster], list[Point]]:
    """Return clusters and the points that stand alone at a zoom.

    Cells are fixed to the ground, so that clusters stay what they are while the map is dragged.
    """
    return _parted(_gathered(points, zoom))


def find_inside(points: Iterable[Point], zoom: int) -> dict[Cluster, tuple[Point, ...]]:
    """Return the clusters of ``gather_points``, and which points each of them holds."""
    groups = _gathered(points, zoom)
    return {_cluster(g): tuple(g.inside) for g in groups if g.point is None}


def _gathered(points: Iterable[Point], zoom: int) -> list[_Group]:
    groups = [_of_point(point, zoom) for point in sorted(points)]
    if zoom >= APART_FROM_ZOOM:
        return _merged(groups, lambda _a, _b: _SPOT_PX)
    cells: dict[tuple[int, int], _Group] = {}
    for group in groups:
        key = (int(group.x // _CELL_PX), int(group.y // _CELL_PX))
        if (kept := cells.get(key)) is None:
            cells[key] = group
        else:
            kept.take(group)
    return _merged(list(cells.values()), _touching_px)


def gather_cells(cells: Iterable[Cell], zoom: int) -> list[Cluster]:
    """Return the clusters of cells that were added up beforehand; some may be of one report."""
    groups = _merged([_of_cell(cell, zoom) for cell in cells], _touching_px)
    return [_cluster(group) for group in groups]


def _cluster(group: _Group) -> Cluster:
    return Cluster(group.lon, group.lat, group.n, group.critical, group.bounds)


def _touching_px(a: _Group, b: _Group) -> float:
    return a.radius_px + b.radius_px - _OVERLAP_PX


def _merged(groups: list[_Group], reach_px: Callable[[_Group, _Group], float]) -> list[_Group]:
    """Join groups whose symbols would touch, the largest first."""
    kept: dict[tuple[int, int], list[_Group]] = {}
    merged: list[_Group] = []
    for group in sorted(groups, key=lambda g: (-g.n, g.lon, g.lat)):
        column, row = int(group.x // _CELL_PX), int(group.y // _CELL_PX)
        around = (
            other
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for other in kept.get((column + dx, row + dy), ())
        )
        near = [
            (far, other)
            for other in around
            if (far := (other.x - group.x) ** 2 + (other.y - group.y) ** 2)
            < reach_px(other, group) ** 2
        ]
        if near:
            min(near, key=lambda pair: pair[0])[1].take(group)
        else:
            kept.setdefault((column, row), []).append(group)
            merged.append(group)
    return merged


def _parted(groups: Sequence[_Group]) -> tuple[list[Cluster], list[Point]]:
    clusters = [_cluster(g) for g in groups if g.point is None]
    return clusters, [g.point for g in groups if g.point is not None]
