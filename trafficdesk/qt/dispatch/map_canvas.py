"""The map between the boards: streets, incidents, units and ways; moved by mouse and keys."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip

from trafficdesk.domain.records import Bounds, Place
from trafficdesk.qt.dispatch.board_list import UNIT_MIME, carried_by
from trafficdesk.qt.dispatch.lines import IncidentLine, Lines
from trafficdesk.qt.dispatch.map_base import CLOSEST, FARTHEST, MapBase, View, view_of
from trafficdesk.qt.dispatch.map_legend import paint_attribution, paint_scale
from trafficdesk.qt.dispatch.map_symbols import (
    INCIDENT,
    UNIT,
    Stamps,
    Symbol,
    Way,
    box_at,
    label_box,
    paint_mark,
    paint_ring,
    paint_way,
    paint_way_label,
)
from trafficdesk.qt.dispatch.map_units import TagsLook, UnitMarks
from trafficdesk.qt.dispatch.reach_layer import ReachLayer
from trafficdesk.qt.dispatch.words import say, spoken_incident, spoken_unit
from trafficdesk.qt.tasks import Lanes
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.mini_map import FindPack
from trafficdesk.qt.widgets.painting import (
    Painted,
    paint_focus,
    painter_on,
)
from trafficdesk.services.dispatch_board import Group

_STEP_PX: Final = 80
_ARROWS: Final = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}


class DispatchMap(Painted):
    """``picked`` carries the kind (incident, unit) and id; ``asked`` a ``Place`` to file at.

    ``sent`` carries the unit that was dropped, and the incident it was dropped on. This map is
    painted by Qt itself: the page of the map workspace lives in one engine and can not be in two
    places, and a board has to be there at once.
    """

    picked = Signal(str, object)
    asked = Signal(object)
    sent = Signal(object, object)

    def __init__(self, find_pack: FindPack, lanes: Lanes) -> None:
        super().__init__()
        self._base = MapBase(find_pack, lanes, self)
        self._base.drawn.connect(self.update)
        self.reach = ReachLayer()
        self._lines = Lines()
        self._now: datetime | None = None
        self._ways: tuple[Way, ...] = ()
        self._chosen: tuple[UUID | None, UUID | None] = (None, None)
        self._dropped_on: UUID | None = None
        self._marked: Place | None = None
        self._symbols: list[Symbol] = []
        self._stamps = Stamps()
        self._units = UnitMarks(self._base, self._stamps, lanes)
        self._view = View(Place(0, 0), 12.0, QSize(1, 1))
        self._is_placed = False
        self._grip: tuple[QPoint, View, Symbol | None] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("pane", True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(say("Map of incidents and units"))
        how = say("Arrow keys move the map, plus and minus come closer and go away, 0 shows all")
        self.setAccessibleDescription(how)

    @property
    def view(self) -> View:
        """What is on the map now."""
        return self._view

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """What can be grasped on the map as it was painted last."""
        return (*self._units.dots(self._view), *self._symbols, *self._units.tags)

    @property
    def is_drawn(self) -> bool:
        """Tell whether streets are on the map."""
        return self._base.is_there

    def restyle(self) -> None:
        """Draw anew in the look that holds now."""
        super().restyle()
        self._base.drop()
        self._stamps.forget()
        self._units.restyle()
        self._ask()

    # what it shows

    def tell(self, lines: Lines, now: datetime) -> None:
        """Show incidents and units."""
        self._lines, self._now = lines, now
        self._units.tell(lines.units)
        if not self._is_placed and (lines.incidents or lines.units):
            self.fit()
        self.update()

    def renew(self, lines: Lines, now: datetime) -> None:
        """Show the same units elsewhere."""
        self._lines, self._now = lines, now
        self._units.tell(lines.units)

    def choose(self, incident_id: UUID | None, unit_id: UUID | None) -> None:
        """Ring the chosen incident and the chosen unit."""
        self._chosen = (incident_id, unit_id)
        self.update()

    def mark(self, place: Place | None) -> None:
        """Mark a place that is about to be filed; None takes the mark away."""
        self._marked = place
        self.update()

    def show_ways(self, ways: Iterable[Way]) -> None:
        """Show the ways to the chosen incident."""
        self._ways = tuple(ways)
        self.update()

    def _incidents(self) -> list[IncidentLine]:
        lines = self._lines.incidents
        chosen = self._chosen[0]
        return [line for line in lines if line.group is not Group.CLEARED or line.id == chosen]

    # where it is

    def fit(self) -> None:
        """Show every open incident and every unit whose place is known."""
        places = [line.incident.place for line in self._incidents()]
        places += [line.place for line in self._lines.units if line.place is not None]
        if places:
            self.show_bounds(_around(places))

    def show_bounds(self, bounds: Bounds) -> None:
        """Show a rectangle."""
        self._is_placed = True
        self._look(view_of(bounds, self.size()))

    def show_place(self, place: Place) -> None:
        """Bring a place into the middle, not farther away than streets can be read."""
        self._is_placed = True
        self._look(View(place, max(self._view.zoom, 14.0), self.size()))

    def zoom(self, by: float, around: QPointF | None = None) -> None:
        """Come closer or go away; what is under ``around`` stays there."""
        before = self._view
        spot = around or QPointF(self.width() / 2, self.height() / 2)
        held = before.place_at(spot)
        zoom = max(FARTHEST, min(CLOSEST, before.zoom + by))
        moved = View(held, zoom, self.size())
        off = QPointF(self.width() / 2, self.height() / 2) - spot
        middle = QPointF(self.width() / 2, self.height() / 2) + off
        self._look(View(moved.place_at(middle), zoom, self.size()))

    def pan(self, by: QPointF) -> None:
        """Move the map by so many pixels."""
        middle = QPointF(self.width() / 2, self.height() / 2)
        self._look(View(self._view.place_at(middle + by), self._view.zoom, self.size()))

    def _look(self, view: View) -> None:
        self._view = view
        self._ask()
        self.update()

    def _ask(self) -> None:
        if self.width() > px(40) and self._is_placed:
            self._base.ask(self._view, self.devicePixelRatioF())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._view = View(self._view.centre, self._view.zoom, self.size())
        self._ask()

    # mouse

    def _at(self, spot: QPointF) -> Symbol | None:
        return next((each for each in reversed(self.symbols) if each.box.contains(spot)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._grip = (event.position().toPoint(), self._view, self._at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is None:
            self._tell_under(event)
            return
        start, view, symbol = self._grip
        gone = event.position().toPoint() - start
        if gone.manhattanLength() < QApplication.startDragDistance():
            return
        if symbol is not None and symbol.kind == UNIT:
            self._grip = None
            self._drag(symbol.id)
            return
        middle = QPointF(self.width() / 2, self.height() / 2) - QPointF(gone)
        self._look(View(view.place_at(middle), view.zoom, self.size()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        grip, self._grip = self._grip, None
        if event.button() is Qt.MouseButton.RightButton:
            self.asked.emit(self._view.place_at(event.position()))
            return
        if grip is None:
            return
        gone = event.position().toPoint() - grip[0]
        if gone.manhattanLength() < QApplication.startDragDistance() and grip[2] is not None:
            self.picked.emit(grip[2].kind, grip[2].id)

    def _tell_under(self, event: QMouseEvent) -> None:
        found, told = self._at(event.position()), ""
        if found is not None and self._now is not None:
            if found.kind == INCIDENT and found.id in self._lines.by_incident:
                told = spoken_incident(self._lines.by_incident[found.id], self._now)
            elif found.id in self._lines.by_unit:
                told = spoken_unit(self._lines.by_unit[found.id], self._now)
        self.setCursor(Qt.CursorShape.PointingHandCursor if found else Qt.CursorShape.ArrowCursor)
        QToolTip.showText(event.globalPosition().toPoint(), told, self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(event.angleDelta().y() / 240, event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ARROWS:
            self.pan(_ARROWS[key] * px(_STEP_PX))
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus}:
            self.zoom(-0.5 if key == Qt.Key.Key_Minus else 0.5)
        elif key == Qt.Key.Key_0:
            self.fit()
        else:
            event.ignore()

    # dragging

    def _drag(self, unit_id: UUID) -> None:
        carried = QMimeData()
        carried.setData(UNIT_MIME, unit_id.bytes)
        drag = QDrag(self)
        drag.setMimeData(carried)
        drag.exec(Qt.DropAction.CopyAction)

    def _drop_target(self, spot: QPointF) -> UUID | None:
        found = [each for each in self._symbols if each.kind == INCIDENT]
        near = next((each for each in reversed(found) if each.box.contains(spot)), None)
        return None if near is None else near.id

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if carried_by(event.mimeData(), frozenset({UNIT_MIME})):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._dropped_on = self._drop_target(event.position())
        self.update()
        if self._dropped_on is None:
            event.ignore()
        else:
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._dropped_on = None
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        target = self._drop_target(event.position())
        carried = carried_by(event.mimeData(), frozenset({UNIT_MIME}))
        self._dropped_on = None
        self.update()
        if target is None or carried is None:
            event.ignore()
            return
        event.acceptProposedAction()
        self.sent.emit(carried[1], target)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._base.paint(painter, self._view)
        self.reach.paint(painter, self._view)
        spots = [[self._view.spot_of(each) for each in way.line] for way in self._ways]
        for way, points in reversed(list(zip(self._ways, spots, strict=True))):
            paint_way(painter, points, way)
        self._symbols = []
        taken = self._paint_incidents(painter)
        if self._now is not None:
            look = TagsLook(self._now, self._chosen[1])
            self._units.paint_tags(painter, self._view, look, taken)
        self._paint_labels(painter, spots, taken)
        if self._marked is not None:
            paint_mark(painter, self._view.spot_of(self._marked))
        paint_scale(self, painter, self._view.metres_per_px())
        bare = say("No base map here") if self._base.is_bare else ""
        paint_attribution(self, painter, self._base.attribution or bare)
        self.reach.paint_words(painter, QRectF(self.rect()))
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()), 0)

    def _paint_labels(
        self, painter: QPainter, spots: list[list[QPointF]], taken: list[QRectF]
    ) -> None:
        """The best way's label finds its place first and is painted last."""
        boxes = []
        for way, points in zip(self._ways, spots, strict=True):
            box = label_box(points, way, taken) if way.label and len(points) > 1 else None
            if box is not None:
                taken.append(box)
                boxes.append((way, box))
        for way, box in reversed(boxes):
            paint_way_label(painter, box, way)

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(-40, -40, 40, 40)

    def _paint_incidents(self, painter: QPainter) -> list[QRectF]:
        """Paint the incidents, the worst last and the chosen one over all; their boxes."""
        taken, room = list[QRectF](), self._room()
        lines = sorted(self._incidents(), key=lambda line: line.incident.severity_score)
        lines.sort(key=lambda line: line.id == self._chosen[0])
        spots = self._view.spots_of([line.incident.place for line in lines])
        for line, spot in zip(lines, spots, strict=True):
            if not room.contains(spot):
                continue
            is_chosen = line.id == self._chosen[0]
            if is_chosen or line.id == self._dropped_on:
                taken.append(paint_ring(painter, line, spot, is_chosen=is_chosen))
            else:
                self._stamps.paint(painter, line.incident.severity, spot)
            box = box_at(spot)
            taken.append(box)
            self._symbols.append(Symbol(INCIDENT, line.id, box))
        return taken


def _around(places: list[Place]) -> Bounds:
    lons, lats = [each.lon for each in places], [each.lat for each in places]
    return Bounds(min(lons), min(lats), max(lons), max(lats))
