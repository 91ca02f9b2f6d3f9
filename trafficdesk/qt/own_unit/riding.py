"""One sitting of a desk in a car: its unit in the top bar, its commands, its place, its crew."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication

from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import Position
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.position.status import State
from trafficdesk.qt.commands import ALWAYS, Command
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.later import Soon
from trafficdesk.qt.own_unit.calling import called_words, help_command
from trafficdesk.qt.own_unit.own_position import OwnPosition
from trafficdesk.qt.own_unit.welfare import Welfare
from trafficdesk.qt.own_unit.welfare_strip import WelfareStrip
from trafficdesk.qt.own_unit.words import say
from trafficdesk.qt.position_words import position_words
from trafficdesk.qt.refusal_words import refusal_sentence
from trafficdesk.qt.sitting import Sitting
from trafficdesk.qt.tasks import Lane
from trafficdesk.services import incidents, own_unit, units
from trafficdesk.services.changes import Changed
from trafficdesk.services.incidents import FiledIncident
from trafficdesk.services.outcomes import Outcome, Refusal
from trafficdesk.services.own_unit import OwnUnit

if TYPE_CHECKING:
    from trafficdesk.qt.own_unit.unit_sheet import UnitSheet

CHECK_IN: Final = "own_unit.check_in"
_SOON_MS: Final = 60
_KINDS: Final = frozenset({Entity.UNIT, Entity.ASSIGNMENT, Entity.DESK})


class Riding(QObject):
    """``ask_which`` asks which unit needs help, at a desk that is none. ``told``: it is known."""

    told = Signal()

    def __init__(
        self, equipment: Equipment, sitting: Sitting, ask_which: Callable[[], object]
    ) -> None:
        super().__init__(sitting)
        self._equipment = equipment
        self._sitting = sitting
        self._session = sitting.session
        self._ask_which = ask_which
        self._lanes = equipment.lanes.owned_by(self)
        self.found: OwnUnit | None = None
        self._is_known = self._is_help_wanted = False
        self.sheet: UnitSheet | None = None
        self.position = OwnPosition(equipment, sitting.session, self)
        strip = WelfareStrip()
        sitting.view.add_alert(strip)
        self.welfare = Welfare(sitting.session, strip, sitting.zone, self)
        self._soon = Soon(self, _SOON_MS, self.load)
        self._connect(strip)
        equipment.commands.add(self._commands(), owner=self)
        self._show_keys()
        self.load()
        self.position.start()

    def _connect(self, strip: WelfareStrip) -> None:
        strip.answered.connect(self.check_in)
        self.welfare.due.connect(self._sound)
        self.position.told.connect(self._show_unit)
        self.position.moved.connect(self._send_place)
        self._equipment.changes.changed.connect(self._follow)
        self._equipment.commands.changed.connect(self._show_keys)
        self._sitting.ending.connect(self._end)

    @Slot()
    def _end(self) -> None:
        self.position.end()
        self.welfare.end()
        self._equipment.changes.changed.disconnect(self._follow)
        self._equipment.commands.changed.disconnect(self._show_keys)

    def _commands(self) -> list[Command]:
        well = say("Our crew is well")
        return [
            help_command(self.call_for_help, self._may),
            Command(
                CHECK_IN,
                well,
                say("Safety"),
                self.check_in,
                ("Ctrl+Shift+W",),
                ALWAYS,
                refusal=self._why_no_check_in,
                icon="heart-pulse",
            ),
            Command(
                "own_unit.choose",
                say("This desk's unit and position"),
                say("Desk"),
                self.open_sheet,
                refusal=self._may,
                icon="locate-fixed",
            ),
        ]

    def _may(self) -> str:
        may = self._session.may(Permission.INCIDENT_RESPOND)
        return "" if may else refusal_sentence(Refusal.NOT_PERMITTED)

    def _why_no_check_in(self) -> str:
        return say("This desk is no unit") if self.found is None else self._may()

    @Slot()
    def _show_keys(self) -> None:
        self.welfare.strip.button.set_key(self._equipment.commands.first_key(CHECK_IN))

    # which unit

    @Slot(object)
    def _follow(self, changed: Changed) -> None:
        if changed.kinds & _KINDS:
            self._soon.start()

    def load(self) -> None:
        """Read which unit this desk is."""
        read = partial(own_unit.find, self._session)
        self._lanes.run(Lane.READER, read, self._take, key="own_unit")

    def _take(self, found: OwnUnit | None) -> None:
        self.found = found
        self.position.set_unit(None if found is None else found.unit.id)
        self.welfare.tell(found)
        self._show_unit()
        self._equipment.commands.state_changed.emit()
        self._is_known = True
        self.told.emit()
        if self._is_help_wanted:
            self._is_help_wanted = False
            self.call_for_help()

    @Slot()
    def _show_unit(self) -> None:
        """Show the unit beside the officer, and what is wrong with its position, if anything is."""
        parts = [] if self.found is None else [self.found.unit.call_sign]
        if parts and self.position.status.state in {State.LOST, State.FAULT}:
            parts.append(position_words(self.position.status)[0])
        self._sitting.view.set_unit(" · ".join(parts))

    def open_sheet(self) -> None:
        """Open the sheet where the unit is chosen."""
        from trafficdesk.qt.own_unit.unit_sheet import UnitSheet

        self.sheet = UnitSheet(self._session, self._equipment.lanes, self.position, self.found)
        self.sheet.chosen.connect(self.choose)
        self._sitting.view.open_overlay(self.sheet, "own_unit")

    @Slot(object)
    def choose(self, unit_id: UUID | None) -> None:
        """Say which unit this desk is; None for none."""
        self._sitting.view.overlays.close()
        work = partial(own_unit.choose, self._session, unit_id)
        self._lanes.run(Lane.WRITER, work, self._chosen)

    def _chosen(self, refused: Refusal | None) -> None:
        if refused is not None:
            self._sitting.view.banner.tell(refusal_sentence(refused))
        self._equipment.changes.tell(Changed(kinds=frozenset({Entity.DESK})))

    # where it is

    @Slot(object)
    def _send_place(self, here: Position) -> None:
        self._sitting.moved.emit([here])
        if self._sitting.sync is not None:
            self._sitting.sync.tell_position(here)

    @property
    def _has_line(self) -> bool:
        sync = self._sitting.sync
        return sync is not None and not sync.status.fault

    # the crew

    @Slot()
    def check_in(self) -> None:
        """Note that the own crew is well."""
        if self.found is not None:
            work = partial(units.check_in, self._session, self.found.unit.id)
            self._lanes.run(Lane.WRITER, work, self._checked_in)

    def _checked_in(self, outcome: Outcome) -> None:
        for refused in outcome.refused:
            self._sitting.view.banner.tell(refusal_sentence(refused.code))
        self._equipment.changes.tell(outcome.changed)

    @Slot()
    def _sound(self) -> None:
        if self._equipment.settings.values.alert_sound:
            QApplication.beep()

    def call_for_help(self) -> None:
        """Call for help for the own unit at once; at a desk that is none ask for which."""
        if not self._is_known:  # the desk was unlocked this instant
            self._is_help_wanted = True
            return
        if self.found is None:
            self._ask_which()
            return
        unit, place = self.found.unit, self.position.place_at(self._session.clock())
        self._lanes.run(
            Lane.WRITER,
            partial(incidents.call_for_help, self._session, unit.id, place),
            partial(self._called, unit.call_sign),
            self._tell_not_called,
        )

    def _called(self, call_sign: str, filed: FiledIncident) -> None:
        self._equipment.changes.tell(filed.outcome.changed)
        if self._sitting.sync is not None:
            self._sitting.sync.try_now()  # also where the line's pause has not ended
        words = called_words(filed, call_sign, has_line=self._has_line)
        self._sitting.view.banner.tell(*words)

    def _tell_not_called(self, error: Exception) -> None:
        self._equipment.lanes.failed.emit(error)
        self._sitting.view.banner.tell(say("Help was not called."), say("Call by radio."))
