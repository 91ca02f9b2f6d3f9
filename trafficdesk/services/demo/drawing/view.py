"""The camera: where a point of the street lies in the picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from trafficdesk.services.demo.drawing.canvas import Point

FOCAL_PX = 1120.0
EYE_M = 2.05


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the ground in the picture, and how many pixels a metre takes there."""

    x: float
    y: float
    scale: float

    def at(self, aside_m: float, up_m: float) -> Point:
        """Return the point so many metres to the right of and above the spot."""
        return self.x + aside_m * self.scale, self.y - up_m * self.scale

    def along(self, outline: Sequence[Point]) -> list[Point]:
        """Return the points of an outline in metres (aside, up)."""
        return [self.at(aside, up) for aside, up in outline]

    def box(
        self, left_m: float, top_m: float, right_m: float, bottom_m: float
    ) -> tuple[float, float, float, float]:
        """Return the upright box between two heights, in pixels."""
        left, top = self.at(left_m, top_m)
        right, bottom = self.at(right_m, bottom_m)
        return left, top, right, bottom


@dataclass(frozen=True, slots=True)
class View:
    """Where the road meets the horizon, in picture units."""

    vanish_x: float
    horizon_y: float

    def point(self, aside_m: float, up_m: float, ahead_m: float) -> Point:
        """Project a point: metres right of the camera's line, above ground, ahead of it."""
        scale = FOCAL_PX / ahead_m
        return self.vanish_x + aside_m * scale, self.horizon_y + (EYE_M - up_m) * scale

    def spot(self, aside_m: float, ahead_m: float) -> Spot:
        """Return the place on the ground."""
        x, y = self.point(aside_m, 0.0, ahead_m)
        return Spot(x, y, FOCAL_PX / ahead_m)
