"""A small map with both places of a conflict, on which the right one can be put."""

import math
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy

from trafficdesk.domain.records import Place
from trafficdesk.maps.mercator import fraction_at, place_at
from trafficdesk.qt.ages import coordinates, distance
from trafficdesk.qt.conflicts.pins import Pin, paint_name, paint_pin, paint_way
from trafficdesk.qt.conflicts.sheet import Pair
from trafficdesk.qt.conflicts.words import say
from trafficdesk.qt.later import later
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.qt.theme.fonts import MEDIUM, font
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.map_drawing import (
    TILE_PX,
    TOKENS,
    MapImage,
    MapPlan,
    draw_map,
    place_in,
)
from trafficdesk.qt.widgets.mini_map import FindPack
from trafficdesk.qt.widgets.painting import Painted, paint_focus, painter_on

CLOSEST: Final = 17.2
_WIDEST: Final = 8.0
_NARROWEST: Final = 20.0
_ROOM: Final = 0.42  # of the map that the two places may lie apart
_APART_PX: Final = 72  # that two close places should lie apart
_REST_MS: Final = 120
_STEP_PX, _FINE_PX = 12, 2
_DRAG_PX: Final = 4
_ARROWS: Final = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Two places with whose they are; ``own`` is one that was put by hand; may it be moved?"""

    pair: Pair
    names: tuple[str, str]
    own: Place | None = None
    is_fixed: bool = False


class PairMap(Painted):
    """Mine is 1 in the accent, theirs is 2 in violet, as everywhere on this screen.

    ``placed`` carries the place that was dragged, clicked or walked to; it is 3.
    """

    placed = Signal(object)

    def __init__(self, find_pack: FindPack, lanes: Lanes) -> None:
        super().__init__()
        self._find_pack = find_pack
        self._lanes = lanes
        self._shown: Shown | None = None
        self._walking: Place | None = None
        self._grip: QPointF | None = None
        self._closer = 0.0
        self._picture: tuple[object, QPixmap] | None = None
        self._rest = later(self, _REST_MS, self._draw)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def restyle(self) -> None:
        """Draw anew in the look that holds now."""
        super().restyle()
        self._ask()

    def show_pair(self, shown: Shown) -> None:
        """Show two places and whose they are, and what was put by hand."""
        before, self._shown = self._shown, shown
        if before is None or before.pair != shown.pair:
            self._closer = 0.0
        self._walking = self._grip = None
        is_fixed = shown.is_fixed
        self.setCursor(Qt.CursorShape.ArrowCursor if is_fixed else Qt.CursorShape.CrossCursor)
        self._name(shown)
        self._ask()
        self.update()

    def _name(self, shown: Shown) -> None:
        words = say("{one} {here}, {other} {there}, {distance} apart")
        told = words.format(
            one=shown.names[0],
            here=coordinates(shown.pair.mine),
            other=shown.names[1],
            there=coordinates(shown.pair.theirs),
            distance=distance(shown.pair.apart_m),
        )
        if shown.own is not None:
            told += say("; result {place}").format(place=coordinates(shown.own))
        self.setAccessibleName(told)
        how = say("Arrow keys move the place, with Shift a little; Enter takes it, Esc lets it be")
        self.setAccessibleDescription("" if shown.is_fixed else how)

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
        wide, high = abs(here.x() - there.x()), abs(here.y() - there.y())
        across = max(wide / max(1, self.width()), high / max(1, self.height()))
        closer = math.log2(_ROOM / across) if across > _ROOM else 0.0
        apart = math.hypot(wide, high)
        if 0 < apart < px(_APART_PX):
            room = math.log2(_ROOM / across)
            closer = min(math.log2(px(_APART_PX) / apart), room)
        zoom = CLOSEST + closer + self._closer
        return middle, max(_WIDEST, min(_NARROWEST, zoom))

    def _key(self) -> object:
        pack, pair = self._find_pack(), self._shown.pair if self._shown else None
        folder = None if pack is None else pack.folder
        return pair, self._closer, self.size().toTuple(), colour("map_land").rgb(), folder

    def _ask(self) -> None:
        is_drawn = self._picture is not None and self._picture[0] == self._key()
        if self._shown is not None and self.width() > px(16) and not is_drawn:
            self._rest.start()

    def _draw(self) -> None:
        if self._shown is None:
            return
        pack, key = self._find_pack(), self._key()
        middle, zoom = self._view(self._shown.pair)
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
            self._picture = key, QPixmap.fromImage(drawn.image)
            self.update()

    # putting the place

    def place_at(self, spot: QPointF) -> Place:
        """Return the place under a point of the map."""
        if self._shown is None:
            raise ValueError("no places are shown")
        middle, zoom = self._view(self._shown.pair)
        world = TILE_PX * 2.0**zoom
        x, y = fraction_at(*middle)
        found = place_at(
            x + (spot.x() - self.width() / 2) / world, y + (spot.y() - self.height() / 2) / world
        )
        return Place(round(found.lon, 6), round(found.lat, 6))

    def spot_of(self, place: Place) -> QPointF:
        """Return where a place lies on the map."""
        if self._shown is None:
            raise ValueError("no places are shown")
        return place_in(*self._view(self._shown.pair), self.size(), place)

    @property
    def _can_put(self) -> bool:
        return self._shown is not None and not self._shown.is_fixed

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._can_put or event.button() is not Qt.MouseButton.LeftButton:
            return
        spot = event.position()
        found = next((pin for pin in reversed(self._pins()) if pin.is_at(spot)), None)
        # A dragged pin keeps the distance between the hand and its tip.
        self._grip = QPointF(0, 0) if found is None else found.tip - spot
        if found is None:
            self._walk_to(spot)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self._walk_to(event.position() + self._grip)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None
        self.take()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus():  # who scrolls the page passes over the map
            event.ignore()
            return
        self._zoom(event.angleDelta().y() / 240)
        event.accept()

    def _zoom(self, by: float) -> None:
        self._closer = max(-4.0, min(3.0, self._closer + by))
        self._ask()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        is_fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in _ARROWS and self._can_put:
            self._walk_to(self._here() + _ARROWS[key] * px(_FINE_PX if is_fine else _STEP_PX))
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Minus}:
            self._zoom(0.5 if key == Qt.Key.Key_Plus else -0.5)
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.let_be()

    def _here(self) -> QPointF:
        """Return where the place is that the keys move: mine, until another was put."""
        if self._shown is None:
            return QPointF()
        return self.spot_of(self._walking or self._shown.own or self._shown.pair.mine)

    def _walk_to(self, spot: QPointF) -> None:
        inside = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        x = max(inside.left(), min(inside.right(), spot.x()))
        y = max(inside.top(), min(inside.bottom(), spot.y()))
        self._walking = self.place_at(QPointF(x, y))
        self.update()

    @property
    def is_walking(self) -> bool:
        """Tell whether the keys have moved the place and it is not taken yet."""
        return self._walking is not None

    def take(self) -> None:
        """Take the place where the keys or the hand have moved it."""
        place, self._walking = self._walking, None
        if place is not None:
            self.placed.emit(place)

    def let_be(self) -> None:
        """Put the place back to where it was."""
        self._walking = self._grip = None
        self.update()

    # painting

    def _pins(self) -> list[Pin]:
        shown = self._shown
        if shown is None:
            return []
        here, there = self.spot_of(shown.pair.mine), self.spot_of(shown.pair.theirs)
        is_before = here.x() <= there.x()
        pins = [
            Pin(here, "1", shown.names[0], "accent", is_before),
            Pin(there, "2", shown.names[1], "conflict", not is_before),
        ]
        own = self._walking or shown.own
        if own is not None:
            pins.append(Pin(self.spot_of(own), "3", say("Result"), "text"))
        return pins

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        painter.fillRect(self.rect(), colour("map_land"))
        if self._shown is None:
            return
        if self._picture is not None and self._picture[0] == self._key():
            painter.drawPixmap(0, 0, self._picture[1])
        pins = self._pins()
        paint_way(painter, pins[0].tip, pins[1].tip, distance(self._shown.pair.apart_m))
        for pin in pins:
            paint_name(painter, pin, QRectF(self.rect()))
        for pin in pins:
            paint_pin(painter, pin)
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()), 0)
