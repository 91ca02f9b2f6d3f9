"""Two-wheelers with their riders, and people on foot."""
# ruff: noqa: PLR2004 - a drawing is made of numbers

from dataclasses import dataclass

from trafficdesk.services.demo.drawing.canvas import (
    Canvas,
    Point,
    Rgb,
    darker,
    lighter,
    smooth,
)
from trafficdesk.services.demo.drawing.plates import Box, Plate, draw_two_line_plate
from trafficdesk.services.demo.drawing.view import Spot

SKIN: tuple[Rgb, ...] = ((118, 78, 54), (140, 94, 66), (98, 64, 46))
_HAIR: Rgb = (24, 20, 20)
_RUBBER: Rgb = (24, 24, 26)


@dataclass(frozen=True, slots=True)
class Rider:
    """One person on a two-wheeler, from behind."""

    shirt: Rgb
    helmet: Rgb | None
    on_phone: bool = False


@dataclass(frozen=True, slots=True)
class TwoWheeler:
    """A motorcycle or scooter and who sits on it, the front rider first."""

    riders: tuple[Rider, ...]
    paint: Rgb
    lean: float = 0.0
    is_oncoming: bool = False


@dataclass(frozen=True, slots=True)
class Leaning:
    """A spot whose things lean: every metre up goes ``lean`` metres aside."""

    spot: Spot
    lean: float

    def at(self, aside_m: float, up_m: float) -> Point:
        """Return the leaning point."""
        return self.spot.at(aside_m + up_m * self.lean, up_m)


def draw_two_wheeler(
    canvas: Canvas, spot: Spot, bike: TwoWheeler, plate: Plate, lamps: float
) -> Box:
    """Draw a two-wheeler from behind; return the box of its plate."""
    frame, k = Leaning(spot, bike.lean), spot.scale
    riders, paint = bike.riders, bike.paint
    canvas.shadow(spot.at(0, 0.0), (0.55 * k, 0.16 * k), 0.8)
    canvas.polygon(
        smooth(
            [
                frame.at(-0.075, 0.0),
                frame.at(-0.085, 0.34),
                frame.at(-0.05, 0.64),
                frame.at(0.05, 0.64),
                frame.at(0.085, 0.34),
                frame.at(0.075, 0.0),
            ]
        ),
        _RUBBER,
    )
    for side in (-1.0, 1.0):  # legs on the foot rests, exhaust, mirrors
        _leg(canvas, frame, side, k)
        bar = [frame.at(side * 0.12, 1.0), frame.at(side * 0.40, 1.04)]
        canvas.line(bar, (60, 62, 66), 0.05 * k)
        canvas.line(
            [frame.at(side * 0.34, 1.04), frame.at(side * 0.42, 1.22)], (50, 52, 56), 0.02 * k
        )
        canvas.disc(frame.at(side * 0.43, 1.25), (0.075 * k, 0.05 * k), (58, 62, 70))
    canvas.polygon(
        smooth(
            [
                frame.at(0.12, 0.30),
                frame.at(0.24, 0.30),
                frame.at(0.24, 0.42),
                frame.at(0.12, 0.42),
            ],
            4,
        ),
        (120, 122, 126),
    )
    spread = _spread(len(riders))
    for rider, (aside, lift) in zip(riders, spread, strict=True):
        is_last = rider is riders[-1]
        _draw_rider(canvas, frame, rider, (aside, lift), is_last=is_last)
        _draw_head(canvas, frame, rider, (aside, lift), facing=bike.is_oncoming)
    if bike.is_oncoming:
        return _draw_nose(canvas, frame, paint, plate, lamps)
    tail = smooth(
        [
            frame.at(x, up)
            for x, up in (
                (-0.19, 0.60),
                (-0.20, 0.78),
                (-0.10, 0.86),
                (0.10, 0.86),
                (0.20, 0.78),
                (0.19, 0.60),
                (0, 0.55),
            )
        ]
    )
    canvas.shaded(tail, lighter(paint, 0.08), darker(paint, 0.35))
    lamp = frame.at(0, 0.71)
    canvas.disc(lamp, (0.11 * k, 0.045 * k), (226, 40, 38), lit=True)
    canvas.glow(lamp, (0.35 + 0.4 * lamps) * k, (255, 40, 30), 0.35 + 0.4 * lamps)
    return draw_two_line_plate(canvas, Spot(*frame.at(0, 0.45), k), 0.0, plate)


