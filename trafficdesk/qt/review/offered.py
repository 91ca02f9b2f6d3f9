"""What may be done now with the report on screen or the marked ones, and why not."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.lifecycle import (
    Barrier,
    ChangeRule,
    Move,
    barrier,
    change_barrier,
    rule_of,
)
from trafficdesk.domain.permissions import Permission, may
from trafficdesk.domain.records import Officer, QueueRow, Report
from trafficdesk.qt.refusal_words import refusal_sentence
from trafficdesk.services.board import ReportDetail
from trafficdesk.services.same_event import MayBeSame


def _say(source: str) -> str:
    return QCoreApplication.translate("Offered", source)


def command_of(move: Move) -> str:
    """Return the id of the command that makes a move."""
    return "review.duplicate" if move is Move.MARK_DUPLICATE else f"review.{move}"


def nothing_open() -> str:
    """Return the refusal of everything that needs a report."""
    return _say("No report is open")


def move_refusal(report: Report, move: Move, officer: Officer, now: datetime) -> str:
    """Return why a move is not open for a report, "" if it is."""
    code = barrier(report, move, officer, now)
    if move is Move.CLAIM and code is None and _is_held_by(report, officer):
        return _say("You hold it already")
    return "" if code is None else refusal_sentence(code)


def _is_held_by(report: Report, officer: Officer) -> bool:
    return report.lease is not None and report.lease.officer_id == officer.id


def row_refusal(rows: Sequence[QueueRow], move: Move, officer: Officer) -> str:
    """Return why a move is open for none of some rows; leases are asked when it is written."""
    return row_change_refusal(rows, rule_of(move), officer)


def change_refusal(report: Report, rule: ChangeRule, officer: Officer, now: datetime) -> str:
    """Return why a change that is no move is not open for a report, "" if it is."""
    code = change_barrier(report, rule, officer, now)
    return "" if code is None else refusal_sentence(code)


def row_change_refusal(rows: Sequence[QueueRow], rule: ChangeRule, officer: Officer) -> str:
    """Return why a change is open for none of some rows; leases are asked when it is written."""
    if not rows:
        return nothing_open()
    if not may(officer.role, rule.needs):
        return refusal_sentence(Barrier.NOT_PERMITTED)
    if not any(row.status in rule.starts for row in rows):
        return refusal_sentence(Barrier.WRONG_STATUS)
    return ""


def right_refusal(officer: Officer, permission: Permission) -> str:
    """Return why an officer may not do something, "" if they may."""
    return "" if may(officer.role, permission) else refusal_sentence(Barrier.NOT_PERMITTED)


def likely_same(detail: ReportDetail | None) -> MayBeSame | None:
    """Return what is most likely the same event as a report."""
    found = () if detail is None else detail.may_be_same
    return next((each for each in found if each.is_likely), None)


def merge_refusal(detail: ReportDetail | None) -> str:
    """Return why a report can't be merged with a likely one, "" if it can."""
    if likely_same(detail) is None:
        return _say("No report is likely to be of the same event")
    return ""
