"""Areas shaded by what is expected there: the same on screen and on paper."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from trafficdesk.domain.records import Bounds, Place
from trafficdesk.qt.ages import number
from trafficdesk.qt.dispatch.map_base import View
from trafficdesk.qt.dispatch_papers.patrol_words import amount
from trafficdesk.qt.theme.fonts import MEDIUM, font
from trafficdesk.qt.theme.palette import colour
from trafficdesk.services.patrol_plan import Counts, ShiftPlan

_STEPS = ("cluster_1", "cluster_2", "cluster_3", "cluster_4", "cluster_5")
STEPS = len(_STEPS)
_VEIL = 150  # of 255: streets are seen through it
_NAMED = 2
SpotOf = Callable[[Place], QPointF]


@dataclass(frozen=True, slots=True)
class Shade:
    """One area: its name, outline, what is expected, its units, and its step of five."""

    name: str
    geometry: str
    expected: float
    units: tuple[str, ...]
    step: int

    @property
    def label(self) -> tuple[str, str]:
        """The two lines in the middle of the area; the table names all units."""
        units = ", ".join(self.units[:_NAMED])
        more = len(self.units) - _NAMED
        told = f"{units} +{number(more)}" if more > 0 else units
        return self.name, " · ".join(filter(None, (amount(self.expected), told)))


@dataclass(frozen=True, slots=True)
class Look:
    """The colours and the font shades are painted with; taken on the GUI thread."""

    steps: tuple[QColor, ...]
    edge: QColor
    box: QColor
    ink: QColor
    font: QFont


def look() -> Look:
    """Return the look that holds now."""
    steps = tuple(QColor(colour(each)) for each in _STEPS)
    edge, box, ink = (QColor(colour(each)) for each in ("cluster_5", "surface", "text"))
    return Look(steps, edge, box, ink, QFont(font(11, MEDIUM)))


def shades_of(counts: Counts, plan: ShiftPlan) -> tuple[Shade, ...]:
    """Return the shades of a shift; the five steps divide what is expected most."""
    by_id = {patrol.area: patrol for patrol in plan.patrols}
    most = max((patrol.demand.expected for patrol in plan.patrols), default=0.0)
    shades = []
    for area in counts.areas:
        patrol = by_id[str(area.id)]
        share = patrol.demand.expected / most if most else 0.0
        step = min(STEPS - 1, int(share * STEPS))
        shades.append(Shade(area.name, area.geometry, patrol.demand.expected, patrol.units, step))
    return tuple(shades)


def bounds_of(counts: Counts) -> Bounds | None:
    """Return the box around all areas; None where there are none."""
    boxes = [area.bounds for area in counts.areas]
    if not boxes:
        return None
    return Bounds(
        min(b.west for b in boxes),
        min(b.south for b in boxes),
        max(b.east for b in boxes),
        max(b.north for b in boxes),
    )


def paint_shades(painter: QPainter, shades: Iterable[Shade], view: View, look: Look) -> None:
    """Paint areas and then their labels; one that would cover another label is left out."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    placed = [(shade, _path(shade.geometry, view.spot_of)) for shade in shades]
    for shade, path in placed:
        fill = QColor(look.steps[shade.step])
        fill.setAlpha(_VEIL)
        painter.fillPath(path, fill)
        painter.strokePath(path, QPen(look.edge, 1.5))
    painter.setFont(look.font)
    taken: list[QRectF] = []
    room = QRectF(0, 0, view.size.width(), view.size.height()).adjusted(4, 4, -4, -4)
    for shade, path in sorted(placed, key=lambda each: -each[0].expected):
        box = _label_box(shade, path.boundingRect().center(), look, room)
        if not any(box.intersects(each) for each in taken):
            taken.append(box)
            _paint_label(painter, shade, box, look)
    painter.restore()


def _label_box(shade: Shade, middle: QPointF, look: Look, room: QRectF) -> QRectF:
    """Return where a label lies: in the middle of its area, and within the map."""
    metrics = QFontMetricsF(look.font)
    width = max(metrics.horizontalAdvance(line) for line in shade.label) + 12
    box = QRectF(0, 0, width, 2 * metrics.height() + 4)
    box.moveCenter(middle)
    box.moveLeft(max(room.left(), min(box.left(), room.right() - width)))
    box.moveTop(max(room.top(), min(box.top(), room.bottom() - box.height())))
    return box


def _paint_label(painter: QPainter, shade: Shade, box: QRectF, look: Look) -> None:
    fill = QColor(look.box)
    fill.setAlpha(225)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(look.ink)
    for line, at in zip(shade.label, (box.top() + 2, box.center().y()), strict=True):
        place = QRectF(box.left(), at, box.width(), box.height() / 2 - 2)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, line)


@lru_cache(maxsize=512)
def _rings(geometry: str) -> tuple[tuple[Place, ...], ...]:
    told = json.loads(geometry)
    polygons = [told["coordinates"]] if told["type"] == "Polygon" else told["coordinates"]
    return tuple(
        tuple(Place(spot[0], spot[1]) for spot in ring) for rings in polygons for ring in rings
    )


def _path(geometry: str, spot_of: SpotOf) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for ring in _rings(geometry):
        path.moveTo(spot_of(ring[0]))
        for place in ring[1:]:
            path.lineTo(spot_of(place))
        path.closeSubpath()
    return path
