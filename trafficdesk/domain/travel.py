"""How long it takes from place to place: what anybody who knows must answer, and an estimate.

The estimate needs no map: the straight line, made longer by a detour, at a stated speed.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

from trafficdesk.domain.geometry import EARTH_RADIUS_M, distance_m
from trafficdesk.domain.records import Place

# Road length by straight line: mean of 66,000 ways to hospitals (Boscoe, Henry and Zdeb,
# "A Nationwide Comparison of Driving Distance Versus Straight-Line Distance to Hospitals", 2012).
DETOUR: Final = 1.4
# A choice, not a measurement: what is kept up in a city's streets by day, and about the least of
# what a road map says there. Of one kind of unit as of another, for the traffic is the same.
SPEED_KM_H: Final = 25.0
_CIRCLE_POINTS: Final = 64


class Basis(StrEnum):
    """What a travel time rests on; the screen says it beside the time."""

    BY_ROAD = "by_road"  # the roads of a map, without the traffic of the hour
    STRAIGHT_LINE = "straight_line"  # DETOUR at a stated speed


class TravelFault(StrEnum):
    """Why a time is no time by road. The values are stable codes."""

    NO_TILES = "travel.no_tiles"  # the base map in use has no routing tiles
    NOT_INSTALLED = "travel.not_installed"  # this program has no routing engine
    DAMAGED = "travel.damaged"  # the routing tiles are not what was built: build them again
    OTHER_PLACE = "travel.other_place"  # the routing tiles do not cover a place that was asked
    SLOW = "travel.slow"  # the routing engine did not answer in time
    STOPPED = "travel.stopped"  # the routing engine ended unexpectedly
    TOO_MANY = "travel.too_many"  # so many ways at once would take too long to find


class Leg(NamedTuple):
    """The way from one place to another: seconds, None where no road leads there."""

    seconds: float | None
    basis: Basis


@dataclass(frozen=True, slots=True)
class Times:
    """Travel times: a row of ``legs`` for each start, in it a leg for each destination."""

    legs: tuple[tuple[Leg, ...], ...]
    fault: TravelFault | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """One way, to be drawn; ``seconds`` is None and ``line`` empty where no road leads there."""

    line: tuple[Place, ...]
    seconds: float | None
    basis: Basis
    fault: TravelFault | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """What can be reached in time: GeoJSON of a Polygon or MultiPolygon."""

    geometry: dict[str, object]
    basis: Basis
    fault: TravelFault | None = None


class TravelTimes(Protocol):
    """Knows how long ways take. Answers come from any thread, in bounded time, and never fail."""

    @property
    def basis(self) -> Basis:
        """What the next answer is expected to rest on; each answer says what it did rest on."""

    @property
    def speed_km_h(self) -> float:
        """The speed that straight-line answers assume."""

    def times(self, starts: Sequence[Place], ends: Sequence[Place]) -> Times:
        """Return how long it takes from each start to each end."""

    def route(self, start: Place, end: Place) -> Route:
        """Return the way from one place to another."""

    def reach(self, start: Place, minutes: float) -> Reach:
        """Return what can be reached from a place in some minutes."""

    def close(self) -> None:
        """Let go of whatever answers; nothing may be asked afterwards."""


@dataclass(frozen=True, slots=True)
class StraightLine:
    """Estimates without a map; ``fault`` says why there is nothing better."""

    fault: TravelFault | None = None
    speed_km_h: float = SPEED_KM_H

    @property
    def basis(self) -> Basis:
        """Say that these are estimates."""
        return Basis.STRAIGHT_LINE

    def times(self, starts: Sequence[Place], ends: Sequence[Place]) -> Times:
        """Return estimates from each start to each end."""
        return Times(
            tuple(
                tuple(Leg(self.seconds(start, end), Basis.STRAIGHT_LINE) for end in ends)
                for start in starts
            ),
            self.fault,
        )

    def route(self, start: Place, end: Place) -> Route:
        """Return the straight line."""
        return Route((start, end), self.seconds(start, end), Basis.STRAIGHT_LINE, self.fault)

    def reach(self, start: Place, minutes: float) -> Reach:
        """Return a circle, as a polygon."""
        radius_m = self.speed_km_h / 3.6 * 60 * minutes / DETOUR
        circle = [_beyond(start, radius_m, turn) for turn in range(_CIRCLE_POINTS)]
        ring = [[place.lon, place.lat] for place in [*circle, circle[0]]]
        polygon: dict[str, object] = {"type": "Polygon", "coordinates": [ring]}
        return Reach(polygon, Basis.STRAIGHT_LINE, self.fault)

    def seconds(self, start: Place, end: Place) -> float:
        """Return the estimate from one place to another."""
        return distance_m(start, end) * DETOUR / (self.speed_km_h / 3.6)

    def close(self) -> None:
        """Let go of nothing."""


def _beyond(start: Place, radius_m: float, turn: int) -> Place:
    """Return the place that lies ``radius_m`` away, a share of a full turn from the east."""
    angle = 2 * math.pi * turn / _CIRCLE_POINTS
    north = math.degrees(radius_m * math.sin(angle) / EARTH_RADIUS_M)
    east = math.degrees(radius_m * math.cos(angle) / EARTH_RADIUS_M)
    return Place(start.lon + east / max(math.cos(math.radians(start.lat)), 1e-6), start.lat + north)
