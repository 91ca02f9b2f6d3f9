"""Lettered number plates on drawn vehicles."""

from dataclasses import dataclass

from trafficdesk.domain.plates import format_plate
from trafficdesk.services.demo.drawing.canvas import Canvas, Rgb
from trafficdesk.services.demo.drawing.view import Spot

_WHITE_FACE: Rgb = (244, 243, 236)
_YELLOW_FACE: Rgb = (246, 198, 52)
_INK: Rgb = (24, 24, 28)
_BAND: Rgb = (34, 62, 148)


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate as drawn: what it says, its face, and whether dirt hides a part of it."""

    token: str
    is_commercial: bool = False
    is_soiled: bool = False


Box = tuple[float, float, float, float]


def draw_plate(
    canvas: Canvas, spot: Spot, up_m: float, plate: Plate, *, width_m: float = 0.74
) -> Box:
    """Letter a one-line plate around the middle of a vehicle; return its box in the picture."""
    half, tall = width_m / 2, width_m * 0.235
    box = spot.box(-half, up_m + tall / 2, half, up_m - tall / 2)
    _face(canvas, box, plate, spot.scale)
    band = half * 0.17
    canvas.box(
        spot.box(-half, up_m + tall / 2, -half + band, up_m - tall / 2),
        _BAND,
        radius=0.02 * spot.scale,
    )
    room = (width_m - band) * spot.scale * 0.92
    _letter(canvas, spot.at(band / 2, up_m), plate.token, room, tall * spot.scale * 0.56)
    _soil(canvas, box, plate)
    return box


def draw_two_line_plate(
    canvas: Canvas, spot: Spot, up_m: float, plate: Plate, *, width_m: float = 0.36
) -> Box:
    """Letter the small plate of a two-wheeler in two lines; return its box in the picture."""
    half, tall = width_m / 2, width_m * 0.62
    box = spot.box(-half, up_m + tall / 2, half, up_m - tall / 2)
    _face(canvas, box, plate, spot.scale)
    parts = format_plate(plate.token).split(" ")
    cut = 2 if len(parts) > 2 else 1  # noqa: PLR2004 - district and state share the upper line
    room = width_m * spot.scale * 0.86
    for line, offset in ((" ".join(parts[:cut]), 0.24), (" ".join(parts[cut:]), -0.24)):
        _letter(canvas, spot.at(0, up_m + tall * offset), line, room, tall * spot.scale * 0.31)
    _soil(canvas, box, plate)
    return box


def _face(canvas: Canvas, box: Box, plate: Plate, scale: float) -> None:
    left, top, right, bottom = box
    rim = 0.018 * scale
    canvas.box((left - rim, top - rim, right + rim, bottom + rim), _INK, radius=0.03 * scale)
    face = _YELLOW_FACE if plate.is_commercial else _WHITE_FACE
    canvas.box(box, face, radius=0.02 * scale)


def _letter(
    canvas: Canvas, centre: tuple[float, float], text: str, room: float, height: float
) -> None:
    wide = canvas.text_width(text, height)
    canvas.text(centre, text, height * min(1.0, room / wide) if wide else height, _INK)


def _soil(canvas: Canvas, box: Box, plate: Plate) -> None:
    if not plate.is_soiled:
        return
    left, top, right, bottom = box
    wide, tall = right - left, bottom - top
    for share, size in ((0.30, 0.62), (0.46, 0.70), (0.62, 0.52), (0.54, 0.8)):
        centre = (left + wide * share, top + tall * (0.35 + share * 0.5))
        canvas.disc(centre, (wide * 0.13, tall * size * 0.6), (112, 92, 70, 225))
