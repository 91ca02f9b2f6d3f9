"""Keys that stand on widgets follow the commands: an officer may give any of them another key."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from trafficdesk.qt.commands import Commands

Hint = tuple[str, Callable[[str], object]]


class KeyHints(QObject):
    """Hands each command's key to what shows it, now and whenever keys change."""

    def __init__(self, commands: Commands, hints: tuple[Hint, ...], parent: QObject) -> None:
        super().__init__(parent)
        self._commands = commands
        self._hints = hints
        commands.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        for command_id, show in self._hints:
            if self._commands.find(command_id) is not None:  # gone with its screen
                show(self._commands.first_key(command_id))
