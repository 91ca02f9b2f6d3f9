"""A board: rows under headings, one of them open, painted by a delegate; ages tick in place."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from PySide6.QtCore import (
    QMimeData,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView

from trafficdesk.qt.dispatch.board_rows import BoardDelegate, BoardModel, Heading, Row
from trafficdesk.qt.dispatch.row_sheet import Sight
from trafficdesk.qt.widgets.panels import use_thin_bars

UNIT_MIME: Final = "application/x-trafficdesk-unit"
INCIDENT_MIME: Final = "application/x-trafficdesk-incident"
_STEPPING_MS: Final = 600


class BoardList(QListView):
    """``chosen`` carries the id of the row that became current, None for none.

    ``opened``: a row was clicked twice. ``dropped`` carries the kind and id that were dropped, and
    the id or heading they were dropped on. ``switched``: Tab was pressed, the other board is next.
    """

    chosen = Signal(object)
    opened = Signal(object)
    dropped = Signal(str, object, object)
    settled = Signal()
    switched = Signal()

    def __init__(self, model: BoardModel, delegate: BoardDelegate, name: str) -> None:
        super().__init__()
        self.board = model
        self._delegate = delegate
        self._pressed: QPoint | None = None
        self.own_mime = ""
        self.taken_mimes: frozenset[str] = frozenset()
        self.takes_headings = False
        self._stepping = QTimer(self)
        self._stepping.setSingleShot(True)
        self._stepping.setInterval(_STEPPING_MS)
        self._stepping.timeout.connect(self.settled)
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        use_thin_bars(self)
        self.setAccessibleName(name)
        self.setProperty("pane", True)

    @property
    def is_stepping(self) -> bool:
        """Tell whether keys are just moving through the rows: nothing may change its place now."""
        return self._stepping.isActive()

    def restyle(self) -> None:
        """Take the sizes of the look that holds now."""
        self._delegate.forget()
        self.scheduleDelayedItemsLayout()

    def look(self, sight: Sight) -> None:
        """Take another time and room; only what shows the time is painted anew."""
        before = getattr(self._delegate, "sight", None)
        self._delegate.sight = sight
        if before is None or before.is_roomy != sight.is_roomy:
            self.scheduleDelayedItemsLayout()
            self.viewport().update()
            return
        self._update_clocks()

    def _update_clocks(self) -> None:
        for number in self._visible():
            box = self.visualRect(self.board.index(number, 0))
            self.viewport().update(self._delegate.clocks(box))

    def _visible(self) -> Sequence[int]:
        first = self.indexAt(QPoint(1, 1)).row()
        last = self.indexAt(QPoint(1, self.viewport().height() - 1)).row()
        total = len(self.board.items)
        return range(max(0, first), (last if last >= 0 else total - 1) + 1)

    def renew(self, rows: Mapping[UUID, Row]) -> None:
        """Take rows of which only what ticks is another, however many they are."""
        self.board.renew(rows)
        self._update_clocks()

    def tell(self, items: list[Heading | Row]) -> None:
        """Show these rows; the current one stays current and where it was on screen."""
        model = self.board
        before = model.place_of(model.current)
        top = self.visualRect(model.index(before, 0)).y() if before >= 0 else None
        if not model.tell(items):
            return
        place = model.place_of(model.current)
        if place < 0:
            model.current = None
            rows = model.rows()
            if rows:
                self.go_to(model.place_of(rows[0].id) if before < 0 else before)
            else:
                self.chosen.emit(None)
            return
        index = model.index(place, 0)
        self.setCurrentIndex(index)
        self.executeDelayedItemsLayout()
        if top is not None and 0 <= top < self.viewport().height():
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.visualRect(index).y() - top)

    def go_to(self, place: int, by: int = 1) -> None:
        """Make the row at a place current, or the next one from there that is no heading."""
        items = self.board.items
        place = max(0, min(len(items) - 1, place))
        while 0 <= place < len(items) and isinstance(items[place], Heading):
            place += by
        if not 0 <= place < len(items):
            return
        item = items[place]
        if not isinstance(item, Heading):
            self.choose(item.id)

    def choose(self, row_id: UUID) -> bool:
        """Make a row current; False if it is not there."""
        model = self.board
        place, before = model.place_of(row_id), model.place_of(model.current)
        if place < 0:
            return False
        model.current = row_id
        for each in {place, before} - {-1}:
            self._delegate.sizeHintChanged.emit(model.index(each, 0))
        self.setCurrentIndex(model.index(place, 0))
        self.executeDelayedItemsLayout()
        self.scrollTo(model.index(place, 0))
        self.viewport().update()
        self.chosen.emit(row_id)
        return True

    def step(self, by: int) -> None:
        """Go so many rows on; headings are passed over."""
        rows = self.board.rows()
        if not rows:
            return
        ids = [row.id for row in rows]
        at = ids.index(self.board.current) if self.board.current in ids else -1
        self._stepping.start()
        self.choose(ids[max(0, min(len(ids) - 1, at + by))])

    # keys and mouse

    def focusNextPrevChild(self, forward: bool) -> bool:
        if forward:
            self.switched.emit()
            return True
        return super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page, every = 8, len(self.board.items)
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_Home: -every,
            Qt.Key.Key_End: every,
        }
        by = steps.get(Qt.Key(event.key()))
        if by is None:
            event.ignore()
        else:
            self.step(by)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        place = self.indexAt(event.position().toPoint()).row()
        if place >= 0 and not isinstance(self.board.items[place], Heading):
            self._pressed = event.position().toPoint()
            self.go_to(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        gone = event.position().toPoint() - self._pressed
        if gone.manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
            self._drag()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.board.current is not None:
            self.opened.emit(self.board.current)

    def _drag(self) -> None:
        if self.board.current is None or not self.own_mime:
            return
        carried = QMimeData()
        carried.setData(self.own_mime, self.board.current.bytes)
        drag = QDrag(self)
        drag.setMimeData(carried)
        drag.exec(Qt.DropAction.CopyAction)

    # what is dropped

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if carried_by(event.mimeData(), self.taken_mimes):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        target = self._target(event.position().toPoint())
        self._show_target(None if target is None or isinstance(target, Heading) else target.id)
        if target is not None:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._show_target(None)

    def dropEvent(self, event: QDropEvent) -> None:
        target = self._target(event.position().toPoint())
        carried = carried_by(event.mimeData(), self.taken_mimes)
        self._show_target(None)
        if target is None or carried is None:
            event.ignore()
            return
        event.acceptProposedAction()
        on = target if isinstance(target, Heading) else target.id
        self.dropped.emit(*carried, on)

    def _target(self, spot: QPoint) -> Heading | Row | None:
        place = self.indexAt(spot).row()
        if place < 0:
            return None
        item = self.board.items[place]
        return None if isinstance(item, Heading) and not self.takes_headings else item

    def _show_target(self, row_id: UUID | None) -> None:
        if self.board.dropped_on != row_id:
            self.board.dropped_on = row_id
            self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        place = self.board.place_of(self.board.current)
        if place >= 0:
            self.scrollTo(self.board.index(place, 0))


def carried_by(data: QMimeData, kinds: frozenset[str]) -> tuple[str, UUID] | None:
    """Return which kind of record a drag carries, and its id."""
    for kind in sorted(kinds):
        content = bytes(data.data(kind).data())
        if len(content) == 16:
            return kind, UUID(bytes=content)
    return None
