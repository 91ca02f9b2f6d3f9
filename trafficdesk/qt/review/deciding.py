"""Decisions on their way: shown at once, written on the writer's lane, put back when refused."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from trafficdesk.domain.lifecycle import RULES, Move
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.vocabulary import ReportStatus
from trafficdesk.qt.later import later
from trafficdesk.qt.review.gear import ReviewGear
from trafficdesk.qt.review.promises import Promise
from trafficdesk.qt.tasks import Lane
from trafficdesk.services import review, undo
from trafficdesk.services.outcomes import Outcome
from trafficdesk.services.review import Step, Target
from trafficdesk.services.session import Session

_AT_LATEST_MS: Final = 25
Act = Callable[[Session, list[Target]], Outcome]
_KEEPS_READER = frozenset({Move.CLAIM, Move.RELEASE})


@dataclass(frozen=True, slots=True)
class Becomes:
    """What a report will be when the decision is done; None: that stays as it is."""

    status: ReportStatus | None = None
    is_assigned: bool | None = None
    is_mine: bool | None = None
    is_escalated: bool | None = None
    wants_second_look: bool | None = None

    def leaves(self, listed: ReportFilter, me: UUID) -> bool:
        """Tell whether such a report no longer belongs to a list."""
        is_gone = self.status is not None and listed.statuses and self.status not in listed.statuses
        is_taken = listed.unassigned and self.is_assigned
        is_not_mine = listed.assignee_id == me and self.is_mine is False
        is_calm = listed.escalated and self.is_escalated is False
        is_seen = listed.second_look and self.wants_second_look is False
        return any((is_gone, is_taken, is_not_mine, is_calm, is_seen))


@dataclass(frozen=True, slots=True)
class Decision:
    """Something to do with reports: how, and what it makes of them; ``moves_on`` to the next."""

    kind: str
    act: Act
    becomes: Becomes = field(default_factory=Becomes)
    moves_on: bool = False
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """A decision that the store has answered."""

    decision: Decision
    targets: tuple[Target, ...]
    outcome: Outcome


def move_decision(step: Step) -> Decision:
    """Return the decision of a move of the lifecycle."""
    is_held = step.move is Move.CLAIM
    is_kept = step.move in {Move.CLOSE, Move.RELEASE}  # given back to whom it was assigned
    becomes = Becomes(
        status=RULES[step.move].ends,
        is_assigned=is_held or None,
        is_mine=True if is_held else None if is_kept else False,
    )
    return Decision(
        step.move,
        lambda session, targets: review.take_step(session, targets, step),
        becomes,
        moves_on=step.move not in _KEEPS_READER,
        step=step,
    )


def escalate_decision(*, escalated: bool, note: str = "") -> Decision:
    """Return the decision to raise reports to a supervisor, or to take that back."""
    return Decision(
        "escalate" if escalated else "calm",
        lambda session, targets: review.set_escalated(
            session, targets, escalated=escalated, note=note
        ),
        Becomes(is_escalated=escalated),
    )


def second_look_decision(*, wanted: bool) -> Decision:
    """Return the decision to ask for a second look, or to say that it was had."""
    return Decision(
        "want_second_look" if wanted else "close_second_look",
        lambda session, targets: review.set_second_look(session, targets, wanted=wanted),
        Becomes(wants_second_look=wanted),
    )


def assign_decision(officer_id: UUID | None, me: UUID) -> Decision:
    """Return the decision to give reports to an officer, or to nobody."""
    return Decision(
        "assign",
        lambda session, targets: review.assign(session, targets, officer_id),
        Becomes(is_assigned=officer_id is not None, is_mine=officer_id == me),
    )


class Deciding(QObject):
    """Runs decisions one after the other.

    ``settled`` carries a ``Settled``, ``undone`` the ``Outcome`` of an undo; ``failed`` the
    targets and the exception of a decision that could not be written.
    """

    settled = Signal(object)
    undone = Signal(object)
    failed = Signal(object, object)

    def __init__(self, gear: ReviewGear, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = gear.session
        self._lanes = gear.lanes
        self._changes = gear.changes
        self._promises = gear.promises
        self._revisions: dict[int, int] = {}
        self.pending = 0
        self._waiting: list[Callable[[], object]] = []
        self._soon = later(self, _AT_LATEST_MS, self.flush)

    def flush(self) -> None:
        """Have everything written that was decided; called when the next report is painted."""
        self._soon.stop()
        waiting, self._waiting = self._waiting, []
        for start in waiting:
            start()

    def decide(self, decision: Decision, targets: list[Target]) -> None:
        """Write a decision; what was decided here a moment ago is no lost race.

        It is begun when the next report is painted, at the latest 25 ms from now: the writer and
        the screen share one interpreter, and together both would take several times as long.
        """
        known = tuple(self._as_known(target) for target in targets)
        for target in known:
            self._revisions[target.pk] = target.expected_revision + 1
        self.pending += 1
        promise = self._promises.make(target.pk for target in known)
        self._waiting.append(partial(self._write, decision, known, promise))
        self._soon.start()

    def _write(self, decision: Decision, targets: tuple[Target, ...], promise: Promise) -> None:
        self._lanes.owned_by(self).run(
            Lane.WRITER,
            partial(_carry_out, self._session, decision, targets, promise),
            partial(self._settle, promise),
            partial(self._fail, targets, promise),
        )

    def _as_known(self, target: Target) -> Target:
        revision = self._revisions.get(target.pk, 0)
        return Target(target.pk, max(revision, target.expected_revision))

    def _settle(self, promise: Promise, rounds: list[Settled]) -> None:
        self.pending -= 1
        self._promises.tell(promise)
        for again in rounds[1:]:
            for target in again.targets:
                known = self._revisions.get(target.pk, 0)
                self._revisions[target.pk] = max(target.expected_revision + 1, known)
        for settled in rounds:
            outcome = settled.outcome
            for pk in {each.pk for each in outcome.refused} | {e.report.pk for e in outcome.lost}:
                self._revisions.pop(pk, None)
            self._changes.tell(outcome.changed)
            self.settled.emit(settled)

    def _fail(self, targets: tuple[Target, ...], promise: Promise, error: Exception) -> None:
        self.pending -= 1
        self._promises.tell(promise)
        for target in targets:
            self._revisions.pop(target.pk, None)
        self.failed.emit(tuple(each for each in targets if each.pk in promise.left), error)

    def undo(self) -> None:
        """Take the officer's latest decision back; after all that is still on its way."""
        self.flush()
        self.pending += 1
        promise = self._promises.make((0,))
        self._lanes.owned_by(self).run(
            Lane.WRITER,
            partial(_take_back, self._session, promise),
            partial(self._undone, promise),
            partial(self._fail, (), promise),
        )

    def _undone(self, promise: Promise, outcome: Outcome) -> None:
        self.pending -= 1
        self._promises.tell(promise)
        for pk in outcome.changed.reports:
            self._revisions.pop(pk, None)
        self._changes.tell(outcome.changed)
        self.undone.emit(outcome)


def _carry_out(
    session: Session, decision: Decision, targets: tuple[Target, ...], promise: Promise
) -> list[Settled]:
    """Decide in the writer's thread; again where nobody else did anything.

    There only the officer's own count was ahead, after a decision before that was refused. Done
    here and not on the way over the screen, which may be gone by then.
    """
    rounds: list[Settled] = []
    while targets:
        outcome = decision.act(session, list(targets))
        promise.keep(targets, outcome)
        rounds.append(Settled(decision, targets, outcome))
        mistaken = [lost.report for lost in outcome.lost if not lost.since]
        targets = tuple(Target(report.pk, report.revision) for report in mistaken)
    return rounds


def _take_back(session: Session, promise: Promise) -> Outcome:
    outcome = undo.undo_last(session)
    promise.left = frozenset()
    return outcome
