"""Lucide icons in any colour and size, drawn once each."""

from functools import cache
from typing import Final

from PySide6.QtCore import QByteArray, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from trafficdesk.qt.theme.palette import colour
from trafficdesk.shipped import shipped

STROKE: Final = 1.75
_MAX_CACHED: Final = 600
_pixmaps: dict[tuple[str, int, str, float], QPixmap] = {}


@cache
def _svg(name: str) -> str:
    """Return an icon's SVG text. Raises ``FileNotFoundError`` for a name that is not shipped."""
    text = shipped("vendor", "icons", f"{name}.svg").read_text(encoding="utf-8")
    return text.replace('stroke-width="2"', f'stroke-width="{STROKE}"')


def icon_pixmap(name: str, size_px: int, tint: QColor, dpr: float = 1.0) -> QPixmap:
    """Return an icon of ``size_px`` (already scaled) for a screen of this pixel ratio."""
    key = (name, size_px, tint.name(QColor.NameFormat.HexArgb), dpr)
    found = _pixmaps.get(key)
    if found is None:
        if len(_pixmaps) >= _MAX_CACHED:
            _pixmaps.clear()
        found = _pixmaps[key] = _draw(name, size_px, tint, dpr)
    return found


def _draw(name: str, size_px: int, tint: QColor, dpr: float) -> QPixmap:
    side = max(1, round(size_px * dpr))
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    svg = _svg(name).replace("currentColor", tint.name())
    painter = QPainter(pixmap)
    painter.setOpacity(tint.alphaF())
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixmap.setDevicePixelRatio(dpr)
    return pixmap


def paint_icon(painter: QPainter, name: str, rect: QRect, token: str) -> None:
    """Paint an icon of a token's colour into a square."""
    dpr = painter.device().devicePixelRatioF()
    painter.drawPixmap(rect, icon_pixmap(name, rect.width(), colour(token), dpr))


def icon(name: str, tint: str = "text2", size_px: int = 18) -> QIcon:
    """Return an icon for Qt's own widgets (actions, trays)."""
    return QIcon(icon_pixmap(name, size_px, colour(tint), 2.0))
