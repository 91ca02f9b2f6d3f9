"""Traffic signals, road signs, painted arrows and barriers."""

import math

from trafficdesk.services.demo.drawing.canvas import Canvas, Point, Rgb, darker
from trafficdesk.services.demo.drawing.plates import Box
from trafficdesk.services.demo.drawing.view import Spot, View

_STEEL: Rgb = (70, 74, 80)
_HOUSING: Rgb = (30, 32, 36)
_SIGN_RED: Rgb = (206, 34, 38)
_SIGN_WHITE: Rgb = (246, 246, 242)
_SIGN_BLUE: Rgb = (28, 82, 168)
LAMPS: dict[str, tuple[int, Rgb]] = {
    "red": (0, (255, 48, 40)),
    "amber": (1, (255, 178, 40)),
    "green": (2, (52, 224, 120)),
}


def draw_signal(canvas: Canvas, spot: Spot, shows: str, lamps: float) -> Box:
    """Draw a signal on a pole with an arm over the road; return the box of the upper head."""
    k = spot.scale
    canvas.shadow(spot.at(0, 0), (0.30 * k, 0.09 * k), 0.7)
    canvas.box(spot.box(-0.07, 3.9, 0.07, 0.0), _STEEL)
    canvas.box(spot.box(-0.03, 3.9, 0.01, 0.0), (104, 108, 114))
    canvas.box(spot.box(-0.12, 0.5, 0.12, 0.0), (58, 60, 66))
    canvas.line([spot.at(0.03, 3.88), spot.at(-1.72, 3.80)], _STEEL, 0.09 * k)
    canvas.line([spot.at(0, 3.45), spot.at(-0.55, 3.84)], _STEEL, 0.05 * k)
    _draw_head(canvas, spot.at(-1.55, 3.32), k, shows, lamps)
    _draw_head(canvas, spot.at(0.0, 2.30), k * 0.9, shows, lamps)
    left, top = spot.at(-2.25, 4.15)
    right, bottom = spot.at(0.45, 1.75)
    return left, top, right, bottom


def _draw_head(canvas: Canvas, centre: Point, k: float, shows: str, lamps: float) -> None:
    x, y = centre
    canvas.box((x - 0.19 * k, y - 0.52 * k, x + 0.19 * k, y + 0.52 * k), _HOUSING, radius=0.07 * k)
    burning, colour = LAMPS[shows]
    for i in range(3):
        lamp = (x, y + (i - 1) * 0.32 * k)
        canvas.disc((lamp[0], lamp[1] - 0.02 * k), 0.155 * k, (16, 17, 20))
        if i == burning:
            canvas.disc(lamp, 0.13 * k, colour, lit=True)
            canvas.disc(lamp, 0.05 * k, (255, 232, 220), lit=True)
            canvas.glow(lamp, 1.5 * k, colour, 0.85 + 0.1 * lamps)
        else:
            dim = next(rgb for index, rgb in LAMPS.values() if index == i)
            canvas.disc(lamp, 0.13 * k, darker(dim, 0.80))


