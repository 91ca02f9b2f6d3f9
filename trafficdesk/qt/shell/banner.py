"""A line under the top bar for what concerns the whole desk: a fault, a setting not kept."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout

from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import IconButton
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.qt.widgets.painting import Painted


class Banner(Painted):
    """Says what failed and that work is safe; stays until it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.message = InlineMessage()
        close = IconButton("x", self.tr("Close this message"))
        close.clicked.connect(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(6), px(12), px(7))
        row.addWidget(self.message, 1)
        row.addWidget(close)
        self.hide()

    def tell(self, title: str, detail: str = "") -> None:
        """Show a message."""
        self.message.tell(title, detail)
        self.show()

    def clear(self) -> None:
        """Take the message away."""
        self.message.clear()
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("critical_weak"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, colour("line"))
