"""Cars and auto-rickshaws, from behind and from the front."""
# ruff: noqa: PLR2004 - a drawing is made of numbers

from dataclasses import dataclass

from trafficdesk.services.demo.drawing.canvas import (
    Canvas,
    Point,
    Rgb,
    darker,
    lighter,
    mixed,
    smooth,
)
from trafficdesk.services.demo.drawing.plates import Box, Plate, draw_plate
from trafficdesk.services.demo.drawing.view import Spot

TAIL_RED: Rgb = (214, 32, 34)
_GLASS_TOP: Rgb = (28, 32, 40)
_GLASS_LOW: Rgb = (66, 74, 88)
_RUBBER: Rgb = (24, 24, 26)
_SKIN: Rgb = (122, 82, 58)
_AUTO_YELLOW: Rgb = (238, 186, 36)
_AUTO_HOOD = (
    (-0.66, 0.92),
    (-0.60, 1.36),
    (-0.44, 1.64),
    (0.0, 1.72),
    (0.44, 1.64),
    (0.60, 1.36),
    (0.66, 0.92),
)
_AUTO_TUB = (
    (-0.68, 0.98),
    (-0.70, 0.60),
    (-0.66, 0.26),
    (0.0, 0.22),
    (0.66, 0.26),
    (0.70, 0.60),
    (0.68, 0.98),
    (0.0, 1.02),
)


@dataclass(frozen=True, slots=True)
class Shape:
    """Outlines of a body in metres."""

    half_m: float
    waist_m: float
    roof_m: float
    roof_half_m: float


HATCHBACK = Shape(0.85, 0.96, 1.50, 0.60)
SEDAN = Shape(0.87, 1.02, 1.44, 0.56)
SUV = Shape(0.92, 1.10, 1.76, 0.72)
SHAPES = (HATCHBACK, SEDAN, SUV)


@dataclass(frozen=True, slots=True)
class CarLook:
    """How a car looks: outline, paint, brake lamps on or off, driver's habits in a front view."""

    shape: Shape
    paint: Rgb
    brakes: bool = True
    driver_on_phone: bool = False


def draw_car(canvas: Canvas, spot: Spot, look: CarLook, plate: Plate, lamps: float) -> Box:
    """Draw a car from behind; return the box of its plate."""
    shape = look.shape
    _stance(canvas, spot, shape)
    _greenhouse(canvas, spot, look)
    _body(canvas, spot, look)
    half, waist = shape.half_m, shape.waist_m
    for side in (-1.0, 1.0):
        lamp = smooth(
            [
                spot.at(side * (half - 0.02), waist - 0.05),
                spot.at(side * (half - 0.24), waist - 0.04),
                spot.at(side * (half - 0.21), waist - 0.30),
                spot.at(side * (half - 0.01), waist - 0.34),
            ]
        )
        canvas.polygon(lamp, TAIL_RED if look.brakes else (150, 26, 28), lit=look.brakes)
        core = spot.at(side * (half - 0.12), waist - 0.16)
        if look.brakes:
            canvas.disc(core, (0.06 * spot.scale, 0.05 * spot.scale), (255, 120, 100), lit=True)
        if look.brakes or lamps > 0.3:
            canvas.glow(core, (0.55 + 0.3 * lamps) * spot.scale, (255, 40, 30), 0.45 + 0.3 * lamps)
    canvas.line(
        [spot.at(-0.16, waist + 0.02), spot.at(0.16, waist + 0.02)],
        darker(look.paint, 0.45),
        0.03 * spot.scale,
    )
    return draw_plate(canvas, spot, waist - 0.27, plate)


def _stance(canvas: Canvas, spot: Spot, shape: Shape) -> None:
    half = shape.half_m
    canvas.shadow(spot.at(0, 0.0), (half * 1.28 * spot.scale, 0.26 * spot.scale), 0.8)
    for side in (-1.0, 1.0):
        left, right = sorted((side * (half - 0.05), side * (half - 0.30)))
        canvas.box(spot.box(left, 0.42, right, 0.0), _RUBBER, radius=0.06 * spot.scale)
    canvas.box(spot.box(-half + 0.1, 0.34, half - 0.1, 0.16), (20, 20, 22))


