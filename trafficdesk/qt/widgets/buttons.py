"""Buttons that show their key: filled, edged, ghost, danger; and icon-only ones with a name."""

from enum import StrEnum

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from trafficdesk.qt.theme.fonts import MEDIUM, SEMIBOLD, font, text_width
from trafficdesk.qt.theme.icons import paint_icon
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import (
    edge_round,
    fill_round,
    keycap_size,
    paint_focus,
    paint_keycap,
    paint_line,
    painter_on,
    placed,
)


class Kind(StrEnum):
    """How loud a button is; exactly one per view is ``PRIMARY``."""

    PRIMARY = "primary"
    PLAIN = "plain"
    GHOST = "ghost"
    DANGER = "danger"


def with_key(words: str, key: str) -> str:
    """Return words and the key that does the same, for a tooltip."""
    return f"{words}  ({key})" if key else words


class PaintedButton(QPushButton):
    """A push button that paints itself, with hover, focus ring and the look's sizes."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def restyle(self) -> None:
        """Take sizes from the look that holds now."""
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Qt presses a button by Enter only in dialogs; here every button is pressed by it.
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paint_ring(self, painter: QPainter, radius: float = 6) -> None:
        """Draw the focus ring if the button has the focus."""
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()), radius)


class ActionButton(PaintedButton):
    """Keycap first, then the words. A disabled one says why in its tooltip and description."""

    def __init__(
        self, text: str, key: str = "", kind: Kind = Kind.PLAIN, icon: str = "", height_px: int = 32
    ) -> None:
        super().__init__(text)
        self._key = key
        self._kind = kind
        self._icon = icon
        self._height_px = height_px
        self._hint = ""
        self._tell()

    def kind(self) -> Kind:
        """Return how loud it is."""
        return self._kind

    def set_kind(self, kind: Kind) -> None:
        """Make it louder or quieter."""
        self._kind = kind
        self.update()

    def set_key(self, key: str) -> None:
        """Show another key."""
        self._key = key
        self._tell()
        self.restyle()

    def key(self) -> str:
        """Return the key it shows."""
        return self._key

    def set_hint(self, hint: str) -> None:
        """Say more in the tooltip."""
        self._hint = hint
        self._tell()

    def set_refusal(self, reason: str) -> None:
        """Disable it with a reason; "" enables it."""
        self.setEnabled(not reason)
        self.setAccessibleDescription(reason)
        self._tell()

    def _tell(self) -> None:
        name = self.text()
        reason = self.accessibleDescription() if not self.isEnabled() else ""
        lines = (with_key(name, self._key), self._hint, reason)
        self.setToolTip("\n".join(filter(None, lines)))

    def sizeHint(self) -> QSize:
        width = px(12) * 2 + text_width(self.text(), 13, SEMIBOLD)
        if self._key:
            width += keycap_size(self._key).width() + px(8) - px(4)
        if self._icon:
            width += px(16) + px(8)
        return QSize(width, px(self._height_px))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        ink = self._paint_box(painter)
        x = px(8) if self._key else px(12)
        if self._key:
            cap = keycap_size(self._key)
            box = QRect(x, (self.height() - cap.height()) // 2, cap.width(), cap.height())
            on_fill = ink if self._is_filled() or not self.isEnabled() else None
            paint_keycap(painter, placed(self, box), self._key, on_fill)
            x += cap.width() + px(8)
        if self._icon:
            box = QRect(x, (self.height() - px(16)) // 2, px(16), px(16))
            paint_icon(painter, self._icon, placed(self, box), self._ink_token())
            x += px(24)
        painter.setFont(font(13, SEMIBOLD if self._kind is Kind.PRIMARY else MEDIUM))
        painter.setPen(ink)
        words = QRect(x, 0, self.width() - x - px(6), self.height())
        paint_line(painter, placed(self, words), self.text())
        if not self._is_filled():
            self.paint_ring(painter)

    def _is_filled(self) -> bool:
        return self._kind is Kind.PRIMARY and self.isEnabled()

    def _ink_token(self) -> str:
        if not self.isEnabled():
            return "text3"
        if self.isChecked():
            return "accent"
        tokens = {Kind.PRIMARY: "on_accent", Kind.DANGER: "critical"}
        return tokens.get(self._kind, "text")

    def _paint_box(self, painter: QPainter) -> QColor:
        box = QRectF(self.rect())
        if not self.isEnabled():
            if self._kind is not Kind.GHOST:
                fill_round(painter, box, colour("surface2"))
            return colour("text3")
        if self._is_filled():
            self._paint_fill(painter, box)
            return colour("on_accent")
        if self.isChecked():
            fill_round(painter, box, colour("accent_weak"))
            return colour("accent")
        resting = None if self._kind is Kind.GHOST else "surface"
        fill = "surface2" if self.isDown() else "hover" if self.underMouse() else resting
        if fill:
            fill_round(painter, box, colour(fill))
        if self._kind is not Kind.GHOST:
            edge_round(painter, box, colour("critical" if self._kind is Kind.DANGER else "line2"))
        return colour(self._ink_token())

    def _paint_fill(self, painter: QPainter, box: QRectF) -> None:
        fill_round(painter, box, colour("accent"))
        if self.underMouse() or self.isDown():
            fill_round(painter, box, _veil(0.2 if self.isDown() else 0.1))
        if self.hasFocus():
            # Accent on accent would not be seen: a filled button has its ring in its text colour.
            edge_round(painter, box.adjusted(2, 2, -2, -2), colour("on_accent"), 4, 2.0)


def _veil(strength: float) -> QColor:
    tint = QColor(0, 0, 0)
    tint.setAlphaF(strength)
    return tint


class IconButton(PaintedButton):
    """An icon with a name; the name and its key are the tooltip."""

    def __init__(self, icon: str, name: str, key: str = "", size_px: int = 28) -> None:
        super().__init__()
        self._icon = icon
        self._size_px = size_px
        self._tint = "text2"
        self._key = key
        self.set_name(name)

    def set_name(self, name: str) -> None:
        """Say what it does."""
        self.setAccessibleName(name)
        self.set_key(self._key)

    def set_key(self, key: str) -> None:
        """Show another key in the tooltip."""
        self._key = key
        self.setToolTip(with_key(self.accessibleName(), key))

    def set_icon(self, icon: str, tint: str = "text2") -> None:
        """Show another icon."""
        self._icon = icon
        self._tint = tint
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(self._size_px), px(self._size_px))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        if self.isChecked():
            fill_round(painter, QRectF(self.rect()), colour("accent_weak"))
        elif self.isEnabled() and (self.underMouse() or self.isDown()):
            fill_round(painter, QRectF(self.rect()), colour("hover"))
        side = px(16)
        box = QRect((self.width() - side) // 2, (self.height() - side) // 2, side, side)
        token = "accent" if self.isChecked() else self._tint if self.isEnabled() else "text3"
        paint_icon(painter, self._icon, box, token)
        self.paint_ring(painter)
