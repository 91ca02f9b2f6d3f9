"""Operations that the server calls in conflict though the conflict is over for this desk.

An operation's answer is its first, whatever happened since. Heard late (it was lost, and a bundle
brought what came after), the conflict's end is known here and not told again. And a desk that is
moved before it has read of a conflict is never told that it left.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from trafficdesk.domain.conflicts import ConflictStatus
from trafficdesk.store import conflicts, outbox, sync_marks
from trafficdesk.sync import link
from trafficdesk.wire.exchange import Outcome, Result


def settle_over(connection: Connection, answered: Sequence[Outcome], now_ms: int) -> None:
    """Settle the answered operations whose conflict was settled, or is out of sight."""
    found = {each.conflict_id for each in answered if each.result is Result.CONFLICT} - {None}
    for conflict_id in found:
        conflict = None if conflict_id is None else conflicts.find(connection, conflict_id)
        if conflict is not None and conflict.status is ConflictStatus.SETTLED:
            outbox.settle_conflict(connection, conflict.id, now_ms)
    if found:
        settle_unseen(connection, now_ms)


def settle_unseen(connection: Connection, now_ms: int) -> None:
    """Settle the operations of conflicts that are not here though their city was read past them.

    Where one is told after all, it is open again with its operations.
    """
    cities = link.get_marks(connection).city_ids
    read_to = {each: sync_marks.cursor_of(connection, each) or 0 for each in cities}
    for conflict_id in outbox.find_unseen_conflicts(connection, read_to):
        outbox.settle_conflict(connection, conflict_id, now_ms)
