"""The quiet lists of the sync panel: what waits, files on their way, and what was confirmed."""

from datetime import tzinfo

from PySide6.QtCore import QCoreApplication, QRect, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from trafficdesk.domain.times import from_ms
from trafficdesk.domain.vocabulary import Entity, SyncState
from trafficdesk.qt.admin.audit_words import audit_word
from trafficdesk.qt.ages import clock, locale, number
from trafficdesk.qt.event_words import done_word
from trafficdesk.qt.theme.fonts import SEMIBOLD, font, numeral_width, numerals, text_width
from trafficdesk.qt.theme.icons import paint_icon
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.labels import SyncMark
from trafficdesk.qt.widgets.painting import TRAILING, Painted, paint_line, painter_on, placed
from trafficdesk.store import media_transfers
from trafficdesk.store.media_overview import FileOnTheWay
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


class FileRow(Painted):
    """A photo or video on its way: what, how far, and a bar of that."""

    def __init__(self, file: FileOnTheWay) -> None:
        super().__init__()
        self._title = _file_title(file)
        self._detail = _file_detail(file)
        self._share = file.done_bytes / file.size_bytes if file.size_bytes else 0.0
        self._is_failed = file.state == media_transfers.FAILED
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{self._title}, {self._detail}")

    def sizeHint(self) -> QSize:
        return QSize(px(300), px(36))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        height, side = px(28), px(14)
        icon = placed(self, QRect(0, (height - side) // 2, side, side))
        paint_icon(painter, "circle-alert" if self._is_failed else "image", icon, "text2")
        painter.setFont(numerals(12))
        painter.setPen(colour("text2"))
        x = self.width() - numeral_width(self._detail, 12)
        detail = QRect(x, 0, self.width() - x, height)
        painter.drawText(placed(self, detail), int(TRAILING), self._detail)
        painter.setFont(font(13))
        painter.setPen(colour("text"))
        title = QRect(px(24), 0, max(0, x - px(32)), height)
        paint_line(painter, placed(self, title), self._title)
        room = self.width() - px(24)
        bar = QRect(px(24), height, room, px(2))
        painter.fillRect(placed(self, bar), colour("line"))
        bar.setWidth(round(room * min(1.0, self._share)))
        painter.fillRect(placed(self, bar), colour("text2"))


def _say(source: str) -> str:
    return QCoreApplication.translate("SyncLists", source)


def _file_title(file: FileOnTheWay) -> str:
    is_video = file.mime.startswith("video/")
    words = _say("{reference} video") if is_video else _say("{reference} photo")
    return words.format(reference=file.reference)


def _file_detail(file: FileOnTheWay) -> str:
    if file.state == media_transfers.FAILED:
        return _say("Not taken; its photo says why")
    size = _megabytes(file.size_bytes)
    if not file.done_bytes:
        waits = _say("Waits") if file.direction == media_transfers.UP else _say("Asked for")
        return f"{waits} \N{MIDDLE DOT} {size}"
    return _say("{done} of {size}").format(done=_megabytes(file.done_bytes), size=size)


def _megabytes(size_bytes: int) -> str:
    return _say("{number} MB").format(number=locale().toString(size_bytes / 1_000_000, "f", 1))


def waiting_row(group: WaitingGroup, zone: tzinfo) -> ListRow:
    """Return a row of operations of one kind; the time is that of the oldest."""
    state = SyncState.SENT if group.sent == group.operations else SyncState.NOT_SENT
    oldest = clock(from_ms(group.oldest_ms), zone)
    title = _done_word(group.entity, group.action)
    return ListRow(state, title, number(group.operations), oldest)


def confirmed_row(confirmed: Confirmed, zone: tzinfo) -> ListRow:
    """Return a row of one operation that the server confirmed."""
    at = clock(from_ms(confirmed.settled_ms), zone)
    title = _done_word(confirmed.entity, confirmed.action)
    return ListRow(SyncState.CONFIRMED, title, confirmed.reference, at)


def _done_word(entity: str, action: str) -> str:
    return done_word(action) if entity == Entity.REPORT else audit_word(f"{entity}.{action}")
