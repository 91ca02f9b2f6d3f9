"""What happened to a record, newest first; each node is the mark of how far it has travelled."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.qt.theme.fonts import MEDIUM, font, numeral_width, numerals
from trafficdesk.qt.theme.marks import paint_sync
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import TRAILING, Painted, paint_line, painter_on, placed
from trafficdesk.qt.words import sync_word


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One event: when (already in words), what, by whom or how, and its sync state."""

    time: str
    title: str
    detail: str
    state: SyncState


class _Row(Painted):
    def __init__(self, row: TimelineRow, time_px: int, *, is_last: bool) -> None:
        super().__init__()
        self._row = row
        self._time_px = time_px
        self._is_last = is_last
        self._line = " · ".join(filter(None, (row.detail, sync_word(row.state))))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{row.time}, {row.title}, {self._line}")
        self.setToolTip(f"{row.title}\n{self._line}")

    def sizeHint(self) -> QSize:
        return QSize(px(200), px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        node_x = self._time_px + px(16)
        middle = px(10)
        if not self._is_last:
            self._paint_stem(painter, node_x, middle)
        node = placed(self, QRect(node_x - px(7), middle - px(7), px(14), px(14)))
        centre = QPointF(node.x() + node.width() / 2, node.y() + node.height() / 2)
        paint_sync(painter, self._row.state, centre, px(13) / 2)
        painter.setFont(numerals(12))
        painter.setPen(colour("text2"))
        time = placed(self, QRect(0, 0, self._time_px, px(20)))
        painter.drawText(time, int(TRAILING), self._row.time)
        text_x = node_x + px(16)
        width = self.width() - text_x
        painter.setFont(font(13, MEDIUM))
        painter.setPen(colour("text"))
        paint_line(painter, placed(self, QRect(text_x, 0, width, px(20))), self._row.title)
        painter.setFont(font(12))
        painter.setPen(colour("conflict" if self._row.state is SyncState.CONFLICT else "text2"))
        paint_line(painter, placed(self, QRect(text_x, px(19), width, px(18))), self._line)

    def _paint_stem(self, painter: QPainter, node_x: int, middle: int) -> None:
        stem = placed(self, QRect(node_x, middle + px(9), 1, self.height() - px(18)))
        painter.setPen(QPen(colour("line"), 1))
        painter.fillRect(stem, colour("line2"))


class TimelineView(QWidget):
    """The rows of a timeline under each other; give it a scroll panel where it may be long."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._rows: tuple[TimelineRow, ...] = ()

    def set_rows(self, rows: tuple[TimelineRow, ...]) -> None:
        """Show these events; nothing moves when they are the same as before."""
        if rows == self._rows:
            return
        self._rows = rows
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        time_px = max((numeral_width(row.time, 12) for row in rows), default=0)
        for index, row in enumerate(rows):
            self._column.addWidget(_Row(row, time_px, is_last=index == len(rows) - 1))

    def rows(self) -> tuple[TimelineRow, ...]:
        """Return what is shown."""
        return self._rows

    def restyle(self) -> None:
        """Measure the times anew."""
        rows, self._rows = self._rows, ()
        self.set_rows(rows)
