"""Incidents, units and ways as the dispatch map paints them, and where each can be grasped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from PySide6.QtCore import QLineF, QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from trafficdesk.domain.records import Place
from trafficdesk.domain.vocabulary import Severity, UnitStatus
from trafficdesk.qt.dispatch.lines import IncidentLine, UnitLine
from trafficdesk.qt.dispatch.unit_marks import paint_standing
from trafficdesk.qt.dispatch.words import is_stale, short_reference, status_token
from trafficdesk.qt.theme.fonts import SEMIBOLD, font, text_width
from trafficdesk.qt.theme.marks import (
    paint_severity,
    severity_colour,
    severity_path,
)
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import CENTRED, edge_round, fill_round

TAGS_AT_MOST: Final = 60  # more in view than that are drawn as glyphs without their call signs
_TAG_PX, _TIP_PX = 22, 6
REACH_PX: Final = 16  # of a stamp, around its point
_SHARES: Final = (0.5, 0.4, 0.6, 0.3, 0.7, 0.8, 0.2)


@dataclass(frozen=True, slots=True)
class Way:
    """A line from a unit to an incident, and what its label says; ``rank`` 0 is the best."""

    line: tuple[Place, ...]
    label: str
    rank: int
    is_under_way: bool = False


@dataclass(frozen=True, slots=True)
class Symbol:
    """Where something lies on the map and can be grasped."""

    kind: str
    id: UUID
    box: QRectF


INCIDENT, UNIT = "incident", "unit"


def paint_way(painter: QPainter, points: Sequence[QPointF], way: Way) -> None:
    """Paint a way: solid for the best, dashed for others; its label comes later, on top."""
    line = QPolygonF(list(points))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if way.rank == 0 and not way.is_under_way:
        halo = QPen(colour("surface"), px(9))
        pen = QPen(colour("accent"), px(5))
        for each in (halo, pen):
            each.setCapStyle(Qt.PenCapStyle.RoundCap)
            each.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(each)
            painter.drawPolyline(line)
        return
    width = px(25) / 10 if way.is_under_way else px(3)
    pen = QPen(colour("accent" if way.is_under_way else "text2"), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)  # round caps would close the gaps
    pen.setDashPattern([2.2, 1.6])
    painter.setPen(pen)
    painter.drawPolyline(line)


def label_box(points: Sequence[QPointF], way: Way, taken: Sequence[QRectF]) -> QRectF | None:
    """Return where a way's pill covers nothing, as near to the way's middle as may be.

    Where there is no such place the best way's covers something, and the others have none: the
    strip and the unit board say their times.
    """
    size = QSizeF(text_width(way.label, 12, SEMIBOLD) + px(16), px(22))
    lifts = (0.0, -1.3 * size.height(), 1.3 * size.height())
    boxes = [
        _around(_along(points, share) + QPointF(0, lift), size)
        for lift in lifts
        for share in _SHARES
    ]
    free = (box for box in boxes if not any(box.intersects(each) for each in taken))
    return next(free, boxes[0] if way.rank == 0 else None)


def paint_way_label(painter: QPainter, box: QRectF, way: Way) -> None:
    """Paint a way's pill."""
    is_best = way.rank == 0
    fill_round(painter, box.adjusted(-2, -2, 2, 2), colour("surface"), px(13))
    fill_round(painter, box, colour("accent" if is_best else "surface"), px(11))
    if not is_best:
        edge_round(painter, box, colour("text2"), px(11), 1.4)
    painter.setFont(font(12, SEMIBOLD))
    painter.setPen(colour("on_accent" if is_best else "text"))
    painter.drawText(box, int(CENTRED), way.label)


def _around(spot: QPointF, size: QSizeF) -> QRectF:
    half = QPointF(size.width() / 2, size.height() / 2)
    return QRectF(spot - half, size)


def _along(points: Sequence[QPointF], share: float) -> QPointF:
    """Return the point that lies a share of the way along a line."""
    pieces = [QLineF(a, b) for a, b in pairwise(points)]
    rest = share * sum(piece.length() for piece in pieces)
    for piece in pieces:
        if rest <= piece.length() > 0:
            return piece.pointAt(rest / piece.length())
        rest -= piece.length()
    return points[-1]


def box_at(spot: QPointF) -> QRectF:
    """Return where a symbol at a point can be grasped."""
    reach = px(14)
    return QRectF(spot.x() - reach, spot.y() - reach, 2 * reach, 2 * reach)


