"""A list view for any number of rows of one height: nothing it does depends on their number.

Qt's own list view measures every row at each change: 12 s for a million rows of a Python model.
"""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem

from trafficdesk.qt.theme.palette import colour
from trafficdesk.qt.widgets.panels import use_thin_bars

Index = QModelIndex | QPersistentModelIndex


class LongList(QAbstractItemView):
    """Rows under each other, painted by the delegate; ``row_height_px`` is theirs."""

    def __init__(self, row_height_px: int) -> None:
        super().__init__()
        self._height = row_height_px
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        use_thin_bars(self)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        if model is not None:
            # Qt measures a view again some time later; the range must be right at once.
            for changed in (model.rowsInserted, model.rowsRemoved, model.modelReset):
                changed.connect(self.updateGeometries)

    def row_height(self) -> int:
        """Return the height of a row in px."""
        return self._height

    def set_row_height(self, height: int) -> None:
        """Take another row height, keeping the first row on screen where it is."""
        first = self.verticalScrollBar().value() // self._height
        self._height = height
        self.updateGeometries()
        self.verticalScrollBar().setValue(first * height)
        self.viewport().update()

    def visible_span(self) -> tuple[int, int]:
        """Return the first and the last place on screen."""
        first = self.verticalOffset() // self._height
        return first, first + self.viewport().height() // self._height + 1

    def show_place(self, place: int) -> None:
        """Scroll as little as needed to have the whole row on screen."""
        bar, room = self.verticalScrollBar(), self.viewport().height()
        self.updateGeometries()
        top = place * self._height
        if top < bar.value():
            bar.setValue(top)
        elif top + self._height > bar.value() + room:
            bar.setValue(top + self._height - room)

    def _rows(self) -> int:
        model = self.model()
        return 0 if model is None else model.rowCount()

    # what Qt asks of a view

    def visualRect(self, index: Index) -> QRect:
        if not index.isValid():
            return QRect()
        top = index.row() * self._height - self.verticalOffset()
        return QRect(0, top, self.viewport().width(), self._height)

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        if index.isValid():
            self.show_place(index.row())

    def indexAt(self, point: QPoint) -> QModelIndex:
        row = (point.y() + self.verticalOffset()) // self._height
        if not 0 <= row < self._rows():
            return QModelIndex()
        return self.model().index(row, 0)

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        return self.currentIndex()

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: Index) -> bool:
        return False

    def setSelection(self, rect: QRect, command: object) -> None:
        """Select nothing: rows are marked by their record, not by their place."""

    def visualRegionForSelection(self, selection: object) -> QRegion:
        return QRegion()

    def updateGeometries(self) -> None:
        bar, room = self.verticalScrollBar(), self.viewport().height()
        bar.setPageStep(room)
        bar.setSingleStep(self._height)
        bar.setRange(0, max(0, self._rows() * self._height - room))
        super().updateGeometries()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.updateGeometries()
        super().resizeEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), colour("surface"))
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        first, last = self.visible_span()
        hovered = self._hovered_row()
        delegate, model = self.itemDelegate(), self.model()
        plain = option.state & ~QStyle.StateFlag.State_MouseOver
        for row in range(first, min(last + 1, self._rows())):
            index = model.index(row, 0)
            box = self.visualRect(index)
            if not box.intersects(event.rect()):
                continue
            option.rect = box
            option.state = plain | QStyle.StateFlag.State_MouseOver if row == hovered else plain
            delegate.paint(painter, option, index)
        painter.end()

    def _hovered_row(self) -> int:
        if not self.viewport().underMouse():
            return -1
        return self.indexAt(self.viewport().mapFromGlobal(self.cursor().pos())).row()
