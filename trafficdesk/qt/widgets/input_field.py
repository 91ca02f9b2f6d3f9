"""A text field with icon, keycap, focus ring, and its error in place below it."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.qt.theme.fonts import font
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.labels import IconLabel, KeycapLabel, Label
from trafficdesk.qt.widgets.painting import Painted, edge_round, fill_round, paint_focus, painter_on


class _Edit(QLineEdit):
    """The bare line: no frame, no fill, the look's font; its box draws the ring."""

    def __init__(self, size_px: float) -> None:
        super().__init__()
        self._size_px = size_px
        self.setFrame(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.restyle()

    def restyle(self) -> None:
        """Take the font from the look that holds now."""
        self.setFont(font(self._size_px))
        palette = self.palette()
        palette.setColor(palette.ColorRole.Text, colour("text"))
        palette.setColor(palette.ColorRole.PlaceholderText, colour("text3"))
        palette.setColor(palette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.setPalette(palette)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._repaint_box()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._repaint_box()

    def _repaint_box(self) -> None:
        box = self.parentWidget()
        if box is not None:
            box.update()


class FieldBox(Painted):
    """The edge and the ring around a line of text; ``is_quiet`` fills it instead of edging it."""

    def __init__(self, height_px: int = 36, *, is_quiet: bool = False) -> None:
        super().__init__()
        self._height_px = height_px
        self._is_quiet = is_quiet
        self._is_bare = False
        self.is_wrong = False
        self.row = QHBoxLayout(self)
        self.row.setSpacing(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.restyle()

    def restyle(self) -> None:
        """Take the height from the look that holds now."""
        self.row.setContentsMargins(px(10), 2, px(8), 2)
        self.setFixedHeight(px(self._height_px))
        super().restyle()

    def set_quiet(self) -> None:
        """Fill it instead of edging it (the search of the top bar)."""
        self._is_quiet = True
        self._height_px = 32
        self.restyle()

    def set_height(self, height_px: int) -> None:
        """Take another height."""
        self._height_px = height_px
        self.restyle()

    def set_bare(self, height_px: int) -> None:
        """Leave edge, fill and ring away (the palette, whose caret is its focus)."""
        self._is_bare = True
        self._height_px = height_px
        self.restyle()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._is_bare:
            return
        painter = painter_on(self)
        box = QRectF(self.rect())
        fill_round(painter, box, colour("surface2" if self._is_quiet else "surface"))
        self._paint_edge(painter, box)

    def _paint_edge(self, painter: QPainter, box: QRectF) -> None:
        focused = self.focusWidget()
        if focused is not None and focused.hasFocus():
            paint_focus(painter, box)
        elif self.is_wrong:
            edge_round(painter, box, colour("critical"), 6, 2.0)
        elif not self._is_quiet:
            edge_round(painter, box, colour("line2"))


class InputField(QWidget):
    """A labelled line of text. Its label is the accessible name; the error shows below it."""

    edited = Signal(str)
    submitted = Signal()

    def __init__(
        self, name: str, *, shows_name: bool = True, icon: str = "", key: str = ""
    ) -> None:
        super().__init__()
        self.label = Label(name, 12, 600, "text2")
        if not shows_name:
            self.label.hide()
        self.box = FieldBox()
        self.edit = _Edit(13)
        self.edit.setAccessibleName(name)
        self.label.setBuddy(self.edit)
        self.error = Label("", 12, 500, "critical").set_wrapped()
        self.error.hide()
        if icon:
            self.box.row.addWidget(IconLabel(icon, 16, "text2"))
        self.box.row.addWidget(self.edit, 1)
        self.keycap = KeycapLabel(key)
        self.box.row.addWidget(self.keycap)
        self.box.setFocusProxy(self.edit)
        self.setFocusProxy(self.edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self.label, self.box, self.error):
            column.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.edit.textEdited.connect(self._edited)
        self.edit.returnPressed.connect(self.submitted)

    def _edited(self, text: str) -> None:
        self.set_error("")
        self.edited.emit(text)

    def text(self) -> str:
        """Return what was typed."""
        return self.edit.text()

    def set_text(self, text: str) -> None:
        """Replace the text."""
        self.edit.setText(text)

    def clear(self) -> None:
        """Empty it."""
        self.edit.clear()

    def set_placeholder(self, text: str) -> None:
        """Say in the empty field what goes there."""
        self.edit.setPlaceholderText(text)

    def hide_text(self) -> "InputField":
        """Make it a password field. Returns itself."""
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
        return self

    def set_error(self, sentence: str) -> None:
        """Say in place what is wrong; "" takes it away."""
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))
        self.edit.setAccessibleDescription(sentence)
        self.box.is_wrong = bool(sentence)
        self.box.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(px(120), super().minimumSizeHint().height())
