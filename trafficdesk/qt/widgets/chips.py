"""Chips for filters: on or off, and removable."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

from trafficdesk.qt.theme.fonts import MEDIUM, font, text_width
from trafficdesk.qt.theme.icons import paint_icon
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import PaintedButton
from trafficdesk.qt.widgets.painting import (
    edge_round,
    fill_round,
    paint_focus,
    paint_line,
    painter_on,
    placed,
)


class Chip(PaintedButton):
    """A filter. With ``is_removable`` it is on and ends in an x; Delete or the x removes it."""

    removed = Signal()

    def __init__(self, text: str, *, is_removable: bool = False, icon: str = "") -> None:
        super().__init__(text)
        self._icon = icon
        self._is_removable = is_removable
        self.setAccessibleName(text)
        if is_removable:
            self.setAccessibleDescription(self.tr("Delete removes this filter"))

    def set_text(self, text: str) -> None:
        """Say something else."""
        self.setText(text)
        self.setAccessibleName(text)
        self.restyle()

    def sizeHint(self) -> QSize:
        width = px(12) * 2 + text_width(self.text(), 12, MEDIUM)
        width += px(18) if self._is_removable else 0
        width += px(18) if self._icon else 0
        return QSize(width, px(24))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_removable and event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.removed.emit()
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        is_on_cross = self._is_removable and self._cross().contains(event.position().toPoint())
        if is_on_cross and self.isDown():
            self.setDown(False)
            self.removed.emit()
            return
        super().mouseReleaseEvent(event)

    def _cross(self) -> QRect:
        side = px(24)
        return placed(self, QRect(self.width() - side, 0, side, self.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        box, radius = QRectF(self.rect()), self.height() / 2
        is_on = self._is_removable or self.isChecked()
        ink = "accent" if is_on else "text" if self.isEnabled() else "text3"
        if is_on:
            fill_round(painter, box, colour("accent_weak"), radius)
        elif self.underMouse():
            fill_round(painter, box, colour("hover"), radius)
        if not is_on:
            edge_round(painter, box, colour("line"), radius)
        x, side = px(12), px(14)
        top = (self.height() - side) // 2
        if self._icon:
            paint_icon(painter, self._icon, placed(self, QRect(x - px(2), top, side, side)), ink)
            x += px(16)
        painter.setFont(font(12, MEDIUM))
        painter.setPen(colour(ink))
        width = text_width(self.text(), 12, MEDIUM) + 1
        paint_line(painter, placed(self, QRect(x, 0, width, self.height())), self.text())
        if self._is_removable:
            end = QRect(self.width() - px(8) - side, top, side, side)
            paint_icon(painter, "x", placed(self, end), ink)
        if self.hasFocus():
            paint_focus(painter, box, radius)
