"""Below a conflict: mine, theirs, edit; how much is left; save, undo, the way on."""

from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout

from trafficdesk.qt.commands import Commands
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import ElidedLabel
from trafficdesk.qt.widgets.panels import Panel

BAR_PX: Final = 52
_BUTTONS: Final = (
    ("conflicts.mine", Kind.PLAIN),
    ("conflicts.theirs", Kind.PLAIN),
    ("conflicts.edit", Kind.PLAIN),
    ("conflicts.reopen", Kind.PRIMARY),
    ("conflicts.retry", Kind.PLAIN),
    ("conflicts.withdraw", Kind.PLAIN),
    ("conflicts.save", Kind.PRIMARY),
    ("conflicts.undo", Kind.GHOST),
)
_FIRST: Final = frozenset({"conflicts.save", "conflicts.reopen", "conflicts.mine"})


class ConflictBar(Panel):
    """Buttons of commands; what a tab has no use for is not there."""

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self._commands = commands
        self._offered: frozenset[str] = frozenset()
        self.buttons: dict[str, ActionButton] = {}
        self.left = ElidedLabel("", 12, 600, "conflict").hug()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 0, 12, 0)
        self._row.setSpacing(6)
        # What shows follows from the width, so the width can't follow from what shows.
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        for command_id, kind in _BUTTONS:
            if command_id == "conflicts.save":
                self._row.addStretch(1)
                self._row.addWidget(self.left)
            self.buttons[command_id] = self._button(command_id, kind)
            self._row.addWidget(self.buttons[command_id])
        commands.changed.connect(self._show_keys)
        self.restyle()

    def _button(self, command_id: str, kind: Kind) -> ActionButton:
        button = ActionButton("", kind=kind, height_px=36)
        button.clicked.connect(lambda: self._commands.run(command_id))
        return button

    def restyle(self) -> None:
        """Take the height from the look that holds now."""
        self.setFixedHeight(px(BAR_PX))
        super().restyle()

    def _show_keys(self) -> None:
        for command_id, button in self.buttons.items():
            command = self._commands.find(command_id)
            if command is not None:
                button.setText(command.title)
                button.set_key(self._commands.first_key(command_id))

    def show_state(self, offered: frozenset[str], left: str) -> None:
        """Offer these commands, as far as they can be done now; say what is left."""
        self._show_keys()
        self._offered = offered
        self.left.setText(left)
        for command_id in offered:
            command = self._commands.find(command_id)
            reason = "" if command is None else command.disabled_reason
            self.buttons[command_id].set_refusal(reason)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(px(320), px(BAR_PX))

    def _fit(self) -> None:
        """Show what there is room for, what matters most first; the keys do the rest."""
        room = self.width() - px(40)
        order = sorted(self._offered, key=lambda each: (each not in _FIRST, _place(each)))
        for command_id, button in self.buttons.items():
            if command_id not in self._offered:
                button.hide()
        for command_id in order:
            needed = self.buttons[command_id].sizeHint().width() + 6
            fits = needed <= room
            self.buttons[command_id].setVisible(fits)
            room -= needed if fits else 0
        self.left.setVisible(bool(self.left.text()) and self.left.sizeHint().width() <= room)


def _place(command_id: str) -> int:
    return [each for each, _ in _BUTTONS].index(command_id)
