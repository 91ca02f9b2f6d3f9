"""The card of anything but a report: a point of the ground, a drawn area, an incident, a unit."""

from dataclasses import dataclass, field

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.qt.map.facts_list import FactsList
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import Hairline, Label
from trafficdesk.qt.widgets.messages import InlineMessage


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be done here; ``refusal`` says why not, "" if it can."""

    id: str
    words: str
    kind: Kind = Kind.PLAIN
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Thing:
    """What a card shows."""

    title: str
    subtitle: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    note: str = ""
    offers: tuple[Offer, ...] = field(default=())


class ThingCard(QWidget):
    """``offered`` carries the id of the offer that was taken."""

    offered = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.title = Label("", 15, 600).set_wrapped()
        self.subtitle = Label("", 12, 400, "text2").set_wrapped()
        self.facts = FactsList()
        self.note = InlineMessage()
        self.offers: dict[str, ActionButton] = {}
        self._buttons = QVBoxLayout()
        self._buttons.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        for widget in (self.title, self.subtitle, self.note, Hairline(), self.facts):
            column.addWidget(widget)
        column.addSpacing(4)
        column.addLayout(self._buttons)
        column.addStretch(1)

    def show_thing(self, thing: Thing) -> None:
        """Show it."""
        self.title.setText(thing.title)
        self.subtitle.setText(thing.subtitle)
        self.subtitle.setVisible(bool(thing.subtitle))
        self.facts.set_facts(list(thing.facts))
        if thing.note:
            self.note.note(thing.note)
        else:
            self.note.clear()
        self._set_offers(thing.offers)

    def _set_offers(self, offers: tuple[Offer, ...]) -> None:
        while (item := self._buttons.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.offers = {}
        for offer in offers:
            button = ActionButton(offer.words, kind=offer.kind)
            button.set_refusal(offer.refusal)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _on=False, each=offer.id: self.offered.emit(each))
            self._buttons.addWidget(button)
            self.offers[offer.id] = button
