"""A note in inverse ink beside what it is about; it takes no clicks and no focus."""

from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trafficdesk.qt.theme.fonts import MEDIUM, text_width
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.qt.widgets.painting import Painted, fill_round, painter_on

_WIDEST_PX: Final = 300


class InkTip(Painted):
    """Lines of text over a screen; ``point_at`` shows it above or below a place of its parent."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__()
        self.setParent(parent)
        self._parent = parent
        self._label = Label("", 12, MEDIUM, "inv_text")
        self._label.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.addWidget(self._label)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def text(self) -> str:
        """Return what it says, "" while it is hidden."""
        return self._label.text() if self.isVisible() else ""

    def point_at(self, text: str, box: QRect) -> None:
        """Say something beside ``box`` (of the parent), where there is room for it."""
        if not text:
            self.hide()
            return
        self._label.setText(text)
        widest = max(text_width(line, 12, MEDIUM) for line in text.split("\n"))
        width = min(px(_WIDEST_PX), widest + 2)
        self._label.setFixedSize(width, self._label.heightForWidth(width))
        self.resize(width + 24, self._label.height() + 16)
        self.move(self._place(box))
        self.show()
        self.raise_()

    def _place(self, box: QRect) -> QPoint:
        room = self._parent.rect().adjusted(4, 4, -4, -4)
        below, above = box.bottom() + px(6), box.top() - px(6) - self.height()
        y = above if above >= room.top() else below
        x = box.center().x() - self.width() // 2
        x = max(room.left(), min(x, room.right() - self.width()))
        return QPoint(x, max(room.top(), min(y, room.bottom() - self.height())))

    def restyle(self) -> None:
        """Go: it would be of the wrong size."""
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        fill_round(painter_on(self), QRectF(self.rect()), colour("inv"))
