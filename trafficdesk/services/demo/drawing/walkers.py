"""People on foot: in shirt and trousers, or in a saree."""

from trafficdesk.services.demo.drawing.canvas import Canvas, Rgb, darker, lighter, smooth
from trafficdesk.services.demo.drawing.riders import SKIN
from trafficdesk.services.demo.drawing.view import Spot

_HAIR: Rgb = (24, 20, 20)
_TROUSERS: Rgb = (50, 54, 66)
_BORDER: Rgb = (222, 184, 84)
_SAREE = ((-0.20, 0.02), (-0.17, 0.8), (-0.15, 1.28), (0.13, 1.28), (0.16, 0.8), (0.24, 0.02))
_SHIRT = ((-0.16, 0.76), (-0.19, 1.25), (-0.08, 1.36), (0.08, 1.36), (0.19, 1.25), (0.16, 0.76))
_NECK = ((-0.045, 1.32), (0.045, 1.32), (0.04, 1.44), (-0.04, 1.44))


def draw_walker(
    canvas: Canvas, spot: Spot, cloth: Rgb, *, saree: bool, stride: float = 1.0
) -> None:
    """Draw somebody who walks across the street; ``stride`` is the length of the step."""
    k = spot.scale
    canvas.shadow(spot.at(0, 0), (0.34 * k, 0.09 * k), 0.7)
    if saree:
        _draw_saree(canvas, spot, cloth)
    else:
        _draw_shirt_and_trousers(canvas, spot, cloth, 0.20 * stride)
    for side in (-1.0, 1.0):
        swing = 0.10 * side * stride
        elbow = spot.at(side * 0.22 + swing * 0.4, 0.98)
        arm = [spot.at(side * 0.17, 1.26), elbow, spot.at(side * 0.20 + swing, 0.74)]
        canvas.line(arm, darker(cloth, 0.16), 0.085 * k)
        canvas.disc(spot.at(side * 0.20 + swing, 0.72), 0.045 * k, SKIN[0])
    canvas.polygon(spot.along(_NECK), SKIN[0])
    canvas.disc(spot.at(0, 1.50), (0.095 * k, 0.12 * k), SKIN[0])
    canvas.disc(spot.at(-0.01, 1.545), (0.105 * k, 0.085 * k), _HAIR)
    if saree:
        canvas.disc(spot.at(-0.08, 1.46), (0.06 * k, 0.07 * k), _HAIR)


def _draw_saree(canvas: Canvas, spot: Spot, cloth: Rgb) -> None:
    k = spot.scale
    outline = smooth(spot.along(_SAREE), 5)
    canvas.shaded(outline, lighter(cloth, 0.12), darker(cloth, 0.25))
    fold = [spot.at(0.12, 1.28), spot.at(-0.10, 0.95), spot.at(-0.13, 0.45)]
    canvas.line(fold, lighter(cloth, 0.35), 0.04 * k)
    canvas.line([spot.at(-0.20, 0.05), spot.at(0.24, 0.05)], _BORDER, 0.04 * k)


def _draw_shirt_and_trousers(canvas: Canvas, spot: Spot, cloth: Rgb, step_m: float) -> None:
    k = spot.scale
    for foot, trousers in ((-step_m, darker(_TROUSERS, 0.25)), (step_m, _TROUSERS)):
        canvas.line([spot.at(0.0, 0.82), spot.at(foot, 0.04)], trousers, 0.14 * k)
        canvas.disc(spot.at(foot + 0.05, 0.03), (0.10 * k, 0.04 * k), (28, 26, 26))
    outline = smooth(spot.along(_SHIRT), 5)
    canvas.shaded(outline, lighter(cloth, 0.08), darker(cloth, 0.22))
