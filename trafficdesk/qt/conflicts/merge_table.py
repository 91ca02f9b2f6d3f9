"""The table to choose from: field, before, mine, theirs, and what comes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from trafficdesk.domain.conflicts import Side
from trafficdesk.domain.vocabulary import Severity, SyncState
from trafficdesk.qt.conflicts.table_head import (
    BEFORE,
    MINE,
    RESULT,
    THEIRS,
    WIDE_FROM_PX,
    column_boxes,
)
from trafficdesk.qt.conflicts.words import say
from trafficdesk.qt.theme.fonts import MEDIUM, REGULAR, SEMIBOLD, font, text_width
from trafficdesk.qt.theme.icons import paint_icon
from trafficdesk.qt.theme.marks import paint_check, paint_severity, paint_sync, severity_colour
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.long_list import LongList
from trafficdesk.qt.widgets.painting import (
    fill_round,
    keycap_size,
    paint_keycap,
    paint_line,
)

ROW_PX, TALL_ROW_PX = 36, 40
_ROOT: Final = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Cell:
    """Words in a cell; a severity has its mark before them."""

    words: str
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class TableRow:
    """A line in words. ``side`` is what was chosen; None where nothing was, or nothing is asked."""

    key: str
    title: str
    before: Cell
    mine: Cell
    theirs: Cell
    result: Cell
    is_in_question: bool
    side: Side | None
    is_same: bool = False

    @property
    def is_open(self) -> bool:
        """Tell whether it must be chosen yet."""
        return self.is_in_question and self.side is None

    def spoken(self) -> str:
        """Return the line as it is read aloud."""
        result = say("Not settled") if self.is_open else self.result.words
        parts = say("{field}: before {before}, mine {mine}, theirs {theirs}, result {result}")
        return parts.format(
            field=self.title,
            before=self.before.words,
            mine=self.mine.words,
            theirs=self.theirs.words,
            result=result,
        )


class TableModel(QAbstractListModel):
    """The rows of the table."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[TableRow] = []
        self.current = 0
        self.is_fixed = False
        self.keys = {MINE: "", THEIRS: "", RESULT: ""}

    def tell(self, rows: list[TableRow]) -> None:
        """Show these rows."""
        is_new = [row.key for row in rows] != [row.key for row in self.rows]
        if is_new:
            self.beginResetModel()
        self.rows = rows
        if is_new:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, 0))

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self.rows[index.row()].spoken()
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.rows[index.row()].spoken()
        return None


