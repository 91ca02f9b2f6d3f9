"""A sheet at the trailing edge: under the top bar, with its title and a way to close it."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout

from trafficdesk.qt.shell.overlays import OverlayPanel
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import IconButton
from trafficdesk.qt.widgets.labels import Label

_WIDE_PX = 1600


class Sheet(OverlayPanel):
    """416 px wide, 480 in a wide window or when it ``is_roomy``; it covers no message."""

    def __init__(self, title: str, *, is_roomy: bool = False) -> None:
        super().__init__()
        self._is_roomy = is_roomy
        self.setAccessibleName(title)
        self.close_button = IconButton("x", self.tr("Close"), "Esc")
        self.close_button.clicked.connect(self.close_overlay)
        head = QHBoxLayout()
        head.setContentsMargins(px(20), px(10), px(12), px(10))
        head.addWidget(Label(title, 15, 600))
        head.addStretch(1)
        head.addWidget(self.close_button)
        self.column.addLayout(head)

    def place(self, area: QRect) -> QRect:
        is_wide = self._is_roomy or area.width() >= _WIDE_PX
        width = min(px(480 if is_wide else 416), area.width() - px(64))
        x = 0 if self.isRightToLeft() else area.width() - width
        return QRect(x, px(48), width, area.height() - px(48))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("surface"))
        x = self.width() - 1 if self.isRightToLeft() else 0
        painter.fillRect(x, 0, 1, self.height(), colour("line2"))
