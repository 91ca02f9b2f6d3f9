"""The area a unit can reach in time, painted under the symbols of the map."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from trafficdesk.domain.records import Bounds, Place
from trafficdesk.qt.dispatch.map_base import View
from trafficdesk.qt.dispatch.words import say
from trafficdesk.qt.theme.fonts import MEDIUM, font, text_width
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import CENTRED, fill_round, paint_line

_FILLED: Final = 0.10  # of each band; the inner ones lie on the outer ones


@dataclass(frozen=True, slots=True)
class ReachBand:
    """What can be reached in so many minutes: closed rings, those within another are holes."""

    minutes: int
    rings: tuple[tuple[Place, ...], ...]


class ReachLayer:
    """Paints nothing until it is told bands, the widest first, and in words what they are."""

    def __init__(self) -> None:
        self.bands: tuple[ReachBand, ...] = ()
        self.words = ""

    def tell(self, bands: Sequence[ReachBand], words: str) -> None:
        """Show an area; an empty one takes it away."""
        self.bands, self.words = tuple(bands), words

    def bounds(self) -> Bounds | None:
        """Return the rectangle around all of it."""
        places = [each for band in self.bands for ring in band.rings for each in ring]
        if not places:
            return None
        lons, lats = [each.lon for each in places], [each.lat for each in places]
        return Bounds(min(lons), min(lats), max(lons), max(lats))

    def paint(self, painter: QPainter, view: View) -> None:
        """Paint the bands; then, over them, how long each takes."""
        painted = [(band, _path(band, view)) for band in self.bands]
        for band, path in painted:
            fill = QColor(colour("accent"))
            fill.setAlphaF(_FILLED)
            painter.setBrush(fill)
            painter.setPen(QPen(colour("accent"), 1.4 if band is self.bands[-1] else 1.0))
            painter.drawPath(path)
        for band, path in painted:
            _paint_minutes(painter, band, path)

    def paint_words(self, painter: QPainter, room: QRectF) -> None:
        """Write what is shown and what it rests on into the top corner, over everything."""
        if not self.words:
            return
        most = room.width() - px(80)  # the map's buttons stand in the other corner
        width = min(text_width(self.words, 12, MEDIUM) + px(16), most)
        is_mirrored = painter.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left = room.right() - px(12) - width if is_mirrored else room.left() + px(12)
        box = QRectF(left, room.top() + px(12), width, px(24))
        fill_round(painter, box, colour("surface"), 4)
        painter.setFont(font(12, MEDIUM))
        painter.setPen(colour("text"))
        inner = box.adjusted(px(8), 0, -px(8), 0).toRect()
        paint_line(painter, inner, self.words)


def _path(band: ReachBand, view: View) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for ring in band.rings:
        path.addPolygon(QPolygonF([view.spot_of(place) for place in ring]))
        path.closeSubpath()
    return path


def _paint_minutes(painter: QPainter, band: ReachBand, path: QPainterPath) -> None:
    """Write the minutes at the band's northern edge."""
    if path.isEmpty():
        return
    points = (path.elementAt(n) for n in range(path.elementCount()))
    top = min((QPointF(each.x, each.y) for each in points), key=lambda each: each.y())
    words = say("{minutes} min").format(minutes=band.minutes)
    width, height = text_width(words, 11) + px(10), px(16)
    box = QRectF(top.x() - width / 2, top.y() - height / 2, width, height)
    fill_round(painter, box, colour("surface"), 4)
    painter.setFont(font(11))
    painter.setPen(colour("accent"))
    painter.drawText(box, int(CENTRED), words)