class TableDelegate(QStyledItemDelegate):
    """Paints a row: what was chosen has a check, what is open is violet."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, TableModel):
            return
        row = model.rows[index.row()]
        is_current = index.row() == model.current and not model.is_fixed
        box = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

        def at(inner: QRect) -> QRect:
            moved = inner.translated(box.x(), box.y())
            return QStyle.visualRect(option.direction, box, moved)

        columns = column_boxes(box.width(), box.height())
        painter.fillRect(at(columns[RESULT]), colour("surface2"))
        if is_current:
            painter.fillRect(box, colour("accent_weak"))
            painter.fillRect(at(QRect(0, 0, px(3), box.height())), colour("accent"))
        pen = _RowPen(painter, row, at, model.keys if is_current else None)
        pen.paint(columns)
        painter.fillRect(box.x(), box.bottom(), box.width(), 1, colour("line"))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(px(400), px(ROW_PX))


class _RowPen:
    """Paints the five cells of one row."""

    def __init__(
        self,
        painter: QPainter,
        row: TableRow,
        at: Callable[[QRect], QRect],
        keys: Mapping[int, str] | None,
    ) -> None:
        self._painter = painter
        self._row = row
        self._at = at
        self._keys = keys

    def paint(self, columns: list[QRect]) -> None:
        row = self._row
        quiet = not row.is_in_question
        self._words(columns[0], row.title, SEMIBOLD if not quiet else REGULAR, "text")
        self._cell(columns[BEFORE], row.before, "text2", REGULAR)
        for column, side in ((MINE, Side.MINE), (THEIRS, Side.THEIRS)):
            key = "" if self._keys is None else self._keys[column]
            self._side(columns[column], side, key)
        self._result(columns[RESULT])

    def _side(self, box: QRect, side: Side, key: str) -> None:
        row = self._row
        cell = row.mine if side is Side.MINE else row.theirs
        if not row.is_in_question:
            self._cell(box, cell, "text2", REGULAR)
            return
        if row.side is side:
            box = self._lead(box, px(16))
            self._check(box.x() - px(22), box)
        elif key:
            cap = keycap_size(key)
            y = (box.height() - cap.height()) // 2
            where = QRect(box.x() + px(12), y, cap.width(), cap.height())
            paint_keycap(self._painter, self._at(where), key)
            box = self._lead(box, cap.width())
        is_lost = row.side is not None and row.side is not side
        self._cell(box, cell, "text2" if is_lost else "text", REGULAR if is_lost else SEMIBOLD)

    def _result(self, box: QRect) -> None:
        row = self._row
        if row.is_open:
            words = say("Not settled") if self._keys is None else _choice_words(self._keys)
            room = box.width() - px(14) - px(26)
            if self._keys is not None and text_width(words, 13, MEDIUM) > room:
                words = say("Choose")
            centre = QPointF(self._at(self._square(box, px(14))).center())
            paint_sync(self._painter, SyncState.CONFLICT, centre, px(12) / 2)
            self._words(self._lead(box, px(14)), words, MEDIUM, "conflict")
            return
        if row.side is Side.EDITED:
            where = self._at(self._square(box, px(14)))
            paint_icon(self._painter, "pencil", where, "accent")
            box = self._lead(box, px(14))
        is_quiet = not row.is_in_question
        self._cell(
            box, row.result, "text2" if is_quiet else "text", REGULAR if is_quiet else SEMIBOLD
        )

    def _lead(self, box: QRect, by: int) -> QRect:
        return box.adjusted(by + px(8), 0, 0, 0)

    def _square(self, box: QRect, side: int) -> QRect:
        return QRect(box.x() + px(12), (box.height() - side) // 2, side, side)

    def _check(self, x: int, box: QRect) -> None:
        side = px(16)
        disc = QRectF(self._at(QRect(x + px(10), (box.height() - side) // 2, side, side)))
        fill_round(self._painter, disc, colour("accent"), side / 2)
        inset = side * 0.28
        inner = disc.adjusted(inset, inset, -inset, -inset)
        paint_check(self._painter, inner, colour("on_accent"))

    def _cell(self, box: QRect, cell: Cell, tint: str, weight: int) -> None:
        if cell.severity is not None:
            where = QPointF(self._at(self._square(box, px(12))).center())
            paint_severity(self._painter, cell.severity, where, px(11) / 2)
            box = self._lead(box, px(10))
            self._painter.setPen(severity_colour(cell.severity))
        else:
            self._painter.setPen(colour(tint))
        self._painter.setFont(font(13, weight))
        self._line(box, cell.words)

    def _words(self, box: QRect, words: str, weight: int, tint: str) -> None:
        self._painter.setPen(colour(tint))
        self._painter.setFont(font(13, weight))
        self._line(box, words)

    def _line(self, box: QRect, words: str) -> None:
        paint_line(self._painter, self._at(box.adjusted(px(12), 0, -px(6), 0)), words)


def _choice_words(keys: Mapping[int, str]) -> str:
    if not all(keys.values()):
        return say("Choose")
    words = say("Choose {mine}, {theirs} or {edit}")
    return words.format(mine=keys[MINE], theirs=keys[THEIRS], edit=keys[RESULT])


class MergeTable(LongList):
    """``moved``: another row is current. ``chosen`` carries the side that was clicked."""

    moved = Signal()
    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(px(ROW_PX))
        self.table = TableModel()
        self._delegate = TableDelegate(self)
        self.setModel(self.table)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(say("What the two sides have"))
        self.setProperty("pane", True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def restyle(self) -> None:
        """Take sizes from the look that holds now."""
        self._fit()

    def tell(self, rows: list[TableRow], *, is_fixed: bool = False) -> None:
        """Show these rows; ``is_fixed``: they are only looked at."""
        self.table.is_fixed = is_fixed
        self.table.tell(rows)
        self.go_to(min(self.table.current, max(0, len(rows) - 1)))
        self._fit()

    def _fit(self) -> None:
        height = px(TALL_ROW_PX if self.width() >= px(WIDE_FROM_PX) else ROW_PX)
        if height != self.row_height():
            self.set_row_height(height)
        wanted = max(1, len(self.table.rows)) * height
        if self.maximumHeight() != wanted:
            self.setFixedHeight(wanted)

    def set_key(self, column: int, key: str) -> None:
        """Show another key for what a column offers."""
        self.table.keys[column] = key
        self.viewport().update()

    def current_row(self) -> TableRow | None:
        """Return the current row."""
        rows = self.table.rows
        return rows[self.table.current] if rows else None

    def go_to(self, place: int) -> None:
        """Make a row current."""
        count = len(self.table.rows)
        self.table.current = max(0, min(count - 1, place)) if count else 0
        if count:
            self.setCurrentIndex(self.table.index(self.table.current, 0))
        self.viewport().update()
        self.moved.emit()

    def go_to_open(self) -> None:
        """Go to the next row that must be chosen yet, from where we are."""
        rows, here = self.table.rows, self.table.current
        order = [*range(here, len(rows)), *range(here)]
        found = next((place for place in order if rows[place].is_open), None)
        if found is not None:
            self.go_to(found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if by is None or self.table.is_fixed:
            event.ignore()
        else:
            self.go_to(self.table.current + by)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if not index.isValid() or self.table.is_fixed:
            return
        self.go_to(index.row())
        x = round(event.position().x())
        if self.isRightToLeft():
            x = self.viewport().width() - x
        boxes = column_boxes(self.viewport().width(), 1)
        for column, side in ((MINE, Side.MINE), (THEIRS, Side.THEIRS)):
            if boxes[column].left() <= x <= boxes[column].right():
                self.chosen.emit(side)
        if boxes[RESULT].left() <= x:
            self.chosen.emit(Side.EDITED)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
