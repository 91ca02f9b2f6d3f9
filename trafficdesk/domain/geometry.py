"""Distances and rectangles on the sphere."""

import math

from trafficdesk.domain.records import Bounds, Place

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG 1980
MAX_LON = 180.0
MAX_LAT = 90.0


def distance_m(a: Place, b: Place) -> float:
    """Return the great-circle distance in metres (haversine; good to 0.5 %)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = math.sin((lat_b - lat_a) / 2)
    half_lon = math.sin(math.radians(b.lon - a.lon) / 2)
    h = half_lat * half_lat + math.cos(lat_a) * math.cos(lat_b) * half_lon * half_lon
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(h)))


def bounds_around(centre: Place, radius_m: float) -> Bounds:
    """Return the rectangle that encloses a circle of ``radius_m`` metres."""
    d_lat = math.degrees(radius_m / EARTH_RADIUS_M)
    d_lon = d_lat / max(math.cos(math.radians(centre.lat)), 1e-6)
    return Bounds(centre.lon - d_lon, centre.lat - d_lat, centre.lon + d_lon, centre.lat + d_lat)


def boxes_around(centre: Place, radius_m: float) -> tuple[Bounds, ...]:
    """Return the rectangles that hold a circle: one, or one on either side of the date line."""
    return boxes_of(bounds_around(centre, radius_m))


def boxes_of(bounds: Bounds) -> tuple[Bounds, ...]:
    """Return a rectangle, and where it runs on past the date line the same one on that side."""
    west, south, east, north = bounds
    turn = 2 * MAX_LON
    beyond = tuple(
        Bounds(west + by, south, east + by, north)
        for by, is_beyond in ((turn, west < -MAX_LON), (-turn, east > MAX_LON))
        if is_beyond
    )
    return (bounds, *beyond)


def centre_of(bounds: Bounds) -> Place:
    """Return the middle of a rectangle, on the globe also where that runs past the date line."""
    lon = (bounds.west + bounds.east) / 2
    on_globe = (lon + MAX_LON) % (2 * MAX_LON) - MAX_LON if abs(lon) > MAX_LON else lon
    return Place(on_globe, (bounds.south + bounds.north) / 2)


def contains(bounds: Bounds, place: Place) -> bool:
    """Tell whether a point lies in a rectangle, edges included."""
    return bounds.west <= place.lon <= bounds.east and bounds.south <= place.lat <= bounds.north


def is_on_earth(place: Place) -> bool:
    """Tell whether longitude and latitude are finite and in range."""
    return (
        math.isfinite(place.lon)
        and math.isfinite(place.lat)
        and abs(place.lon) <= MAX_LON
        and abs(place.lat) <= MAX_LAT
    )
