"""Deciding on reports: claim, approve, reject and every other move of the lifecycle."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from trafficdesk.domain.lifecycle import LEASE_LENGTH, RULES, Move, barrier
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import Report
from trafficdesk.domain.texts import clean_text
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import RejectionReason
from trafficdesk.services import citing
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
    """A move and what it carries: a note, a reason for a rejection, the original of a duplicate."""

    move: Move
    note: str = ""
    reason: RejectionReason | None = None
    duplicate_of: UUID | None = None


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
            report = _find_target(doing, target)
            if report is None:
                continue
            code = barrier(report, step.move, session.officer, doing.now) or _mistake(report, step)
            if code is not None:
                doing.refuse(Refused(report.pk, code))
                continue
            if not doing.change_report(report, step.move, _values(doing, step), note):
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


def _mistake(report: Report, step: Step) -> Refusal | None:
    return Refusal.DUPLICATE_OF_ITSELF if step.duplicate_of == report.id else None


def _find_target(doing: Intent, target: Target) -> Report | None:
    """Return the report when it stands as it was seen; else note the lost race."""
    report = reports.get(doing.connection, target.pk)
    if report.revision == target.expected_revision:
        return report
    doing.lose(report, target.expected_revision)
    return None


def _values(doing: Intent, step: Step) -> dict[str, object]:
    """Return the fields a move writes."""
    me = str(doing.session.officer.id)
    values: dict[str, object] = {"status": str(RULES[step.move].ends), "lease_until_ms": None}
    decided = {"reviewer_id": me, "assignee_id": None, "decision_note": clean_text(step.note)}
    match step.move:
        case Move.CLAIM:
            until = to_ms(doing.now + LEASE_LENGTH)
            values |= {"assignee_id": me, "lease_until_ms": until}
        case Move.RELEASE:
            values |= {"assignee_id": None}
        case Move.APPROVE:
            values |= decided
        case Move.REJECT:
            values |= {**decided, "rejection_reason": None if not step.reason else str(step.reason)}
        case Move.MARK_DUPLICATE:
            values |= {**decided, "duplicate_of": str(step.duplicate_of)}
        case Move.ASK_INFO:
            values |= decided
        case Move.ANSWER | Move.CITE | Move.CLOSE:
            pass
        case Move.REOPEN:
            cleared = ("reviewer_id", "rejection_reason", "duplicate_of", "assignee_id")
            values |= dict.fromkeys(cleared, None)
    return values


def set_escalated(
    session: Session, targets: Iterable[Target], *, escalated: bool, note: str = ""
) -> Outcome:
    """Raise reports to a supervisor, or take that back."""
    kind = "escalate" if escalated else "calm"
    return _set_fields(
        session, targets, _Change(kind, Permission.REPORT_ESCALATE, {"escalated": escalated}, note)
    )


def set_second_look(session: Session, targets: Iterable[Target], *, wanted: bool) -> Outcome:
    """Ask for a second look at reports, or say that they have had it."""
    kind = "want_second_look" if wanted else "close_second_look"
    values: dict[str, object] = {"second_look": wanted}
    return _set_fields(session, targets, _Change(kind, Permission.REPORT_REVIEW, values))


def assign(session: Session, targets: Iterable[Target], officer_id: UUID | None) -> Outcome:
    """Give reports to an officer of this desk, or to nobody."""
    kind = "assign"
    if officer_id is not None:
        with session.store.reading() as connection:
            if officer_id not in {o.id for o in officers.find_present(connection)}:
                return refusal(kind, Refusal.UNKNOWN_OFFICER)
    values: dict[str, object] = {"assignee_id": None if officer_id is None else str(officer_id)}
    return _set_fields(session, targets, _Change(kind, Permission.REPORT_ASSIGN, values))


CORRECTABLE = frozenset(
    {"severity", "plate", "vehicle_type", "vehicle_text", "address", "area", "lon", "lat"}
)


def correct(session: Session, target: Target, values: dict[str, object]) -> Outcome:
    """Correct facts of a report: JSON values by the field names of ``CORRECTABLE``.

    Raises:
        KeyError: a field is not one that can be corrected.
    """
    if unknown := values.keys() - CORRECTABLE:
        raise KeyError(f"not correctable: {', '.join(sorted(unknown))}")
    return _set_fields(session, (target,), _Change("correct", Permission.REPORT_REVIEW, values))


@dataclass(frozen=True, slots=True)
class _Change:
    kind: str
    needs: Permission
    values: dict[str, object]
    note: str = ""


def _set_fields(session: Session, targets: Iterable[Target], change: _Change) -> Outcome:
    if not session.may(change.needs):
        return refusal(change.kind, Refusal.NOT_PERMITTED)
    note = clean_text(change.note, NOTE_LENGTH)
    with intent(session, change.kind) as doing:
        for target in targets:
            report = _find_target(doing, target)
            if report is not None and not doing.change_report(
                report, change.kind, change.values, note
            ):
                doing.refuse(Refused(report.pk, Refusal.NOTHING_TO_CHANGE))
        return doing.outcome()


def release_expired_leases(session: Session) -> Outcome:
    """Put reports whose lease has run out back into the queue; the desk does this by itself."""
    with intent(session, "lease_ended") as doing:
        pks = reports.find_expired_leases(doing.connection, doing.at_ms)
        for pk in pks:
            report = reports.get(doing.connection, pk)
            values: dict[str, object] = {
                "status": str(RULES[Move.RELEASE].ends),
                "assignee_id": None,
                "lease_until_ms": None,
            }
            doing.change_report(report, "lease_ended", values)
        return doing.outcome()
