"""The queue's list: one current report, several marked ones, and a scroll that stays put."""

from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QShowEvent,
)

from trafficdesk.domain.records import QueueRow
from trafficdesk.qt.review.report_delegate import ReportDelegate
from trafficdesk.qt.review.report_list_model import MOST_MARKED, ReportListModel
from trafficdesk.qt.review.row_picture import row_height
from trafficdesk.qt.widgets.long_list import LongList
from trafficdesk.services.review import Target
from trafficdesk.services.session import Session

_AHEAD: Final = 20
_REPAINT_MS: Final = 30_000


class ReportList(LongList):
    """A list view over ``ReportListModel``.

    ``current_changed`` carries the current row (None: nothing in the list is current);
    ``marked_changed`` the number of marked reports; ``pointed`` when a row is clicked.
    """

    current_changed = Signal(object)
    marked_changed = Signal(int)
    pointed = Signal()

    def __init__(self, model: ReportListModel, session: Session) -> None:
        super().__init__(row_height())
        self._model = model
        self._current_pk = 0
        self._hint = 0  # where the current report is, or was when it left the list
        self._marked: dict[int, QueueRow] = {}
        self._mark_from = 0
        self._lands_on: int | None = 0
        self._sought = 0
        self.setModel(model)
        self.setItemDelegate(ReportDelegate(session.clock, self.is_marked, self))
        self.setAccessibleName(self.tr("Reports"))
        self._fill = QTimer(self)
        self._fill.setSingleShot(True)
        self._fill.setInterval(0)
        self._fill.timeout.connect(self.load_visible)
        self._ages = QTimer(self)
        self._ages.setInterval(_REPAINT_MS)
        self._ages.timeout.connect(self.viewport().update)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        model.shifted.connect(self._keep_scroll)
        model.refreshed.connect(self._after_refresh)
        model.modelReset.connect(self._start_over)
        model.dataChanged.connect(self._land)
        model.found.connect(self._go_where_found)
        model.ranged.connect(self._mark_rows)

    def restyle(self) -> None:
        """Take the row height from the look that holds now."""
        self.set_row_height(row_height())

    # where we are

    @property
    def current_pk(self) -> int:
        """The current report's number; 0 for none."""
        return self._current_pk

    @property
    def place(self) -> int:
        """The current report's place, or where it was when it left the list."""
        found = self._model.place_of(self._current_pk)
        return self._hint if found is None else found

    def current_row(self) -> QueueRow | None:
        """Return the current report as the list shows it."""
        place = self._model.place_of(self._current_pk)
        return None if place is None else self._model.row(place)

    def _scrolled(self) -> None:
        self._fill.start()

    def load_visible(self) -> None:
        """Load what is on screen and a little around it."""
        first, last = self.visible_span()
        self._model.want(first - _AHEAD, last + _AHEAD)

    def refresh(self) -> None:
        """Ask the store again for what is on screen."""
        first, last = self.visible_span()
        self._model.refresh(first, last - first)

    # moving

    def step(self, by: int) -> None:
        """Go so many rows on; from a report that left the list, to where it stood."""
        place = self._model.place_of(self._current_pk)
        if place is None:
            self.go_to_place(self._hint if by > 0 else self._hint - 1)
        else:
            self.go_to_place(place + by)

    def go_to_place(self, place: int) -> None:
        """Make the row at a place current (the last one if the list is shorter)."""
        count = self._model.count()
        if not count:
            self._set_current(None, 0)
            return
        place = max(0, min(count - 1, place))
        row = self._model.row(place)
        if row is None:
            self._lands_on = place
            self.show_place(place)
            self._model.want(place - _AHEAD, place + _AHEAD)
        else:
            self._set_current(row, place)

    def land_on(self, place: int) -> None:
        """Go to a place of the list that is on its way."""
        self._lands_on = place

    def go_to(self, pk: int) -> None:
        """Make a report current wherever in the list it stands; ``model.found`` tells."""
        self._model.look_for(pk, _AHEAD * 2)

    def seek(self, pk: int) -> None:
        """Go to a report once the list is up to date."""
        self._sought = pk

    def _go_where_found(self, pk: int, place: int) -> None:
        row = self._model.row(place)
        if row is not None and row.pk == pk:
            self._set_current(row, place)
            self._fill.start()

    def let_go(self, pks: frozenset[int]) -> None:
        """Take decided reports out at once and go on with the one that follows."""
        place, is_current = self.place, self._current_pk in pks
        before = sum(1 for pk in pks if (p := self._model.place_of(pk)) is not None and p < place)
        for pk in pks:
            self._marked.pop(pk, None)
        self._model.take_away(pks)
        if is_current:
            self.go_to_place(place - before)
        else:
            self._tell_place()
        self._fill.start()

    def _set_current(self, row: QueueRow | None, place: int) -> None:
        self._lands_on = None
        self._hint = place
        is_other = (0 if row is None else row.pk) != self._current_pk
        self._current_pk = 0 if row is None else row.pk
        self._tell_place()
        if row is not None:
            self.show_place(place)
        if is_other:
            self.current_changed.emit(row)

    def _tell_place(self) -> None:
        place = self._model.place_of(self._current_pk)
        self.setProperty("current_place", -1 if place is None else place)
        if place is not None:
            self._hint = place
        index = self._model.index(place) if place is not None else QModelIndex()
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.viewport().update()

    # what the model tells

    def _start_over(self) -> None:
        self._current_pk, self._hint, self._lands_on = 0, 0, 0
        self.setProperty("current_place", -1)
        self.clear_marks()
        self.verticalScrollBar().setValue(0)

    def _keep_scroll(self, rows_above: int) -> None:
        self.updateGeometries()
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + rows_above * self.row_height())

    def _after_refresh(self) -> None:
        self._tell_place()
        if self._sought:
            sought, self._sought = self._sought, 0
            self._lands_on = None
            self.go_to(sought)
        self._land()
        if not self._model.count() and self._current_pk:
            self._set_current(None, 0)
        elif not self._model.count():
            self.current_changed.emit(None)
        self._fill.start()

    def _land(self) -> None:
        """Make the row current that we were on our way to, once it has come."""
        if self._lands_on is None:
            if self.property("current_place") == -1 and self._current_pk:
                self._tell_place()
            return
        row = self._model.row(min(self._lands_on, max(0, self._model.count() - 1)))
        if row is not None:
            self._set_current(row, min(self._lands_on, self._model.count() - 1))

    # marking several

    def is_marked(self, pk: int) -> bool:
        """Tell whether a report is marked."""
        return pk in self._marked

    def marked_rows(self) -> list[QueueRow]:
        """Return the marked reports as the list shows them, or the current one if none is."""
        if self._marked:
            return [self._latest(row) for row in self._marked.values()]
        row = self.current_row()
        return [] if row is None else [row]

    def marked(self) -> list[Target]:
        """Return what ``marked_rows`` does, as targets of a decision."""
        return [Target(row.pk, row.revision) for row in self.marked_rows()]

    def marked_count(self) -> int:
        """Return how many reports are marked."""
        return len(self._marked)

    def _latest(self, row: QueueRow) -> QueueRow:
        place = self._model.place_of(row.pk)
        return row if place is None else self._model.row(place) or row

    def clear_marks(self) -> None:
        """Mark nothing."""
        if self._marked:
            self._marked.clear()
            self._tell_marks()

    def mark_step(self, by: int) -> None:
        """Mark the current report and the next one, and go there."""
        row = self.current_row()
        if row is not None and len(self._marked) < MOST_MARKED:
            self._marked[row.pk] = row
        self.step(by)
        row = self.current_row()
        if row is not None and len(self._marked) < MOST_MARKED:
            self._marked[row.pk] = row
        self._tell_marks()

    def mark_all(self) -> None:
        """Mark the whole list, as far as the limit."""
        if self._model.count():
            self._model.load_range(0, self._model.count() - 1)

    def _mark_rows(self, rows: tuple[QueueRow, ...]) -> None:
        self._marked = {row.pk: row for row in rows[:MOST_MARKED]}
        self._tell_marks()

    def _toggle(self, place: int) -> None:
        row, current = self._model.row(place), self.current_row()
        if row is None:
            return
        if not self._marked and current is not None:
            self._marked[current.pk] = current
        if self._marked.pop(row.pk, None) is None:
            self._marked[row.pk] = row
        if len(self._marked) <= 1 and self._current_pk in self._marked:
            self._marked.clear()
        self._tell_marks()

    def _tell_marks(self) -> None:
        self.viewport().update()
        self.marked_changed.emit(len(self._marked))

    # events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.indexAt(event.position().toPoint()).row()
        if event.button() is not Qt.MouseButton.LeftButton or place < 0:
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.pointed.emit()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._toggle(place)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            first, last = sorted((self.place, place))
            self._model.load_range(first, last)
        else:
            self.clear_marks()
            self.go_to_place(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hover only: dragging selects nothing."""
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = max(1, self.viewport().height() // self.row_height() - 1)
        steps: dict[int, int] = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_PageUp: -page,
        }
        key = event.key()  # a letter of another script is none of Qt.Key
        if key in steps and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.mark_step(steps[key])
        elif key in steps:
            self.clear_marks()
            self.step(steps[key])
        elif key == Qt.Key.Key_Home:
            self.go_to_place(0)
        elif key == Qt.Key.Key_End:
            self.go_to_place(self._model.count() - 1)
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fill.start()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._tell_place()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ages.start()
        self._fill.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ages.stop()
        self._fill.stop()
