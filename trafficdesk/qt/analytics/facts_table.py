"""A table of figures for eyes, keys and screen readers; Enter opens the reports behind a row."""

from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableView

from trafficdesk.qt.analytics.table_cells import Column, Look, Row
from trafficdesk.qt.analytics.table_model import TableModel
from trafficdesk.qt.analytics.table_paint import PAD_PX, CellPainter, cell_width
from trafficdesk.qt.theme.fonts import font, text_width
from trafficdesk.qt.theme.palette import Density, colour, density, px
from trafficdesk.qt.widgets.painting import LEADING, TRAILING, paint_line
from trafficdesk.qt.widgets.panels import use_thin_bars

Index = QModelIndex | QPersistentModelIndex
ROW_PX, COMPACT_ROW_PX, HEAD_PX = 36, 28, 28
TIGHT_ROW_PX = 24  # of many rows that nothing opens from
_LEAST_TEXT_PX: Final = 110
_MOST_TEXT_PX: Final = 150  # for which other columns yield
_MEASURED: Final = 60  # rows whose cells are measured for the widths
_TRAILING_LOOKS: Final = frozenset({Look.NUMBER, Look.DEVIATION})


class _Head(QHeaderView):
    """Headings in the look of the desk; they sort nothing."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setSectionsClickable(False)
        self.setEnabled(False)  # read with the cells; there is nothing to do here
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(1)

    def sizeHint(self) -> QSize:
        return QSize(px(80), px(HEAD_PX))

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        model = self.model()
        if not isinstance(model, TableModel) or logicalIndex >= len(model.columns):
            return
        column = model.columns[logicalIndex]
        painter.fillRect(rect, colour("surface"))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, colour("line"))
        painter.setFont(font(12))
        painter.setPen(colour("text2"))
        side = TRAILING if column.look in _TRAILING_LOOKS else LEADING
        paint_line(painter, rect.adjusted(px(PAD_PX), 0, -px(PAD_PX), 0), column.title, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), colour("surface"))
        painter.end()
        super().paintEvent(event)


class FactsTable(QTableView):
    """``opened`` carries the row that was clicked or entered; else that was clicked twice."""

    opened = Signal(object)

    def __init__(
        self,
        name: str,
        columns: tuple[Column, ...],
        *,
        is_dense: bool = False,
        by_click: bool = True,
    ) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._is_dense = is_dense
        self._hugs = False
        self._is_tight = False
        self.facts = TableModel(columns, self)
        self.setModel(self.facts)
        self.setItemDelegate(CellPainter(self))
        self.setHorizontalHeader(_Head())
        self.horizontalHeader().setAccessibleName(name)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerButtonEnabled(False)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        use_thin_bars(self)
        (self.clicked if by_click else self.doubleClicked).connect(self._open)
        self.restyle()

    def show_columns(self, columns: tuple[Column, ...]) -> None:
        """Have other columns; rows follow."""
        self.facts.show_columns(columns)

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show these rows; the row that has the keyboard keeps it while it is there."""
        kept, scrolled = self.current_row(), self.verticalScrollBar().value()
        if not self.facts.show_rows(rows):
            return
        self._fit()
        if kept is not None:
            keys = [row.key for row in rows]
            if kept.key in keys:
                self.setCurrentIndex(self.facts.index(keys.index(kept.key), 0))
        if self.hasFocus():
            self._begin()
        self.verticalScrollBar().setValue(scrolled)

    def _begin(self) -> None:
        if not self.currentIndex().isValid() and self.facts.rows:
            self.setCurrentIndex(self.facts.index(0, 0))

    def current_row(self) -> Row | None:
        """Return the row that has the keyboard."""
        index = self.currentIndex()
        return self.facts.rows[index.row()] if index.isValid() else None

    def _open(self, index: Index) -> None:
        if index.isValid():
            self.opened.emit(self.facts.rows[index.row()])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Search nothing: letters are the screen's commands."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._begin()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    # looks

    def restyle(self) -> None:
        """Take sizes and colours from the look that holds now."""
        dense = self._is_dense or density() is Density.COMPACT
        row_px = TIGHT_ROW_PX if self._is_tight else COMPACT_ROW_PX if dense else ROW_PX
        self.verticalHeader().setDefaultSectionSize(px(row_px))
        self.verticalHeader().setMinimumSectionSize(1)
        palette = self.palette()
        palette.setColor(palette.ColorRole.Base, colour("surface"))
        self.setPalette(palette)
        self._fit()
        self.viewport().update()

    def hug(self, *, is_tight: bool = False) -> None:
        """Be no higher than the rows there are, which are the lowest if ``is_tight``."""
        self._hugs, self._is_tight = True, is_tight
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.restyle()

    def set_dense(self, is_dense: bool) -> None:
        """Have lower rows or higher ones."""
        if is_dense != self._is_dense:
            self._is_dense = is_dense
            self.restyle()

    def row_height(self) -> int:
        """Return the height of a row."""
        return self.verticalHeader().defaultSectionSize()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._fit()

    def _fit(self) -> None:
        """Give each column what it needs, the texts what is left; the least wanted yield."""
        if self._hugs:
            self.updateGeometry()
        columns, room = self.facts.columns, self.viewport().width()
        needs = [self._needed(place, column) for place, column in enumerate(columns)]
        shown = set(range(len(columns)))
        for place in sorted(shown, key=lambda each: -columns[each].yields):
            if sum(needs[each] for each in shown) <= room or not columns[place].yields:
                break
            shown.discard(place)
        texts = [p for p in shown if columns[p].look is Look.TEXT]
        spare = room - sum(needs[each] for each in shown)
        for place, column in enumerate(columns):
            self.setColumnHidden(place, place not in shown)
            is_text = column.look is Look.TEXT
            extra = spare // max(1, len(texts)) if is_text or not texts else 0
            if not texts and place != max(shown, default=0):
                extra = 0
            self.setColumnWidth(place, max(px(24), needs[place] + extra))

    def _needed(self, place: int, column: Column) -> int:
        head = text_width(column.title, 12) + px(2 * PAD_PX)
        rows = range(min(len(self.facts.rows), _MEASURED))
        widths = (cell_width(self.facts.cell(row, place), column.look) for row in rows)
        needed = max(head, *widths, 0)
        if column.look is Look.TEXT:
            return max(px(_LEAST_TEXT_PX), min(needed, px(_MOST_TEXT_PX)))
        return needed

    def sizeHint(self) -> QSize:
        rows = max(1, len(self.facts.rows)) if self._hugs else 6
        return QSize(px(360), px(HEAD_PX) + rows * self.row_height() + 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(180), px(HEAD_PX) + 2 * self.row_height())
