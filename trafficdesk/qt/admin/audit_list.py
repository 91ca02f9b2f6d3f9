"""The newest audit entries as a long list that reads on as it is scrolled."""

from datetime import tzinfo
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from trafficdesk.domain.times import from_ms
from trafficdesk.qt.admin.audit_words import audit_word
from trafficdesk.qt.ages import moment, number
from trafficdesk.qt.theme.fonts import MEDIUM, REGULAR, font, text_width
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.long_list import LongList
from trafficdesk.qt.widgets.painting import paint_line
from trafficdesk.services.audit_log import PAGE_SIZE, LogLine

ROW_PX: Final = 44
Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()


def _what(line: LogLine) -> str:
    # Somebody unlocking the desk is subject and actor in one.
    subject = "" if line.subject == line.actor else line.subject
    count = number(line.count) if line.count else ""
    return " · ".join(filter(None, (audit_word(line.action), subject, count)))


class AuditModel(QAbstractListModel):
    """Entries, the newest first; ``wanted`` asks for those older than a number."""

    wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[LogLine] = []
        self._is_asking = False
        self._zone: tzinfo | None = None

    @property
    def zone(self) -> tzinfo | None:
        """The zone in which times are shown."""
        return self._zone

    def show_newest(self, lines: list[LogLine], zone: tzinfo) -> None:
        """Begin anew with the newest page."""
        self.beginResetModel()
        self._lines, self._zone, self._is_asking = list(lines), zone, False
        self.endResetModel()

    def show_older(self, lines: list[LogLine]) -> None:
        """Add the page that was asked for."""
        self._is_asking = False
        if lines:
            last = len(self._lines) + len(lines) - 1
            self.beginInsertRows(QModelIndex(), len(self._lines), last)
            self._lines.extend(lines)
            self.endInsertRows()

    def want_older(self, place: int) -> None:
        """Ask for the next page when the last row on screen comes near the end."""
        is_near = place > len(self._lines) - PAGE_SIZE // 2
        if self._lines and is_near and not self._is_asking and self._lines[-1].seq > 1:
            self._is_asking = True
            self.wanted.emit(self._lines[-1].seq)

    def line(self, place: int) -> LogLine:
        """Return an entry by its place."""
        return self._lines[place]

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            line = self._lines[index.row()]
            return ", ".join((self.when(line), line.actor, _what(line)))
        return None

    def when(self, line: LogLine) -> str:
        """Return when something happened, in the desk's zone."""
        return "" if self._zone is None else moment(from_ms(line.at_ms), self._zone, seconds=True)


class AuditDelegate(QStyledItemDelegate):
    """Paints what was done to what, and when; below it who did it, and the entry's number."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, AuditModel):
            return
        line, row = model.line(index.row()), option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(row, colour("hover"))
        when = model.when(line)
        time_px = text_width(when, 12) + px(4)
        first, second = row.y() + px(5), row.y() + px(23)
        room = row.width() - time_px - px(28)

        def put(words: str, box: QRect, weight: int, tint: str) -> None:
            painter.setFont(font(13 if weight == MEDIUM else 12, weight))
            painter.setPen(colour(tint))
            paint_line(painter, QStyle.visualRect(option.direction, row, box), words)

        put(_what(line), QRect(row.x() + px(8), first, room, px(18)), MEDIUM, "text")
        x = row.x() + row.width() - time_px - px(8)
        put(when, QRect(x, first, time_px, px(18)), REGULAR, "text2")
        below = " · ".join(filter(None, (line.actor, f"#{line.seq}")))
        put(below, QRect(row.x() + px(8), second, room, px(16)), REGULAR, "text2")
        painter.fillRect(row.x(), row.bottom(), row.width(), 1, colour("line"))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(px(320), px(ROW_PX))


class AuditList(LongList):
    """The list itself: arrows and page keys scroll it."""

    def __init__(self, name: str) -> None:
        super().__init__(px(ROW_PX))
        self.entries = AuditModel()
        self._delegate = AuditDelegate(self)
        self.setModel(self.entries)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(name)
        self.verticalScrollBar().valueChanged.connect(self._look_ahead)
        self.entries.rowsInserted.connect(self.updateGeometries)

    def restyle(self) -> None:
        """Take the row height from the look that holds now."""
        self.set_row_height(px(ROW_PX))

    def _look_ahead(self) -> None:
        self.entries.want_older(self.visible_span()[1])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        steps: dict[int, int] = {
            Qt.Key.Key_Down: bar.singleStep(),
            Qt.Key.Key_Up: -bar.singleStep(),
            Qt.Key.Key_PageDown: bar.pageStep(),
            Qt.Key.Key_PageUp: -bar.pageStep(),
            Qt.Key.Key_Home: -bar.maximum(),
            Qt.Key.Key_End: bar.maximum(),
        }
        step = steps.get(event.key())
        if step is None:
            super().keyPressEvent(event)
        else:
            bar.setValue(bar.value() + step)
