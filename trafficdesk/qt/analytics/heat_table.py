"""Counts by hour and weekday as shades: a table of 7 rows and 24 columns that keys walk through."""

from typing import Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableView

from trafficdesk.qt.ages import number
from trafficdesk.qt.analytics.axis import bin_of, bin_step
from trafficdesk.qt.theme.fonts import numerals
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.theme.tokens import contrast
from trafficdesk.qt.widgets.painting import CENTRED, edge_round
from trafficdesk.qt.widgets.panels import use_thin_bars

Index = QModelIndex | QPersistentModelIndex
Hours = tuple[tuple[int, ...], ...]
DAYS, HOURS = 7, 24
BINS: Final = 5
_ROOT: Final = QModelIndex()
_SHORT: Final = QLocale.FormatType.ShortFormat


def day_name(weekday: int, *, is_short: bool = True) -> str:
    """Return a weekday's name; Monday is 0."""
    names = QLocale()
    return names.dayName(weekday + 1, _SHORT if is_short else QLocale.FormatType.LongFormat)


def hour_words(hour: int) -> str:
    """Return an hour as people say it: ``17-18``."""
    return f"{hour:02d}\N{EN DASH}{(hour + 1) % 24:02d}"


class _HourModel(QAbstractTableModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.counts: Hours = ()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() or not self.counts else DAYS

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() or not self.counts else HOURS

    def words(self, weekday: int, hour: int) -> str:
        return self.tr("{day} {hour}: {count}").format(
            day=day_name(weekday), hour=hour_words(hour), count=number(self.counts[weekday][hour])
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return number(self.counts[index.row()][index.column()])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.words(index.row(), index.column())
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            hour_words(section) if orientation is Qt.Orientation.Horizontal else day_name(section)
        )


class HeatTable(QTableView):
    """``opened`` carries weekday and hour of a cell that was clicked or entered.

    ``pointed`` carries those of the cell that is being read, -1 and -1 for none.
    """

    opened = Signal(int, int)
    pointed = Signal(int, int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._told: tuple[int, int] | None = None
        self._hours = _HourModel(self)
        self.setModel(self._hours)
        for head in (self.horizontalHeader(), self.verticalHeader()):
            head.hide()
            head.setMinimumSectionSize(1)
            head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        use_thin_bars(self)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.restyle()

    # what is shown

    def show_counts(self, counts: Hours) -> None:
        """Show counts by weekday (Monday first) and hour."""
        if counts == self._hours.counts:
            return
        kept = self.currentIndex()
        place = (kept.row(), kept.column()) if kept.isValid() else None
        self._hours.beginResetModel()
        self._hours.counts = counts
        self._hours.endResetModel()
        if place and counts:
            self.setCurrentIndex(self._hours.index(*place))
        self._fit()
        self.viewport().update()

    def counts(self) -> Hours:
        """Return what is shown."""
        return self._hours.counts

    def most(self) -> tuple[int, int] | None:
        """Return weekday and hour of the largest count; None if nothing was counted."""
        cells = [(n, -d, -h) for d, day in enumerate(self.counts()) for h, n in enumerate(day)]
        count, day, hour = max(cells, default=(0, 0, 0))
        return (-day, -hour) if count else None

    def most_words(self) -> str:
        """Return where the largest count stands, in words."""
        most = self.most()
        if most is None:
            return ""
        return self.tr("Most: {cell}").format(cell=self._hours.words(*most))

    def step(self) -> int:
        """Return how many counts one shade stands for."""
        return bin_step(max((n for day in self.counts() for n in day), default=0), BINS)

    # geometry

    def _fit(self) -> None:
        """Divide the room among the cells; what is over is spread over them."""
        width, height = self.viewport().width(), self.viewport().height()
        for hour in range(HOURS if self.counts() else 0):
            first, past = width * hour // HOURS, width * (hour + 1) // HOURS
            self.setColumnWidth(hour, past - first)
        for day in range(DAYS if self.counts() else 0):
            first, past = height * day // DAYS, height * (day + 1) // DAYS
            self.setRowHeight(day, past - first)

    def cell_box(self, weekday: int, hour: int) -> QRect:
        """Return where a cell lies, in this widget."""
        return self.visualRect(self._hours.index(weekday, hour))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def restyle(self) -> None:
        """Take colours from the look that holds now."""
        palette = self.palette()
        for role in (palette.ColorRole.Base, palette.ColorRole.Window):
            palette.setColor(role, colour("surface"))
        self.setPalette(palette)
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(px(360), px(28 * DAYS))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), px(14 * DAYS))

    # reading one cell

    def _tell(self, cell: tuple[int, int] | None) -> None:
        if cell != self._told:
            self._told = cell
            self.pointed.emit(*(cell or (-1, -1)))

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self._tell((current.row(), current.column()) if current.isValid() else None)
        self.viewport().update()

    def words(self, weekday: int, hour: int) -> str:
        """Return a cell in words."""
        return self._hours.words(weekday, hour)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        self._tell((index.row(), index.column()) if index.isValid() else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and index.isValid():
            self.opened.emit(index.row(), index.column())

    def leaveEvent(self, event: QEvent) -> None:
        self._tell(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if index.isValid():
                self.opened.emit(index.row(), index.column())
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Search nothing: letters are the screen's commands."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        if not self.currentIndex().isValid() and self.counts():
            # Before Qt does it, which takes the first cell.
            self.setCurrentIndex(self._hours.index(*(self.most() or (0, 0))))
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._tell(None)
        self.viewport().update()

    # painting: all cells at once, for Qt would ask Python for each of them several times

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), colour("surface"))
        if not self.counts():
            return
        step, most = self.step(), self.most()
        shades = shade_colours()
        has_words = self.columnWidth(0) >= px(21) and self.rowHeight(0) >= px(16)
        painter.setFont(numerals(12))
        for day, row in enumerate(self.counts()):
            for hour, count in enumerate(row):
                box = self.cell_box(day, hour).adjusted(0, 0, -1, -1)
                fill, ink = shades[bin_of(count, step, BINS)]
                painter.fillRect(box, fill)
                if has_words:
                    painter.setPen(ink)
                    painter.drawText(box, CENTRED, number(count))
        if most is not None:
            edge_round(
                painter, QRectF(self.cell_box(*most)).adjusted(-1, -1, 0, 0), colour("ink"), 2, 2
            )
        current = self.currentIndex()
        if self.hasFocus() and current.isValid():
            ring = QRectF(self.cell_box(current.row(), current.column())).adjusted(0, 0, -1, -1)
            edge_round(painter, ring, colour("surface"), 0, 4)
            edge_round(painter, ring, colour("accent"), 0, 2.5)


def shade_colours() -> list[tuple[QColor, QColor]]:
    """Return each shade, none first, with the ink that is read best on it."""
    tokens = ("surface2", *(f"cluster_{number}" for number in range(1, BINS + 1)))
    return [(colour(token), _ink_on(colour(token).name())) for token in tokens]


def _ink_on(fill: str) -> QColor:
    inks = (colour("text"), colour("surface"))
    return max(inks, key=lambda ink: contrast(ink.name(), fill))
