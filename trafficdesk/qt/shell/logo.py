"""The desk's mark: a chevron in a rounded square, inverse to the theme."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy

from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import Painted, fill_round, painter_on


def paint_logo(painter: QPainter, box: QRectF, fill: QColor, ink: QColor) -> None:
    """Paint the mark into a square."""
    side = box.width()
    fill_round(painter, box, fill, side * 0.2)
    pen = QPen(ink, side * 0.11)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    x, y = box.x(), box.y()
    painter.drawPolyline(
        [
            QPointF(x + side * 0.28, y + side * 0.42),
            QPointF(x + side * 0.5, y + side * 0.62),
            QPointF(x + side * 0.72, y + side * 0.42),
        ]
    )


class Logo(Painted):
    """The mark on screen; it only decorates."""

    def __init__(self, size_px: int = 28) -> None:
        super().__init__()
        self._size_px = size_px
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(self._size_px), px(self._size_px))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_logo(painter_on(self), QRectF(self.rect()), colour("inv"), colour("surface"))


def window_icon() -> QIcon:
    """Return the mark for the window list."""
    made = QIcon()
    for side in (16, 24, 32, 48, 64, 128, 256):
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_logo(painter, QRectF(0, 0, side, side), QColor("#1B59CC"), QColor("#FFFFFF"))
        painter.end()
        made.addPixmap(pixmap)
    return made
