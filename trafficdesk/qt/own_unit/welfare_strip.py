"""The line under the top bar that asks a crew whether it is well, before others must ask."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout

from trafficdesk.qt.own_unit.words import say
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.qt.widgets.painting import Painted


class WelfareStrip(Painted):
    """Hidden until ``ask``; ``answered`` when the crew says that it is well."""

    answered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_late = False
        self.words = Label("", 13, 600)
        self.button = ActionButton(say("We are well"), "", Kind.PRIMARY)
        self.button.clicked.connect(self.answered)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(6), px(12), px(7))
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self.hide()

    def ask(self, words: str, *, is_late: bool) -> bool:
        """Show a question; tell whether it is another than before."""
        is_news = self.isHidden() or is_late != self._is_late
        self._is_late = is_late
        self.words.setText(words)
        self.words.set_tint("critical" if is_late else "text")
        self.setAccessibleName(words)
        self.show()
        self.update()
        return is_news

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ground = "critical_weak" if self._is_late else "moderate_weak"
        painter.fillRect(self.rect(), colour(ground))
        painter.fillRect(0, self.height() - 1, self.width(), 1, colour("line"))