def _body(canvas: Canvas, spot: Spot, look: CarLook) -> None:
    shape, half, waist = look.shape, look.shape.half_m, look.shape.waist_m
    outline = smooth(
        [
            spot.at(-half + 0.05, 0.27),
            spot.at(-half, 0.45),
            spot.at(-half, waist - 0.22),
            spot.at(-half + 0.10, waist + 0.02),
            spot.at(0, waist + 0.05),
            spot.at(half - 0.10, waist + 0.02),
            spot.at(half, waist - 0.22),
            spot.at(half, 0.45),
            spot.at(half - 0.05, 0.27),
            spot.at(0, 0.23),
        ]
    )
    canvas.shaded(outline, lighter(look.paint, 0.10), darker(look.paint, 0.34))
    seam = darker(look.paint, 0.30)
    canvas.line(
        [spot.at(-half + 0.12, 0.52), spot.at(half - 0.12, 0.52)], (*seam, 170), 0.018 * spot.scale
    )
    canvas.box(
        spot.box(-half + 0.02, 0.43, half - 0.02, 0.25),
        darker(look.paint, 0.42),
        radius=0.06 * spot.scale,
    )
    canvas.box(
        spot.box(-half + 0.18, 0.33, half - 0.18, 0.25), (34, 34, 38), radius=0.03 * spot.scale
    )
    for side in (-1.0, 1.0):
        canvas.box(spot.box(side * 0.62 - 0.09, 0.40, side * 0.62 + 0.09, 0.36), (150, 30, 30))
    if shape is SUV:
        canvas.box(spot.box(-0.5, 0.46, 0.5, 0.43), (176, 178, 182))


def _greenhouse(canvas: Canvas, spot: Spot, look: CarLook) -> None:
    shape = look.shape
    half, waist, roof, top = shape.half_m, shape.waist_m, shape.roof_m, shape.roof_half_m
    shell = smooth(
        [
            spot.at(-half + 0.10, waist - 0.06),
            spot.at(-top - 0.06, roof - 0.20),
            spot.at(-top + 0.08, roof - 0.02),
            spot.at(0, roof + 0.03),
            spot.at(top - 0.08, roof - 0.02),
            spot.at(top + 0.06, roof - 0.20),
            spot.at(half - 0.10, waist - 0.06),
        ]
    )
    canvas.shaded(shell, lighter(look.paint, 0.22), darker(look.paint, 0.10))
    glass = smooth(_glass(spot, shape), 5)
    canvas.shaded(glass, _GLASS_TOP, _GLASS_LOW)
    for side in (-1.0, 1.0):  # head rests, seen through the glass
        canvas.box(
            spot.box(side * 0.34 - 0.13, waist + 0.30, side * 0.34 + 0.13, waist + 0.02),
            (16, 18, 22),
            radius=0.07 * spot.scale,
        )
    canvas.polygon(
        [
            spot.at(0.02, roof - 0.15),
            spot.at(0.20, roof - 0.15),
            spot.at(-0.06, waist + 0.06),
            spot.at(-0.28, waist + 0.06),
        ],
        (255, 255, 255, 34),
    )
    canvas.box(
        spot.box(-0.13, roof - 0.08, 0.13, roof - 0.115),
        (240, 60, 50) if look.brakes else (120, 24, 24),
        lit=look.brakes,
    )


def _glass(spot: Spot, shape: Shape) -> list[Point]:
    half, waist, roof, top = shape.half_m, shape.waist_m, shape.roof_m, shape.roof_half_m
    return [
        spot.at(-half + 0.22, waist + 0.05),
        spot.at(-top + 0.02, roof - 0.20),
        spot.at(-top + 0.10, roof - 0.12),
        spot.at(top - 0.10, roof - 0.12),
        spot.at(top - 0.02, roof - 0.20),
        spot.at(half - 0.22, waist + 0.05),
    ]


