"""Web Mercator tiles: from degrees to tile numbers and back (OpenStreetMap's slippy naming)."""

import math

from trafficdesk.domain.records import Bounds, Place

MAX_LAT = 85.05112877980659  # atan(sinh(pi)), where the square world ends


def fraction_at(lon: float, lat: float) -> tuple[float, float]:
    """Return the point on the square world: 0 to 1 from west to east and north to south."""
    lat = max(-MAX_LAT, min(MAX_LAT, lat))
    x = (lon + 180.0) / 360.0
    y = (1.0 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2.0
    return x, y


def place_at(x: float, y: float) -> Place:
    """Return the degrees of a point on the square world."""
    return Place(x * 360.0 - 180.0, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y)))))


def tile_at(lon: float, lat: float, z: int) -> tuple[int, int]:
    """Return column and row of the tile that holds a point at zoom ``z``."""
    x, y = fraction_at(lon, lat)
    last = (1 << z) - 1
    return min(last, max(0, int(x * (1 << z)))), min(last, max(0, int(y * (1 << z))))


def count_tiles(bounds: Bounds, z: int) -> int:
    """Return how many tiles touch ``bounds`` at zoom ``z``; ask before listing them."""
    west, north = tile_at(bounds.west, bounds.north, z)
    east, south = tile_at(bounds.east, bounds.south, z)
    return max(0, east - west + 1) * max(0, south - north + 1)


def tiles_over(bounds: Bounds, z: int) -> list[tuple[int, int]]:
    """Return column and row of every tile that touches ``bounds``, row by row."""
    west, north = tile_at(bounds.west, bounds.north, z)
    east, south = tile_at(bounds.east, bounds.south, z)
    return [(x, y) for y in range(north, south + 1) for x in range(west, east + 1)]
