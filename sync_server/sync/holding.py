"""Holding a report under review: by the server's clock alone, and never as finished work."""

from collections.abc import Mapping
from typing import Final

from sync_server.sync.batch import Row, Sender, Standing
from trafficdesk.domain.lifecycle import LEASE_LENGTH, Move
from trafficdesk.domain.merge import LEASE_UNTIL
from trafficdesk.domain.permissions import Permission, may
from trafficdesk.domain.vocabulary import Entity, ReportStatus
from trafficdesk.wire.operations import Operation

_LEASE_MS: Final = LEASE_LENGTH.total_seconds() * 1000
_LEASE_ENDED: Final = "lease_ended"
_GIVING_BACK: Final = frozenset({Move.RELEASE, "undo_claim", _LEASE_ENDED})
# What takes, gives back or ends a review, and decides nothing.
_HOLDING: Final = frozenset({Move.CLAIM, "undo_release"}) | _GIVING_BACK


def only_holds(operation: Operation) -> bool:
    """Tell whether an operation decides nothing: it takes, gives back or ends a review."""
    return operation.entity == Entity.REPORT and operation.action in _HOLDING


def asks_for_lease(operation: Operation) -> bool:
    """Tell whether an operation leaves its record held; until when is the server's to say."""
    return operation.changes.get(LEASE_UNTIL, (None, None))[1] is not None


def is_blind(operation: Operation) -> bool:
    """Tell whether an operation gives a review back without naming who held it."""
    return operation.action in _GIVING_BACK and "assignee_id" not in operation.changes


def lease_from(now_ms: int) -> int:
    """Return when a lease ends that begins now."""
    return now_ms + round(_LEASE_MS)


def is_leased(row: Mapping[str, object], now_ms: int) -> bool:
    """Tell whether a review goes on by the server's clock."""
    until_ms = row.get(LEASE_UNTIL)
    is_reviewed = row.get("status") == ReportStatus.UNDER_REVIEW
    return is_reviewed and isinstance(until_ms, int) and until_ms > now_ms


def is_overtaken(operation: Operation, standing: Standing, sender: Sender, now_ms: int) -> bool:
    """Tell whether an operation that only holds meets a lease that is not its actor's to touch."""
    row = standing.row
    if not only_holds(operation) or not is_leased(row, now_ms):
        return False
    actor_id = str(operation.actor_id)
    if operation.action == _LEASE_ENDED:  # a desk's clock said so
        return True
    holder = row.get("assignee_id")
    seen = operation.changes.get("assignee_id", (None, None))[0]
    if operation.action in _GIVING_BACK:
        has_moved = not is_blind(operation) or standing.foreign_version > operation.base_version
        return has_moved and holder not in {actor_id, seen}
    may_take_over = may(sender.actors[operation.actor_id].role, Permission.REPORT_TAKE_OVER)
    return holder not in {None, actor_id} and not (seen == holder and may_take_over)


def as_claimed(operation: Operation, row: Row, now_ms: int) -> Row:
    """Return the record as a claim finds it: a review whose lease is over has ended."""
    if operation.action != Move.CLAIM or "status" not in operation.changes:
        return row
    is_over = row.get("status") == ReportStatus.UNDER_REVIEW and not is_leased(row, now_ms)
    if not is_over or operation.changes["status"][0] is None:
        return row
    return {**row, "status": str(ReportStatus.PENDING), "assignee_id": None, LEASE_UNTIL: None}
