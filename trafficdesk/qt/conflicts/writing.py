"""Writing what was chosen, and taking it back, on the writer's lane."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from trafficdesk.domain.conflicts import Choice, Conflict
from trafficdesk.qt.conflicts import words
from trafficdesk.qt.conflicts.words import say
from trafficdesk.qt.refusal_words import refusal_sentence
from trafficdesk.qt.review.gear import ReviewGear
from trafficdesk.qt.tasks import Lane
from trafficdesk.services import conflicts, parked, undo
from trafficdesk.services.changes import Changed
from trafficdesk.services.conflicts import ConflictDetail, Settling
from trafficdesk.services.outcomes import Outcome, Refusal


@dataclass(frozen=True, slots=True)
class Answer:
    """What is to be settled and how; ``told`` and ``reference`` say it when it is done."""

    details: list[ConflictDetail]
    choose: Callable[[ConflictDetail], Mapping[str, Choice]]
    note: str
    told: str
    reference: str = ""


class Writing(QObject):
    """``told`` carries what was done, a detail and whether it can be undone.

    ``refused`` carries the sentences of what was not settled. ``finished`` carries the id of the
    conflict to be shown, or None.
    """

    told = Signal(str, str, bool)
    refused = Signal(str)
    finished = Signal(object)

    def __init__(self, gear: ReviewGear, parent: QObject) -> None:
        super().__init__(parent)
        self._gear = gear
        self._lanes = gear.lanes.owned_by(self)
        self._undoable: list[tuple[UUID, UUID | None]] = []
        self.own: set[UUID] = set()
        self.is_busy = False

    def settle(self, answer: Answer) -> None:
        """Settle one or many as one action."""
        session = self._gear.session
        settlings = [
            Settling(
                each.conflict.id, each.conflict.revision, dict(answer.choose(each)), answer.note
            )
            for each in answer.details
        ]
        self.is_busy = True
        self._lanes.run(
            Lane.WRITER,
            lambda: conflicts.settle(session, settlings),
            lambda outcome: self._settled(answer, outcome),
            self._failed,
        )

    def _failed(self, error: Exception) -> None:
        self.is_busy = False
        self.finished.emit(None)
        self._gear.lanes.failed.emit(error)

    def _settled(self, answer: Answer, outcome: Outcome) -> None:
        self.is_busy = False
        ids = [each.conflict.id for each in answer.details]
        if outcome.action_id is not None:
            self._undoable.append((outcome.action_id, ids[0] if len(ids) == 1 else None))
        if outcome.refused:
            self._tell_refused(outcome)
        else:
            self.own |= set(ids)
            self.told.emit(answer.told, answer.reference, True)
        self._gear.changes.tell(outcome.changed)
        self.finished.emit(None)

    def _tell_refused(self, outcome: Outcome) -> None:
        codes = {each.code for each in outcome.refused}
        if codes == {Refusal.MOVED_ON} and outcome.action_id is None:
            return  # what became of it is shown in its place
        sentences = ". ".join(refusal_sentence(code) for code in sorted(codes))
        self.refused.emit(sentences)
        can_undo = outcome.action_id is not None
        self.told.emit(say("Not all was settled"), sentences, can_undo)

    # taking back

    @property
    def can_undo(self) -> bool:
        """Tell whether something was settled here that can be taken back."""
        return bool(self._undoable)

    def undo(self) -> None:
        """Take back what was settled last, one or many, as one."""
        if not self._undoable:
            return
        action_id, conflict_id = self._undoable.pop()
        session = self._gear.session
        self._lanes.run(
            Lane.WRITER,
            lambda: undo.undo(session, action_id),
            lambda outcome: self._taken_back(outcome, conflict_id),
        )

    def reopen(self, conflict: Conflict) -> None:
        """Open a settled conflict again."""
        session = self._gear.session
        self._lanes.run(
            Lane.WRITER,
            lambda: undo.reopen_conflict(session, conflict.id, conflict.revision),
            lambda outcome: self._taken_back(outcome, conflict.id),
        )

    def _taken_back(self, outcome: Outcome, conflict_id: UUID | None) -> None:
        self.own.clear()
        if outcome.lost:
            told = say("Open again; the report had changed since and stays as it is")
        elif outcome.is_done:
            told = say("Taken back: open again")
        else:
            told = refusal_sentence(outcome.refused[0].code)
        self.told.emit(told, "", False)
        self._gear.changes.tell(outcome.changed)
        self.finished.emit(conflict_id)

    # what was set aside

    def retry(self, *op_ids: UUID) -> None:
        """Send operations once more."""
        session = self._gear.session
        self._move_on(lambda: parked.retry(session, *op_ids), words.retried(len(op_ids)))

    def withdraw(self, *op_ids: UUID) -> None:
        """Give operations up."""
        session = self._gear.session
        self._move_on(lambda: parked.withdraw(session, *op_ids), words.withdrawn(len(op_ids)))

    def do_anew(self, op_id: UUID, values: Mapping[str, object]) -> None:
        """Do an operation anew with other words."""
        session = self._gear.session
        self._lanes.run(
            Lane.WRITER, lambda: parked.edit(session, op_id, values), self._done_anew, self._failed
        )

    def _done_anew(self, outcome: Outcome) -> None:
        if outcome.refused:
            why = ". ".join(sorted({refusal_sentence(each.code) for each in outcome.refused}))
            self.told.emit(say("It could not be done anew"), why, False)
        else:
            self.told.emit(say("Done anew; it is sent"), "", False)
        self._gear.changes.tell(outcome.changed)
        self.finished.emit(None)

    def _move_on(self, work: Callable[[], Changed], told: str) -> None:
        def done(changed: Changed) -> None:
            self.told.emit(told, "", False)
            self._gear.changes.tell(changed)
            self.finished.emit(None)

        self._lanes.run(Lane.WRITER, work, done)
