"""Marks that carry meaning by shape: how severe, and how far a change has travelled."""

import math
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from trafficdesk.domain.vocabulary import Severity, SyncState
from trafficdesk.qt.theme.palette import colour

SEVERITY_TOKENS: Final = {
    Severity.CRITICAL: "critical",
    Severity.SEVERE: "severe",
    Severity.MODERATE: "moderate",
    Severity.MINOR: "minor",
}
RING_PX: Final = 1.8


def severity_colour(severity: Severity) -> QColor:
    """Return the colour of a severity."""
    return colour(SEVERITY_TOKENS[severity])


def severity_path(severity: Severity, centre: QPointF, radius: float) -> QPainterPath:
    """Return the shape of a severity: triangle, diamond, disc, and a ring's outer circle."""
    path = QPainterPath()
    x, y = centre.x(), centre.y()
    if severity is Severity.CRITICAL:
        points = [(0.0, -1.0), (1.08, 0.92), (-1.08, 0.92)]
    elif severity is Severity.SEVERE:
        points = [(0.0, -1.12), (1.12, 0.0), (0.0, 1.12), (-1.12, 0.0)]
    else:
        path.addEllipse(centre, radius * 0.88, radius * 0.88)
        return path
    path.addPolygon(QPolygonF([QPointF(x + dx * radius, y + dy * radius) for dx, dy in points]))
    path.closeSubpath()
    return path


def paint_severity(
    painter: QPainter,
    severity: Severity,
    centre: QPointF,
    radius: float = 6.0,
    tint: QColor | None = None,
) -> None:
    """Paint the mark of a severity; ``tint`` replaces its own colour."""
    ink = tint or severity_colour(severity)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if severity is Severity.MINOR:
        painter.setPen(QPen(ink, RING_PX))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, radius * 0.8, radius * 0.8)
    else:
        pen = QPen(ink, 1.0)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(ink)
        painter.drawPath(severity_path(severity, centre, radius))
    painter.restore()


def paint_sync(
    painter: QPainter,
    state: SyncState,
    centre: QPointF,
    radius: float = 6.5,
    tint: QColor | None = None,
) -> None:
    """Paint how far a change has travelled; ``tint`` replaces text3, never the violet."""
    ink = colour("conflict") if state is SyncState.CONFLICT else tint or colour("text3")
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if state is SyncState.CONFLICT:
        _paint_split_diamond(painter, centre, radius, ink)
    else:
        painter.drawEllipse(centre, radius - 0.8, radius - 0.8)
        if state is SyncState.CONFIRMED:
            _paint_checked_disc(painter, centre, radius, ink)
        elif state is SyncState.SENT:
            _paint_half_disc(painter, centre, radius, ink)
        elif state is SyncState.NOT_TAKEN:
            _paint_slash(painter, centre, radius)
    painter.restore()


def _paint_checked_disc(painter: QPainter, centre: QPointF, radius: float, ink: QColor) -> None:
    painter.setBrush(ink)
    painter.drawEllipse(centre, radius - 0.8, radius - 0.8)
    painter.setPen(QPen(colour("surface"), 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    x, y, r = centre.x(), centre.y(), radius
    painter.drawPolyline(
        [
            QPointF(x - r * 0.42, y + r * 0.02),
            QPointF(x - r * 0.1, y + r * 0.34),
            QPointF(x + r * 0.44, y - r * 0.32),
        ]
    )


def _paint_half_disc(painter: QPainter, centre: QPointF, radius: float, ink: QColor) -> None:
    inner = radius - 0.8
    box = QRectF(centre.x() - inner, centre.y() - inner, 2 * inner, 2 * inner)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawPie(box, 90 * 16, 180 * 16)


def _paint_slash(painter: QPainter, centre: QPointF, radius: float) -> None:
    reach = (radius - 0.8) * math.sqrt(0.5)
    painter.drawLine(centre + QPointF(-reach, reach), centre + QPointF(reach, -reach))


def _paint_split_diamond(painter: QPainter, centre: QPointF, radius: float, ink: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    for side in (-1, 1):
        x, y = centre.x() + side * 1.0, centre.y()
        painter.drawPolygon(
            [QPointF(x, y - radius), QPointF(x + side * radius, y), QPointF(x, y + radius)]
        )


def paint_check(painter: QPainter, rect: QRectF, tint: QColor, width_px: float = 1.8) -> None:
    """Paint a check that fills ``rect``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(tint, width_px)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    x, y, w, h = rect.x(), rect.y(), rect.width(), rect.height()
    painter.drawPolyline(
        [
            QPointF(x + w * 0.12, y + h * 0.54),
            QPointF(x + w * 0.4, y + h * 0.8),
            QPointF(x + w * 0.9, y + h * 0.22),
        ]
    )
    painter.restore()
