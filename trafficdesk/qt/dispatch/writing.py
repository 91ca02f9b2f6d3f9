"""Writing what a dispatcher does, on the writer's lane, and taking back what is not confirmed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from trafficdesk.domain.records import NewIncident
from trafficdesk.domain.vocabulary import Duty, Step
from trafficdesk.qt.dispatch.gear import DispatchGear
from trafficdesk.qt.dispatch.incident_form import Correction
from trafficdesk.qt.dispatch.words import say
from trafficdesk.qt.refusal_words import refusal_sentence
from trafficdesk.qt.tasks import Lane
from trafficdesk.services import dispatch, incidents, merging, undo, units
from trafficdesk.services.incidents import FiledIncident
from trafficdesk.services.outcomes import Outcome
from trafficdesk.services.pictures import Examined

Work = Callable[[], Outcome]
Show = Callable[[UUID], object]


@dataclass(frozen=True, slots=True)
class Told:
    """What is told when something is done, and what follows from its being done or refused."""

    words: str
    on_done: Callable[[], object] | None = None
    on_refused: Callable[[str], object] | None = None


class Writing(QObject):
    """``told`` carries what was done, a detail and whether it can be undone.

    ``refused`` carries why something was not done. ``finished`` when anything was written.
    """

    told = Signal(str, str, bool)
    refused = Signal(str)
    finished = Signal()

    def __init__(self, gear: DispatchGear, parent: QObject) -> None:
        super().__init__(parent)
        self._gear = gear
        self._lanes = gear.lanes.owned_by(self)
        self.can_undo = False
        self._waiting = 0

    @property
    def is_busy(self) -> bool:
        """Tell whether something is being written."""
        return self._waiting > 0

    def do(self, work: Work, told: Told) -> None:
        """Do one thing."""
        self._waiting += 1
        self._lanes.run(
            Lane.WRITER,
            work,
            lambda outcome: self._done(told, outcome),
            lambda error: self._failed(error, told),
        )

    def _failed(self, error: Exception, told: Told | None = None) -> None:
        self._waiting -= 1
        if told is not None and told.on_refused is not None:
            told.on_refused(say("It was not written. Try again"))
        self._gear.lanes.failed.emit(error)

    def _done(self, told: Told, outcome: Outcome) -> None:
        self._waiting -= 1
        self._gear.changes.tell(outcome.changed)
        if outcome.refused:
            codes = sorted({each.code for each in outcome.refused})
            why = ". ".join(refusal_sentence(code) for code in codes)
            if told.on_refused is not None:
                told.on_refused(why)
            self.refused.emit(why)
        elif outcome.action_id is not None:
            self.can_undo = True
            self.told.emit(told.words, "", True)
            if told.on_done is not None:
                told.on_done()
        self.finished.emit()

    # units

    def assign(self, incident_id: UUID, unit_ids: Iterable[UUID], told: str) -> None:
        """Send units to an incident."""
        session, sent = self._gear.session, tuple(unit_ids)
        self.do(lambda: dispatch.assign(session, incident_id, sent), Told(told))

    def step(self, assignment_id: UUID, taken: Step, told: str) -> None:
        """Take a step of an assignment now."""
        session = self._gear.session
        self.do(lambda: dispatch.step(session, assignment_id, taken), Told(told))

    def withdraw(self, assignment_id: UUID, told: str) -> None:
        """Call a unit back."""
        session = self._gear.session
        self.do(lambda: dispatch.withdraw(session, assignment_id), Told(told))

    def set_duty(self, unit_id: UUID, duty: Duty, told: str) -> None:
        """Say whether a unit can be sent."""
        session = self._gear.session
        self.do(lambda: units.set_duty(session, unit_id, duty), Told(told))

    def check_in(self, unit_id: UUID, told: str) -> None:
        """Note that a crew is well."""
        session = self._gear.session
        self.do(lambda: units.check_in(session, unit_id), Told(told))

    # incidents

    def file(
        self, incident: NewIncident, photos: Sequence[Examined], told: Told, show: Show
    ) -> None:
        """File an incident with its photos, and show it when it is there."""
        session = self._gear.session
        self._create(lambda: incidents.file(session, incident, photos), told, show)

    def call_for_help(self, unit_id: UUID, told: str, show: Show) -> None:
        """Let a unit call for help; it goes out before anything else."""
        session = self._gear.session
        self._create(lambda: incidents.call_for_help(session, unit_id), Told(told), show)

    def _create(self, make: Callable[[], FiledIncident], told: Told, show: Show) -> None:
        def done(filed: FiledIncident) -> None:
            self._done(told, filed.outcome)
            if filed.incident_id is not None:
                show(filed.incident_id)

        self._waiting += 1
        self._lanes.run(Lane.WRITER, make, done, lambda error: self._failed(error, told))

    def correct(self, wanted: Correction, told: Told) -> None:
        """Correct the facts of an incident, with a note where others know of it; add photos."""
        session = self._gear.session
        what = (wanted.target, wanted.values(), wanted.note, wanted.photos)
        self.do(lambda: incidents.correct(session, *what), told)

    def correct_times(
        self, assignment_id: UUID, times: Mapping[Step, datetime], note: str, told: Told
    ) -> None:
        """Write when steps were really taken, with a note."""
        session = self._gear.session
        self.do(lambda: dispatch.correct_times(session, assignment_id, times, note), told)

    def verify(self, incident_id: UUID) -> None:
        """Note that somebody else has seen it, too."""
        session = self._gear.session
        self.do(lambda: incidents.verify(session, incident_id), Told(say("Noted: seen again")))

    def clear(self, incident_id: UUID, told: str) -> None:
        """Clear an incident; its units are free."""
        session = self._gear.session
        self.do(lambda: incidents.clear(session, incident_id), Told(told))

    def reopen(self, incident_id: UUID) -> None:
        """Bring a cleared incident back."""
        session = self._gear.session
        self.do(lambda: incidents.reopen(session, incident_id), Told(say("Open again")))

    def merge(self, stays: UUID, goes: UUID, told: str) -> None:
        """Make one incident of two."""
        session = self._gear.session
        self.do(lambda: merging.merge(session, stays, goes), Told(told))

    # taking back

    def undo(self) -> None:
        """Take back what was done last, while the server has not confirmed it."""
        session = self._gear.session
        self._waiting += 1
        self._lanes.run(
            Lane.WRITER,
            lambda: undo.undo_last(session, undo.Scope.DISPATCH),
            self._taken_back,
            self._failed,
        )

    def _taken_back(self, outcome: Outcome) -> None:
        self._waiting -= 1
        self._gear.changes.tell(outcome.changed)
        if outcome.refused:
            self.can_undo = False
            self.refused.emit(
                say("Nothing is left that only this desk knows. Correct it instead: O, then E")
            )
        else:
            self.told.emit(say("Taken back"), "", False)
        self.finished.emit()
