"""A small still map with both places of a conflict, and how far they lie apart."""

import math
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from trafficdesk.domain.records import Place
from trafficdesk.qt.ages import coordinates, distance
from trafficdesk.qt.conflicts.sheet import Pair
from trafficdesk.qt.conflicts.words import say
from trafficdesk.qt.later import later
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.qt.theme.fonts import BOLD, MEDIUM, SEMIBOLD, font, text_width
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.map_drawing import TOKENS, MapImage, MapPlan, draw_map, place_in
from trafficdesk.qt.widgets.mini_map import FindPack
from trafficdesk.qt.widgets.painting import CENTRED, Painted, fill_round, painter_on

CLOSEST: Final = 17.2
_WIDEST: Final = 8.0
_ROOM: Final = 0.42  # of the map that the two places may lie apart
_REST_MS: Final = 120
_PIN_PX: Final = 22


class PairMap(Painted):
    """Mine is 1 in the accent, theirs is 2 in violet, as everywhere on this screen."""

    def __init__(self, find_pack: FindPack, lanes: Lanes) -> None:
        super().__init__()
        self._find_pack = find_pack
        self._lanes = lanes
        self._pair: Pair | None = None
        self._names = ("", "")
        self._shown: tuple[object, QPixmap, bool] | None = None
        self._rest = later(self, _REST_MS, self._draw)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def restyle(self) -> None:
        """Draw anew in the look that holds now."""
        super().restyle()
        self._ask()

    def show_pair(self, pair: Pair, names: tuple[str, str]) -> None:
        """Show two places and whose they are."""
        self._pair, self._names = pair, names
        words = say("{one} {here}, {other} {there}, {distance} apart")
        self.setAccessibleName(
            words.format(
                one=names[0],
                here=coordinates(pair.mine),
                other=names[1],
                there=coordinates(pair.theirs),
                distance=distance(pair.apart_m),
            )
        )
        self._ask()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(400), px(156))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ask()

    # the map below

    def _view(self, pair: Pair) -> tuple[Place, float]:
        """Return the middle of both places and a zoom that shows them well apart."""
        middle = Place((pair.mine.lon + pair.theirs.lon) / 2, (pair.mine.lat + pair.theirs.lat) / 2)
        here, there = (
            place_in(middle, CLOSEST, self.size(), each) for each in (pair.mine, pair.theirs)
        )
        across = max(
            abs(here.x() - there.x()) / max(1, self.width()),
            abs(here.y() - there.y()) / max(1, self.height()),
        )
        closer = math.log2(_ROOM / across) if across > _ROOM else 0.0
        return middle, max(_WIDEST, CLOSEST + closer)

    def _key(self) -> object:
        pack = self._find_pack()
        folder = None if pack is None else pack.folder
        return self._pair, self.size().toTuple(), colour("map_land").rgb(), folder

    def _ask(self) -> None:
        is_drawn = self._shown is not None and self._shown[0] == self._key()
        if self._pair is not None and self.width() > px(16) and not is_drawn:
            self._rest.start()

    def _draw(self) -> None:
        pair, pack, key = self._pair, self._find_pack(), self._key()
        if pair is None:
            return
        middle, zoom = self._view(pair)
        plan = MapPlan(
            middle,
            zoom,
            self.size(),
            self.devicePixelRatioF(),
            {token: QColor(colour(token)) for token in TOKENS},
            font(11, MEDIUM),
        )
        self._lanes.owned_by(self).run(
            Lane.IO,
            lambda: draw_map(pack, plan),
            lambda drawn: self._take(key, drawn),
            key="map",
        )

    def _take(self, key: object, drawn: MapImage) -> None:
        if key == self._key():
            self._shown = key, QPixmap.fromImage(drawn.image), drawn.is_bare
            self.update()

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        painter.fillRect(self.rect(), colour("map_land"))
        if self._pair is None:
            return
        if self._shown is not None and self._shown[0] == self._key():
            painter.drawPixmap(0, 0, self._shown[1])
        middle, zoom = self._view(self._pair)
        here, there = (
            place_in(middle, zoom, self.size(), each)
            for each in (self._pair.mine, self._pair.theirs)
        )
        self._paint_way(painter, here, there)
        for spot, number, name, tint in (
            (here, "1", self._names[0], "accent"),
            (there, "2", self._names[1], "conflict"),
        ):
            other = there if spot is here else here
            self._paint_pin(painter, spot, number, tint)
            self._paint_label(painter, spot, name, is_before=spot.x() < other.x())

    def _paint_way(self, painter: QPainter, here: QPointF, there: QPointF) -> None:
        pen = QPen(colour("conflict"), 2.0, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(here, there)
        words = distance(self._pair.apart_m) if self._pair else ""
        width, height = text_width(words, 12, SEMIBOLD) + px(12), px(20)
        middle = (here + there) / 2
        box = QRectF(middle.x() - width / 2, middle.y() + px(8), width, height)
        fill_round(painter, box, colour("surface"), 4)
        painter.setFont(font(12, SEMIBOLD))
        painter.setPen(colour("conflict"))
        painter.drawText(box, CENTRED, words)

    def _paint_pin(self, painter: QPainter, tip: QPointF, number: str, tint: str) -> None:
        radius = px(_PIN_PX) / 2
        middle = tip - QPointF(0, radius * 1.55)
        drop, point = QPainterPath(), QPainterPath()
        drop.addEllipse(middle, radius, radius)
        point.moveTo(tip)
        point.lineTo(middle + QPointF(-radius * 0.62, radius * 0.6))
        point.lineTo(middle + QPointF(radius * 0.62, radius * 0.6))
        point.closeSubpath()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(tint))
        painter.drawPath(drop.united(point))
        painter.setFont(font(12, BOLD))
        painter.setPen(colour("surface"))
        box = QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
        painter.drawText(box, CENTRED, number)

    def _paint_label(self, painter: QPainter, tip: QPointF, name: str, *, is_before: bool) -> None:
        width, height = text_width(name, 11, SEMIBOLD) + px(12), px(20)
        gap = px(_PIN_PX) * 0.7
        x = tip.x() - gap - width if is_before else tip.x() + gap
        x = max(4.0, min(self.width() - width - 4.0, x))
        top = max(4.0, tip.y() - px(_PIN_PX) * 1.2)
        box = QRect(round(x), round(top), width, height)
        fill_round(painter, QRectF(box), colour("surface"), 4)
        painter.setFont(font(11, SEMIBOLD))
        painter.setPen(colour("text"))
        painter.drawText(box, CENTRED, name)
