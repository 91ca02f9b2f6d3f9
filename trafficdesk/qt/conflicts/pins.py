"""Pins on the small map of a conflict: whose place, its name beside it, and how far apart."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from trafficdesk.qt.theme.fonts import BOLD, SEMIBOLD, font, text_width
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import CENTRED, fill_round

PIN_PX = 22


@dataclass(frozen=True, slots=True)
class Pin:
    """A pin: where its tip is, its number, what stands beside it, and on which side that stands."""

    tip: QPointF
    number: str
    name: str
    tint: str
    is_before: bool = False

    def is_at(self, spot: QPointF) -> bool:
        """Tell whether a point lies on the pin."""
        reach = px(PIN_PX) * 0.75
        middle = self.tip - QPointF(0, px(PIN_PX) * 0.78)
        away = spot - middle
        return max(abs(away.x()), abs(away.y())) <= reach


def paint_pin(painter: QPainter, pin: Pin) -> None:
    """Draw a drop with its number; its tip is the place."""
    radius = px(PIN_PX) / 2
    middle = pin.tip - QPointF(0, radius * 1.55)
    drop, point = QPainterPath(), QPainterPath()
    drop.addEllipse(middle, radius, radius)
    point.moveTo(pin.tip)
    point.lineTo(middle + QPointF(-radius * 0.62, radius * 0.6))
    point.lineTo(middle + QPointF(radius * 0.62, radius * 0.6))
    point.closeSubpath()
    painter.setPen(QPen(colour("surface"), 1.5))
    painter.setBrush(colour(pin.tint))
    painter.drawPath(drop.united(point))
    painter.setFont(font(12, BOLD))
    painter.setPen(colour("surface"))
    box = QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
    painter.drawText(box, CENTRED, pin.number)


def paint_name(painter: QPainter, pin: Pin, room: QRectF) -> None:
    """Write whose it is beside a pin, within the room there is."""
    width = min(text_width(pin.name, 11, SEMIBOLD) + px(12), round(room.width()) - 8)
    gap, height = px(PIN_PX) * 0.7, px(20)
    x = pin.tip.x() - gap - width if pin.is_before else pin.tip.x() + gap
    x = max(room.left() + 4, min(room.right() - width - 4, x))
    top = max(room.top() + 4, min(room.bottom() - height - 4, pin.tip.y() - px(PIN_PX) * 1.2))
    box = QRectF(round(x), round(top), width, height)
    fill_round(painter, box, colour("surface"), 4)
    painter.setFont(font(11, SEMIBOLD))
    painter.setPen(colour("text"))
    words = painter.fontMetrics().elidedText(pin.name, Qt.TextElideMode.ElideRight, width - 8)
    painter.drawText(box, CENTRED, words)


def paint_way(painter: QPainter, here: QPointF, there: QPointF, words: str) -> None:
    """Draw the way between two places with its length below."""
    painter.setPen(QPen(colour("conflict"), 2.0, Qt.PenStyle.DashLine))
    painter.drawLine(here, there)
    width, height = text_width(words, 12, SEMIBOLD) + px(12), px(20)
    middle = (here + there) / 2
    box = QRectF(middle.x() - width / 2, middle.y() + px(8), width, height)
    fill_round(painter, box, colour("surface"), 4)
    painter.setFont(font(12, SEMIBOLD))
    painter.setPen(colour("conflict"))
    painter.drawText(box, CENTRED, words)
