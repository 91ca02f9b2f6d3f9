"""Charts as rectangles, lines and words on a plane, y downwards: every renderer draws the same."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from trafficdesk.domain.reporting.document import Bars, Heat, Run
from trafficdesk.domain.reporting.figures import Show

WIDTH: Final = 700.0
TEXT: Final = 11.0
_LINE: Final = 22.0
_NAMES: Final = 210.0
_NUMBERS: Final = 74.0
_RUN_HIGH: Final = 170.0
_AXIS: Final = 56.0
_UNDER: Final = 24.0
_LABEL_PX: Final = 54.0  # between two labels of an axis
_SHADES: Final = 5
_CELL_HIGH: Final = 20.0
_DAYS: Final = 40.0
_STEPS: Final = (1, 2, 5)


class Ink(StrEnum):
    """Colours by what they are for; all of them can be told apart on a printer without colours."""

    BAR = "#2f6db5"
    AHEAD = "#bcd0e8"
    BAND = "#44505e"
    GRID = "#dfe3e8"
    TEXT = "#16202c"
    SOFT = "#4c5765"
    ON_DARK = "#ffffff"


HEAT: Final = ("#ffffff", "#e3ecf7", "#bcd0e8", "#84aad7", "#4a82c4", "#1f5596")


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    fill: str


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line."""

    x: float
    y: float
    to_x: float
    to_y: float
    ink: str
    width: float = 1.0


class Anchor(StrEnum):
    """Which end of words stands at their place."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True, slots=True)
class Label:
    """Words with their base line at a place; cut off where they are wider than ``most``."""

    x: float
    y: float
    words: str
    anchor: Anchor = Anchor.START
    ink: str = Ink.TEXT
    most: float = WIDTH


Mark: TypeAlias = Box | Stroke | Label


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart ``WIDTH`` wide and so high; drawn in the order of its marks."""

    height: float
    marks: tuple[Mark, ...]


def draw_bars(chart: Bars, show: Show) -> Drawing:
    """Return a line of bars, each with its name before and its number behind it."""
    most = max((n for _, n in chart.bars), default=0) or 1
    room = WIDTH - _NAMES - _NUMBERS
    marks: list[Mark] = []
    for place, (name, n) in enumerate(chart.bars):
        base = place * _LINE + 15
        width = room * n / most
        marks += [
            Label(_NAMES - 10, base, name, Anchor.END, most=_NAMES - 10),
            *([Box(_NAMES, place * _LINE + 4, width, _LINE - 8, Ink.BAR)] * bool(n)),
            Label(_NAMES + width + 6, base, show.count(n)),
        ]
    return Drawing(len(chart.bars) * _LINE + 2, tuple(marks))


def nice_steps(most: float, least: int = 3) -> list[float]:
    """Return round values from 0 to at least ``most`` for an axis."""
    size = 1.0
    while True:
        for step in _STEPS:
            if most <= step * size * (least + 1):
                count = -int(-most // (step * size))
                return [step * size * number for number in range(max(count, 1) + 1)]
        size *= 10


def draw_run(chart: Run, show: Show) -> Drawing:
    """Return columns from an axis at 0; what is expected is pale and has its range."""
    most = max((each.high or each.value for each in chart.points), default=1) or 1
    steps = nice_steps(most)
    top, scale = 8.0, (_RUN_HIGH - 8) / steps[-1]
    marks: list[Mark] = []
    for step in steps:
        y = top + _RUN_HIGH - 8 - step * scale
        marks += [
            Stroke(_AXIS, y, WIDTH, y, Ink.GRID),
            Label(_AXIS - 8, y + 4, show.count(step), Anchor.END, Ink.SOFT),
        ]
    wide = (WIDTH - _AXIS) / max(len(chart.points), 1)
    every = max(1, -int(-_LABEL_PX // wide))
    foot = top + _RUN_HIGH - 8
    for place, point in enumerate(chart.points):
        left, high = _AXIS + place * wide, point.value * scale
        middle = left + wide / 2
        ink = Ink.AHEAD if point.is_expected else Ink.BAR
        if point.value:
            marks.append(Box(left + wide * 0.15, foot - high, wide * 0.7, high, ink))
        if point.low is not None and point.high is not None:
            low, up = foot - point.low * scale, foot - point.high * scale
            marks += [
                Stroke(middle, low, middle, up, Ink.BAND, 1.4),
                Stroke(middle - 4, low, middle + 4, low, Ink.BAND, 1.4),
                Stroke(middle - 4, up, middle + 4, up, Ink.BAND, 1.4),
            ]
        if place % every == 0:
            marks.append(Label(middle, foot + 16, point.label, Anchor.MIDDLE, Ink.SOFT))
    return Drawing(_RUN_HIGH + _UNDER, tuple(marks))


def draw_heat(chart: Heat) -> Drawing:
    """Return a table of shades with the count in each cell."""
    most = max((n for row in chart.counts for n in row), default=0) or 1
    wide = (WIDTH - _DAYS) / max(len(chart.columns), 1)
    marks: list[Mark] = [
        Label(_DAYS + (place + 0.5) * wide, 12, name, Anchor.MIDDLE, Ink.SOFT)
        for place, name in enumerate(chart.columns)
    ]
    for number, (name, row) in enumerate(zip(chart.rows, chart.counts, strict=True)):
        y = 18 + number * _CELL_HIGH
        marks.append(Label(_DAYS - 8, y + 14, name, Anchor.END, Ink.SOFT))
        for place, n in enumerate(row):
            shade = -int(-n * _SHADES // most)
            x = _DAYS + place * wide
            marks.append(Box(x + 0.5, y + 0.5, wide - 1, _CELL_HIGH - 1, HEAT[shade]))
            if n:
                ink = Ink.ON_DARK if shade >= _SHADES - 1 else Ink.TEXT
                words = _short(n)
                marks.append(Label(x + wide / 2, y + 14, words, Anchor.MIDDLE, ink, wide))
    return Drawing(20 + len(chart.rows) * _CELL_HIGH, tuple(marks))


def _short(n: int) -> str:
    """Return a count in four signs at most."""
    for size, mark in ((1_000_000, "M"), (1_000, "k")):
        if n >= 10 * size:
            return f"{n // size}{mark}"
        if n >= size:
            return f"{n / size:.1f}{mark}"
    return str(n)