def paint_ring(painter: QPainter, line: IncidentLine, spot: QPointF, *, is_chosen: bool) -> QRectF:
    """Ring an incident that is chosen (and name it) or dropped on; returns its name's box."""
    severity = line.incident.severity
    radius = _radius(severity)
    ring = QColor(colour("surface"))
    ring.setAlphaF(0.75)
    painter.setPen(QPen(severity_colour(severity) if is_chosen else colour("accent"), 2.4))
    painter.setBrush(ring)
    painter.drawEllipse(spot, radius + px(10), radius + px(10))
    _paint_shape(painter, severity, spot)
    if not is_chosen:
        return QRectF()
    return _paint_name(painter, line, QPointF(spot.x() + radius + px(16), spot.y()))


def _radius(severity: Severity) -> int:
    return px(10 if severity >= Severity.SEVERE else 8)


def _paint_shape(painter: QPainter, severity: Severity, spot: QPointF) -> None:
    """Paint a severity's shape on a halo."""
    radius = _radius(severity)
    pen = QPen(colour("surface"), px(5))
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(colour("surface"))
    painter.drawPath(severity_path(severity, spot, radius))
    paint_severity(painter, severity, spot, radius)


def _paint_name(painter: QPainter, line: IncidentLine, start: QPointF) -> QRectF:
    incident = line.incident
    words = f"{short_reference(incident.reference)}  {incident.severity_score}"
    width, height = text_width(words, 12, SEMIBOLD) + px(12), px(22)
    box = QRectF(start.x(), start.y() - height / 2, width, height)
    ink = severity_colour(incident.severity)
    fill_round(painter, box, colour("surface"), 4)
    edge_round(painter, box, ink, 4, 1.4)
    painter.setFont(font(12, SEMIBOLD))
    painter.setPen(ink)
    painter.drawText(box, int(CENTRED), words)
    return box


def tag_size(line: UnitLine) -> QSizeF:
    """Return the size of a unit's tag without its tip."""
    return QSizeF(text_width(line.unit.call_sign, 12, SEMIBOLD) + px(28), px(_TAG_PX))


def tag_box(spot: QPointF, size: QSizeF, taken: Sequence[QRectF]) -> QRectF:
    """Return where a tag stands: above its point, else the nearest place around it that is free."""
    width, height = size.width(), size.height()
    tip = px(_TIP_PX)
    above = QRectF(spot.x() - width / 2, spot.y() - height - tip, width, height)
    aside = width / 2 + px(14)
    shifts = [(0.0, 0.0), (0.0, height + 2 * tip)]
    for level in range(1, 4):
        far, middle = level * (height + 4), height / 2 + tip
        shifts += [(x, y) for x in (aside, -aside) for y in (middle, middle - far, middle + far)]
        shifts += [(0.0, -far), (0.0, height + 2 * tip + far)]
    for x, y in shifts:
        box = above.translated(x, y)
        if not any(box.intersects(each) for each in taken):
            return box
    return above


@dataclass(frozen=True, slots=True)
class TagLook:
    """How a tag is to be painted."""

    box: QRectF
    is_chosen: bool


