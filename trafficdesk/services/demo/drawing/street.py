"""The street itself: sky, skyline, road, kerbs, crossing, trees, wires and lamp posts."""
# ruff: noqa: PLR2004 - a drawing is made of numbers

import math
from dataclasses import dataclass
from random import Random

from trafficdesk.services.demo.drawing.canvas import (
    HEIGHT,
    WIDTH,
    Canvas,
    Rgb,
    darker,
    lighter,
    mixed,
)
from trafficdesk.services.demo.drawing.daylight import Daylight
from trafficdesk.services.demo.drawing.view import View

NEAREST_M, FARTHEST_M = 4.8, 400.0
CROSSING_FROM_M, CROSSING_TO_M = 8.9, 11.6
STOP_LINE_M = 7.45
_ASPHALT: Rgb = (86, 85, 90)
_PAVING: Rgb = (186, 171, 146)
_WHITE: Rgb = (232, 230, 224)


@dataclass(frozen=True, slots=True)
class Street:
    """What one street is like; everything is drawn from these figures."""

    view: View
    half_width_m: float
    has_crossing: bool
    has_trees: bool


def draw_sky(canvas: Canvas, light: Daylight, view: View, rng: Random) -> None:
    """Draw the sky, the sun's haze over the road's end, and the far skyline."""
    middle = view.horizon_y * 0.62
    sky = [(0.0, 0.0), (WIDTH, 0.0), (WIDTH, middle), (0.0, middle)]
    low = [(0.0, middle - 1), (WIDTH, middle - 1), (WIDTH, HEIGHT), (0.0, HEIGHT)]
    canvas.sky(sky, light.top, light.middle)
    canvas.sky(
        [*low[:2], (WIDTH, view.horizon_y + 4), (0.0, view.horizon_y + 4)],
        light.middle,
        light.horizon,
    )
    if light.lamps < 1.0:
        canvas.glow((view.vanish_x, view.horizon_y - 30), 420, light.horizon, 0.22)
    haze = mixed(light.horizon, (120, 116, 118), 0.28)
    x = view.vanish_x - 190
    while x < view.vanish_x + 190:
        width = rng.uniform(24, 52)
        tall = rng.uniform(24, 104) * (1.25 - abs(x - view.vanish_x) / 260)
        tint = mixed(haze, light.horizon, rng.uniform(0.1, 0.5))
        canvas.box((x, view.horizon_y - tall, x + width, view.horizon_y + 8), tint, lit=True)
        x += width + rng.uniform(-4, 16)


def draw_ground(canvas: Canvas, street: Street) -> None:
    """Draw pavements, road, painted kerbs and the broken centre line."""
    view, half = street.view, street.half_width_m
    horizon = view.horizon_y + 3
    canvas.shaded(
        [(0, horizon), (WIDTH, horizon), (WIDTH, HEIGHT), (0, HEIGHT)],
        lighter(_PAVING, 0.10),
        darker(_PAVING, 0.22),
    )
    road = [
        view.point(-half, 0, FARTHEST_M),
        view.point(half, 0, FARTHEST_M),
        view.point(half, 0, NEAREST_M),
        view.point(-half, 0, NEAREST_M),
    ]
    canvas.shaded(road, lighter(_ASPHALT, 0.16), darker(_ASPHALT, 0.28))
    for side in (-1, 1):
        _draw_kerb(canvas, view, side * half, side)
        edge = side * (half - 0.25)
        canvas.polygon(
            [
                view.point(edge - 0.05, 0, 60),
                view.point(edge + 0.05, 0, 60),
                view.point(edge + 0.05, 0, NEAREST_M),
                view.point(edge - 0.05, 0, NEAREST_M),
            ],
            (*_WHITE, 130),
        )
    ahead = 5.0
    while ahead < 70:
        if not (street.has_crossing and ahead + 2.2 > STOP_LINE_M - 0.3 and ahead < CROSSING_TO_M):
            _strip(canvas, view, (-0.07, 0.07), (ahead, ahead + 2.2))
        ahead += 4.2


def _strip(
    canvas: Canvas, view: View, aside_m: tuple[float, float], ahead_m: tuple[float, float]
) -> None:
    (left, right), (near, far) = aside_m, ahead_m
    canvas.polygon(
        [
            view.point(left, 0, near),
            view.point(right, 0, near),
            view.point(right, 0, far),
            view.point(left, 0, far),
        ],
        (*_WHITE, 225),
    )


