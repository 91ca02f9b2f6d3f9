"""A small still map around one place, with marks; drawn off the GUI thread and kept."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy

from trafficdesk.domain.records import Place
from trafficdesk.domain.vocabulary import Severity
from trafficdesk.maps.packs import Pack
from trafficdesk.qt.later import later
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.qt.theme.fonts import MEDIUM, font, text_width
from trafficdesk.qt.theme.marks import paint_severity, severity_colour
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.map_drawing import TOKENS, MapImage, MapPlan, draw_map, place_in
from trafficdesk.qt.widgets.painting import CENTRED, Painted, fill_round, paint_focus, painter_on

FindPack = Callable[[], Pack | None]
ZOOM: Final = 15.6
_KEPT: Final = 24
_PIN_PX: Final = 26


@dataclass(frozen=True, slots=True)
class Spot:
    """Something else on the map: where, and what its label says."""

    place: Place
    label: str


class MiniMap(Painted):
    """Shows where a report was; ``opened`` on click or Enter.

    ``rest_ms``: a place must stay so long before its map is drawn; a large one is worth waiting.
    """

    opened = Signal()

    def __init__(self, find_pack: FindPack, lanes: Lanes, rest_ms: int = 0) -> None:
        super().__init__()
        self._find_pack = find_pack
        self._lanes = lanes
        self._place: Place | None = None
        self._severity = Severity.MINOR
        self._spots: tuple[Spot, ...] = ()
        self._drawn: OrderedDict[object, QPixmap] = OrderedDict()
        self._shown: QPixmap | None = None
        self._is_bare = False
        self._height_px = 136
        self._height_for: Callable[[int], int] | None = None
        self._rest = later(self, rest_ms, self._draw) if rest_ms else None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Map around the report"))
        self.restyle()

    def set_height(self, height_px: int) -> None:
        """Be so tall (at a text scale of 100 %)."""
        self._height_px = height_px
        self.restyle()

    def follow_width(self, height_for: Callable[[int], int]) -> None:
        """Be as tall as a width wants it."""
        self._height_for = height_for
        self.restyle()

    def restyle(self) -> None:
        """Take size and colours from the look that holds now."""
        self._fit()
        self._drawn.clear()
        self._ask()
        self.update()

    def _fit(self) -> None:
        by_width = self._height_for
        height = px(self._height_px) if by_width is None else by_width(self.width())
        if self.minimumHeight() != height or self.maximumHeight() != height:
            self.setFixedHeight(height)

    def show_place(self, place: Place, severity: Severity, spots: tuple[Spot, ...] = ()) -> None:
        """Show the surroundings of a place."""
        self._severity, self._spots = severity, spots
        if place != self._place:
            self._place = place
            self._ask()
        self.update()

    def is_drawn(self) -> bool:
        """Tell whether the map of this place is on screen."""
        return self._shown is not None

    @property
    def is_bare(self) -> bool:
        """Tell whether no pack covers the place."""
        return self._is_bare

    def _key(self) -> object:
        pack = self._find_pack()
        return (
            self._place,
            self.size(),
            self.devicePixelRatioF(),
            colour("map_land").rgb(),
            None if pack is None else pack.folder,
        )

    def _ask(self) -> None:
        if self._place is None or self.width() < 16:
            return
        self._shown = self._drawn.get(self._key())
        if self._shown is not None:
            return
        if self._rest is None:
            self._draw()
        else:
            self._rest.start()

    def _draw(self) -> None:
        if self._place is None:
            return
        key, pack = self._key(), self._find_pack()
        plan = MapPlan(
            self._place,
            ZOOM,
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
        if key != self._key():
            return
        self._is_bare = drawn.is_bare
        self._shown = self._drawn[key] = QPixmap.fromImage(drawn.image)
        while len(self._drawn) > _KEPT:
            self._drawn.popitem(last=False)
        self.update()

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        self._ask()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(px(260), px(self._height_px))

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        painter.fillRect(self.rect(), colour("map_land"))
        if self._shown is not None:
            painter.drawPixmap(0, 0, self._shown)
        if self._place is None:
            return
        for spot in self._spots:
            self._paint_spot(painter, spot)
        self._paint_pin(painter)
        if self._shown is not None and self._is_bare:
            self._paint_note(painter)
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()), 0)

    def _paint_pin(self, painter: QPainter) -> None:
        """Draw a drop with the severity's shape; its tip is the place."""
        tip = QPointF(self.width() / 2, self.height() / 2)
        radius = px(_PIN_PX) / 2
        middle = tip - QPointF(0, radius * 1.55)
        drop = QPainterPath()
        drop.addEllipse(middle, radius, radius)
        point = QPainterPath()
        point.moveTo(tip)
        point.lineTo(middle + QPointF(-radius * 0.62, radius * 0.6))
        point.lineTo(middle + QPointF(radius * 0.62, radius * 0.6))
        point.closeSubpath()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(severity_colour(self._severity))
        painter.drawPath(drop.united(point))
        paint_severity(painter, self._severity, middle, radius * 0.5, colour("surface"))

    def _paint_spot(self, painter: QPainter, spot: Spot) -> None:
        if self._place is None:
            return
        at = place_in(self._place, ZOOM, self.size(), spot.place)
        if not QRectF(self.rect()).adjusted(8, 8, -8, -8).contains(at):
            return
        side = px(12)
        fill_round(
            painter, QRectF(at.x() - side / 2, at.y() - side / 2, side, side), colour("accent"), 3
        )
        painter.setPen(colour("surface"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(at.x() - side / 2, at.y() - side / 2, side, side), 3, 3)
        width, height = text_width(spot.label, 11, MEDIUM) + px(12), px(18)
        left = max(4, min(self.width() - width - 4, round(at.x() - width / 2)))
        top = round(at.y() + side)
        box = QRect(left, min(top, self.height() - height - 4), width, height)
        fill_round(painter, QRectF(box), colour("surface"), 4)
        painter.setFont(font(11, MEDIUM))
        painter.setPen(colour("text"))
        painter.drawText(box, CENTRED, spot.label)

    def _paint_note(self, painter: QPainter) -> None:
        painter.setFont(font(11))
        painter.setPen(colour("map_label"))
        words = self.tr("No base map here")
        painter.drawText(self.rect().adjusted(8, 4, -8, -4), Qt.AlignmentFlag.AlignBottom, words)