def _draw_nose(canvas: Canvas, frame: Leaning, paint: Rgb, plate: Plate, lamps: float) -> Box:
    """Draw cowl, head lamp and mudguard over the knees; return the box of the front plate."""
    k = frame.spot.scale
    guard = smooth(
        [frame.at(x, up) for x, up in ((-0.10, 0.40), (-0.11, 0.62), (0.11, 0.62), (0.10, 0.40))]
    )
    canvas.shaded(guard, paint, darker(paint, 0.4))
    cowl = smooth(
        [
            frame.at(x, up)
            for x, up in (
                (-0.17, 0.72),
                (-0.23, 0.98),
                (-0.13, 1.16),
                (0.13, 1.16),
                (0.23, 0.98),
                (0.17, 0.72),
            )
        ]
    )
    canvas.shaded(cowl, lighter(paint, 0.15), darker(paint, 0.3))
    lamp = frame.at(0, 0.98)
    canvas.disc(lamp, (0.12 * k, 0.09 * k), (255, 250, 232), lit=True)
    canvas.glow(lamp, (0.6 + 0.8 * lamps) * k, (255, 240, 200), 0.5 + 0.4 * lamps)
    return draw_two_line_plate(canvas, Spot(*frame.at(0, 0.72), k), 0.0, plate, width_m=0.30)


def _spread(count: int) -> list[tuple[float, float]]:
    """Return how far aside and how much higher each rider is seen, the front one first."""
    if count == 1:
        return [(0.0, 0.0)]
    if count == 2:
        return [(0.13, 0.10), (-0.03, 0.0)]
    return [(0.22, 0.20), (-0.20, 0.12), (0.02, 0.0)][:count]


def _leg(canvas: Canvas, frame: Leaning, side: float, k: float) -> None:
    cloth: Rgb = (52, 56, 70)
    canvas.line(
        [frame.at(side * 0.13, 0.86), frame.at(side * 0.31, 0.62), frame.at(side * 0.27, 0.30)],
        cloth,
        0.15 * k,
    )
    canvas.disc(frame.at(side * 0.29, 0.26), (0.09 * k, 0.055 * k), (30, 28, 28))


def _draw_rider(
    canvas: Canvas, frame: Leaning, rider: Rider, shift: tuple[float, float], *, is_last: bool
) -> None:
    aside, lift = shift
    k = frame.spot.scale
    seat = 0.78

    def at(x: float, up: float) -> Point:
        return frame.at(aside + x, up + lift)

    reach = 0.34 if is_last else 0.30
    for side in (-1.0, 1.0):
        if rider.on_phone and side > 0:
            canvas.line([at(0.20, 1.30), at(0.36, 1.22), at(0.18, 1.52)], rider.shirt, 0.11 * k)
            canvas.disc(at(0.18, 1.53), 0.055 * k, SKIN[0])
            canvas.box(
                (at(0.145, 1.66)[0], at(0, 1.66)[1], at(0.215, 0)[0], at(0, 1.47)[1]),
                (18, 20, 26),
                radius=0.02 * k,
            )
            canvas.box(
                (at(0.155, 1.64)[0], at(0, 1.64)[1], at(0.175, 0)[0], at(0, 1.49)[1]),
                (170, 210, 255),
                lit=True,
            )
            continue
        canvas.line(
            [at(side * 0.20, 1.30), at(side * reach, 1.10), at(side * (reach - 0.02), 0.98)],
            darker(rider.shirt, 0.12),
            0.115 * k,
        )
        canvas.disc(at(side * (reach - 0.02), 0.98), 0.05 * k, SKIN[0])
    torso = smooth(
        [
            at(-0.20, seat),
            at(-0.23, 1.02),
            at(-0.25, 1.28),
            at(-0.15, 1.40),
            at(0.15, 1.40),
            at(0.25, 1.28),
            at(0.23, 1.02),
            at(0.20, seat),
        ]
    )
    canvas.shaded(torso, lighter(rider.shirt, 0.10), darker(rider.shirt, 0.30))
    canvas.line([at(0, 1.34), at(0.01, 0.86)], (*darker(rider.shirt, 0.35), 90), 0.03 * k)
    canvas.polygon([at(-0.055, 1.37), at(0.055, 1.37), at(0.05, 1.50), at(-0.05, 1.50)], SKIN[0])


