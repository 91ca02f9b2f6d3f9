"""The sheet where a desk is told which unit it rides with, and says what it knows of its place."""

from functools import partial
from typing import Final
from uuid import UUID

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trafficdesk.domain.records import Unit
from trafficdesk.qt.ages import number
from trafficdesk.qt.own_unit.own_position import OwnPosition
from trafficdesk.qt.own_unit.words import say
from trafficdesk.qt.position_words import position_words
from trafficdesk.qt.shell.sheet import Sheet
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.unit_words import unit_kind_word
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.labels import Hairline, Label
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.services import own_unit, units
from trafficdesk.services.own_unit import OwnUnit
from trafficdesk.services.session import Session
from trafficdesk.store.own_track import Kept
from trafficdesk.store.units import UnitNow

_MOST_SHOWN: Final = 6


class UnitSheet(Sheet):
    """``chosen`` carries the unit's id, None for none."""

    chosen = Signal(object)

    def __init__(
        self, session: Session, lanes: Lanes, position: OwnPosition, found: OwnUnit | None
    ) -> None:
        super().__init__(say("This desk's unit"))
        self._position = position
        self._found = found
        self._units: list[Unit] = []
        self.now = Label(self._now(), 13, 600).set_wrapped()
        self.field = InputField(say("Call sign"))
        self.field.edited.connect(self._show_units)
        self.field.submitted.connect(self._choose_first)
        self.message = InlineMessage()
        self.rows = QVBoxLayout()
        self.rows.setSpacing(px(4))
        self.none = ActionButton(say("No unit: this desk stands in a station"), "", Kind.GHOST)
        self.none.clicked.connect(partial(self.chosen.emit, None))
        self.none.setVisible(found is not None)
        self.source = Label("", 13, 600).set_wrapped()
        self.advice = Label("", 12, 400, "text2").set_wrapped()
        self.track = Label("", 12, 400, "text2").set_wrapped()
        self._build()
        position.told.connect(self._show_status)
        self._show_status()
        read = lanes.owned_by(self)
        read.run(Lane.READER, partial(units.find_units, session), self._take_units)
        read.run(Lane.READER, partial(own_unit.count_track, session), self._take_track)

    def _now(self) -> str:
        if self._found is None:
            return say("This desk is no unit.")
        return say("This desk is {unit}.").format(unit=self._found.unit.call_sign)

    def _build(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(px(20), px(12), px(20), px(12))
        column.setSpacing(px(8))
        column.addWidget(self.now)
        column.addWidget(self.field)
        column.addLayout(self.rows)
        column.addWidget(self.message)
        column.addWidget(self.none)
        column.addSpacing(px(12))
        column.addWidget(Hairline())
        column.addWidget(self.source)
        column.addWidget(self.advice)
        column.addWidget(self.track)
        column.addStretch(1)
        self.column.addWidget(Hairline())
        self.column.addWidget(body, 1)
        self.setFocusProxy(self.field)

    @property
    def shown(self) -> list[Unit]:
        """The units whose call sign holds what is typed, the first few."""
        typed = self.field.text().strip().casefold()
        return [each for each in self._units if typed in each.call_sign.casefold()][:_MOST_SHOWN]

    def _take_units(self, found: list[UnitNow]) -> None:
        self._units = [each.unit for each in found]
        if not self._units:
            self.message.note(say("No unit is known here."), say("A dispatcher enlists them."))
        self._show_units()

    def _show_units(self, _typed: str = "") -> None:
        while (item := self.rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for unit in self.shown:
            words = f"{unit.call_sign} · {unit_kind_word(unit.kind)}"
            button = ActionButton(words)
            button.clicked.connect(partial(self._choose, unit.id))
            self.rows.addWidget(button)

    def _choose_first(self) -> None:
        shown = self.shown
        if shown:
            self._choose(shown[0].id)
        else:
            self.field.set_error(say("No unit has this call sign."))

    def _choose(self, unit_id: UUID) -> None:
        self.chosen.emit(unit_id)

    @Slot()
    def _show_status(self) -> None:
        source, advice = position_words(self._position.status)
        self.source.setText(source)
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))

    def _take_track(self, kept: Kept) -> None:
        words = say("Days for which this desk's own way is kept: {days}. Places kept now: {count}.")
        days, count = number(self._position.keep_days), number(kept.count)
        self.track.setText(words.format(days=days, count=count))
