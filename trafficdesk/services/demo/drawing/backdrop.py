"""The far part of a scene: one street by the light of its hour, before anybody drives on it."""
# ruff: noqa: PLR2004 - a drawing is made of numbers

from dataclasses import dataclass

from trafficdesk.domain.demo.chance import dice
from trafficdesk.services.demo.drawing.buildings import draw_houses
from trafficdesk.services.demo.drawing.canvas import Canvas
from trafficdesk.services.demo.drawing.cars import SHAPES, CarLook, draw_auto, draw_car
from trafficdesk.services.demo.drawing.daylight import Daylight, daylight
from trafficdesk.services.demo.drawing.plates import Plate
from trafficdesk.services.demo.drawing.street import (
    Street,
    draw_crossing,
    draw_ground,
    draw_lamp_post,
    draw_sky,
    draw_tree,
    draw_wires,
)
from trafficdesk.services.demo.drawing.view import View

PAINTS = {
    "white": (236, 236, 232),
    "silver": (178, 182, 188),
    "grey": (98, 102, 110),
    "black": (40, 42, 48),
    "red": (176, 38, 40),
    "blue": (44, 84, 152),
    "brown": (116, 84, 62),
    "green": (36, 104, 66),
    "yellow": (238, 186, 36),
    "orange": (214, 112, 40),
}
_QUIET_PAINTS = ("white", "silver", "grey", "black", "red", "blue")


@dataclass(frozen=True, slots=True)
class Setting:
    """A street, its light and the canvas on which its far part is drawn."""

    canvas: Canvas
    street: Street
    light: Daylight

    @property
    def view(self) -> View:
        """The camera."""
        return self.street.view


def draw_backdrop(seed: int, hour: float, *, crossing: bool) -> Setting:
    """Draw everything that stands still and the traffic far ahead; ready for the near part."""
    rng = dice("street", seed)
    light = daylight(hour)
    view = View(rng.uniform(560, 720), rng.uniform(276, 304))
    street = Street(view, rng.uniform(3.5, 4.1), crossing, rng.random() < 0.85)
    canvas = Canvas(light.ambient)
    draw_sky(canvas, light, view, rng)
    draw_ground(canvas, street)
    draw_houses(canvas, view, light, rng)
    if crossing:
        draw_crossing(canvas, street)
    setting = Setting(canvas, street, light)
    _draw_roadside(setting, seed)
    _draw_distant_traffic(setting, seed)
    draw_wires(canvas, rng)
    canvas.step_forward()
    return setting


def _draw_roadside(setting: Setting, seed: int) -> None:
    rng = dice("roadside", seed)
    street = setting.street
    for ahead in (58.0, 41.0, 29.0, 20.5, 14.5):
        for side in (-1.0, 1.0):
            post = side * (street.half_width_m + 0.7)
            draw_lamp_post(setting.canvas, setting.view, post, ahead + 5, setting.light.lamps)
            if street.has_trees and rng.random() < 0.72:
                aside = side * (street.half_width_m + rng.uniform(1.9, 3.0))
                draw_tree(setting.canvas, setting.view, aside, ahead + rng.uniform(-1, 1), rng)


def _draw_distant_traffic(setting: Setting, seed: int) -> None:
    rng = dice("traffic", seed)
    plate = Plate("")
    for ahead in (64.0, 46.0, 33.0, 24.0, 18.5):
        aside = rng.choice((-1.0, 1.0)) * rng.uniform(0.35, 0.62) * setting.street.half_width_m
        spot = setting.view.spot(aside, ahead + rng.uniform(-2, 2))
        kind = rng.random()
        if kind < 0.55:
            paint = PAINTS[rng.choice(_QUIET_PAINTS)]
            look = CarLook(rng.choice(SHAPES), paint, brakes=rng.random() < 0.4)
            draw_car(setting.canvas, spot, look, plate, setting.light.lamps)
        elif kind < 0.85:
            draw_auto(setting.canvas, spot, plate, setting.light.lamps, PAINTS["yellow"])
