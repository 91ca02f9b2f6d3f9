"""A note of what was just done, docked where it covers nothing, with its undo and time left."""

from typing import Final

from PySide6.QtCore import QElapsedTimer, QRect, QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QHideEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy

from trafficdesk.qt.theme.fonts import MEDIUM, SEMIBOLD, font, text_width
from trafficdesk.qt.theme.icons import paint_icon
from trafficdesk.qt.theme.marks import paint_check
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import PaintedButton, with_key
from trafficdesk.qt.widgets.painting import (
    Painted,
    edge_round,
    fill_round,
    keycap_size,
    paint_keycap,
    paint_line,
    painter_on,
    placed,
)

SHOWN_MS: Final = 8000
_TICK_MS: Final = 100


class _UndoButton(PaintedButton):
    def __init__(self, text: str, key: str) -> None:
        super().__init__(text)
        self.set_key(key)

    def set_key(self, key: str) -> None:
        self._key = key
        self.setToolTip(with_key(self.text(), key))
        self.restyle()

    def sizeHint(self) -> QSize:
        width = px(16) + text_width(self.text(), 13, SEMIBOLD)
        return QSize(width + (px(8) + keycap_size(self._key).width() if self._key else 0), px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        painter.setFont(font(13, SEMIBOLD))
        painter.setPen(colour("inv_accent"))
        width = text_width(self.text(), 13, SEMIBOLD)
        paint_line(painter, placed(self, QRect(px(8), 0, width, self.height())), self.text())
        if self._key:
            cap = keycap_size(self._key)
            x = px(16) + width
            box = QRect(x, (self.height() - cap.height()) // 2, cap.width(), cap.height())
            paint_keycap(painter, placed(self, box), self._key, colour("inv_text"))
        if self.hasFocus():
            edge_round(painter, QRectF(self.rect()), colour("inv_accent"), 4, 2.0)


class Toast(Painted):
    """One note at a time; ``undone`` when its button is pressed, ``expired`` when time is up."""

    undone = Signal()
    expired = Signal()

    def __init__(self, undo_key: str = "Z") -> None:
        super().__init__()
        self._text = ""
        self._detail = ""
        self._is_done = True
        self._shown_ms = SHOWN_MS
        self._undo = _UndoButton(self.tr("Undo"), undo_key)
        self._undo.clicked.connect(self._undo_now)
        self._clock = QElapsedTimer()
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._pass_time)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 8, 4)
        row.addStretch(1)
        row.addWidget(self._undo)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def tell(self, text: str, detail: str = "", *, can_undo: bool = True) -> None:
        """Show a note of what was done in place of the one before; it is read aloud."""
        self._show(text, detail, is_done=True, can_undo=can_undo)

    def tell_news(self, text: str) -> None:
        """Show a note of what others did."""
        self._show(text, "", is_done=False, can_undo=False)

    def _show(self, text: str, detail: str, *, is_done: bool, can_undo: bool) -> None:
        self._text, self._detail, self._is_done = text, detail, is_done
        self._undo.setVisible(can_undo)
        self.setAccessibleName(f"{text} {detail}".strip())
        self.show()
        self._clock.start()
        self._tick.start()
        self.update()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def set_key(self, key: str) -> None:
        """Show another key on the button that undoes."""
        self._undo.set_key(key)

    def text(self) -> str:
        """Return what the note says."""
        return self._text

    def dismiss(self) -> None:
        """Take the note away."""
        self._tick.stop()
        self.hide()

    def _undo_now(self) -> None:
        self.dismiss()
        self.undone.emit()

    def _pass_time(self) -> None:
        if self._clock.elapsed() >= self._shown_ms:
            self.dismiss()
            self.expired.emit()
        else:
            self.update(QRect(0, self.height() - px(4), self.width(), px(4)))

    def hideEvent(self, event: QHideEvent) -> None:
        self._tick.stop()
        super().hideEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(px(280), px(36))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        fill_round(painter, QRectF(self.rect()), colour("inv"))
        side = px(14)
        mark = placed(self, QRect(px(12), (self.height() - side) // 2, side, side))
        if self._is_done:
            paint_check(painter, QRectF(mark), colour("inv_text"))
        else:
            paint_icon(painter, "info", mark, "inv_text")
        self._paint_words(painter)
        self._paint_time_left(painter)

    def _paint_words(self, painter: QPainter) -> None:
        end = self._undo.width() + px(16) if self._undo.isVisible() else px(12)
        room = self.width() - px(36) - end
        width = min(text_width(self._text, 13, SEMIBOLD), room)
        painter.setPen(colour("inv_text"))
        painter.setFont(font(13, SEMIBOLD))
        paint_line(painter, placed(self, QRect(px(36), 0, width, self.height())), self._text)
        rest = room - width - px(8)
        if rest > px(16):
            painter.setFont(font(12, MEDIUM))
            box = QRect(px(36) + width + px(8), 0, rest, self.height())
            paint_line(painter, placed(self, box), self._detail)

    def _paint_time_left(self, painter: QPainter) -> None:
        left = max(0.0, 1 - self._clock.elapsed() / self._shown_ms) if self._tick.isActive() else 0
        width = round((self.width() - px(8)) * left)
        edge = placed(self, QRect(px(4), self.height() - px(2), width, px(2)))
        painter.fillRect(edge, colour("inv_accent"))