def _draw_head(
    canvas: Canvas, frame: Leaning, rider: Rider, shift: tuple[float, float], *, facing: bool
) -> None:
    aside, lift = shift
    k = frame.spot.scale

    def at(x: float, up: float) -> Point:
        return frame.at(aside + x, up + lift)

    if rider.helmet is not None:
        canvas.disc(at(0, 1.575), (0.155 * k, 0.165 * k), darker(rider.helmet, 0.28))
        canvas.disc(at(-0.01, 1.59), (0.142 * k, 0.145 * k), rider.helmet)
        canvas.disc(at(-0.04, 1.64), (0.07 * k, 0.06 * k), lighter(rider.helmet, 0.35))
        if facing:
            canvas.disc(at(0, 1.56), (0.115 * k, 0.065 * k), (38, 44, 54))
        else:
            canvas.line([at(-0.145, 1.52), at(0.145, 1.52)], darker(rider.helmet, 0.5), 0.022 * k)
        return
    canvas.disc(at(0, 1.555), (0.105 * k, 0.13 * k), SKIN[1])
    for side in (-1.0, 1.0):
        canvas.disc(at(side * 0.108, 1.545), (0.022 * k, 0.035 * k), SKIN[1])
    if facing:
        canvas.disc(at(0, 1.645), (0.108 * k, 0.055 * k), _HAIR)
        for side in (-1.0, 1.0):
            canvas.disc(at(side * 0.042, 1.565), (0.014 * k, 0.011 * k), _HAIR)
    else:
        canvas.disc(at(0, 1.585), (0.112 * k, 0.115 * k), _HAIR)


def draw_walker(
    canvas: Canvas, spot: Spot, cloth: Rgb, *, saree: bool, stride: float = 1.0
) -> None:
    """Draw somebody who walks across: in shirt and trousers, or in a saree."""
    k = spot.scale
    canvas.shadow(spot.at(0, 0), (0.34 * k, 0.09 * k), 0.7)
    skin = SKIN[0]
    if saree:
        canvas.shaded(
            smooth(
                [
                    spot.at(-0.20, 0.02),
                    spot.at(-0.17, 0.8),
                    spot.at(-0.15, 1.28),
                    spot.at(0.13, 1.28),
                    spot.at(0.16, 0.8),
                    spot.at(0.24, 0.02),
                ],
                5,
            ),
            lighter(cloth, 0.12),
            darker(cloth, 0.25),
        )
        canvas.line(
            [spot.at(0.12, 1.28), spot.at(-0.10, 0.95), spot.at(-0.13, 0.45)],
            lighter(cloth, 0.35),
            0.04 * k,
        )
        canvas.line([spot.at(-0.20, 0.05), spot.at(0.24, 0.05)], (222, 184, 84), 0.04 * k)
    else:
        trousers: Rgb = (50, 54, 66)
        step = 0.20 * stride
        canvas.line([spot.at(0.0, 0.82), spot.at(-step, 0.04)], darker(trousers, 0.25), 0.14 * k)
        canvas.line([spot.at(0.0, 0.82), spot.at(step, 0.04)], trousers, 0.14 * k)
        for foot in (-step, step):
            canvas.disc(spot.at(foot + 0.05, 0.03), (0.10 * k, 0.04 * k), (28, 26, 26))
        canvas.shaded(
            smooth(
                [
                    spot.at(-0.16, 0.76),
                    spot.at(-0.19, 1.25),
                    spot.at(-0.08, 1.36),
                    spot.at(0.08, 1.36),
                    spot.at(0.19, 1.25),
                    spot.at(0.16, 0.76),
                ],
                5,
            ),
            lighter(cloth, 0.08),
            darker(cloth, 0.22),
        )
    for side in (-1.0, 1.0):
        swing = 0.10 * side * stride
        canvas.line(
            [
                spot.at(side * 0.17, 1.26),
                spot.at(side * 0.22 + swing * 0.4, 0.98),
                spot.at(side * 0.20 + swing, 0.74),
            ],
            darker(cloth, 0.16),
            0.085 * k,
        )
        canvas.disc(spot.at(side * 0.20 + swing, 0.72), 0.045 * k, skin)
    canvas.polygon(
        [spot.at(-0.045, 1.32), spot.at(0.045, 1.32), spot.at(0.04, 1.44), spot.at(-0.04, 1.44)],
        skin,
    )
    canvas.disc(spot.at(0, 1.50), (0.095 * k, 0.12 * k), skin)
    canvas.disc(spot.at(-0.01, 1.545), (0.105 * k, 0.085 * k), _HAIR)
    if saree:
        canvas.disc(spot.at(-0.08, 1.46), (0.06 * k, 0.07 * k), _HAIR)