def paint_tag(
    painter: QPainter, line: UnitLine, spot: QPointF, look: TagLook, now: datetime
) -> None:
    """Paint a unit's tag with a tip on its point; dashed when its position is old."""
    fill, edge, ink = _tag_colours(line.status)
    outline = _tag_outline(painter, look.box, spot, edge)
    painter.setPen(QPen(colour("surface"), px(4)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(outline)
    pen = QPen(colour("accent") if look.is_chosen else edge, 2.4 if look.is_chosen else 1.6)
    if is_stale(line, now):
        pen.setDashPattern([2.4, 1.8])
    painter.setPen(pen)
    painter.setBrush(fill)
    painter.drawPath(outline)
    glyph = QPointF(look.box.left() + px(12), look.box.center().y())
    due = line.due_in(now)
    if due is not None and due < timedelta():
        paint_severity(painter, Severity.CRITICAL, glyph, px(9) / 2)
    else:
        paint_standing(painter, line.status, glyph, _glyph_ink(line.status, ink))
    painter.setFont(font(12, SEMIBOLD))
    painter.setPen(ink)
    words = look.box.adjusted(px(20), 0, -px(4), 0)
    painter.drawText(words, int(CENTRED), line.unit.call_sign)


def _tag_outline(painter: QPainter, box: QRectF, spot: QPointF, edge: QColor) -> QPainterPath:
    """Return a tag's outline: with a tip where its point is near, else joined by a thin line."""
    path = QPainterPath()
    path.addRoundedRect(box, px(5), px(5))
    below, above = spot.y() - box.bottom(), box.top() - spot.y()
    is_over = box.left() + px(8) <= spot.x() <= box.right() - px(8)
    if is_over and 0 <= max(below, above) <= px(_TIP_PX) + 1:
        root = box.bottom() - 1 if below > 0 else box.top() + 1
        tip = QPainterPath()
        ends = (QPointF(spot.x() - px(5), root), spot, QPointF(spot.x() + px(5), root))
        tip.addPolygon(QPolygonF(list(ends)))
        tip.closeSubpath()
        return path.united(tip)
    end = QPointF(
        min(max(spot.x(), box.left() + px(4)), box.right() - px(4)),
        min(max(spot.y(), box.top() + px(4)), box.bottom() - px(4)),
    )
    for width, ink in ((px(4), colour("surface")), (1.6, edge)):
        painter.setPen(QPen(ink, width))
        painter.drawLine(spot, end)
        painter.setBrush(ink)
        painter.drawEllipse(spot, px(2), px(2))
    return path


def _tag_colours(status: UnitStatus) -> tuple[QColor, QColor, QColor]:
    """Return fill, edge and text of a tag."""
    if status is UnitStatus.AVAILABLE:
        return colour("surface"), colour("ok"), colour("text")
    if status is UnitStatus.EN_ROUTE:
        return colour("accent"), colour("accent"), colour("on_accent")
    if status is UnitStatus.ON_SCENE:
        return colour("ink"), colour("ink"), colour("surface")
    return colour("surface2"), colour("line2"), colour("text2")


def _glyph_ink(status: UnitStatus, ink: QColor) -> QColor:
    return colour(status_token(status)) if status is UnitStatus.AVAILABLE else ink


class Stamps:
    """Symbols that look alike, each drawn once: incidents by severity, units too many for tags."""

    def __init__(self) -> None:
        self._drawn: dict[tuple[Severity | UnitStatus, float], QPixmap] = {}
        self._images: dict[float, Mapping[UnitStatus, QImage]] = {}

    def forget(self) -> None:
        """Draw them anew: the look is another."""
        self._drawn.clear()
        self._images.clear()

    def images(self, dpr: float) -> Mapping[UnitStatus, QImage]:
        """Return units' symbols as images, which any thread may draw."""
        if dpr not in self._images:
            self._images[dpr] = {each: _stamp(each, dpr).toImage() for each in UnitStatus}
        return self._images[dpr]

    def paint(self, painter: QPainter, what: Severity | UnitStatus, spot: QPointF) -> None:
        """Paint one."""
        dpr = painter.device().devicePixelRatioF()
        picture = self._drawn.get((what, dpr))
        if picture is None:
            picture = self._drawn[what, dpr] = _stamp(what, dpr)
        reach = px(REACH_PX)
        painter.drawPixmap(QPoint(round(spot.x()) - reach, round(spot.y()) - reach), picture)


def _stamp(what: Severity | UnitStatus, dpr: float) -> QPixmap:
    reach = px(REACH_PX)
    picture = QPixmap(round(2 * reach * dpr), round(2 * reach * dpr))
    picture.setDevicePixelRatio(dpr)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    centre = QPointF(reach, reach)
    if isinstance(what, Severity):
        _paint_shape(painter, what, centre)
    else:
        fill, edge, ink = _tag_colours(what)
        painter.setPen(QPen(edge, 1.2))
        painter.setBrush(fill)
        painter.drawEllipse(centre, px(8), px(8))
        paint_standing(painter, what, centre, _glyph_ink(what, ink))
    painter.end()
    return picture


def paint_mark(painter: QPainter, spot: QPointF) -> None:
    """Paint a cross in a ring: a place that is about to be filed."""
    reach = px(12)
    for width, token in ((px(5), "surface"), (px(2), "accent")):
        painter.setPen(QPen(colour(token), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(spot, reach, reach)
        painter.drawLine(spot - QPointF(reach, 0), spot + QPointF(reach, 0))
        painter.drawLine(spot - QPointF(0, reach), spot + QPointF(0, reach))