def draw_oncoming_car(canvas: Canvas, spot: Spot, look: CarLook, plate: Plate, lamps: float) -> Box:
    """Draw a car coming towards us, its driver behind the glass; return its plate's box."""
    shape, half, waist = look.shape, look.shape.half_m, look.shape.waist_m
    _stance(canvas, spot, shape)
    _greenhouse_front(canvas, spot, look)
    outline = smooth(
        [
            spot.at(-half + 0.06, 0.24),
            spot.at(-half, 0.45),
            spot.at(-half + 0.01, waist - 0.25),
            spot.at(-half + 0.12, waist - 0.06),
            spot.at(0, waist + 0.02),
            spot.at(half - 0.12, waist - 0.06),
            spot.at(half - 0.01, waist - 0.25),
            spot.at(half, 0.45),
            spot.at(half - 0.06, 0.24),
            spot.at(0, 0.20),
        ]
    )
    canvas.shaded(outline, lighter(look.paint, 0.18), darker(look.paint, 0.32))
    canvas.box(
        spot.box(-0.46, waist - 0.24, 0.46, waist - 0.36), (30, 32, 36), radius=0.04 * spot.scale
    )
    canvas.box(spot.box(-0.52, 0.42, 0.52, 0.28), (36, 36, 40), radius=0.05 * spot.scale)
    _head_lamps(canvas, spot, look, lamps)
    return draw_plate(canvas, spot, 0.50, plate)


def _head_lamps(canvas: Canvas, spot: Spot, look: CarLook, lamps: float) -> None:
    """Draw head lamps and the mirrors above them."""
    half, waist = look.shape.half_m, look.shape.waist_m
    for side in (-1.0, 1.0):
        lamp = smooth(
            [
                spot.at(side * (half - 0.03), waist - 0.16),
                spot.at(side * (half - 0.30), waist - 0.20),
                spot.at(side * (half - 0.28), waist - 0.33),
                spot.at(side * (half - 0.03), waist - 0.32),
            ]
        )
        canvas.polygon(lamp, (250, 246, 228), lit=True)
        centre = spot.at(side * (half - 0.16), waist - 0.25)
        canvas.glow(centre, (0.6 + 1.0 * lamps) * spot.scale, (255, 240, 200), 0.4 + 0.5 * lamps)
        mirror = smooth(
            [
                spot.at(side * (half - 0.02), waist + 0.02),
                spot.at(side * (half + 0.16), waist + 0.03),
                spot.at(side * (half + 0.16), waist + 0.16),
                spot.at(side * (half - 0.02), waist + 0.14),
            ],
            4,
        )
        canvas.polygon(mirror, darker(look.paint, 0.15))


def _greenhouse_front(canvas: Canvas, spot: Spot, look: CarLook) -> None:
    shape = look.shape
    half, waist, roof, top = shape.half_m, shape.waist_m, shape.roof_m, shape.roof_half_m
    shell = smooth(
        [
            spot.at(-half + 0.08, waist - 0.06),
            spot.at(-top - 0.08, roof - 0.18),
            spot.at(-top + 0.06, roof - 0.02),
            spot.at(0, roof + 0.03),
            spot.at(top - 0.06, roof - 0.02),
            spot.at(top + 0.08, roof - 0.18),
            spot.at(half - 0.08, waist - 0.06),
        ]
    )
    canvas.shaded(shell, lighter(look.paint, 0.22), darker(look.paint, 0.12))
    glass = [
        spot.at(-half + 0.16, waist - 0.02),
        spot.at(-top, roof - 0.16),
        spot.at(top, roof - 0.16),
        spot.at(half - 0.16, waist - 0.02),
    ]
    canvas.shaded(glass, (44, 50, 60), (82, 92, 106))
    _people_in_front(canvas, spot, look)
    canvas.polygon(
        [
            spot.at(0.28, roof - 0.16),
            spot.at(0.44, roof - 0.16),
            spot.at(0.22, waist - 0.02),
            spot.at(0.02, waist - 0.02),
        ],
        (255, 255, 255, 36),
    )


