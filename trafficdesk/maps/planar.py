"""Small plane geometry in metres around one place: enough to draw a sketch and cut wards."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from trafficdesk.domain.records import Place

M_PER_DEG = 111_195.0  # of latitude, on the mean sphere


class Point(NamedTuple):
    """Metres east and north of a plane's origin."""

    x: float
    y: float


Ring = Sequence[Point]


class Plane(NamedTuple):
    """A plane that touches the sphere at ``origin``; good to a thousandth over a city."""

    origin: Place

    def flat(self, place: Place) -> Point:
        """Return metres east and north of the origin."""
        per_lon = M_PER_DEG * math.cos(math.radians(self.origin.lat))
        return Point(
            (place.lon - self.origin.lon) * per_lon, (place.lat - self.origin.lat) * M_PER_DEG
        )

    def round(self, point: Point) -> Place:
        """Return the degrees of a point on the plane."""
        per_lon = M_PER_DEG * math.cos(math.radians(self.origin.lat))
        return Place(self.origin.lon + point.x / per_lon, self.origin.lat + point.y / M_PER_DEG)


def inside(ring: Ring, point: Point) -> bool:
    """Tell whether a point lies in a ring, by counting crossings of a ray."""
    within = False
    for a, b in pairwise([*ring, ring[0]]):
        if (a.y > point.y) != (b.y > point.y):
            at = a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x)
            within ^= point.x < at
    return within


def nearer_half(ring: Ring, mine: Point, other: Point) -> list[Point]:
    """Return what of ``ring`` is nearer to ``mine`` than to ``other`` (Sutherland and Hodgman)."""
    middle = Point((mine.x + other.x) / 2, (mine.y + other.y) / 2)
    dx, dy = other.x - mine.x, other.y - mine.y

    def beyond(point: Point) -> float:
        return (point.x - middle.x) * dx + (point.y - middle.y) * dy

    kept: list[Point] = []
    for a, b in pairwise([*ring, ring[0]]):
        far_a, far_b = beyond(a), beyond(b)
        if far_a <= 0:
            kept.append(a)
        if (far_a <= 0) != (far_b <= 0):
            t = far_a / (far_a - far_b)
            kept.append(Point(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)))
    return kept


def voronoi(outline: Ring, centres: Sequence[Point]) -> list[list[Point]]:
    """Cut ``outline`` into the part nearest to each centre; a part may be empty."""
    cells = []
    for mine in centres:
        cell = list(outline)
        for other in centres:
            if cell and other != mine:
                cell = nearer_half(cell, mine, other)
        cells.append(cell)
    return cells


def nearest_on(line: Sequence[Point], point: Point) -> tuple[float, float]:
    """Return the distance to a line in metres and the line's direction there in radians."""
    best, angle = math.inf, 0.0
    for a, b in pairwise(line):
        dx, dy = b.x - a.x, b.y - a.y
        length = dx * dx + dy * dy
        along = (point.x - a.x) * dx + (point.y - a.y) * dy
        t = 0.0 if length == 0 else max(0.0, min(1.0, along / length))
        far = math.hypot(a.x + t * dx - point.x, a.y + t * dy - point.y)
        if far < best:
            best, angle = far, math.atan2(dy, dx)
    return best, angle
