"""A button that lets one of many be picked from a menu."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from trafficdesk.qt.widgets.buttons import ActionButton
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.qt.widgets.menus import Menu, MenuItem


class PickButton(QWidget):
    """A named choice; ``picked`` when the officer has picked another one ("" for none)."""

    picked = Signal(str)

    def __init__(self, name: str, nothing: str) -> None:
        super().__init__()
        self._name = name
        self._nothing = nothing
        self._options: list[tuple[str, str]] = []
        self._picked = ""
        self.label = Label(name, 12, 600, "text2")
        self.button = ActionButton(nothing, icon="chevron-down")
        self.button.clicked.connect(self._open)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.label)
        row.addStretch(1)
        row.addWidget(self.button)
        self.setFocusProxy(self.button)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.pick("")

    def set_options(self, options: list[tuple[str, str]]) -> None:
        """Offer these (id, words)."""
        self._options = options
        self.pick(self._picked)

    def pick(self, option: str) -> None:
        """Show one as picked without telling anybody."""
        self._picked = option
        words = dict(self._options).get(option, self._nothing)
        self.button.setText(words)
        self.button.setAccessibleName(f"{self._name}: {words}")
        self.button.restyle()

    def picked_id(self) -> str:
        """Return what is picked, "" for nothing."""
        return self._picked

    def _open(self) -> None:
        items = [MenuItem(self._nothing, lambda: self._choose(""), is_checked=not self._picked)]
        items += [
            MenuItem(words, partial(self._choose, option), is_checked=option == self._picked)
            for option, words in self._options
        ]
        Menu(tuple(items), self).open_below(self.button)

    def _choose(self, option: str) -> None:
        self.pick(option)
        self.picked.emit(option)
