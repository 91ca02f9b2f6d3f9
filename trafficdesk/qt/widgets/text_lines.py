"""A few lines of text in a field's box."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from trafficdesk.qt.theme.fonts import font
from trafficdesk.qt.theme.palette import colour


class TextLines(QPlainTextEdit):
    """Lines to type, in the box it lies in; Tab leaves them."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.restyle()

    def restyle(self) -> None:
        """Take font and colours from the look that holds now."""
        self.setFont(font(13))
        palette = self.palette()
        palette.setColor(palette.ColorRole.Base, Qt.GlobalColor.transparent)
        palette.setColor(palette.ColorRole.Text, colour("text"))
        palette.setColor(palette.ColorRole.PlaceholderText, colour("text3"))
        self.setPalette(palette)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._box().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._box().update()

    def _box(self) -> QWidget:
        parent = self.parentWidget()
        return self if parent is None else parent
