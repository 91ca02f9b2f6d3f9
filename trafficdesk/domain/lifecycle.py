"""State machines: which moves a report and an incident may make, and who may make them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from trafficdesk.domain.permissions import Permission, may
from trafficdesk.domain.records import Lease, Officer, Report
from trafficdesk.domain.vocabulary import ReportStatus

LEASE_LENGTH = timedelta(minutes=30)


class Move(StrEnum):
    """A named step in the life of a report."""

    CLAIM = "claim"
    RELEASE = "release"
    APPROVE = "approve"
    REJECT = "reject"
    MARK_DUPLICATE = "mark_duplicate"
    ASK_INFO = "ask_info"
    ANSWER = "answer"
    CITE = "cite"
    CLOSE = "close"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Rule:
    """From which states a move starts, where it ends, and the permission it needs."""

    starts: frozenset[ReportStatus]
    ends: ReportStatus
    needs: Permission


_S = ReportStatus
# Deciding a pending report takes and spends the lease in the same transaction.
_OPEN = frozenset({_S.PENDING, _S.UNDER_REVIEW})
_DECIDED = frozenset({_S.APPROVED, _S.REJECTED, _S.DUPLICATE})
_REVIEW = Permission.REPORT_REVIEW

RULES: dict[Move, Rule] = {
    Move.CLAIM: Rule(_OPEN, _S.UNDER_REVIEW, _REVIEW),
    Move.RELEASE: Rule(frozenset({_S.UNDER_REVIEW}), _S.PENDING, _REVIEW),
    Move.APPROVE: Rule(_OPEN, _S.APPROVED, _REVIEW),
    Move.REJECT: Rule(_OPEN, _S.REJECTED, _REVIEW),
    Move.MARK_DUPLICATE: Rule(_OPEN, _S.DUPLICATE, _REVIEW),
    Move.ASK_INFO: Rule(_OPEN, _S.NEEDS_INFO, _REVIEW),
    Move.ANSWER: Rule(frozenset({_S.NEEDS_INFO}), _S.PENDING, _REVIEW),
    Move.CITE: Rule(frozenset({_S.APPROVED}), _S.CITED, Permission.REPORT_CITE),
    Move.CLOSE: Rule(frozenset({_S.CITED}), _S.CLOSED, Permission.REPORT_CITE),
    Move.REOPEN: Rule(_DECIDED | {_S.CITED, _S.CLOSED}, _S.PENDING, Permission.REPORT_REOPEN),
}


class Barrier(StrEnum):
    """Why a move is not open."""

    WRONG_STATUS = "wrong_status"
    NOT_PERMITTED = "not_permitted"
    HELD_BY_OTHER = "held_by_other"
    ASSIGNED_TO_OTHER = "assigned_to_other"
    DELETED = "deleted"


def lease_holds_against(lease: Lease | None, officer_id: UUID, now: datetime) -> bool:
    """Tell whether somebody else holds the report at ``now``."""
    return lease is not None and lease.officer_id != officer_id and lease.expires_at > now


def barrier(report: Report, move: Move, officer: Officer, now: datetime) -> Barrier | None:
    """Return what stands against a move, or None when it is open to this officer now.

    A supervisor may take a held report over; an officer must wait until the lease ends.
    """
    return change_barrier(report, rule_of(move), officer, now)


def _is_held_from(report: Report, officer: Officer, now: datetime) -> bool:
    may_take_over = may(officer.role, Permission.REPORT_TAKE_OVER)
    return lease_holds_against(report.lease, officer.id, now) and not may_take_over


def takes_over(report: Report, officer: Officer) -> bool:
    """Tell whether any move on a report takes it from the officer it was given to.

    Nobody holds it yet, so an officer may, but only when they have said that they mean it.
    """
    is_anothers = report.assignee_id not in {None, officer.id}
    may_always = may(officer.role, Permission.REPORT_TAKE_OVER)
    return report.status is ReportStatus.PENDING and is_anothers and not may_always


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """What a change needs: a permission, a status, perhaps nobody else's lease."""

    needs: Permission
    starts: frozenset[ReportStatus] = frozenset(ReportStatus)
    minds_lease: bool = False


_UNDECIDED = _OPEN | {_S.NEEDS_INFO}
ASSIGNING = ChangeRule(Permission.REPORT_ASSIGN, _UNDECIDED, minds_lease=True)
ESCALATING = ChangeRule(Permission.REPORT_ESCALATE, _UNDECIDED)
CALMING = ChangeRule(Permission.REPORT_ESCALATE)
SECOND_LOOK = ChangeRule(Permission.REPORT_REVIEW)
CORRECTING = ChangeRule(Permission.REPORT_REVIEW, minds_lease=True)


def rule_of(move: Move) -> ChangeRule:
    """Return what a move needs, as any other change does."""
    rule = RULES[move]
    return ChangeRule(rule.needs, rule.starts, minds_lease=True)


def change_barrier(
    report: Report, rule: ChangeRule, officer: Officer, now: datetime
) -> Barrier | None:
    """Return what stands against a change, or None when it is open to this officer now."""
    if report.deleted_at is not None:
        return Barrier.DELETED
    if report.status not in rule.starts:
        return Barrier.WRONG_STATUS
    if not may(officer.role, rule.needs):
        return Barrier.NOT_PERMITTED
    is_held = rule.minds_lease and _is_held_from(report, officer, now)
    return Barrier.HELD_BY_OTHER if is_held else None
