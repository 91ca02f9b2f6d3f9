"""The bar above the workspaces: search, commands, what waits to be sent, who is here, lock."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.qt.theme.fonts import MEDIUM, SEMIBOLD, font, text_width
from trafficdesk.qt.theme.icons import paint_icon
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import PaintedButton
from trafficdesk.qt.widgets.facts import Avatar
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.labels import ElidedLabel
from trafficdesk.qt.widgets.painting import (
    LEADING,
    Painted,
    edge_round,
    fill_round,
    keycap_size,
    paint_keycap,
    painter_on,
    placed,
)

WIDE_PX = 1600


@dataclass(frozen=True, slots=True)
class SyncSummary:
    """The connection in words, how many operations wait, and how many need a decision.

    ``none_waiting`` stands in place of the number when nothing waits; None says so plainly.
    """

    connection: str
    waiting: int
    need_you: int = 0
    icon: str = "cloud-off"
    none_waiting: str | None = None


class KeyedButton(PaintedButton):
    """A quiet button of the top bar: icon or keycap, words, keycap at the end."""

    def __init__(self, text: str, key: str, icon: str = "") -> None:
        super().__init__(text)
        self._key = key
        self._icon = icon
        self._is_compact = False
        self.setAccessibleName(text)
        self.set_key(key)

    def set_compact(self, compact: bool) -> None:
        """Leave the words away where room is short; name and tooltip keep them."""
        if compact != self._is_compact:
            self._is_compact = compact
            self.restyle()

    def set_key(self, key: str) -> None:
        """Show another key."""
        self._key = key
        self.setToolTip(f"{self.text()}  ({key})" if key else self.text())
        self.restyle()

    def sizeHint(self) -> QSize:
        return QSize(self.width_when(compact=self._is_compact), px(32))

    def width_when(self, *, compact: bool) -> int:
        """Return the width it takes with or without its words."""
        if compact:
            return px(28) if self._icon else px(12) + keycap_size(self._key).width()
        width = px(12) + text_width(self.text(), 13, MEDIUM)
        width += px(24) if self._icon else 0
        return width + (px(8) + keycap_size(self._key).width() if self._key else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        if self.underMouse() or self.isDown():
            fill_round(painter, QRectF(self.rect()), colour("hover"))
        x = px(6)
        cap = keycap_size(self._key)
        cap_y = (self.height() - cap.height()) // 2
        if self._icon:
            box = QRect(x, (self.height() - px(16)) // 2, px(16), px(16))
            paint_icon(painter, self._icon, placed(self, box), "text2")
            x += px(24)
        elif self._key:
            box = QRect(x, cap_y, cap.width(), cap.height())
            paint_keycap(painter, placed(self, box), self._key)
            x += cap.width() + px(8)
        if self._is_compact:
            self.paint_ring(painter)
            return
        painter.setFont(font(13, MEDIUM))
        painter.setPen(colour("text2"))
        width = text_width(self.text(), 13, MEDIUM)
        words = placed(self, QRect(x, 0, width, self.height()))
        painter.drawText(words, int(LEADING), self.text())
        if self._icon and self._key:
            box = QRect(x + width + px(8), cap_y, cap.width(), cap.height())
            paint_keycap(painter, placed(self, box), self._key)
        self.paint_ring(painter)


class SyncPill(PaintedButton):
    """Says at all times how far work has travelled; opens the outbox."""

    def __init__(self) -> None:
        super().__init__()
        self._summary = SyncSummary("", 0)
        self._key = ""

    def tell(self, summary: SyncSummary) -> None:
        """Show another state."""
        self._summary = summary
        words = self.words()
        self.setAccessibleName(self.tr("Outbox: {state}").format(state=words))
        self.setToolTip(f"{words}  ({self._key})" if self._key else words)
        self.restyle()

    def words(self) -> str:
        """Return what it says, parted by commas."""
        return ", ".join(part for part, _weight, _token in self._parts())

    def set_key(self, key: str) -> None:
        """Show another key in the tooltip."""
        self._key = key
        self.tell(self._summary)

    def _parts(self) -> list[tuple[str, int, str]]:
        summary = self._summary
        waiting = summary.none_waiting
        if summary.waiting:
            waiting = QCoreApplication.translate("SyncPill", "%n to send", "", summary.waiting)
        elif waiting is None:
            waiting = self.tr("nothing to send")
        parts = [(summary.connection, SEMIBOLD, "text"), (waiting, MEDIUM, "text2")]
        if summary.need_you:
            words = QCoreApplication.translate("SyncPill", "%n need you", "", summary.need_you)
            parts.append((words, SEMIBOLD, "conflict"))
        return [part for part in parts if part[0]]

    def sizeHint(self) -> QSize:
        width = sum(text_width(words, 12, weight) for words, weight, _ in self._parts())
        return QSize(px(50) + width + px(16) * (len(self._parts()) - 1), px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        box, radius = QRectF(self.rect()), self.height() / 2
        fill_round(painter, box, colour("surface2"), radius)
        if self.underMouse() or self.isChecked():
            edge_round(painter, box, colour("line2"), radius)
        icon_box = QRect(px(12), (self.height() - px(16)) // 2, px(16), px(16))
        paint_icon(painter, self._summary.icon, placed(self, icon_box), "text2")
        x = px(34)
        for index, (words, weight, token) in enumerate(self._parts()):
            if index:
                dot = placed(self, QRect(x + px(6), self.height() // 2 - 1, 3, 3))
                fill_round(painter, QRectF(dot), colour("text3"), 1.5)
                x += px(16)
            width = text_width(words, 12, weight)
            painter.setFont(font(12, weight))
            painter.setPen(colour(token))
            area = placed(self, QRect(x, 0, width + 2, self.height()))
            painter.drawText(area, int(LEADING), words)
            x += width
        self.paint_ring(painter, radius)


class SearchField(InputField):
    """Searches everything; Esc empties it, then gives the focus back."""

    left = Signal()

    def __init__(self, key: str) -> None:
        super().__init__(self.tr("Search"), shows_name=False, icon="search", key=key)
        self.set_placeholder(self.tr("Plate, reference, place or officer"))
        self.box.set_quiet()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_Down}:
            if event.key() == Qt.Key.Key_Escape and self.text():
                self.clear()
                self.edited.emit("")
            else:
                self.left.emit()
            return
        super().keyPressEvent(event)


class _Divider(Painted):
    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(1, px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colour("line"))


class TopBar(Painted):
    """Holds the search, the palette's button, the sync pill, the officer and the lock."""

    def __init__(self) -> None:
        super().__init__()
        self.search = SearchField("/")
        self.palette_button = KeyedButton(self.tr("Commands"), "Ctrl K")
        self.pill = SyncPill()
        self.pill.setCheckable(True)
        self.avatar = Avatar("", 28, is_accent=True)
        self.name = ElidedLabel("", 12, SEMIBOLD)
        self.detail = ElidedLabel("", 11, MEDIUM, "text2")
        for line in (self.name, self.detail):
            # The narrower of two lines that only hug would narrow the column for both.
            line.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.lock_button = KeyedButton(self.tr("Lock"), "Ctrl L", "lock")
        who = QVBoxLayout()
        who.setSpacing(1)
        who.addStretch(1)
        who.addWidget(self.name)
        who.addWidget(self.detail)
        who.addStretch(1)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(12)
        for widget in (self.search, self.palette_button):
            self._row.addWidget(widget)
        self._row.addStretch(1)
        for item in (self.pill, _Divider(), self.avatar, who, _Divider(), self.lock_button):
            if isinstance(item, QWidget):
                self._row.addWidget(item)
            else:
                self._row.addLayout(item)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.restyle()

    def restyle(self) -> None:
        """Take the sizes from the look that holds now."""
        self._row.setContentsMargins(px(12), 0, px(12), 1)
        self.setFixedHeight(px(48))
        self._fit()
        super().restyle()

    def _fit(self) -> None:
        """Give up words, then the name, before anything is cut off."""
        search = px(400 if self.window().width() >= WIDE_PX else 356)
        fixed = px(24) + 8 * 12 + 2 + self.pill.sizeHint().width() + self.avatar.sizeHint().width()
        name = max(self.name.sizeHint().width(), self.detail.sizeHint().width())
        buttons = (self.palette_button, self.lock_button)
        words = sum(b.width_when(compact=False) for b in buttons)
        marks = sum(b.width_when(compact=True) for b in buttons)
        least = px(180)
        is_compact = self.width() < fixed + name + words + least
        hides_name = self.width() < fixed + name + marks + least
        for button in buttons:
            button.set_compact(is_compact)
        self.name.setVisible(not hides_name)
        self.detail.setVisible(not hides_name and bool(self.detail.text()))
        told = (self.name.text(), self.detail.text())
        self.avatar.setToolTip(", ".join(filter(None, told)))
        taken = fixed + (0 if hides_name else name) + (marks if is_compact else words)
        self.search.setFixedWidth(max(px(120), min(search, self.width() - taken)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def set_officer(self, name: str, detail: str, initials: str) -> None:
        """Show who is at the desk."""
        self.name.setText(name)
        self.detail.setText(detail)
        self.avatar.set_initials(initials)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, colour("line"))
