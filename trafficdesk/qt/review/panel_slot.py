"""The place above the action bar where one decision panel at a time can open."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trafficdesk.qt.commands import Command, Commands
from trafficdesk.qt.review.decision_panel import DecisionPanel

CONTEXT = "review.panel"


class PanelSlot(QWidget):
    """While a panel is open its own keys act, and those of the review don't.

    ``changed`` when a panel has opened or closed.
    """

    changed = Signal()

    def __init__(self, commands: Commands, home: str) -> None:
        super().__init__()
        self._commands = commands
        self._home = home
        self._panel: DecisionPanel | None = None
        self._opener = ""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()
        commands.add(self._own_commands(), owner=self)

    def _own_commands(self) -> list[Command]:
        group = self.tr("Open panel")
        made = [
            Command(
                f"{CONTEXT}.{number}",
                self.tr("Choice {number}").format(number=number),
                group,
                self._picker(number),
                (str(number), f"Alt+{number}"),
                CONTEXT,
                is_hidden=True,
            )
            for number in range(1, 10)
        ]
        made.append(
            Command(
                f"{CONTEXT}.submit",
                self.tr("Decide"),
                group,
                self._submit,
                ("Return",),
                CONTEXT,
                is_hidden=True,
            )
        )
        made.append(
            Command(
                f"{CONTEXT}.close",
                self.tr("Cancel"),
                group,
                self._cancel,
                ("Esc",),
                CONTEXT,
                is_hidden=True,
            )
        )
        return made

    def _picker(self, number: int) -> Callable[[], object]:
        return lambda: self._panel.pick(number) if self._panel is not None else None

    def _cancel(self) -> None:
        if self._panel is not None:
            self._panel.cancelled.emit()

    def _submit(self) -> None:
        if self._panel is not None:
            self._panel.submit()

    @property
    def panel(self) -> DecisionPanel | None:
        """The open panel."""
        return self._panel

    @property
    def opener(self) -> str:
        """The command that opened it, "" for none."""
        return self._opener if self._panel is not None else ""

    def open_panel(self, panel: DecisionPanel, opener: str) -> None:
        """Open a panel in place of another one."""
        self._drop()
        self._panel, self._opener = panel, opener
        panel.cancelled.connect(self.close_panel)
        self._column.addWidget(panel)
        self.show()
        self._commands.activate(CONTEXT)
        panel.take_focus()
        self.changed.emit()

    def close_panel(self) -> None:
        """Close the panel and give the keys back to the review."""
        if self._panel is None:
            return
        self._drop()
        self.hide()
        self._commands.activate(self._home)
        self.changed.emit()

    def abandon(self) -> None:
        """Close it without taking the keys: another workspace has them."""
        if self._panel is not None:
            self._drop()
            self.hide()

    def _drop(self) -> None:
        if self._panel is not None:
            self._column.removeWidget(self._panel)
            self._panel.hide()
            self._panel.deleteLater()
            self._panel = None
