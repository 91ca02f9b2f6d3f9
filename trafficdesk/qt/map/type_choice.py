"""Which violation types the map shows: a button with a menu, and a note on estimated counts."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.domain.vocabulary import Violation
from trafficdesk.qt.ages import number
from trafficdesk.qt.widgets.buttons import ActionButton
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.qt.widgets.menus import Menu, MenuItem
from trafficdesk.qt.words import violation_word


class TypeChoice(QWidget):
    """``changed`` tells that other types were chosen; none chosen means all."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.chosen: frozenset[str] = frozenset()
        self._named: Mapping[str, str] = {}
        self.button = ActionButton("", icon="funnel")
        self.button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.button.clicked.connect(self.open_menu)
        self.note = Label("", 12, 400, "text2").set_wrapped()
        self.note.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 0, 6, 0)
        column.setSpacing(4)
        column.addWidget(self.button)
        column.addWidget(self.note)
        self._show()

    def choose(self, codes: frozenset[str]) -> None:
        """Choose types without telling anybody; none are all."""
        self.chosen = codes
        self._show()

    def show_counts(self, named: Mapping[str, str], one_in: int) -> None:
        """Take the words an admin gave to types, and tell from how many reports counts are made."""
        self._named = named
        self.note.setText(
            self.tr("Many reports: numbers are estimated from one in {n}.").format(n=number(one_in))
        )
        self.note.setVisible(one_in > 1)
        self._show()

    def open_menu(self) -> None:
        """Offer all types and each of them; choosing a type again lets go of it."""
        items = [
            MenuItem(
                self.tr("All violations"),
                partial(self._choose, frozenset()),
                is_checked=not self.chosen,
            )
        ]
        items += [
            MenuItem(
                self._word(code),
                partial(self._choose, self.chosen ^ {code}),
                is_checked=code in self.chosen,
            )
            for code in self._codes()
        ]
        Menu(tuple(items), self).open_below(self.button)

    def _codes(self) -> list[str]:
        built_in = [str(each) for each in Violation]
        own = self._named.keys() | self.chosen
        return [*built_in, *sorted(code for code in own if code not in built_in)]

    def _word(self, code: str) -> str:
        return self._named.get(code) or violation_word(code)

    def _choose(self, codes: frozenset[str]) -> None:
        self.choose(codes)
        self.changed.emit()

    def _show(self) -> None:
        words = [self._word(code) for code in self._codes() if code in self.chosen]
        if not words:
            text = self.tr("All violations")
        elif len(words) == 1:
            text = words[0]
        else:
            text = self.tr("{first} and {n} more").format(first=words[0], n=len(words) - 1)
        self.button.setText(text)
        self.button.setAccessibleName(self.tr("Violations shown: {types}").format(types=text))
        self.button.set_hint(", ".join(words) if len(words) > 1 else "")
        self.button.restyle()
