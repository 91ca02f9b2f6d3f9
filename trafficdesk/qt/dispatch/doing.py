"""What each command of dispatch does to the chosen incident and the chosen unit."""

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject

from trafficdesk.domain.records import Assignment, NewIncident, Place
from trafficdesk.domain.vocabulary import Duty, Step
from trafficdesk.qt.dispatch.chosen import chosen_assignment, chosen_past, reference_of, sign_of
from trafficdesk.qt.dispatch.incident_form import Correction
from trafficdesk.qt.dispatch.line_words import help_rows
from trafficdesk.qt.dispatch.lines import IncidentLine, UnitLine
from trafficdesk.qt.dispatch.planning import Planning
from trafficdesk.qt.dispatch.reaching import Reaching
from trafficdesk.qt.dispatch.rostering import Rostering
from trafficdesk.qt.dispatch.times_form import TimesCorrection
from trafficdesk.qt.dispatch.typed import Understood, Verb
from trafficdesk.qt.dispatch.words import say
from trafficdesk.qt.dispatch.writing import Told
from trafficdesk.qt.incident_words import duty_word, step_word

if TYPE_CHECKING:
    from trafficdesk.qt.dispatch.workspace import DispatchWorkspace


class Doing(QObject):
    """The acts of one workspace; why one can not be done now, ``Reasons`` says."""

    def __init__(self, desk: "DispatchWorkspace") -> None:
        super().__init__(desk)
        self._desk = desk
        self.planning = Planning(desk)
        self.reaching = Reaching(desk)
        self.roster = Rostering(desk)

    # sending

    def send_option(self, number: int) -> None:
        """Send a suggested unit."""
        found = self._desk.strip.suggestion
        line = self._desk.lines.by_incident.get(found.incident_id) if found else None
        if found is not None and line is not None and number < len(found.options):
            option = found.options[number]
            unit = self._desk.lines.by_unit.get(option.unit_id)
            if unit is not None:
                self.send(unit, line)

    def send(self, unit: UnitLine, line: IncidentLine) -> None:
        """Send a unit to an incident."""
        told = say("{unit} to {incident}").format(unit=sign_of(unit), incident=reference_of(line))
        self._desk.writing.assign(line.id, [unit.id], told)

    def send_chosen(self) -> None:
        """Send the chosen unit to the chosen incident."""
        unit, line = self._desk.unit, self._desk.incident
        if unit is not None and line is not None:
            self.send(unit, line)

    # steps

    def step(self, step: Step) -> None:
        """Let the chosen unit, or the chosen incident's only unit, take a step."""
        found = chosen_assignment(self._desk)
        if not isinstance(found, str):
            self.take(found, step)

    def take(self, assignment: Assignment, step: Step) -> None:
        unit = self._desk.lines.by_unit.get(assignment.unit_id)
        sign = say("The unit") if unit is None else sign_of(unit)
        told = f"{sign}: {step_word(step)}"
        if step is Step.WITHDRAWN:
            self._desk.writing.withdraw(assignment.id, told)
        else:
            self._desk.writing.step(assignment.id, step, told)

    def withdraw(self, unit: UnitLine) -> None:
        """Call a unit back from where it was sent."""
        if unit.row.assignment is not None:
            self.take(unit.row.assignment.assignment, Step.WITHDRAWN)

    def check_in(self) -> None:
        """Note that the chosen unit's crew is well."""
        unit = self._desk.unit
        if unit is not None:
            told = say("{unit} checked in").format(unit=sign_of(unit))
            self._desk.writing.check_in(unit.id, told)

    # incidents

    def reopen(self) -> None:
        """Bring the chosen incident back."""
        if self._desk.incident is not None:
            self._desk.writing.reopen(self._desk.incident.id)

    def verify(self) -> None:
        """Note that somebody else has seen the chosen incident, too."""
        if self._desk.incident is not None:
            self._desk.writing.verify(self._desk.incident.id)

    def show_on_map(self) -> None:
        """Bring the chosen incident, or in the unit board the unit, into the map's middle."""
        unit, line = self._desk.unit, self._desk.incident
        if self._desk.is_in_units and unit is not None and unit.place is not None:
            self._desk.map.show_place(unit.place)
        elif line is not None:
            self._desk.map.show_place(line.incident.place)

    # filing and correcting

    def file_at(self, place: Place) -> None:
        """Begin an incident at a place of the map, or put the open form there."""
        if self._desk.reasons.file():
            self._desk.writing.refused.emit(self._desk.reasons.file())
        elif self._desk.middle.side is self._desk.form:
            self._desk.form.place.choose(place)
        else:
            self._desk.open_form(place)

    def file(self, incident: NewIncident) -> None:
        """File what the form holds."""
        form = self._desk.form

        def done() -> None:
            form.done()
            self._desk.close_side()

        told = Told(say("Incident filed"), done, form.refuse)
        photos = form.photos.photos()
        self._desk.writing.file(incident, photos, told, self._desk.show_incident)

    def begin_correction(self) -> None:
        """Open the form with what is known of the chosen incident."""
        line = self._desk.incident
        if line is not None:
            self._desk.show_form(self._desk.form)
            self._desk.form.begin_correction(line.incident)

    def correct(self, wanted: Correction) -> None:
        """Write what was corrected."""
        form = self._desk.form

        def done() -> None:
            form.done()
            self._back_to_detail()

        told = Told(say("Corrected"), done, form.refuse)
        self._desk.writing.correct(wanted, told)

    def begin_times(self, assignment_id: UUID | None = None) -> None:
        """Open the form with the times of an assignment: the one asked for, or the chosen one."""
        line = self._desk.incident
        sent = () if line is None else line.row.assignments
        named = [row.assignment for row in sent if row.assignment.id == assignment_id]
        found = named[0] if named else chosen_past(self._desk)
        if isinstance(found, str):
            return
        unit = self._desk.lines.by_unit.get(found.unit_id)
        self._desk.show_form(self._desk.times)
        self._desk.times.begin(found, say("the unit") if unit is None else sign_of(unit))

    def correct_times(self, wanted: TimesCorrection) -> None:
        """Write times that were corrected."""
        form = self._desk.times
        told = Told(say("Times corrected"), self._back_to_detail, form.refuse)
        self._desk.writing.correct_times(wanted.assignment_id, wanted.times, wanted.note, told)

    def _back_to_detail(self) -> None:
        self._desk.close_side()
        self._desk.open_detail()

    # typed

    def enter(self, typed: Understood) -> None:
        """Do what was typed."""
        acts = {
            Verb.ASSIGN: self._enter_assign,
            Verb.STATUS: self._enter_status,
            Verb.CLEAR: self._enter_clear,
            Verb.WITHDRAW: self._enter_withdraw,
            Verb.CHECK_IN: self._enter_check_in,
            Verb.HELP: self._enter_help,
            Verb.PLAN: self._enter_plan,
        }
        acts[typed.verb](typed)
        if typed.verb not in {Verb.HELP, Verb.PLAN}:
            self._desk.focus_incidents()

    def _enter_assign(self, typed: Understood) -> None:
        if typed.unit is not None and typed.incident is not None:
            self.send(typed.unit, typed.incident)

    def _enter_status(self, typed: Understood) -> None:
        unit, standing = typed.unit, typed.standing
        if unit is None or standing is None:
            return
        if isinstance(standing, Duty):
            told = f"{sign_of(unit)}: {duty_word(standing)}"
            self._desk.writing.set_duty(unit.id, standing, told)
        elif unit.row.assignment is not None:
            self.take(unit.row.assignment.assignment, standing)

    def _enter_clear(self, typed: Understood) -> None:
        if typed.incident is not None:
            told = say("{incident} cleared").format(incident=reference_of(typed.incident))
            self._desk.writing.clear(typed.incident.id, told)

    def _enter_withdraw(self, typed: Understood) -> None:
        if typed.unit is not None:
            self.withdraw(typed.unit)

    def _enter_check_in(self, typed: Understood) -> None:
        if typed.unit is not None:
            told = say("{unit} checked in").format(unit=sign_of(typed.unit))
            self._desk.writing.check_in(typed.unit.id, told)

    def _enter_plan(self, _typed: Understood) -> None:
        self._desk.gear.commands.run("dispatch.plan")

    def _enter_help(self, _typed: Understood) -> None:
        rows = "   ".join(f"{command}: {words}" for command, words in help_rows())
        self._desk.line.say(rows)