def draw_sign(canvas: Canvas, spot: Spot, kind: str, text: str = "") -> Box:
    """Draw a round sign (``no_entry``, ``no_parking``, ``limit``) on a post; return its box."""
    k = spot.scale
    radius = 0.42 * k
    canvas.shadow(spot.at(0, 0), (0.25 * k, 0.07 * k), 0.7)
    canvas.box(spot.box(-0.045, 2.3, 0.045, 0.0), (150, 152, 156))
    centre = spot.at(0, 2.35)
    x, y = centre
    canvas.disc(centre, radius * 1.04, (96, 98, 102))
    if kind == "no_entry":
        canvas.disc(centre, radius, _SIGN_RED)
        canvas.box(
            (x - radius * 0.70, y - radius * 0.17, x + radius * 0.70, y + radius * 0.17),
            _SIGN_WHITE,
        )
    elif kind == "no_parking":
        canvas.disc(centre, radius, _SIGN_RED)
        canvas.disc(centre, radius * 0.80, _SIGN_BLUE)
        canvas.text(centre, "P", radius * 0.85, _SIGN_WHITE)
        d = radius * 0.60
        canvas.line([(x - d, y - d), (x + d, y + d)], _SIGN_RED, radius * 0.18)
    else:
        canvas.disc(centre, radius, _SIGN_RED)
        canvas.disc(centre, radius * 0.78, _SIGN_WHITE)
        canvas.text(centre, text, radius * 0.72, (24, 24, 28))
    if kind == "no_parking":
        board = (x - radius, y + radius * 1.15, x + radius, y + radius * 1.75)
        canvas.box(board, _SIGN_WHITE, radius=0.02 * k)
        canvas.text((x, y + radius * 1.45), "TOW ZONE", radius * 0.24, _SIGN_RED)
    return x - radius * 1.5, y - radius * 1.5, x + radius * 1.5, y + radius * 2.0


def draw_arrow(
    canvas: Canvas, view: View, aside_m: float, ahead_m: float, *, towards_us: bool
) -> None:
    """Paint the lane's direction on the asphalt."""
    paint = (232, 230, 224, 215)
    shaft = [
        (-0.09, 0.0),
        (-0.09, 1.5),
        (-0.30, 1.5),
        (0.0, 2.6),
        (0.30, 1.5),
        (0.09, 1.5),
        (0.09, 0.0),
    ]
    if towards_us:
        shaft = [(x, 2.6 - z) for x, z in shaft]
    canvas.polygon([view.point(aside_m + x, 0, ahead_m + z) for x, z in shaft], paint)


def draw_barrier(canvas: Canvas, spot: Spot) -> None:
    """Draw a police barricade."""
    k = spot.scale
    canvas.shadow(spot.at(0, 0), (0.85 * k, 0.12 * k), 0.7)
    for side in (-0.7, 0.7):
        canvas.line(
            [spot.at(side - 0.12, 0), spot.at(side, 1.05), spot.at(side + 0.12, 0)],
            (198, 160, 40),
            0.06 * k,
        )
    canvas.box(spot.box(-0.82, 1.08, 0.82, 0.62), (240, 204, 60), radius=0.04 * k)
    for i in range(5):
        left = -0.82 + i * 0.36
        canvas.polygon(
            [
                spot.at(left, 0.62),
                spot.at(left + 0.12, 0.62),
                spot.at(left + 0.24, 0.72),
                spot.at(left + 0.12, 0.72),
            ],
            (32, 32, 36),
        )
    canvas.text(spot.at(0, 0.90), "POLICE", 0.20 * k, (26, 40, 104))
    canvas.text(spot.at(0, 0.40), "SLOW", 0.12 * k, (198, 160, 40))


def draw_skid_marks(
    canvas: Canvas, view: View, from_m: tuple[float, float], to_m: tuple[float, float]
) -> None:
    """Draw the winding marks of tyres between two ground points (aside, ahead)."""
    steps = 24
    for track in (-0.62, 0.62):
        aside, ahead = from_m[0] + track, from_m[1]
        for i in range(1, steps + 1):
            share = i / steps
            swerve = 0.55 * math.sin(share * math.tau) * (1 - share)
            next_ahead = from_m[1] + (to_m[1] - from_m[1]) * share
            next_aside = from_m[0] + (to_m[0] - from_m[0]) * share + track + swerve
            corners = [
                view.point(aside - 0.09, 0, ahead),
                view.point(aside + 0.09, 0, ahead),
                view.point(next_aside + 0.09, 0, next_ahead),
                view.point(next_aside - 0.09, 0, next_ahead),
            ]
            canvas.polygon(corners, (16, 16, 18, 120))
            aside, ahead = next_aside, next_ahead