def _people_in_front(canvas: Canvas, spot: Spot, look: CarLook) -> None:
    waist = look.shape.waist_m
    # In India the driver sits on the right, which is the left of a picture from the front.
    for aside, shirt in ((-0.33, (196, 202, 210)), (0.33, (150, 84, 74))):
        if aside > 0 and look.driver_on_phone:
            continue
        canvas.box(
            spot.box(aside - 0.20, waist + 0.17, aside + 0.20, waist - 0.03),
            shirt,
            radius=0.08 * spot.scale,
        )
        canvas.disc(spot.at(aside, waist + 0.27), (0.085 * spot.scale, 0.11 * spot.scale), _SKIN)
        canvas.disc(
            spot.at(aside, waist + 0.34), (0.088 * spot.scale, 0.055 * spot.scale), (26, 22, 22)
        )
    canvas.line(
        [spot.at(-0.46, waist + 0.04), spot.at(-0.20, waist + 0.04)],
        (20, 20, 22),
        0.05 * spot.scale,
    )
    if look.driver_on_phone:
        _phone_at_the_ear(canvas, spot, waist)


def _phone_at_the_ear(canvas: Canvas, spot: Spot, waist: float) -> None:
    canvas.line(
        [
            spot.at(-0.13, waist + 0.02),
            spot.at(-0.10, waist + 0.20),
            spot.at(-0.22, waist + 0.27),
        ],
        _SKIN,
        0.08 * spot.scale,
    )
    canvas.box(
        spot.box(-0.255, waist + 0.37, -0.185, waist + 0.19),
        (16, 18, 24),
        radius=0.02 * spot.scale,
    )
    canvas.box(spot.box(-0.245, waist + 0.35, -0.225, waist + 0.21), (150, 200, 255), lit=True)


def draw_auto(canvas: Canvas, spot: Spot, plate: Plate, lamps: float, body: Rgb) -> Box:
    """Draw an auto-rickshaw from behind; return the box of its plate."""
    yellow = _AUTO_YELLOW
    canvas.shadow(spot.at(0, 0), (0.95 * spot.scale, 0.22 * spot.scale), 0.8)
    for side in (-1.0, 1.0):
        canvas.box(
            spot.box(side * 0.52 - 0.10, 0.36, side * 0.52 + 0.10, 0.0),
            _RUBBER,
            radius=0.05 * spot.scale,
        )
    hood = smooth(spot.along(_AUTO_HOOD))
    canvas.shaded(hood, lighter(yellow, 0.12), darker(yellow, 0.12))
    canvas.box(spot.box(-0.43, 1.45, 0.43, 1.04), (20, 22, 26), radius=0.10 * spot.scale)
    canvas.box(spot.box(-0.40, 1.42, 0.40, 1.07), (44, 48, 56), radius=0.09 * spot.scale)
    canvas.disc(spot.at(-0.16, 1.14), (0.10 * spot.scale, 0.12 * spot.scale), (20, 18, 20))
    canvas.disc(spot.at(0.18, 1.13), (0.10 * spot.scale, 0.12 * spot.scale), (24, 20, 20))
    tub = smooth(spot.along(_AUTO_TUB))
    canvas.shaded(tub, lighter(body, 0.10), darker(body, 0.36))
    canvas.line(
        [spot.at(-0.68, 0.95), spot.at(0.68, 0.95)], mixed(yellow, body, 0.3), 0.04 * spot.scale
    )
    for side in (-1.0, 1.0):
        canvas.box(
            spot.box(side * 0.58 - 0.06, 0.66, side * 0.58 + 0.06, 0.46),
            TAIL_RED,
            radius=0.02 * spot.scale,
            lit=lamps > 0.3,
        )
        if lamps > 0.3:
            canvas.glow(spot.at(side * 0.58, 0.56), 0.5 * spot.scale, (255, 40, 30), 0.6)
    return draw_plate(canvas, spot, 0.40, plate, width_m=0.66)
