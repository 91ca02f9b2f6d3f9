"""Which units there are: enlisting one, changing what it is, retiring it."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import Unit
from trafficdesk.qt.dispatch.unit_form import UnitChange, UnitForm
from trafficdesk.qt.dispatch.words import say
from trafficdesk.qt.dispatch.writing import Told
from trafficdesk.qt.key_hints import KeyHints
from trafficdesk.services import units
from trafficdesk.services.dispatching import Target
from trafficdesk.services.units import NewUnit

if TYPE_CHECKING:
    from trafficdesk.qt.dispatch.workspace import DispatchWorkspace


class Rostering(QObject):
    """The units of one workspace; the form is made when it is first wanted."""

    def __init__(self, desk: "DispatchWorkspace") -> None:
        super().__init__(desk)
        self._desk = desk
        self.form: UnitForm | None = None

    def refusal(self) -> str:
        """Return why no unit can be enlisted."""
        may = self._desk.gear.session.may(Permission.UNIT_MANAGE)
        return "" if may else say("Your role may not do this")

    def change_refusal(self) -> str:
        """Return why no unit can be changed."""
        return self.refusal() or ("" if self._desk.unit else say("Choose a unit first"))

    def _made_form(self) -> UnitForm:
        if self.form is None:
            form, desk = UnitForm(), self._desk
            self.form = form
            desk.middle.keep(form)
            form.closed.connect(desk.close_side)
            form.enlisted.connect(self._enlist)
            form.changed.connect(self._change)
            form.retired.connect(self._retire)
            hints = (
                ("dispatch.form.submit", form.submit_button.set_key),
                ("dispatch.form.close", form.cancel.set_key),
            )
            KeyHints(desk.gear.commands, hints, form)
        return self.form

    def begin(self) -> None:
        """Open the form for a new unit."""
        form = self._made_form()
        self._desk.show_form(form)
        form.begin()

    def begin_change(self) -> None:
        """Open the form with the chosen unit."""
        line = self._desk.unit
        if line is not None:
            form = self._made_form()
            self._desk.show_form(form)
            form.begin_change(line.unit)

    def _enlist(self, unit: NewUnit) -> None:
        session = self._desk.gear.session
        told = say("{unit} enlisted").format(unit=unit.call_sign)
        self._desk.writing.do(lambda: units.enlist(session, unit).outcome, self._told(told))

    def _change(self, wanted: UnitChange) -> None:
        session, values = self._desk.gear.session, wanted.values()
        if not values:
            self._done()
            return
        target = Target(wanted.unit.id, wanted.unit.revision)
        told = say("{unit} changed").format(unit=wanted.becomes.call_sign)
        self._desk.writing.do(lambda: units.edit(session, target, values), self._told(told))

    def _retire(self, unit: Unit) -> None:
        session = self._desk.gear.session
        told = say("{unit} retired").format(unit=unit.call_sign)
        self._desk.writing.do(partial(units.retire, session, unit.id), self._told(told))

    def _told(self, words: str) -> Told:
        form = self._made_form()
        return Told(words, self._done, form.refuse)

    def _done(self) -> None:
        self._made_form().done()
        self._desk.close_side()
        self._desk.focus_units()
