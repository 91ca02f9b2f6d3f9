"""A canvas of 1280 x 720 units that draws smooth shapes in the light of the hour."""

import math
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFont

from trafficdesk.shipped import shipped

WIDTH, HEIGHT = 1280, 720
FINE = 2  # drawn twice as large and reduced: Pillow's polygons have hard edges
_LIGHT_FRACTION = 8  # glows are soft: an eighth of the size is enough

Point = tuple[float, float]
Rgb = tuple[int, int, int]
Paint = tuple[int, int, int] | tuple[int, int, int, int]


def mixed(one: Rgb, other: Rgb, share: float) -> Rgb:
    """Return the colour ``share`` of the way from one to the other."""
    r, g, b = (round(a + (c - a) * share) for a, c in zip(one, other, strict=True))
    return r, g, b


def lighter(colour: Rgb, share: float) -> Rgb:
    """Return the colour ``share`` of the way to white."""
    return mixed(colour, (255, 255, 255), share)


def darker(colour: Rgb, share: float) -> Rgb:
    """Return the colour ``share`` of the way to black."""
    return mixed(colour, (0, 0, 0), share)


def smooth(corners: Sequence[Point], steps: int = 6) -> list[Point]:
    """Return a closed Catmull-Rom curve through the corners."""
    curve: list[Point] = []
    count = len(corners)
    for i in range(count):
        p0, p1, p2, p3 = (corners[(i + k) % count] for k in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            curve.append(
                (_catmull(p0[0], p1[0], p2[0], p3[0], t), _catmull(p0[1], p1[1], p2[1], p3[1], t))
            )
    return curve


def _catmull(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3
    )


@lru_cache(maxsize=64)
def lettering(size_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return a bold face: Inter where it is shipped, else the one inside Pillow."""
    path = shipped("vendor", "fonts", "Inter-Bold.ttf")
    return ImageFont.truetype(path, size_px) if path.exists() else ImageFont.load_default(size_px)


@lru_cache(maxsize=1)
def _glow() -> Image.Image:
    """Return a round falling-off light, 64 x 64."""
    side = 64
    glow = Image.new("L", (side, side))
    middle = (side - 1) / 2
    levels = []
    for y in range(side):
        for x in range(side):
            away = min(1.0, math.hypot(x - middle, y - middle) / middle)
            levels.append(round(255 * (1 - away) ** 2.2))
    glow.putdata(levels)
    return glow


class Canvas:
    """Shapes in units of a 1280 x 720 picture; colours take on the ambient light unless lit."""

    def __init__(self, ambient: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> None:
        self.ambient = ambient
        self._factor = 1
        self.image = Image.new("RGB", (WIDTH, HEIGHT))
        self._pen = ImageDraw.Draw(self.image, "RGBA")
        self._lights = Image.new("RGB", (WIDTH // _LIGHT_FRACTION, HEIGHT // _LIGHT_FRACTION))

    def copied(self) -> "Canvas":
        """Return a canvas that goes on from here on its own."""
        copy = Canvas(self.ambient)
        copy._factor = self._factor
        copy.image, copy._lights = self.image.copy(), self._lights.copy()
        copy._pen = ImageDraw.Draw(copy.image, "RGBA")
        return copy

    def tone(self, colour: Paint, *, lit: bool = False) -> Paint:
        """Return the colour as the ambient light shows it; alpha stays."""
        if lit:
            return colour
        r, g, b = (round(c * a) for c, a in zip(colour[:3], self.ambient, strict=True))
        alpha = colour[3:]
        return (r, g, b, alpha[0]) if alpha else (r, g, b)

    def polygon(self, corners: Sequence[Point], colour: Paint, *, lit: bool = False) -> None:
        """Fill a polygon."""
        k = self._factor
        self._pen.polygon([(x * k, y * k) for x, y in corners], fill=self.tone(colour, lit=lit))

    def box(
        self,
        corners: tuple[float, float, float, float],
        colour: Paint,
        *,
        radius: float = 0.0,
        lit: bool = False,
    ) -> None:
        """Fill an upright box (left, top, right, bottom), its corners rounded."""
        scaled = [c * self._factor for c in corners]
        if scaled[2] < scaled[0] or scaled[3] < scaled[1]:
            return
        paint = self.tone(colour, lit=lit)
        if radius:
            self._pen.rounded_rectangle(scaled, radius * self._factor, fill=paint)
        else:
            self._pen.rectangle(scaled, fill=paint)

    def disc(
        self, centre: Point, radius: float | Point, colour: Paint, *, lit: bool = False
    ) -> None:
        """Fill a circle, or an ellipse when the radius is a pair."""
        rx, ry = radius if isinstance(radius, tuple) else (radius, radius)
        x, y = centre
        k = self._factor
        self._pen.ellipse(
            ((x - rx) * k, (y - ry) * k, (x + rx) * k, (y + ry) * k),
            fill=self.tone(colour, lit=lit),
        )

    def line(self, points: Sequence[Point], colour: Paint, width: float) -> None:
        """Draw a line through the points."""
        k = self._factor
        self._pen.line(
            [(x * k, y * k) for x, y in points],
            fill=self.tone(colour),
            width=max(1, round(width * k)),
            joint="curve",
        )

    def sky(self, corners: Sequence[Point], top: Rgb, bottom: Rgb) -> None:
        """Fill a gradient that is itself the light."""
        ambient, self.ambient = self.ambient, (1.0, 1.0, 1.0)
        self.shaded(corners, top, bottom)
        self.ambient = ambient

    def shaded(
        self, corners: Sequence[Point], top: Rgb, bottom: Rgb, *, sideways: bool = False
    ) -> None:
        """Fill a polygon with a gradient from top to bottom, or from left to right."""
        k = self._factor
        scaled = [(x * k, y * k) for x, y in corners]
        xs, ys = [p[0] for p in scaled], [p[1] for p in scaled]
        left, upper = max(0, math.floor(min(xs))), max(0, math.floor(min(ys)))
        right = min(self.image.width, math.ceil(max(xs)) + 1)
        lower = min(self.image.height, math.ceil(max(ys)) + 1)
        if right <= left or lower <= upper:
            return
        size = (right - left, lower - upper)
        mask = Image.new("L", size)
        ImageDraw.Draw(mask).polygon([(x - left, y - upper) for x, y in scaled], fill=255)
        one, other = self.tone(top), self.tone(bottom)
        strip = Image.new("RGB", (2, 1) if sideways else (1, 2))
        strip.putdata([one[:3], other[:3]])
        self.image.paste(_stretched(strip, size), (left, upper), mask)

    def shadow(self, centre: Point, radius: Point, strength: float = 0.55) -> None:
        """Darken the ground softly under a thing."""
        k = self._factor
        rx, ry = radius[0] * k, radius[1] * k
        size = (max(2, round(rx * 2)), max(2, round(ry * 2)))
        darkest = round(255 * strength)
        mask = _glow().resize(size).point(lambda level: min(darkest, round(level * 2.6)))
        at = (round(centre[0] * k - rx), round(centre[1] * k - ry))
        self.image.paste((8, 8, 12), at, mask)

    def text(self, centre: Point, text: str, height: float, colour: Paint) -> None:
        """Letter a text around its centre; ``height`` is that of its capitals."""
        size_px = max(4, round(height * self._factor / 0.73))
        k = self._factor
        self._pen.text(
            (centre[0] * k, centre[1] * k),
            text,
            font=lettering(size_px),
            fill=self.tone(colour),
            anchor="mm",
        )

    def text_width(self, text: str, height: float) -> float:
        """Return how wide a text of this capital height runs."""
        size_px = max(4, round(height * self._factor / 0.73))
        return lettering(size_px).getlength(text) / self._factor

    def glow(self, centre: Point, radius: float, colour: Rgb, strength: float = 1.0) -> None:
        """Let a light shine around a point; it is added when the picture is finished."""
        side = max(2, round(2 * radius / _LIGHT_FRACTION))
        level = min(1.0, strength)
        sprite = Image.new("RGB", (side, side), mixed((0, 0, 0), colour, level))
        halo = Image.new("RGB", self._lights.size)
        at = (
            round(centre[0] / _LIGHT_FRACTION - side / 2),
            round(centre[1] / _LIGHT_FRACTION - side / 2),
        )
        halo.paste(sprite, at, _glow().resize((side, side)))
        self._lights = ImageChops.add(self._lights, halo)

    def step_forward(self) -> None:
        """Put what is drawn so far slightly out of focus and draw finely from now on."""
        # Half of the neighbour: as soft as a blur of one pixel at a fifth of its price.
        beside = ImageChops.offset(self.image, 1, 1)  # what leaves on one side enters on the other
        beside.paste(self.image.crop((0, 0, WIDTH, 1)), (0, 0))
        beside.paste(self.image.crop((0, 0, 1, HEIGHT)), (0, 0))
        distant = Image.blend(self.image, beside, 0.5)
        self._factor = FINE
        size = (WIDTH * FINE, HEIGHT * FINE)
        self.image = distant.resize(size, Image.Resampling.NEAREST)
        self._pen = ImageDraw.Draw(self.image, "RGBA")

    def finished(self) -> Image.Image:
        """Return the picture at its own size with all lights shining."""
        small = self.image.reduce(self._factor)
        lights = self._lights.resize(small.size, Image.Resampling.BILINEAR)
        return ImageChops.screen(small, lights)


def _stretched(strip: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return a two-pixel strip as an even gradient: its outer halves are cut off."""
    if strip.width > 1:
        line = strip.resize((size[0], 1), Image.Resampling.BILINEAR, box=(0.5, 0.0, 1.5, 1.0))
    else:
        line = strip.resize((1, size[1]), Image.Resampling.BILINEAR, box=(0.0, 0.5, 1.0, 1.5))
    return line.resize(size, Image.Resampling.NEAREST)
