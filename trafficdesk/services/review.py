"""Deciding on reports: claim, approve, reject and every other move of the lifecycle."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from trafficdesk.domain.lifecycle import (
    ASSIGNING,
    CALMING,
    CORRECTING,
    ESCALATING,
    LEASE_LENGTH,
    RULES,
    SECOND_LOOK,
    Barrier,
    ChangeRule,
    Move,
    barrier,
    change_barrier,
    takes_over,
)
from trafficdesk.domain.records import Report
from trafficdesk.domain.texts import clean_text
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import RejectionReason, ReportStatus
from trafficdesk.services import citing, claiming, correcting
from trafficdesk.services.intent import Intent, intent
from trafficdesk.services.outcomes import Outcome, Refusal, Refused, refusal
from trafficdesk.services.session import Session
from trafficdesk.store import officers, reports

NOTE_LENGTH = 280


@dataclass(frozen=True, slots=True)
class Target:
    """A report as the officer saw it."""

    pk: int
    expected_revision: int


@dataclass(frozen=True, slots=True)
class Step:
    """A move and what it carries: a note, a reason for a rejection, the original of a duplicate.

    ``takes_over``: the officer means to take it from the one it was assigned to.
    """

    move: Move
    note: str = ""
    reason: RejectionReason | None = None
    duplicate_of: UUID | None = None
    takes_over: bool = False


def take_step(session: Session, targets: Iterable[Target], step: Step) -> Outcome:
    """Make one move with one or many reports, as one transaction with one undo.

    Reports that may not make the move are refused one by one, and those that somebody changed
    since they were seen come back as lost races; the others go through.
    """
    if (missing := _missing(step)) is not None:
        return refusal(step.move, missing)
    note = clean_text(step.note, NOTE_LENGTH)
    with intent(session, step.move) as doing:
        for target in targets:
            report = find_target(doing, target)
            if report is None:
                continue
            code = barrier(report, step.move, session.officer, doing.lease_now) or _mistake(
                doing, report, step
            )
            if code is None and takes_over(report, session.officer) and not step.takes_over:
                code = Barrier.ASSIGNED_TO_OTHER
            if code is not None:
                doing.refuse(Refused(report.pk, code))
                continue
            if not doing.change_report(report, step.move, _values(doing, report, step), note):
                doing.refuse(Refused(report.pk, Refusal.NOTHING_TO_CHANGE))
            elif step.move is Move.CITE:
                citing.issue(doing, report)
            elif step.move is Move.REOPEN:
                citing.cancel_of(doing, report)
        return doing.outcome()


def _missing(step: Step) -> Refusal | None:
    if step.move is Move.REJECT and step.reason is None:
        return Refusal.REASON_MISSING
    if step.move is Move.ASK_INFO and not step.note.strip():
        return Refusal.QUESTION_MISSING
    if step.move is Move.MARK_DUPLICATE and step.duplicate_of is None:
        return Refusal.ORIGINAL_MISSING
    return None


def _mistake(doing: Intent, report: Report, step: Step) -> Refusal | None:
    """Return what is wrong with the original a duplicate names, along the whole line of them."""
    next_id = step.duplicate_of
    passed = set[UUID]()
    while next_id is not None and next_id not in passed:
        if next_id == report.id:
            return Refusal.DUPLICATE_OF_ITSELF
        passed.add(next_id)
        original = reports.find_by_id(doing.connection, next_id)
        if original is None or original.deleted_at is not None:
            return Refusal.ORIGINAL_MISSING if next_id == step.duplicate_of else None
        next_id = original.duplicate_of
    return None


def find_target(doing: Intent, target: Target) -> Report | None:
    """Return the report when it stands as it was seen; else note the lost race."""
    report = reports.find(doing.connection, target.pk)
    if report is None:  # gone from this desk whole, as a removed demo's reports are
        doing.refuse(Refused(target.pk, Barrier.DELETED))
        return None
    if report.revision == target.expected_revision:
        return report
    doing.lose(report, target.expected_revision)
    return None


def _values(doing: Intent, report: Report, step: Step) -> dict[str, object]:
    """Return the fields a move writes."""
    me = str(doing.session.officer.id)
    values: dict[str, object] = {"status": str(RULES[step.move].ends), "lease_until_ms": None}
    judged = {"reviewer_id": me, "assignee_id": None, "decision_note": clean_text(step.note)}
    decided = {**judged, "decided_ms": to_ms(doing.lease_now)}
    match step.move:
        case Move.CLAIM:
            until = to_ms(doing.lease_now + LEASE_LENGTH)
            values |= {"assignee_id": me, "lease_until_ms": until}
        case Move.RELEASE:
            values |= {"assignee_id": claiming.find_assignee_before(doing, report)}
        case Move.APPROVE:
            values |= decided
        case Move.REJECT:
            values |= {**decided, "rejection_reason": None if not step.reason else str(step.reason)}
        case Move.MARK_DUPLICATE:
            values |= {**decided, "duplicate_of": str(step.duplicate_of)}
        case Move.ASK_INFO:
            values |= judged
        case Move.ANSWER | Move.CITE | Move.CLOSE:
            pass
        case Move.REOPEN:
            cleared = (
                "reviewer_id",
                "decided_ms",
                "rejection_reason",
                "duplicate_of",
                "assignee_id",
            )
            values |= {**dict.fromkeys(cleared, None), "decision_note": ""}
    return values


def set_escalated(
    session: Session, targets: Iterable[Target], *, escalated: bool, note: str = ""
) -> Outcome:
    """Raise undecided reports to a supervisor, or take that back."""
    change = _Change(
        "escalate" if escalated else "calm",
        ESCALATING if escalated else CALMING,
        lambda _doing, _report: {"escalated": escalated},
        note,
    )
    return _set_fields(session, targets, change)


def set_second_look(session: Session, targets: Iterable[Target], *, wanted: bool) -> Outcome:
    """Ask for a second look at reports, or say that they have had it."""
    kind = "want_second_look" if wanted else "close_second_look"
    values: dict[str, object] = {"second_look": wanted}
    return _set_fields(session, targets, _Change(kind, SECOND_LOOK, lambda *_: values))


def assign(session: Session, targets: Iterable[Target], officer_id: UUID | None) -> Outcome:
    """Give undecided reports to an officer of this desk, or to nobody.

    A report under review goes back to pending: whoever gets it has yet to take it.
    """
    kind = "assign"
    if officer_id is not None:
        with session.store.reading() as connection:
            if officer_id not in {o.id for o in officers.find_present(connection)}:
                return refusal(kind, Refusal.UNKNOWN_OFFICER)

    def values(_doing: Intent, report: Report) -> dict[str, object]:
        given: dict[str, object] = {"assignee_id": None if officer_id is None else str(officer_id)}
        if report.status is ReportStatus.UNDER_REVIEW and report.assignee_id != officer_id:
            given |= {"status": str(RULES[Move.RELEASE].ends), "lease_until_ms": None}
        return given

    return _set_fields(session, targets, _Change(kind, ASSIGNING, values))


def correct(session: Session, target: Target, values: Mapping[str, object]) -> Outcome:
    """Correct facts of a report; its ward and evidence score follow.

    ``values`` are JSON values by the field names of ``correcting.CORRECTABLE``; they are cleaned.

    Raises:
        KeyError: a field is not one that can be corrected.
        ValueError: a value is none of its field.
    """
    tidy = correcting.tidied(values)
    change = _Change(
        "correct", CORRECTING, lambda doing, report: correcting.followed(doing, report, tidy)
    )
    return _set_fields(session, (target,), change)


@dataclass(frozen=True, slots=True)
class _Change:
    kind: str
    rule: ChangeRule
    values: Callable[[Intent, Report], dict[str, object]]
    note: str = ""


def _set_fields(session: Session, targets: Iterable[Target], change: _Change) -> Outcome:
    if not session.may(change.rule.needs):
        return refusal(change.kind, Refusal.NOT_PERMITTED)
    note = clean_text(change.note, NOTE_LENGTH)
    with intent(session, change.kind) as doing:
        for target in targets:
            report = find_target(doing, target)
            if report is None:
                continue
            code = change_barrier(report, change.rule, session.officer, doing.lease_now)
            if code is not None:
                doing.refuse(Refused(report.pk, code))
            elif not doing.change_report(report, change.kind, change.values(doing, report), note):
                doing.refuse(Refused(report.pk, Refusal.NOTHING_TO_CHANGE))
        return doing.outcome()


def release_expired_leases(session: Session) -> Outcome:
    """Give reports whose lease has run out back to who had them before; the desk does this."""
    with intent(session, "lease_ended") as doing:
        pks = reports.find_expired_leases(doing.connection, to_ms(doing.lease_now))
        for pk in pks:
            report = reports.get(doing.connection, pk)
            values: dict[str, object] = {
                "status": str(RULES[Move.RELEASE].ends),
                "assignee_id": claiming.find_assignee_before(doing, report),
                "lease_until_ms": None,
            }
            doing.change_report(report, "lease_ended", values)
        return doing.outcome()
