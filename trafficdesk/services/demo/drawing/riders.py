"""Two-wheelers with their riders, and people on foot."""
# ruff: noqa: PLR2004 - a drawing is made of numbers

from collections.abc import Sequence
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
_WHEEL = ((-0.075, 0.0), (-0.085, 0.34), (-0.05, 0.64), (0.05, 0.64), (0.085, 0.34), (0.075, 0.0))
_EXHAUST = ((0.12, 0.30), (0.24, 0.30), (0.24, 0.42), (0.12, 0.42))
_TAIL = (
    (-0.19, 0.60),
    (-0.20, 0.78),
    (-0.10, 0.86),
    (0.10, 0.86),
    (0.20, 0.78),
    (0.19, 0.60),
    (0.0, 0.55),
)
_MUDGUARD = ((-0.10, 0.40), (-0.11, 0.62), (0.11, 0.62), (0.10, 0.40))
_COWL = ((-0.17, 0.72), (-0.23, 0.98), (-0.13, 1.16), (0.13, 1.16), (0.23, 0.98), (0.17, 0.72))
_TORSO = (
    (-0.20, 0.78),
    (-0.23, 1.02),
    (-0.25, 1.28),
    (-0.15, 1.40),
    (0.15, 1.40),
    (0.25, 1.28),
    (0.23, 1.02),
    (0.20, 0.78),
)


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

    def curve(self, outline: Sequence[Point], steps: int = 6) -> list[Point]:
        """Return the leaning outline (aside, up in metres), smoothed."""
        return smooth([self.at(aside, up) for aside, up in outline], steps)


def draw_two_wheeler(
    canvas: Canvas, spot: Spot, bike: TwoWheeler, plate: Plate, lamps: float
) -> Box:
    """Draw a two-wheeler; return the box of its plate."""
    frame = Leaning(spot, bike.lean)
    _draw_chassis(canvas, frame)
    spread = _spread(len(bike.riders))
    for rider, (aside, lift) in zip(bike.riders, spread, strict=True):
        is_last = rider is bike.riders[-1]
        _draw_rider(canvas, frame, rider, (aside, lift), is_last=is_last)
        _draw_head(canvas, frame, rider, (aside, lift), facing=bike.is_oncoming)
    draw_end = _draw_nose if bike.is_oncoming else _draw_tail
    return draw_end(canvas, frame, bike.paint, plate, lamps)


def _draw_chassis(canvas: Canvas, frame: Leaning) -> None:
    """Draw wheel, legs on the foot rests, handlebar, mirrors and exhaust."""
    k = frame.spot.scale
    canvas.shadow(frame.spot.at(0, 0.0), (0.55 * k, 0.16 * k), 0.8)
    canvas.polygon(frame.curve(_WHEEL), _RUBBER)
    for side in (-1.0, 1.0):
        _leg(canvas, frame, side, k)
        bar = [frame.at(side * 0.12, 1.0), frame.at(side * 0.40, 1.04)]
        canvas.line(bar, (60, 62, 66), 0.05 * k)
        stalk = [frame.at(side * 0.34, 1.04), frame.at(side * 0.42, 1.22)]
        canvas.line(stalk, (50, 52, 56), 0.02 * k)
        canvas.disc(frame.at(side * 0.43, 1.25), (0.075 * k, 0.05 * k), (58, 62, 70))
    canvas.polygon(frame.curve(_EXHAUST, 4), (120, 122, 126))


def _draw_tail(canvas: Canvas, frame: Leaning, paint: Rgb, plate: Plate, lamps: float) -> Box:
    """Draw the tail with its lamp; return the box of the rear plate."""
    k = frame.spot.scale
    canvas.shaded(frame.curve(_TAIL), lighter(paint, 0.08), darker(paint, 0.35))
    lamp = frame.at(0, 0.71)
    canvas.disc(lamp, (0.11 * k, 0.045 * k), (226, 40, 38), lit=True)
    canvas.glow(lamp, (0.35 + 0.4 * lamps) * k, (255, 40, 30), 0.35 + 0.4 * lamps)
    return draw_two_line_plate(canvas, Spot(*frame.at(0, 0.45), k), 0.0, plate)


def _draw_nose(canvas: Canvas, frame: Leaning, paint: Rgb, plate: Plate, lamps: float) -> Box:
    """Draw cowl, head lamp and mudguard over the knees; return the box of the front plate."""
    k = frame.spot.scale
    canvas.shaded(frame.curve(_MUDGUARD), paint, darker(paint, 0.4))
    canvas.shaded(frame.curve(_COWL), lighter(paint, 0.15), darker(paint, 0.3))
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
    """Draw arms and back of one rider, shifted aside and up."""
    aside, lift = shift
    k = frame.spot.scale

    def at(x: float, up: float) -> Point:
        return frame.at(aside + x, up + lift)

    reach = 0.34 if is_last else 0.30
    for side in (-1.0, 1.0):
        if rider.on_phone and side > 0:
            _draw_phone(canvas, Spot(*at(0.18, 1.53), k), rider)
            continue
        hand = at(side * (reach - 0.02), 0.98)
        arm = [at(side * 0.20, 1.30), at(side * reach, 1.10), hand]
        canvas.line(arm, darker(rider.shirt, 0.12), 0.115 * k)
        canvas.disc(hand, 0.05 * k, SKIN[0])
    torso = smooth([at(x, up) for x, up in _TORSO])
    canvas.shaded(torso, lighter(rider.shirt, 0.10), darker(rider.shirt, 0.30))
    canvas.line([at(0, 1.34), at(0.01, 0.86)], (*darker(rider.shirt, 0.35), 90), 0.03 * k)
    canvas.polygon([at(-0.055, 1.37), at(0.055, 1.37), at(0.05, 1.50), at(-0.05, 1.50)], SKIN[0])


def _draw_phone(canvas: Canvas, ear: Spot, rider: Rider) -> None:
    """Draw the raised arm and the phone at the ear."""
    k = ear.scale
    arm = [ear.at(0.02, -0.23), ear.at(0.18, -0.31), ear.at(0.0, -0.01)]
    canvas.line(arm, rider.shirt, 0.11 * k)
    canvas.disc(ear.at(0, 0), 0.055 * k, SKIN[0])
    canvas.box(ear.box(-0.035, 0.13, 0.035, -0.06), (18, 20, 26), radius=0.02 * k)
    canvas.box(ear.box(-0.025, 0.11, -0.005, -0.04), (170, 210, 255), lit=True)


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
