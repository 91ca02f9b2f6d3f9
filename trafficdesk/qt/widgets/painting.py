"""What painted widgets share: reading direction, rounded boxes, focus rings, keycaps, one line."""

from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QWidget

from trafficdesk.qt.theme.fonts import SEMIBOLD, font, metrics, text_width
from trafficdesk.qt.theme.palette import colour, px

RADIUS: Final = 6.0
LEADING: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
TRAILING: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRED: Final = Qt.AlignmentFlag.AlignCenter


class Painted(QWidget):
    """A widget that paints itself; it repaints on a new look and on hover."""

    def restyle(self) -> None:
        """Take sizes from the look that holds now."""
        self.updateGeometry()
        self.update()


def painter_on(widget: QWidget) -> QPainter:
    """Return a painter for ``paintEvent`` with smooth edges."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def placed(widget: QWidget, rect: QRect) -> QRect:
    """Return ``rect``, given from the leading edge, where it lies in this reading direction."""
    return QStyle.visualRect(widget.layoutDirection(), widget.rect(), rect)


def fill_round(painter: QPainter, rect: QRectF, fill: QColor, radius: float = RADIUS) -> None:
    """Fill a rounded box."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(rect, radius, radius)


def edge_round(
    painter: QPainter, rect: QRectF, edge: QColor, radius: float = RADIUS, width: float = 1.0
) -> None:
    """Draw a rounded edge inside a box."""
    inset = width / 2
    painter.setPen(QPen(edge, width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inner = rect.adjusted(inset, inset, -inset, -inset)
    painter.drawRoundedRect(inner, max(0.0, radius - inset), max(0.0, radius - inset))


def paint_focus(painter: QPainter, rect: QRectF, radius: float = RADIUS) -> None:
    """Draw the focus ring: 2 px of accent inside the control."""
    edge_round(painter, rect, colour("accent"), radius, 2.0)


def paint_line(
    painter: QPainter, rect: QRect, text: str, flags: Qt.AlignmentFlag = LEADING
) -> None:
    """Draw one line of text in the painter's font and pen, elided to the box."""
    elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, int(flags) | Qt.TextFlag.TextSingleLine.value, elided)


def keycap_size(key: str) -> QSize:
    """Return the size of a keycap, scaled."""
    width = text_width(key, 11, SEMIBOLD) + px(10)
    return QSize(max(px(18), width), px(18))


def paint_keycap(painter: QPainter, rect: QRect, key: str, ink: QColor | None = None) -> None:
    """Paint a keycap; ``ink`` is the text colour of a filled button it stands on."""
    box = QRectF(rect)
    if ink is None:
        fill_round(painter, box, colour("surface"), 4)
        edge_round(painter, box, colour("line2"), 4)
        painter.setPen(colour("text2"))
    else:
        tint = QColor(ink)
        tint.setAlphaF(0.2)
        fill_round(painter, box, tint, 4)
        painter.setPen(ink)
    painter.setFont(font(11, SEMIBOLD))
    # Keys are no sentences: "Ctrl +" keeps its order in every language.
    direction = painter.layoutDirection()
    painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    painter.drawText(rect, CENTRED, key)
    painter.setLayoutDirection(direction)


def line_height(size_px: float, weight: int = 400) -> int:
    """Return the height of a line in px, rounded up."""
    return int(metrics(size_px, weight).height() + 0.99)
