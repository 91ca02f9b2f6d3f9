"""How a figure ran, as a small line without an axis."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from trafficdesk.qt.theme.palette import colour


def paint_spark(
    painter: QPainter, box: QRect, values: tuple[float | None, ...], *, is_mirrored: bool
) -> None:
    """Draw how a figure ran, between its least and its most; a gap where nothing is known."""
    known = [value for value in values if value is not None]
    least, most = min(known), max(known)
    inner = QRectF(box).adjusted(2, 4, -4, -4)
    step = inner.width() / max(1, len(values) - 1)

    def point(place: int, value: float) -> QPointF:
        x = inner.left() + step * place
        x = inner.left() + inner.right() - x if is_mirrored else x
        share = (value - least) / (most - least) if most > least else 0.5
        return QPointF(x, inner.bottom() - share * inner.height())

    runs: list[list[QPointF]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(point(place, value))
    painter.setPen(QPen(QColor(colour("text3")), 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for run in runs:
        if len(run) > 1:
            painter.drawPolyline(QPolygonF(run))
    if values[-1] is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("accent"))
        painter.drawEllipse(runs[-1][-1], 2.6, 2.6)
