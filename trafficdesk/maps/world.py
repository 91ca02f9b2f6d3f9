"""The base map that is always there: Natural Earth's countries, cut into vector tiles on demand."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from trafficdesk.domain.records import Bounds
from trafficdesk.maps.archives import WORLD
from trafficdesk.maps.mercator import fraction_at
from trafficdesk.maps.packs import PackFacts
from trafficdesk.maps.schema import Schema
from trafficdesk.maps.tile_writer import TileWriter
from trafficdesk.shipped import shipped

WORLD_NAME = "world"
_MAX_ZOOM = 14  # tiles are cut at any zoom: a coarse coast is better than an empty page
_FINE_FROM_ZOOM = 3
_MARGIN = 1 / 64  # of a tile, so that outlines do not show at the seams
_HALF_WORLD = 0.45  # a ring wider than this crosses the date line; its middle means nothing
_SMALLEST = 1 / 1024  # of a tile: rings below are not drawn

Ring = list[tuple[float, float]]


class Country:
    """One country's rings on the square world (0 to 1) and the box around each."""

    def __init__(self, name: str, rings: list[Ring]) -> None:
        self.name = name
        self.rings = [(ring, _box(ring)) for ring in rings]
        largest = max(self.rings, key=lambda r: (r[1][2] - r[1][0]) * (r[1][3] - r[1][1]))[1]
        self.label_at = ((largest[0] + largest[2]) / 2, (largest[1] + largest[3]) / 2)
        self.width = largest[2] - largest[0]


def _box(ring: Ring) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return min(xs), min(ys), max(xs), max(ys)


@lru_cache(maxsize=4)
def load_countries(path: Path) -> tuple[Country, ...]:
    """Load countries from a TopoJSON file (specification 1.0: quantised, delta-encoded arcs)."""
    told = json.loads(path.read_text(encoding="utf-8"))
    (scale_x, scale_y), (move_x, move_y) = (
        told["transform"]["scale"],
        told["transform"]["translate"],
    )
    arcs: list[Ring] = []
    for arc in told["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append(fraction_at(x * scale_x + move_x, y * scale_y + move_y))
        arcs.append(line)
    countries = []
    for shape in told["objects"]["countries"]["geometries"]:
        rings = [_ring(indices, arcs) for indices in _ring_arcs(shape)]
        if rings:
            countries.append(Country(shape.get("properties", {}).get("name", ""), rings))
    return tuple(countries)


def _ring_arcs(shape: dict[str, Any]) -> Iterator[list[int]]:
    polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape.get("arcs", [])
    for polygon in polygons:
        yield from polygon


def _ring(indices: Sequence[int], arcs: list[Ring]) -> Ring:
    ring: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(arc[1:] if ring else arc)
    return ring


class WorldMap:
    """Answers tiles like a pack does; safe from any thread."""

    name = WORLD_NAME
    facts = PackFacts(
        name=WORLD_NAME,
        attribution="Natural Earth",
        bounds=WORLD,
        min_zoom=0,
        max_zoom=_MAX_ZOOM,
        made_at=datetime(2026, 1, 1, tzinfo=UTC),
        sketch=False,
        schema=Schema.OWN,
        title="",
    )

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or shipped("vendor", "world-atlas")
        self._tile = lru_cache(maxsize=256)(self._draw)
        self._loading = Lock()

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Return the vector tile with layers sea, land and place; None outside the world."""
        if not (0 <= z <= _MAX_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z):
            return None
        return self._tile(z, x, y)

    def _draw(self, z: int, x: int, y: int) -> bytes:
        n = 1 << z
        window = (
            (x - _MARGIN) / n,
            (y - _MARGIN) / n,
            (x + 1 + _MARGIN) / n,
            (y + 1 + _MARGIN) / n,
        )
        out = TileWriter()
        edges = (-_MARGIN, 1 + _MARGIN)
        out.polygon("sea", [(i, j) for i in edges for j in edges[:: 1 if i < 0 else -1]], {})
        detail = "50m" if z >= _FINE_FROM_ZOOM else "110m"
        with self._loading:  # two that ask for the first tile at once read the world once
            countries = load_countries(self._folder / f"countries-{detail}.json")
        for country in countries:
            for ring, (west, north, east, south) in country.rings:
                outside = (
                    west > window[2] or east < window[0] or north > window[3] or south < window[1]
                )
                if outside or max(east - west, south - north) * n < _SMALLEST:
                    continue
                part = clip_to_box(ring, window)
                if len(part) > 2:  # noqa: PLR2004 - a ring has at least three points
                    flat = [((px * n - x), (py * n - y)) for px, py in part]
                    out.polygon("land", flat, {})
            self._label(out, country, z, (x, y))
        return out.bytes()

    @staticmethod
    def _label(out: TileWriter, country: Country, z: int, tile: tuple[int, int]) -> None:
        n = 1 << z
        px, py = country.label_at[0] * n - tile[0], country.label_at[1] * n - tile[1]
        fits = 1 / 8 / n < country.width < _HALF_WORLD
        if 0 <= px < 1 and 0 <= py < 1 and fits and country.name:
            out.point("place", (px, py), {"name": country.name, "class": "country", "rank": 0})

    def close(self) -> None:
        """Nothing is held open."""


def ground_tile(bounds: Bounds, z: int, x: int, y: int) -> bytes:
    """Return a tile whose layer land is what it shares with ``bounds``."""
    n = 1 << z
    west, north = fraction_at(bounds.west, bounds.north)
    east, south = fraction_at(bounds.east, bounds.south)
    corners = [(west, north), (east, north), (east, south), (west, south)]
    window = ((x - _MARGIN) / n, (y - _MARGIN) / n, (x + 1 + _MARGIN) / n, (y + 1 + _MARGIN) / n)
    out = TileWriter()
    part = clip_to_box(corners, window)
    if part:
        out.polygon("land", [(px * n - x, py * n - y) for px, py in part], {})
    return out.bytes()


def clip_to_box(ring: Ring, box: tuple[float, float, float, float]) -> Ring:
    """Return what of a ring lies in a box (Sutherland and Hodgman)."""
    west, north, east, south = box
    for axis, edge, sign in ((0, west, 1), (0, east, -1), (1, north, 1), (1, south, -1)):
        kept: Ring = []
        before = ring[-1] if ring else (0.0, 0.0)
        for point in ring:
            inside = sign * (point[axis] - edge) >= 0
            if inside != (sign * (before[axis] - edge) >= 0):
                t = (edge - before[axis]) / (point[axis] - before[axis])
                kept.append(
                    (before[0] + t * (point[0] - before[0]), before[1] + t * (point[1] - before[1]))
                )
            if inside:
                kept.append(point)
            before = point
        ring = kept
    return ring
