"""The outbox: what waits on this desk to be sent, and what needs somebody's decision."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.qt.shell.sheet import Sheet
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.qt.theme.fonts import MEDIUM, font, numeral_width, numerals, text_width
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.labels import Hairline, IconLabel, Label, SectionHeading, SyncMark
from trafficdesk.qt.widgets.messages import EmptyState, InlineMessage
from trafficdesk.qt.widgets.painting import TRAILING, Painted, paint_line, painter_on, placed
from trafficdesk.qt.widgets.panels import ScrollPanel

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One operation in words. ``reason`` says why it is parked, "" if it only waits."""

    title: str
    reference: str
    time: str
    state: SyncState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OutboxPage:
    """What the outbox shows: the first rows, and how many there are in all."""

    rows: tuple[OutboxRow, ...]
    total: int
    connection: str
    last_contact: str


class _Row(Painted):
    def __init__(self, row: OutboxRow) -> None:
        super().__init__()
        self._row = row
        self._mark = SyncMark(row.state)
        self._mark.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(
            ", ".join(filter(None, (row.title, row.reference, row.time, row.reason)))
        )

    def sizeHint(self) -> QSize:
        return QSize(px(300), px(52 if self._row.reason else 36))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        top = px(36)
        side = px(14)
        self._mark.setGeometry(placed(self, QRect(0, (top - side) // 2, side, side)))
        time_width = numeral_width(self._row.time, 12)
        painter.setFont(numerals(12))
        painter.setPen(colour("text2"))
        time = QRect(self.width() - time_width, 0, time_width, top)
        painter.drawText(placed(self, time), int(TRAILING), self._row.time)
        reference_width = text_width(self._row.reference, 12) + px(12)
        x = self.width() - time_width - reference_width
        painter.setFont(font(12))
        paint_line(painter, placed(self, QRect(x, 0, reference_width, top)), self._row.reference)
        painter.setFont(font(13, MEDIUM))
        painter.setPen(colour("text"))
        paint_line(painter, placed(self, QRect(px(24), 0, x - px(32), top)), self._row.title)
        if self._row.reason:
            painter.setFont(font(12))
            painter.setPen(colour("conflict"))
            box = QRect(px(24), px(30), self.width() - px(24), px(18))
            paint_line(painter, placed(self, box), self._row.reason)
        painter.fillRect(
            placed(self, QRect(px(24), self.height() - 1, self.width(), 1)), colour("line")
        )


class OutboxPanel(Sheet):
    """The sheet of a desk without a server: what waits here, and that it is kept."""

    def __init__(self, lanes: Lanes, load: Callable[[], OutboxPage]) -> None:
        super().__init__(self.tr("Outbox"))
        self._lanes = lanes
        self._load = load
        self._connection = Label("", 15, 600)
        self._contact = Label("", 12, 400, "text2").set_wrapped()
        self._heading = SectionHeading(self.tr("To send"))
        self._message = InlineMessage()
        self._empty = EmptyState(
            self.tr("Nothing waits to be sent"), self.tr("Everything done here is kept, encrypted.")
        )
        self._rows_column = QVBoxLayout()
        self._rows_column.setSpacing(0)
        self._build()
        self.refresh()

    def _build(self) -> None:
        contact = QHBoxLayout()
        contact.setContentsMargins(px(20), px(12), px(20), px(12))
        contact.setSpacing(px(12))
        contact.addWidget(IconLabel("cloud-off", 20), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._connection)
        words.addWidget(self._contact)
        contact.addLayout(words, 1)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(px(20), px(12), px(20), px(12))
        column.setSpacing(px(4))
        for widget in (self._heading, self._message, self._empty):
            column.addWidget(widget)
        column.addLayout(self._rows_column)
        column.addStretch(1)
        self.column.setContentsMargins(1, 0, 0, 0)
        self.column.addWidget(Hairline())
        self.column.addLayout(contact)
        self.column.addWidget(Hairline())
        self.column.addWidget(ScrollPanel(body), 1)
        self.column.addWidget(Hairline())
        foot = Label(self.tr("All work is safe on this desk."), 12, 400, "text2")
        foot.setContentsMargins(px(20), px(12), px(20), px(12))
        self.column.addWidget(foot)
        self.setFocusProxy(self.close_button)

    def refresh(self) -> None:
        """Ask again what waits."""
        self._lanes.run(Lane.READER, self._load, self._take, self._fail)

    def _take(self, page: OutboxPage) -> None:
        self._connection.setText(page.connection)
        self._contact.setText(page.last_contact)
        self._contact.setVisible(bool(page.last_contact))
        self._message.clear()
        self._empty.setVisible(not page.rows)
        self._heading.setVisible(bool(page.rows))
        more = page.total > len(page.rows)
        shown = self.tr("oldest {shown} of {total}").format(shown=len(page.rows), total=page.total)
        self._heading.set_fact(shown if more else str(page.total))
        while (item := self._rows_column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row in page.rows[:MOST_SHOWN]:
            self._rows_column.addWidget(_Row(row))

    def _fail(self, _error: Exception) -> None:
        self._empty.hide()
        self._message.tell(
            self.tr("The outbox could not be read."), self.tr("What you decided is saved.")
        )
