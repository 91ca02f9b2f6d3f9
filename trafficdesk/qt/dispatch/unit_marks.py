"""The glyphs of what a unit is doing: by shape, so that no colour is needed to tell them apart."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from trafficdesk.domain.vocabulary import UnitStatus
from trafficdesk.qt.theme.palette import px


def paint_standing(painter: QPainter, status: UnitStatus, centre: QPointF, ink: QColor) -> None:
    """Paint solid square, double chevron, ring with a dot, dash or hollow square."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    r = px(10) / 2
    painter.setPen(_pen(ink))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    box = QRectF(centre.x() - r * 0.8, centre.y() - r * 0.8, r * 1.6, r * 1.6)
    if status is UnitStatus.AVAILABLE:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawRoundedRect(box, 2, 2)
    elif status is UnitStatus.EN_ROUTE:
        _paint_chevrons(painter, centre, r)
    elif status is UnitStatus.ON_SCENE:
        painter.drawEllipse(centre, r * 0.95, r * 0.95)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(centre, r * 0.42, r * 0.42)
    elif status is UnitStatus.BUSY:
        painter.drawLine(centre - QPointF(r, 0), centre + QPointF(r, 0))
    else:
        painter.drawRoundedRect(box, 2, 2)
    painter.restore()


def _pen(ink: QColor) -> QPen:
    pen = QPen(ink, px(17) / 10)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _paint_chevrons(painter: QPainter, centre: QPointF, r: float) -> None:
    turn = -1.0 if painter.layoutDirection() is Qt.LayoutDirection.RightToLeft else 1.0
    for shift in (-0.75, 0.25):
        x, y = centre.x() + turn * shift * r, centre.y()
        painter.drawPolyline(
            [
                QPointF(x, y - r * 0.75),
                QPointF(x + turn * r * 0.65, y),
                QPointF(x, y + r * 0.75),
            ]
        )
