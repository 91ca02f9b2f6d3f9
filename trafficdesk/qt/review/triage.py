"""What the officer's keys do: decide, open a decision's panel, undo, and tell the result."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from trafficdesk.domain.lifecycle import (
    CALMING,
    ESCALATING,
    RULES,
    Barrier,
    ChangeRule,
    Move,
    takes_over,
)
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import CitizenIdentity, Report
from trafficdesk.domain.vocabulary import ReportStatus
from trafficdesk.qt.event_words import done_word
from trafficdesk.qt.fault_words import fault_words
from trafficdesk.qt.refusal_words import refusal_sentence
from trafficdesk.qt.review.assign_panel import AssignPanel
from trafficdesk.qt.review.deciding import (
    Decision,
    Settled,
    escalate_decision,
    move_decision,
    second_look_decision,
)
from trafficdesk.qt.review.duplicate_panel import DuplicatePanel
from trafficdesk.qt.review.lost_race_panel import LostRacePanel, Race
from trafficdesk.qt.review.note_panel import EscalatePanel, QuestionPanel, ReopenPanel
from trafficdesk.qt.review.offered import (
    change_refusal,
    command_of,
    likely_same,
    merge_refusal,
    move_refusal,
    nothing_open,
    right_refusal,
    row_change_refusal,
    row_refusal,
)
from trafficdesk.qt.review.queue_choice import QueueChoice
from trafficdesk.qt.review.reject_panel import RejectPanel
from trafficdesk.qt.review.take_over_panel import TakeOverPanel
from trafficdesk.qt.tasks import Lane
from trafficdesk.services import people
from trafficdesk.services.outcomes import LostRace, Outcome, Refusal
from trafficdesk.services.review import Step, Target

if TYPE_CHECKING:
    from trafficdesk.qt.review.workspace import ReviewWorkspace


class Triage(QObject):
    """Acts on the workspace's current or marked reports."""

    def __init__(self, desk: "ReviewWorkspace") -> None:
        super().__init__(desk)
        self._desk = desk
        self._me = desk.session.officer
        self._done: list[tuple[str, str]] = []
        desk.deciding.settled.connect(self._settled)
        desk.deciding.undone.connect(self._undone)
        desk.deciding.failed.connect(self._failed)

    # what may be done

    def refusal(self, move: Move) -> str:
        """Return why a move can't be made now, "" if it can."""
        report, now = self._shown(), self._desk.session.lease_clock()
        if report is not None:
            return move_refusal(report, move, self._me, now)
        return row_refusal(self._desk.column.list.marked_rows(), move, self._me)

    def change_refusal(self, rule: ChangeRule) -> str:
        """Return why a change beside the moves can't be made now, "" if it can."""
        report, now = self._shown(), self._desk.session.lease_clock()
        if report is not None:
            return change_refusal(report, rule, self._me, now)
        return row_change_refusal(self._desk.column.list.marked_rows(), rule, self._me)

    def escalate_refusal(self) -> str:
        """Return why the report can't be escalated, or that be taken back."""
        return self.change_refusal(CALMING if self.is_escalated() else ESCALATING)

    def escalate_note_refusal(self) -> str:
        """Return why the report can't be escalated with a note."""
        is_done = self.is_escalated() and not self._desk.column.list.marked_count()
        if is_done:
            return refusal_sentence(Refusal.NOTHING_TO_CHANGE)
        return self.change_refusal(ESCALATING)

    def _shown(self) -> Report | None:
        """Return the report that is acted on alone, if it has come in full."""
        listed, detail = self._desk.column.list, self._desk.shown_detail()
        row = listed.current_row()
        if listed.marked_count() or detail is None:
            return None
        return detail.report if row is None or detail.report.pk == row.pk else None

    def refusal_of(self, permission: Permission) -> str:
        """Return why something that needs a right and a report can't be done now."""
        if not self._targets():
            return nothing_open()
        return right_refusal(self._me, permission)

    def primary(self) -> str:
        """Return the command of the decision that most probably comes next."""
        detail = self._desk.shown_detail()
        status = None if detail is None else detail.report.status
        return {
            ReportStatus.APPROVED: "review.cite",
            ReportStatus.CITED: "review.close",
            ReportStatus.NEEDS_INFO: "review.answer",
        }.get(status or ReportStatus.PENDING, "review.approve")

    def is_escalated(self) -> bool:
        """Tell whether the current report is a supervisor's already."""
        row = self._desk.column.list.current_row()
        return row is not None and bool(row.escalated)

    # deciding

    def _targets(self) -> list[Target]:
        desk = self._desk
        targets = desk.column.list.marked()
        detail = desk.shown_detail()
        if not targets and detail is not None:
            # The report has left the list, but it is still on screen.
            return [Target(detail.report.pk, detail.report.revision)]
        return targets

    def move(self, move: Move) -> None:
        """Make a move that needs nothing more."""
        self.decide(move_decision(Step(move)))

    def escalate(self) -> None:
        """Raise to a supervisor, or take that back."""
        self.decide(escalate_decision(escalated=not self.is_escalated()))

    def second_look(self) -> None:
        """Ask for a second look, or say that it was had."""
        detail = self._desk.shown_detail()
        has_it = detail is not None and detail.report.second_look
        self.decide(second_look_decision(wanted=not has_it))

    def decide(self, decision: Decision) -> None:
        """Show the next report at once and have the decision written."""
        desk, targets, report = self._desk, self._targets(), self._shown()
        if not targets:
            return
        step = decision.step
        if step is not None and not step.takes_over and report is not None:
            is_due = report.status in RULES[step.move].starts and takes_over(report, self._me)
            if is_due:
                self._open_take_over(step, report)
                return
        desk.slot.close_panel()
        desk.close_message()
        listed = desk.column.list
        pks = frozenset(target.pk for target in targets)
        is_bulk = bool(listed.marked_count())
        if len(targets) == 1:
            place = desk.column.model.place_of(targets[0].pk)
            row = None if place is None else desk.column.model.row(place)
            self._reference = "" if row is None else row.reference
        desk.deciding.decide(decision, targets)
        if decision.becomes.leaves(desk.column.model.listing().filter, self._me.id):
            listed.let_go(pks)
        elif decision.moves_on and not is_bulk:
            listed.step(1)
        listed.clear_marks()

    _reference = ""

    def undo(self) -> None:
        """Take the latest decision back."""
        self._desk.slot.close_panel()
        self._desk.column.toast.dismiss()
        self._desk.deciding.undo()

    # panels

    def open_reject(self) -> None:
        """Ask for the reason."""
        panel = RejectPanel(max(1, self._desk.column.list.marked_count()))
        panel.decided.connect(self.decide)
        self._desk.slot.open_panel(panel, "review.reject")

    def open_question(self) -> None:
        """Ask what the citizen shall tell."""
        panel = QuestionPanel()
        panel.decided.connect(self.decide)
        self._desk.slot.open_panel(panel, "review.ask_info")

    def open_escalate(self) -> None:
        """Ask why a supervisor shall look."""
        panel = EscalatePanel()
        panel.decided.connect(self.decide)
        self._desk.slot.open_panel(panel, "review.escalate")

    def open_reopen(self) -> None:
        """Ask why the decision is taken up again."""
        panel = ReopenPanel()
        panel.decided.connect(self.decide)
        self._desk.slot.open_panel(panel, "review.reopen")

    def open_duplicate(self, pk: int = 0) -> None:
        """Ask which report this one repeats."""
        desk, detail = self._desk, self._desk.shown_detail()
        refusal = self.refusal(Move.MARK_DUPLICATE)
        if detail is None or refusal:
            if pk:
                desk.show_report(pk)
            return
        gear = desk.gear
        panel = DuplicatePanel(detail, gear.session, gear.lanes, desk.photos, gear.zone)
        panel.decided.connect(self.decide)
        desk.slot.open_panel(panel, "review.duplicate")
        if pk:
            panel.choose(pk)

    def merge_likely(self) -> None:
        """Mark the report as a duplicate of the one that is most likely the same event."""
        original = None if self._shown() is None else likely_same(self._desk.shown_detail())
        if original is not None:
            self.decide(move_decision(Step(Move.MARK_DUPLICATE, duplicate_of=original.id)))

    def merge_refusal(self) -> str:
        """Return why the report can't be merged with a likely one, "" if it can."""
        detail = None if self._shown() is None else self._desk.shown_detail()
        return self.refusal(Move.MARK_DUPLICATE) or merge_refusal(detail)

    def open_assign(self) -> None:
        """Ask who takes the report over."""
        officers = () if self._desk.choices is None else self._desk.choices.officers
        report = self._shown()
        now_with = "" if report is None else self._names().get(str(report.assignee_id), "")
        panel = AssignPanel(officers, self._me.id, now_with)
        panel.decided.connect(self.decide)
        self._desk.slot.open_panel(panel, "review.assign")

    def _open_take_over(self, step: Step, report: Report | None) -> None:
        """Ask whether a report that is somebody else's is to be taken from them."""
        name = "" if report is None else self._names().get(str(report.assignee_id), "")
        panel = TakeOverPanel(step, name)
        panel.decided.connect(self.decide)
        self._desk.slot.open_panel(panel, command_of(step.move))

    def _names(self) -> dict[str, str]:
        officers = () if self._desk.choices is None else self._desk.choices.officers
        return {str(officer.id): officer.name for officer in officers}

    # what came of it

    def _settled(self, settled: Settled) -> None:
        outcome, kind = settled.outcome, settled.decision.kind
        left = [each.pk for each in outcome.refused] + [e.report.pk for e in outcome.lost]
        done = len(settled.targets) - len(left)
        if outcome.action_id is not None and done:
            detail = self._reference
            if len(settled.targets) > 1:
                detail = QCoreApplication.translate("Triage", "%n reports", None, done)
            self._done.append((kind, detail))
            self._desk.column.tell(done_word(kind), detail)
        real = [lost for lost in outcome.lost if lost.since]
        if not outcome.refused and not real:
            return
        self._desk.column.list.seek(left[0])
        self._desk.column.list.refresh()
        step = settled.decision.step
        if len(settled.targets) == 1 and real:
            self._open_race(settled.decision, real[0])
        elif step is not None and _was_anothers(settled):
            self._ask_when_shown(step, left[0])
        else:
            self._tell_left(len(settled.targets), outcome)

    def _ask_when_shown(self, step: Step, pk: int) -> None:
        """Go back to a report that turned out to be somebody else's, and ask."""
        self._open_take_over(step, None)
        self._desk.show_report(pk)

    def _tell_left(self, asked: int, outcome: Outcome) -> None:
        """Say how many reports were left as they were, and why."""
        reasons: dict[str, int] = {}
        for refused in outcome.refused:
            words = refusal_sentence(refused.code)
            reasons[words] = reasons.get(words, 0) + 1
        if outcome.lost:
            words = refusal_sentence(Refusal.MOVED_ON)
            reasons[words] = reasons.get(words, 0) + len(outcome.lost)
        if asked == 1:
            self._desk.tell_problem(self.tr("Not done"), next(iter(reasons)))
            return
        left = sum(reasons.values())
        title = QCoreApplication.translate(
            "Triage", "%n reports were left as they were", None, left
        )
        told = " · ".join(f"{words}: {count}" for words, count in reasons.items())
        self._desk.tell_problem(title, told)

    def _open_race(self, decision: Decision, lost: LostRace) -> None:
        desk = self._desk
        race = Race(decision, lost, self._me, desk.session.clock(), desk.gear.zone, self._names())
        panel = LostRacePanel(race)
        report = lost.report
        target = Target(report.pk, report.revision)
        came_from, place = desk.column.choice, desk.column.list.place
        panel.insisted.connect(lambda: self._insist(decision, target))
        panel.insisted.connect(lambda: self._return_to(came_from, place))
        panel.looked.connect(lambda: self._look(report.pk))
        panel.cancelled.connect(lambda: self._return_to(came_from, place))
        desk.slot.open_panel(panel, "")
        desk.show_report(report.pk)

    def _insist(self, decision: Decision, target: Target) -> None:
        self._desk.slot.close_panel()
        self._desk.deciding.decide(decision, [target])

    def _return_to(self, choice: QueueChoice, place: int) -> None:
        """Go on in the queue, if theirs had taken the report out of it."""
        if self._desk.column.choice != choice:
            self._desk.column.choose(choice)
            self._desk.column.list.land_on(place)

    def _look(self, pk: int) -> None:
        self._desk.slot.close_panel()
        self._desk.show_report(pk)

    def _undone(self, outcome: Outcome) -> None:
        desk = self._desk
        if outcome.lost:
            desk.tell_problem(
                self.tr("Not taken back"),
                self.tr("Somebody changed the report since. It stays as it is."),
            )
        elif outcome.action_id is None:
            desk.tell_problem(refusal_sentence(Refusal.NOTHING_TO_UNDO))
            return
        kind, detail = self._done.pop() if self._done else ("", "")
        if outcome.changed.reports:
            word = done_word(f"undo_{kind}") if kind else done_word("undo")
            desk.column.tell(word, detail, can_undo=False)
            desk.column.list.seek(min(outcome.changed.reports))

    def _failed(self, targets: tuple[Target, ...], error: Exception) -> None:
        title, advice = fault_words(error)
        self._desk.tell_problem(
            self.tr("Not saved: {what}").format(what=title),
            " ".join((self.tr("The report is as it was."), advice)),
        )
        if targets:
            self._desk.column.list.seek(targets[0].pk)
        self._desk.column.list.refresh()

    def filed(self, pk: int, reference: str) -> None:
        """Show the report that was just filed."""
        self._done.append(("file", reference))
        self._desk.column.tell(done_word("file"), reference)
        self._desk.show_report(pk)

    # who reported

    def reveal_identity(self) -> None:
        """Read who reported; the reading is in the audit before it is on the screen."""
        detail = self._desk.shown_detail()
        if detail is None or detail.report.reporter_id is None:
            return
        pk, citizen_id, session = detail.report.pk, detail.report.reporter_id, self._desk.session
        self._desk.gear.lanes.owned_by(self).run(
            Lane.WRITER,
            lambda: people.reveal_identity(session, citizen_id),
            lambda found: self._show_identity(pk, found),
            lambda error: self._desk.tell_problem(*fault_words(error)),
        )

    def _show_identity(self, pk: int, found: CitizenIdentity | Refusal) -> None:
        if self._desk.detail.pk != pk:
            return
        if isinstance(found, Refusal):
            self._desk.detail.text.show_failure(refusal_sentence(found))
        else:
            self._desk.detail.text.show_identity(found)


def _was_anothers(settled: Settled) -> bool:
    codes = [refused.code for refused in settled.outcome.refused]
    return len(settled.targets) == 1 and codes == [Barrier.ASSIGNED_TO_OTHER]
