"""Words on screen: plain, elided, section headings, keycaps, hairlines, icons."""

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStyle, QToolTip, QWidget

from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.qt.theme.fonts import MEDIUM, REGULAR, SEMIBOLD, font, numerals, text_width
from trafficdesk.qt.theme.icons import paint_icon
from trafficdesk.qt.theme.marks import paint_sync
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import (
    Painted,
    keycap_size,
    line_height,
    paint_keycap,
    paint_line,
    painter_on,
)
from trafficdesk.qt.words import sync_word


class Label(QLabel):
    """Text in one size, weight and colour tint; follows the look."""

    def __init__(
        self, text: str = "", size_px: float = 13, weight: int = REGULAR, tint: str = "text"
    ) -> None:
        super().__init__(text)
        self._size_px = size_px
        self._weight = weight
        self._tint = tint
        self._font = font
        self._alignment = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.restyle()

    def setAlignment(self, alignment: Qt.AlignmentFlag) -> None:
        """Align within the reading direction of the screen, not of the text as QLabel does."""
        self._alignment = alignment
        visual = QStyle.visualAlignment(self.layoutDirection(), alignment)
        super().setAlignment(visual | Qt.AlignmentFlag.AlignAbsolute)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self.setAlignment(self._alignment)

    def set_tint(self, tint: str) -> None:
        """Take another colour."""
        self._tint = tint
        self.restyle()

    def set_wrapped(self) -> "Label":
        """Break lines; the label then never squeezes its text. Returns itself."""
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        return self

    def set_numeric(self) -> "Label":
        """Set its digits in columns: a counter does not jump. Returns itself."""
        self._font = numerals
        self.restyle()
        return self

    def set_selectable(self) -> "Label":
        """Let the text be marked and copied by mouse and keyboard. Returns itself."""
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        return self

    def restyle(self) -> None:
        """Take font and colour from the look that holds now."""
        self.setFont(self._font(self._size_px, self._weight))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, colour(self._tint))
        self.setPalette(palette)


class ElidedLabel(Painted):
    """One line that ends in an ellipsis where room ends; the whole text is in the tooltip."""

    def __init__(
        self, text: str = "", size_px: float = 13, weight: int = REGULAR, tint: str = "text"
    ) -> None:
        super().__init__()
        self._text = text
        self._size_px = size_px
        self._weight = weight
        self._tint = tint
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def text(self) -> str:
        """Return the whole text."""
        return self._text

    def setText(self, text: str) -> None:
        """Show another text."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def set_tint(self, tint: str) -> None:
        """Take another colour."""
        self._tint = tint
        self.update()

    def hug(self) -> "ElidedLabel":
        """Take the text's width when there is room, and yield when there is not."""
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        return self

    def sizeHint(self) -> QSize:
        width = text_width(self._text, self._size_px, self._weight) + 1
        return QSize(width, line_height(self._size_px, self._weight))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(24), line_height(self._size_px, self._weight))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and not self.toolTip():
            is_cut = self.width() < self.sizeHint().width() - 1
            QToolTip.showText(event.globalPos(), self._text if is_cut else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        painter.setFont(font(self._size_px, self._weight))
        painter.setPen(colour(self._tint))
        paint_line(painter, self.rect(), self._text)


class KeycapLabel(Painted):
    """The key of an action, beside its words. Not read aloud: its action says it."""

    def __init__(self, key: str = "") -> None:
        super().__init__()
        self._key = key
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if not key:
            self.hide()

    def key(self) -> str:
        """Return what stands on the cap."""
        return self._key

    def set_key(self, key: str) -> None:
        """Show another key; none hides the cap."""
        self._key = key
        if not key or self.parentWidget() is not None:
            # Shown without a parent it would be a window of its own.
            self.setVisible(bool(key))
        self.restyle()

    def sizeHint(self) -> QSize:
        return keycap_size(self._key)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_keycap(painter_on(self), self.rect(), self._key)


class SectionHeading(QWidget):
    """The name of a section, a fact at its end, and the key that leads there."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.label = Label(text, 12, SEMIBOLD, "text2")
        self.fact = ElidedLabel("", 12, MEDIUM, "text3").hug()
        self.keycap = KeycapLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.label)
        row.addStretch(1)
        row.addWidget(self.fact)
        row.addWidget(self.keycap)

    def set_fact(self, fact: str, tint: str = "text3") -> None:
        """Show a fact at the end of the line."""
        self.fact.setText(fact)
        self.fact.set_tint(tint)


class Hairline(Painted):
    """One pixel between two things."""

    def __init__(
        self, orientation: Qt.Orientation = Qt.Orientation.Horizontal, tint: str = "line"
    ) -> None:
        super().__init__()
        self._tint = tint
        self._is_flat = orientation is Qt.Orientation.Horizontal
        fixed, free = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding
        self.setSizePolicy(free if self._is_flat else fixed, fixed if self._is_flat else free)

    def sizeHint(self) -> QSize:
        return QSize(1, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colour(self._tint))


class IconLabel(Painted):
    """An icon that only decorates; ``name`` may be changed."""

    def __init__(self, name: str, size_px: int = 16, tint: str = "text2") -> None:
        super().__init__()
        self._name = name
        self._size_px = size_px
        self._tint = tint
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, name: str, tint: str | None = None) -> None:
        """Show another icon."""
        self._name = name
        self._tint = tint or self._tint
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(self._size_px), px(self._size_px))

    def paintEvent(self, event: QPaintEvent) -> None:
        side = px(self._size_px)
        paint_icon(painter_on(self), self._name, QRect(0, 0, side, side), self._tint)


class SyncMark(Painted):
    """How far a change has travelled, as a mark; the word is its tooltip and name."""

    def __init__(self, state: SyncState = SyncState.CONFIRMED) -> None:
        super().__init__()
        self._state = state
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_state(state)

    def set_state(self, state: SyncState) -> None:
        """Show another state."""
        self._state = state
        self.setToolTip(sync_word(state))
        self.setAccessibleName(sync_word(state))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(14), px(14))

    def paintEvent(self, event: QPaintEvent) -> None:
        middle = px(14) / 2
        paint_sync(painter_on(self), self._state, QPointF(middle, middle), px(13) / 2)


def label_row(*widgets: QWidget, spacing_px: int = 8) -> QHBoxLayout:
    """Return a row of widgets that ends in free room."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing_px)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row
