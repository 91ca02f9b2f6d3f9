"""The cheat-sheet: all commands with their keys, over any workspace."""

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QHBoxLayout

from trafficdesk.qt.commands import Commands
from trafficdesk.qt.shell.key_list import KeyList
from trafficdesk.qt.shell.overlays import OverlayPanel
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton, IconButton, Kind
from trafficdesk.qt.widgets.labels import Hairline, Label
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.qt.widgets.panels import ScrollPanel


class KeySheet(OverlayPanel):
    """The cheat-sheet: F1 or ? opens it over any workspace."""

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Keys"))
        self.keys = KeyList(commands, columns=3)
        self.message = InlineMessage()
        self.keys.told.connect(self._say)
        close = IconButton("x", self.tr("Close"), "Esc")
        close.clicked.connect(self.close_overlay)
        reset = ActionButton(self.tr("Default keys"), "", Kind.PLAIN)
        reset.clicked.connect(commands.reset_keys)
        head = QHBoxLayout()
        head.setContentsMargins(px(24), px(14), px(14), px(12))
        head.setSpacing(px(10))
        head.addWidget(Label(self.tr("Keys"), 15, 600))
        hint = Label(self.tr("Letters act while no text field has the focus."), 12, 400, "text2")
        head.addWidget(hint)
        head.addStretch(1)
        head.addWidget(reset)
        head.addWidget(close)
        self.column.setContentsMargins(1, 1, 1, 8)
        self.column.addLayout(head)
        self.column.addWidget(Hairline())
        notice = QHBoxLayout()
        notice.setContentsMargins(px(24), px(8), px(24), 0)
        notice.addWidget(self.message)
        self.column.addLayout(notice)
        self.column.addWidget(ScrollPanel(self.keys), 1)
        self.setFocusProxy(self.keys.rows[0] if self.keys.rows else close)

    def _say(self, sentence: str) -> None:
        if sentence:
            self.message.note(sentence)
        else:
            self.message.clear()

    def place(self, area: QRect) -> QRect:
        width = min(px(1040), area.width() - 2 * px(64) - 32)
        wanted = px(72) + self.keys.sizeHint().height() + px(24)
        height = min(wanted, area.height() - px(96))
        corner = area.center()
        return QRect(corner.x() - width // 2, corner.y() - height // 2, width, height)
