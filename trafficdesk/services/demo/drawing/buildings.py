"""The rows of houses and shops along both sides of a street."""
# ruff: noqa: PLR2004 - a drawing is made of numbers

from itertools import pairwise
from random import Random

from trafficdesk.services.demo.drawing.canvas import Canvas, Point, Rgb, darker, lighter, mixed
from trafficdesk.services.demo.drawing.daylight import Daylight
from trafficdesk.services.demo.drawing.view import View

FRONT_M = 9.0  # from the road's middle to the house fronts
_FACADES: tuple[Rgb, ...] = (
    (150, 128, 104),
    (176, 122, 86),
    (134, 134, 146),
    (196, 176, 148),
    (166, 146, 120),
    (150, 104, 84),
    (122, 128, 140),
    (206, 190, 164),
    (176, 158, 150),
    (138, 150, 146),
)
_AWNINGS: tuple[Rgb, ...] = (
    (40, 122, 84),
    (52, 96, 168),
    (120, 58, 142),
    (196, 46, 44),
    (224, 164, 38),
    (226, 222, 214),
    (28, 120, 138),
    (214, 98, 40),
)
_STOREY_M = 3.1
_GROUND_FLOOR_M = 3.3


def draw_houses(canvas: Canvas, view: View, light: Daylight, rng: Random) -> None:
    """Draw both rows from the far end to the near one."""
    for side in (-1, 1):
        starts = [11.0]
        while starts[-1] < 150:
            starts.append(starts[-1] + rng.uniform(7.5, 13.5))
        for near, far in reversed(list(pairwise(starts))):
            _House(canvas, view, light, side).draw((near, far), rng)


