"""The list at the leading edge: conflicts, settled ones, or what was set aside."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.qt.conflicts.words import say
from trafficdesk.qt.theme.fonts import MEDIUM, SEMIBOLD, font, numeral_width, numerals
from trafficdesk.qt.theme.icons import paint_icon
from trafficdesk.qt.theme.marks import paint_sync
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.long_list import LongList
from trafficdesk.qt.widgets.painting import paint_line
from trafficdesk.qt.words import sync_word

ROW_PX: Final = 52
_ROOT: Final = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
_At = Callable[[int, int, int, int], QRect]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: what it is, its reference and more about it, how old, and its sync mark if any."""

    id: Hashable
    title: str
    reference: str
    detail: str
    age: str
    icon: str
    state: SyncState | None = None

    def spoken(self) -> str:
        """Return the row as it is read aloud."""
        state = "" if self.state is None else sync_word(self.state)
        return ", ".join(filter(None, (self.title, self.reference, self.detail, self.age, state)))


class EntryModel(QAbstractListModel):
    """The rows of the list."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []
        self.current: Hashable = None
        self.marked: set[Hashable] = set()

    def tell(self, entries: list[Entry]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self.entries = entries
        self.marked &= {each.id for each in entries}
        self.endResetModel()

    def place_of(self, entry_id: Hashable) -> int | None:
        """Return where a row stands."""
        places = (i for i, each in enumerate(self.entries) if each.id == entry_id)
        return next(places, None)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entries[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            words = entry.spoken()
            return say("{entry}, marked").format(entry=words) if entry.id in self.marked else words
        return entry.spoken() if role == Qt.ItemDataRole.ToolTipRole else None


class EntryDelegate(QStyledItemDelegate):
    """Paints a row as the queue does: icon, two lines, age."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, EntryModel):
            return
        entry, box = model.entries[index.row()], option.rect
        is_current, is_marked = entry.id == model.current, entry.id in model.marked
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

        def at(x: int, y: int, width: int, height: int) -> QRect:
            inner = QRect(box.x() + x, box.y() + y, width, height)
            return QStyle.visualRect(option.direction, box, inner)

        if is_current or is_marked:
            painter.fillRect(box, colour("accent_weak"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, colour("hover"))
        if is_current:
            painter.fillRect(at(0, 0, px(3), box.height()), colour("accent"))
        self._put_icon(painter, entry, at(px(16), px(9), px(16), px(16)), is_marked=is_marked)
        age_px = numeral_width(entry.age, 12)
        self._put_end(painter, entry, at, (box.width(), age_px))
        x, room = px(42), box.width() - px(42) - px(12)
        painter.setFont(font(13, SEMIBOLD if is_current else MEDIUM))
        painter.setPen(colour("text"))
        paint_line(painter, at(x, px(6), room - age_px - px(30), px(20)), entry.title)
        painter.setFont(numerals(12))
        painter.setPen(colour("text2"))
        width = numeral_width(entry.reference, 12) if entry.reference else 0
        paint_line(painter, at(x, px(26), width, px(18)), entry.reference)
        start = x + width + (px(8) if width else 0)
        painter.setFont(font(12))
        paint_line(painter, at(start, px(26), max(0, room - (start - x)), px(18)), entry.detail)
        painter.fillRect(at(px(40), box.height() - 1, box.width() - px(40), 1), colour("line"))
        painter.restore()

    def _put_icon(self, painter: QPainter, entry: Entry, box: QRect, *, is_marked: bool) -> None:
        tint = "conflict" if entry.state is None else "text2"
        icon = "check" if is_marked else entry.icon
        paint_icon(painter, icon, box, "accent" if is_marked else tint)

    def _put_end(self, painter: QPainter, entry: Entry, at: _At, sizes: tuple[int, int]) -> None:
        width, age_px = sizes
        painter.setFont(numerals(12))
        painter.setPen(colour("text2"))
        paint_line(painter, at(width - px(12) - age_px, px(6), age_px, px(20)), entry.age)
        if entry.state is not None:
            mark = at(width - px(12) - age_px - px(20), px(9), px(14), px(14))
            paint_sync(painter, entry.state, QPointF(mark.center()), px(13) / 2)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(px(300), px(ROW_PX))


class EntryList(LongList):
    """``opened`` carries the id of the row that became current, None for none.

    ``marked_changed`` carries how many rows are marked.
    """

    opened = Signal(object)
    marked_changed = Signal(int)

    def __init__(self) -> None:
        super().__init__(px(ROW_PX))
        self.entries = EntryModel()
        self._hint = 0
        self._delegate = EntryDelegate(self)
        self.setModel(self.entries)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(say("Conflicts"))
        self.setProperty("pane", True)

    def restyle(self) -> None:
        """Take the row height from the look that holds now."""
        self.set_row_height(px(ROW_PX))

    def tell(self, entries: list[Entry]) -> None:
        """Show these rows; the current one stays, or the one in its place becomes current."""
        before = self.entries.current
        self.entries.tell(entries)
        self.marked_changed.emit(len(self.entries.marked))
        place = self.entries.place_of(before)
        if place is None:
            self.go_to(self._hint)
        else:
            self._hint = place
            self.go_to(place, is_told=False)

    def go_to(self, place: int, *, is_told: bool = True) -> None:
        """Make the row at a place current."""
        rows = self.entries.entries
        if not rows:
            self.entries.current = None
            self.opened.emit(None)
            return
        place = max(0, min(len(rows) - 1, place))
        self._hint = place
        self.entries.current = rows[place].id
        self.setCurrentIndex(self.entries.index(place, 0))
        self.show_place(place)
        self.viewport().update()
        if is_told:
            self.opened.emit(rows[place].id)

    def open(self, entry_id: Hashable) -> bool:
        """Make a row current; False if it is not there."""
        place = self.entries.place_of(entry_id)
        if place is not None:
            self.go_to(place)
        return place is not None

    def step(self, by: int) -> None:
        """Go so many rows on."""
        self.go_to(self._hint + by)

    def toggle_mark(self, by: int = 0) -> None:
        """Mark the current row, or take its mark away, and go on."""
        model = self.entries
        if model.current is not None:
            model.marked ^= {model.current}
            self.marked_changed.emit(len(model.marked))
            self.viewport().update()
        if by:
            self.step(by)

    def clear_marks(self) -> None:
        """Take every mark away."""
        self.entries.marked = set()
        self.marked_changed.emit(0)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.entries.current is not None:
            self.show_place(self._hint)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = max(1, self.viewport().height() // self.row_height() - 1)
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_Home: -len(self.entries.entries),
            Qt.Key.Key_End: len(self.entries.entries),
        }
        by = steps.get(Qt.Key(event.key()))
        if by is None:
            event.ignore()
        else:
            self.step(by)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if not index.isValid():
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.go_to(index.row())
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.toggle_mark()
