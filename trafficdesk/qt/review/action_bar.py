"""Below the report: the decisions that are open now, each with its key; the rest in a menu."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout

from trafficdesk.qt.commands import Commands
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton, IconButton, Kind
from trafficdesk.qt.widgets.labels import KeycapLabel, Label
from trafficdesk.qt.widgets.menus import Menu, MenuItem
from trafficdesk.qt.widgets.panels import Panel

BAR_PX = 52
_HEIGHT_PX = 36


class ActionBar(Panel):
    """Buttons for command ids; those that can't be done now are not offered."""

    panel_left = Signal()

    def __init__(self, commands: Commands, shown: tuple[str, ...], more: tuple[str, ...]) -> None:
        super().__init__()
        self._commands = commands
        self._more_ids = more
        self._buttons: dict[str, ActionButton] = {}
        self._open_panel = ""
        self._overflow: tuple[str, ...] = ()
        self._state: tuple[object, ...] = ()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 0, 12, 0)
        self._row.setSpacing(4)
        # What shows follows from the width, so the width can't follow from what shows.
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        for each in shown:
            self._buttons[each] = self._button(each)
            self._row.addWidget(self._buttons[each])
        self.more = IconButton("ellipsis", self.tr("More to do"), size_px=32)
        self.more.clicked.connect(self._open_more)
        self._row.addWidget(self.more)
        self._row.addStretch(1)
        self.undo = self._button("review.undo", Kind.GHOST)
        self._row.addWidget(self.undo)
        self._keys = (KeycapLabel(), KeycapLabel())
        self.position = Label("", 13, 500, "text2").set_numeric()
        self._row.addSpacing(8)
        for widget in (*self._keys, self.position):
            self._row.addWidget(widget)
        commands.changed.connect(self._show_keys)
        self.restyle()
        self._show_keys()

    def _button(self, command_id: str, kind: Kind = Kind.GHOST) -> ActionButton:
        button = ActionButton("", kind=kind, height_px=_HEIGHT_PX)
        button.clicked.connect(lambda: self._commands.run(command_id))
        return button

    def restyle(self) -> None:
        """Take the height from the look that holds now."""
        self.setFixedHeight(px(BAR_PX))
        super().restyle()

    def _show_keys(self) -> None:
        for command_id, button in (*self._buttons.items(), ("review.undo", self.undo)):
            command = self._commands.find(command_id)
            if command is not None:
                button.setText(command.title)
                button.set_key(self._commands.first_key(command_id))
        for cap, command_id in zip(self._keys, ("review.previous", "review.next"), strict=True):
            cap.set_key(self._commands.first_key(command_id))

    def show_open(self, primary: str) -> None:
        """Offer what can be done now; ``primary`` is filled unless a panel is open."""
        commands = [self._commands.find(each) for each in self._buttons]
        state = (primary, self._open_panel, *(c is not None and c.is_enabled for c in commands))
        if state != self._state:
            self._state = state
            self._show_state(primary)

    def _show_state(self, primary: str) -> None:
        for command_id, button in self._buttons.items():
            command = self._commands.find(command_id)
            is_open = command is not None and command.is_enabled
            button.setProperty("is_open", is_open)
            is_filled = command_id == primary and not self._open_panel
            is_second = command_id == "review.reject" and not self._open_panel
            kind = Kind.PRIMARY if is_filled else Kind.PLAIN if is_second else Kind.GHOST
            button.set_kind(kind)
            button.setCheckable(command_id == self._open_panel)
            button.setChecked(command_id == self._open_panel)
        undo = self._commands.find("review.undo")
        self.undo.set_refusal("" if undo is None else undo.disabled_reason)
        self._fit()

    def show_panel(self, command_id: str) -> None:
        """Mark the button whose panel is open; "" for none."""
        self._open_panel = command_id

    def show_position(self, words: str) -> None:
        """Say where in the list we are."""
        if words != self.position.text():
            self.position.setText(words)
            self._fit()

    def button(self, command_id: str) -> ActionButton:
        """Return a command's button."""
        return self._buttons[command_id]

    def offered(self) -> list[str]:
        """Return the commands whose buttons show."""
        return [each for each, button in self._buttons.items() if button.isVisibleTo(self)]

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(px(320), px(BAR_PX))

    def _fit(self) -> None:
        """Show the open buttons as far as there is room; the others wait in the menu."""
        room = self.width() - px(60)
        room -= self.undo.sizeHint().width() + self.position.sizeHint().width() + px(64)
        overflow = []
        for command_id, button in self._buttons.items():
            needed = button.sizeHint().width() + 4
            is_open = bool(button.property("is_open"))
            fits = is_open and needed <= room
            button.setVisible(fits)
            if fits:
                room -= needed
            elif is_open:
                overflow.append(command_id)
        self._overflow = tuple(overflow)

    def _open_more(self) -> None:
        items: list[MenuItem | None] = []
        for command_id in (*self._overflow, None, *self._more_ids):
            command = None if command_id is None else self._commands.find(command_id)
            if command_id is None and items:
                items.append(None)
            if command is None:
                continue
            items.append(
                MenuItem(
                    command.title,
                    self._runner(command.id),
                    self._commands.first_key(command.id),
                    command.icon,
                    refusal=command.disabled_reason,
                )
            )
        Menu(tuple(items), self).open_below(self.more)

    def _runner(self, command_id: str) -> Callable[[], object]:
        return lambda: self._commands.run(command_id)
