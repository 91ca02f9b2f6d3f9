"""Coimbatore as the demo knows it: areas with the points along their roads."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import NamedTuple

from trafficdesk.domain.demo.people import STATIONS
from trafficdesk.domain.geometry import distance_m
from trafficdesk.domain.records import Place
from trafficdesk.shipped import shipped

STEP_M = 15.0
_METRES_A_DEGREE = 111_195.0  # of latitude, on the mean sphere
_JUNCTION_M = 130.0


class Spot(NamedTuple):
    """A point on a road: where, on which road, heading where, in which area, of which station."""

    place: Place
    road: str
    heading: str
    area: str
    station: int


@dataclass(frozen=True)
class DemoCity:
    """Spots with their weights, so that more happens where more drive."""

    areas: tuple[str, ...]
    spots: tuple[Spot, ...]
    weights: tuple[float, ...]

    def pick(self, rng: Random) -> Spot:
        """Return a spot by chance, busy ones more often."""
        (spot,) = rng.choices(self.spots, self.weights)
        return spot


def load_city(folder: Path | None = None) -> DemoCity:
    """Read areas and roads of the shipped sketch; every area has at least one spot.

    Raises:
        OSError: the sketch is not there.
    """
    source = folder or shipped("basemaps", "coimbatore")
    areas = json.loads((source / "areas.json").read_text("utf-8"))
    roads = json.loads((source / "roads.geojson").read_text("utf-8"))["features"]
    points = [
        (feature["properties"]["name"], *point)
        for feature in roads
        for point in _along(feature["geometry"]["coordinates"])
    ]
    spots: list[Spot] = []
    weights: list[float] = []
    for area in areas:
        centre = Place(area["lon"], area["lat"])
        found = [
            Spot(place, road, heading, area["name"], _nearest_station(place))
            for road, place, heading in points
            if road in area["roads"] and distance_m(centre, place) <= area["spread_m"]
        ] or [Spot(centre, area["roads"][0], "", area["name"], _nearest_station(centre))]
        busy = [_business(centre, spot.place) for spot in found]
        spots += found
        weights += [area["weight"] * share / sum(busy) for share in busy]
    return DemoCity(tuple(area["name"] for area in areas), tuple(spots), tuple(weights))


def _business(centre: Place, place: Place) -> float:
    """Return how busy a point is: a junction at the heart of an area draws most of it."""
    away_m = distance_m(centre, place)
    return 0.25 + 3.0 * math.exp(-away_m / _JUNCTION_M) + math.exp(-away_m / 350.0)


def _along(line: list[list[float]]) -> Iterator[tuple[Place, str]]:
    """Yield a point every 15 m of a line with the compass name of its heading."""
    for start, end in pairwise(Place(*corner) for corner in line):
        steps = max(1, round(distance_m(start, end) / STEP_M))
        east = (end.lon - start.lon) * math.cos(math.radians(start.lat))
        heading = _heading(east, end.lat - start.lat)
        for step in range(steps):
            share = step / steps
            yield (
                Place(
                    start.lon + (end.lon - start.lon) * share,
                    start.lat + (end.lat - start.lat) * share,
                ),
                heading,
            )


def _heading(east: float, north: float) -> str:
    if abs(north) >= abs(east):
        return "northbound" if north > 0 else "southbound"
    return "eastbound" if east > 0 else "westbound"


def _nearest_station(place: Place) -> int:
    return min(range(len(STATIONS)), key=lambda i: distance_m(STATIONS[i].place, place))


def moved(place: Place, rng: Random, spread_m: float) -> Place:
    """Return a point about ``spread_m`` metres away, as a phone's fix is."""
    north, east = rng.gauss(0, spread_m / 1.4), rng.gauss(0, spread_m / 1.4)
    lat = place.lat + north / _METRES_A_DEGREE
    lon = place.lon + east / (_METRES_A_DEGREE * math.cos(math.radians(place.lat)))
    return Place(round(lon, 6), round(lat, 6))
