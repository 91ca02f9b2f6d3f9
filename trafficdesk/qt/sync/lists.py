"""The quiet lists of the sync panel: what waits to be sent, and what was confirmed today."""

from datetime import tzinfo

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from trafficdesk.domain.times import from_ms
from trafficdesk.domain.vocabulary import Entity, SyncState
from trafficdesk.qt.admin.audit_words import audit_word
from trafficdesk.qt.ages import clock, number
from trafficdesk.qt.event_words import done_word
from trafficdesk.qt.theme.fonts import SEMIBOLD, font, numeral_width, numerals, text_width
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.labels import SyncMark
from trafficdesk.qt.widgets.painting import TRAILING, Painted, paint_line, painter_on, placed
from trafficdesk.store.outbox_overview import Confirmed, WaitingGroup


class ListRow(Painted):
    """A mark, words, a detail and a time in one line."""

    def __init__(self, state: SyncState, title: str, detail: str, time: str) -> None:
        super().__init__()
        self._title, self._detail, self._time = title, detail, time
        self._mark = SyncMark(state)
        self._mark.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(", ".join(filter(None, (title, detail, time))))

    def sizeHint(self) -> QSize:
        return QSize(px(300), px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        side, height = px(14), self.height()
        self._mark.setGeometry(placed(self, QRect(0, (height - side) // 2, side, side)))
        painter.setFont(numerals(12))
        painter.setPen(colour("text2"))
        width = max(numeral_width(self._time, 12), px(44))
        x = self.width() - width
        painter.drawText(placed(self, QRect(x, 0, width, height)), int(TRAILING), self._time)
        painter.setFont(font(12, SEMIBOLD))
        painter.setPen(colour("text"))
        x -= text_width(self._detail, 12, SEMIBOLD) + px(12)
        area = QRect(x, 0, text_width(self._detail, 12, SEMIBOLD) + 2, height)
        paint_line(painter, placed(self, area), self._detail)
        painter.setFont(font(13))
        paint_line(painter, placed(self, QRect(px(24), 0, x - px(32), height)), self._title)


def waiting_row(group: WaitingGroup, zone: tzinfo) -> ListRow:
    """Return a row of operations of one kind; the time is that of the oldest."""
    state = SyncState.SENT if group.sent == group.operations else SyncState.NOT_SENT
    oldest = clock(from_ms(group.oldest_ms), zone)
    return ListRow(state, _kind_word(group), number(group.operations), oldest)


def confirmed_row(confirmed: Confirmed, zone: tzinfo) -> ListRow:
    """Return a row of one operation that the server confirmed."""
    at = clock(from_ms(confirmed.settled_ms), zone)
    title = done_word(confirmed.action)
    return ListRow(SyncState.CONFIRMED, title, confirmed.reference, at)


def _kind_word(group: WaitingGroup) -> str:
    if group.entity == Entity.REPORT:
        return done_word(group.action)
    return audit_word(f"{group.entity}.{group.action}")