class _House:
    """One house: its front along the street, its flank towards us, its shops."""

    def __init__(self, canvas: Canvas, view: View, light: Daylight, side: int) -> None:
        self.canvas, self.view, self.light, self.side = canvas, view, light, side

    def draw(self, ahead_m: tuple[float, float], rng: Random) -> None:
        near, far = ahead_m
        storeys = rng.choices([1, 2, 3, 4], weights=[2, 4, 4, 2])[0]
        height = _GROUND_FLOOR_M + storeys * _STOREY_M
        haze = min(0.55, far / 260)
        front = mixed(
            darker(rng.choice(_FACADES), 0.16 if self.side > 0 else 0.04),
            self.light.horizon,
            haze * (1 - self.light.lamps),
        )
        flank = darker(front, 0.24)
        self._quad((near, near), (0, height), flank, depth_m=9.0)
        self._quad((near, far), (0, height), front)
        self._quad((near, far), (height - 0.35, height), lighter(front, 0.10))
        if near < 60:
            self._draw_flank_windows(near, storeys, rng)
        self._draw_roof((near, far), height, rng)
        self._draw_windows((near, far), storeys, front, rng)
        self._draw_shops((near, far), front, rng)

    def _corner(self, ahead_m: float, up_m: float, depth_m: float = 0.0) -> Point:
        return self.view.point(self.side * (FRONT_M + depth_m), up_m, ahead_m)

    def _quad(
        self,
        ahead_m: tuple[float, float],
        up_m: tuple[float, float],
        colour: Rgb,
        *,
        depth_m: float = 0.0,
        lit: bool = False,
    ) -> None:
        """Fill a wall piece: along the street, or across it when ``depth_m`` is given."""
        near, far = ahead_m
        low, high = up_m
        corners = [
            self._corner(near, low),
            self._corner(near, high),
            self._corner(far, high, depth_m),
            self._corner(far, low, depth_m),
        ]
        self.canvas.polygon(corners, colour, lit=lit)

    def _window_colour(self, rng: Random) -> tuple[Rgb, bool]:
        if rng.random() < 0.15 + 0.45 * self.light.lamps and self.light.lamps > 0.2:
            return mixed((255, 214, 140), (236, 176, 96), rng.random()), True
        glass = mixed((52, 58, 70), (96, 108, 124), rng.random() * 0.6)
        return mixed(glass, self.light.middle, 0.22 * (1 - self.light.lamps)), False

    def _draw_windows(
        self, ahead_m: tuple[float, float], storeys: int, front: Rgb, rng: Random
    ) -> None:
        near, far = ahead_m
        columns = max(2, round((far - near) / 2.6))
        pitch = (far - near) / columns
        for storey in range(storeys):
            sill = _GROUND_FLOOR_M + storey * _STOREY_M + 0.9
            self._quad((near, far), (sill - 0.95, sill - 0.8), darker(front, 0.18))
            for column in range(columns):
                start = near + pitch * (column + 0.24)
                colour, lit = self._window_colour(rng)
                self._quad((start, start + pitch * 0.5), (sill, sill + 1.35), colour, lit=lit)

    def _draw_flank_windows(self, near: float, storeys: int, rng: Random) -> None:
        for storey in range(storeys):
            sill = _GROUND_FLOOR_M + storey * _STOREY_M + 0.9
            for column in range(3):
                left, right = 1.0 + column * 2.6, 2.3 + column * 2.6
                colour, lit = self._window_colour(rng)
                corners = [
                    self._corner(near, sill, left),
                    self._corner(near, sill + 1.35, left),
                    self._corner(near, sill + 1.35, right),
                    self._corner(near, sill, right),
                ]
                self.canvas.polygon(corners, colour, lit=lit)

    def _draw_roof(self, ahead_m: tuple[float, float], height: float, rng: Random) -> None:
        near, far = ahead_m
        if rng.random() < 0.45:  # a water tank
            start = near + (far - near) * rng.uniform(0.2, 0.6)
            self._quad((start, start + 1.6), (height, height + 1.3), (44, 44, 48))
        if rng.random() < 0.3:  # a stair head
            start = near + (far - near) * rng.uniform(0.3, 0.6)
            self._quad((start, start + 2.6), (height, height + 2.2), (150, 138, 122))

    def _draw_shops(self, ahead_m: tuple[float, float], front: Rgb, rng: Random) -> None:
        near, far = ahead_m
        shops = max(1, round((far - near) / 4.5))
        pitch = (far - near) / shops
        burning = self.light.lamps > 0.25
        for shop in range(shops):
            start, end = near + pitch * shop, near + pitch * (shop + 1)
            self._draw_wares((start, end), is_open=burning and rng.random() < 0.72, rng=rng)
            self._quad((start, start + 0.3), (0.0, 2.3), darker(front, 0.3))
            colour = rng.choice(_AWNINGS)
            self._quad((start + 0.1, end - 0.1), (2.25, 3.15), colour)
            self._quad((start + 0.1, end - 0.1), (2.25, 2.45), darker(colour, 0.25))
            middle = (
                mixed(colour, (250, 246, 236), 0.75) if sum(colour) < 520 else darker(colour, 0.6)
            )
            left = start + pitch * 0.22
            self._quad((left, left + pitch * 0.5), (2.66, 2.88), middle)

    def _draw_wares(self, ahead_m: tuple[float, float], *, is_open: bool, rng: Random) -> None:
        """Draw what lies and hangs in one shop."""
        start, end = ahead_m
        amber = mixed((226, 172, 104), (178, 120, 70), rng.random())
        behind: Rgb = amber if is_open else (58, 49, 44)
        self._quad((start, end), (0.0, 2.25), behind, lit=is_open)
        if start > 60:
            return
        for shelf in (0.1, 0.75, 1.4):
            for item in range(5):
                left = start + (end - start) * (0.12 + item * 0.17)
                ware = mixed(rng.choice(_AWNINGS), behind, 0.70)
                top = shelf + rng.uniform(0.25, 0.55)
                self._quad((left, left + (end - start) * 0.12), (shelf, top), ware, lit=is_open)