def _draw_kerb(canvas: Canvas, view: View, aside_m: float, side: int) -> None:
    ahead, is_dark = NEAREST_M, False
    while ahead < 46:
        colour: Rgb = (58, 54, 52) if is_dark else (214, 178, 62)
        outer = aside_m + side * 0.18
        canvas.polygon(
            [
                view.point(aside_m, 0.0, ahead),
                view.point(aside_m, 0.16, ahead),
                view.point(aside_m, 0.16, ahead + 1),
                view.point(aside_m, 0.0, ahead + 1),
            ],
            darker(colour, 0.25),
        )
        canvas.polygon(
            [
                view.point(aside_m, 0.16, ahead),
                view.point(outer, 0.16, ahead),
                view.point(outer, 0.16, ahead + 1),
                view.point(aside_m, 0.16, ahead + 1),
            ],
            colour,
        )
        ahead += 1
        is_dark = not is_dark


def draw_crossing(canvas: Canvas, street: Street) -> None:
    """Draw the zebra stripes and the stop line before them."""
    view, half = street.view, street.half_width_m - 0.35
    _strip(canvas, view, (-half, half), (STOP_LINE_M, STOP_LINE_M + 0.32))
    stripes = round(half * 2 / 0.68)
    for i in range(stripes):
        left = -half + 0.12 + i * 0.68
        _strip(canvas, view, (left, left + 0.38), (CROSSING_FROM_M, CROSSING_TO_M))


def draw_tree(canvas: Canvas, view: View, aside_m: float, ahead_m: float, rng: Random) -> None:
    """Draw a roadside tree: a forked trunk and a crown of many leaves' clusters."""
    spot = view.spot(aside_m, ahead_m)
    height = rng.uniform(2.3, 3.0)
    wide = rng.uniform(1.7, 2.5)
    canvas.shadow((spot.x, spot.y), (wide * spot.scale, 0.35 * spot.scale), 0.5)
    bark: Rgb = (88, 66, 46)
    canvas.polygon(
        [spot.at(-0.16, 0), spot.at(0.16, 0), spot.at(0.10, height), spot.at(-0.10, height)], bark
    )
    canvas.line(
        [spot.at(0, height * 0.7), spot.at(-wide * 0.45, height + 0.5)], bark, 0.09 * spot.scale
    )
    canvas.line(
        [spot.at(0, height * 0.75), spot.at(wide * 0.4, height + 0.6)], bark, 0.09 * spot.scale
    )
    leaf = rng.choice([(62, 88, 42), (74, 98, 48), (58, 84, 50), (84, 102, 46)])
    clusters = []
    for _ in range(84):
        around, out = rng.uniform(0, math.tau), rng.random() ** 0.6
        aside = math.cos(around) * out * wide * 0.92
        up = height + 0.75 + math.sin(around) * out * 0.78
        clusters.append((aside, up, rng.uniform(0.16, 0.40)))
    for aside, up, radius in sorted(clusters, key=lambda cluster: cluster[1]):
        lit = min(1.0, max(0.0, (up - height) / 1.7 - aside * 0.05))
        tint = mixed(darker(leaf, 0.46), lighter(leaf, 0.14), lit)
        shade = mixed(tint, leaf, rng.uniform(0, 0.35))
        canvas.disc(spot.at(aside, up), radius * spot.scale, shade)


def draw_wires(canvas: Canvas, rng: Random) -> None:
    """Draw the sagging wires that cross every Indian street."""
    for _ in range(3):
        left, right = rng.uniform(40, 130), rng.uniform(10, 120)
        sag = rng.uniform(14, 46)
        points = [
            (WIDTH * i / 24, left + (right - left) * i / 24 + sag * 4 * (i / 24) * (1 - i / 24))
            for i in range(25)
        ]
        canvas.line(points, (46, 44, 46, 170), 1.3)


def draw_lamp_post(
    canvas: Canvas, view: View, aside_m: float, ahead_m: float, lamps: float
) -> None:
    """Draw a lamp post whose arm reaches over the road; it burns when lamps do."""
    spot = view.spot(aside_m, ahead_m)
    towards = -1.0 if aside_m > 0 else 1.0
    steel: Rgb = (92, 94, 98)
    canvas.line([spot.at(0, 0), spot.at(0, 6.2)], steel, max(1.2, 0.12 * spot.scale))
    canvas.line(
        [spot.at(0, 6.2), spot.at(towards * 0.7, 6.55), spot.at(towards * 1.5, 6.6)],
        steel,
        max(1.0, 0.08 * spot.scale),
    )
    head = spot.at(towards * 1.6, 6.55)
    canvas.disc(head, (0.32 * spot.scale, 0.10 * spot.scale), (70, 70, 74))
    if lamps > 0.3:
        canvas.disc(head, (0.24 * spot.scale, 0.08 * spot.scale), (255, 238, 196), lit=True)
        canvas.glow(head, 2.6 * spot.scale + 18, (255, 206, 130), 0.75 * lamps)
        pool = spot.at(towards * 1.6, 0.0)
        canvas.glow(pool, 3.2 * spot.scale + 10, (200, 160, 100), 0.26 * lamps)
