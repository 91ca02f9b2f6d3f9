"""Buses and lorries from behind."""
# ruff: noqa: PLR2004 - a drawing is made of numbers

from trafficdesk.domain.demo.chance import dice
from trafficdesk.services.demo.drawing.canvas import (
    Canvas,
    Rgb,
    darker,
    lighter,
    mixed,
    smooth,
)
from trafficdesk.services.demo.drawing.plates import Box, Plate, draw_plate
from trafficdesk.services.demo.drawing.view import Spot

_RUBBER: Rgb = (24, 24, 26)
_RED: Rgb = (210, 36, 34)


def draw_bus(canvas: Canvas, spot: Spot, plate: Plate, paint: Rgb, lamps: float) -> Box:
    """Draw a town bus from behind; return the box of its plate."""
    k = spot.scale
    _wheels(canvas, spot, 1.2)
    shell = smooth(
        [
            spot.at(-1.22, 0.42),
            spot.at(-1.25, 1.2),
            spot.at(-1.22, 2.7),
            spot.at(-1.08, 2.98),
            spot.at(0, 3.06),
            spot.at(1.08, 2.98),
            spot.at(1.22, 2.7),
            spot.at(1.25, 1.2),
            spot.at(1.22, 0.42),
        ]
    )
    canvas.shaded(shell, lighter(paint, 0.12), darker(paint, 0.30))
    cream: Rgb = (232, 222, 196)
    canvas.polygon(
        [spot.at(-1.235, 1.46), spot.at(1.235, 1.46), spot.at(1.24, 1.20), spot.at(-1.24, 1.20)],
        cream,
    )
    inside: Rgb = (196, 176, 128) if lamps > 0.3 else (46, 52, 62)
    canvas.box(spot.box(-1.0, 2.50, 1.0, 1.62), (24, 26, 30), radius=0.10 * k)
    canvas.box(spot.box(-0.96, 2.46, 0.96, 1.66), inside, radius=0.08 * k, lit=lamps > 0.3)
    for aside in (-0.7, -0.3, 0.14, 0.62):  # passengers' heads
        canvas.disc(spot.at(aside, 1.80), (0.11 * k, 0.14 * k), (30, 24, 24))
    canvas.line([spot.at(0, 2.46), spot.at(0, 1.66)], (24, 26, 30), 0.05 * k)
    canvas.box(spot.box(-0.62, 2.86, 0.62, 2.60), (22, 24, 28), radius=0.03 * k)
    canvas.text(spot.at(0, 2.73), "GANDHIPURAM", 0.13 * k, (255, 190, 70))
    canvas.box(spot.box(-1.14, 0.62, 1.14, 0.42), (52, 52, 56), radius=0.04 * k)
    _tail_lamps(canvas, spot, 1.06, 0.98, lamps)
    canvas.text(spot.at(0, 1.33), "COIMBATORE TOWN BUS", 0.12 * k, darker(paint, 0.25))
    return draw_plate(canvas, spot, 0.86, plate, width_m=0.84)


def draw_lorry(canvas: Canvas, spot: Spot, plate: Plate, paint: Rgb, *, overloaded: bool) -> Box:
    """Draw a lorry from behind, heaped with sacks when overloaded; return its plate's box."""
    k = spot.scale
    if overloaded:
        _draw_sacks(canvas, spot)
    _wheels(canvas, spot, 1.15)
    canvas.box(spot.box(-1.18, 2.45, 1.18, 0.78), darker(paint, 0.35))
    boards = 6
    for board in range(boards):
        top = 2.40 - board * 0.26
        tint = mixed(lighter(paint, 0.10), darker(paint, 0.18), board / boards)
        canvas.box(spot.box(-1.12, top, 1.12, top - 0.23), tint)
    for post in (-1.12, -0.40, 0.40, 1.12):
        canvas.box(spot.box(post - 0.05, 2.52, post + 0.05, 0.78), darker(paint, 0.42))
    canvas.text(spot.at(0, 2.02), "SOUND HORN", 0.21 * k, (250, 232, 120))
    for side in (-1.0, 1.0):
        canvas.disc(spot.at(side * 0.76, 1.50), 0.17 * k, (246, 206, 74))
        canvas.disc(spot.at(side * 0.76, 1.50), 0.11 * k, (186, 46, 40))
    canvas.text(spot.at(0, 1.52), "GOOD LUCK", 0.13 * k, (244, 240, 226))
    stripes = 9
    for stripe in range(stripes):  # the underrun bar
        left = -1.15 + stripe * 2.3 / stripes
        colour: Rgb = (214, 46, 38) if stripe % 2 else (236, 230, 216)
        canvas.box(spot.box(left, 0.66, left + 2.3 / stripes, 0.52), colour)
    _tail_lamps(canvas, spot, 1.0, 0.86, 0.4)
    return draw_plate(canvas, spot, 0.98, plate, width_m=0.84)


def _wheels(canvas: Canvas, spot: Spot, half_m: float) -> None:
    k = spot.scale
    canvas.shadow(spot.at(0, 0.0), ((half_m + 0.4) * k, 0.34 * k), 0.85)
    for side in (-1.0, 1.0):
        middle = side * (half_m - 0.28)
        canvas.box(spot.box(middle - 0.26, 0.85, middle + 0.26, 0.0), _RUBBER, radius=0.08 * k)
        canvas.line([spot.at(middle, 0.8), spot.at(middle, 0.05)], (44, 44, 48), 0.04 * k)
    canvas.box(spot.box(-half_m + 0.3, 0.7, half_m - 0.3, 0.36), (22, 22, 24))


def _tail_lamps(canvas: Canvas, spot: Spot, aside_m: float, up_m: float, lamps: float) -> None:
    for side in (-1.0, 1.0):
        centre = spot.at(side * aside_m, up_m)
        canvas.disc(centre, 0.09 * spot.scale, _RED, lit=True)
        canvas.disc(spot.at(side * aside_m, up_m + 0.22), 0.07 * spot.scale, (236, 150, 40))
        canvas.glow(centre, (0.5 + 0.4 * lamps) * spot.scale, (255, 40, 30), 0.3 + 0.3 * lamps)


def _draw_sacks(canvas: Canvas, spot: Spot) -> None:
    rng = dice("sacks")
    k = spot.scale
    for row in range(6):
        up = 2.45 + row * 0.27
        half = 1.42 - row * 0.05 if row < 4 else 1.15 - (row - 4) * 0.35
        count = max(2, round(half * 2 / 0.56))
        for i in range(count):
            aside = -half + (i + 0.5 + 0.2 * (row % 2)) * 2 * half / count
            jute = mixed((190, 158, 108), (150, 120, 80), rng.random())
            centre = spot.at(aside + rng.uniform(-0.03, 0.03), up + rng.uniform(-0.02, 0.04))
            canvas.disc(centre, (0.34 * k, 0.18 * k), darker(jute, 0.35))
            canvas.disc((centre[0], centre[1] - 0.02 * k), (0.32 * k, 0.155 * k), jute)
            canvas.disc(
                (centre[0] - 0.06 * k, centre[1] - 0.06 * k),
                (0.18 * k, 0.06 * k),
                lighter(jute, 0.16),
            )
    for side in (-0.8, 0.1, 0.9):  # ropes
        canvas.line(
            [spot.at(side * 1.25, 2.4), spot.at(side * 0.8, 3.5), spot.at(side * 0.3, 3.95)],
            (96, 76, 52),
            0.03 * k,
        )
