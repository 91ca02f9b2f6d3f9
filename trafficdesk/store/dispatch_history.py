"""What was done at dispatch: what can be taken back, and how far it has travelled."""

from collections.abc import Collection
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.store.history import ActionRecord
from trafficdesk.store.rows import fetch_all

# As the index of these events says it.
OF_DISPATCH: Final = "e.entity IN ('incident', 'unit', 'assignment')"


def find_undoable(
    connection: Connection, actor_id: UUID, since_ms: int, kinds: Collection[str], limit: int = 100
) -> list[ActionRecord]:
    """Return an officer's actions of these kinds that no server has confirmed, the latest first."""
    marks = ", ".join("?" * len(kinds))
    rows = fetch_all(
        connection,
        "SELECT a.id, a.kind, a.at_ms FROM actions a WHERE a.actor_id = ? AND a.at_ms >= ? "
        f"AND a.undone_by IS NULL AND a.undoes IS NULL AND a.kind IN ({marks}) "
        "AND NOT EXISTS (SELECT 1 FROM events e LEFT JOIN outbox b ON b.seq = e.seq "
        "WHERE e.action_id = a.id AND coalesce(b.state, '') NOT IN ('queued', 'sent')) "
        "ORDER BY a.seq DESC LIMIT +?",
        (actor_id.bytes, since_ms, *sorted(kinds), limit),
    )
    return [ActionRecord(UUID(bytes=row[0]), row[1], row[2]) for row in rows]


def has_verified(connection: Connection, incident_id: UUID, actor_id: UUID) -> bool:
    """Tell whether an officer's verification of an incident stands."""
    rows = fetch_all(
        connection,
        "SELECT sum(action = 'verify') - sum(action = 'undo_verify') FROM events "
        "WHERE entity_id = ? AND actor_id = ? AND sync_state <> ?",
        (incident_id.bytes, actor_id.bytes, int(SyncState.NOT_TAKEN)),
    )
    return bool(rows and (rows[0][0] or 0) > 0)


class Unsettled(NamedTuple):
    """A change that no server has confirmed: of which record, what was done, how far it is."""

    record_id: UUID
    action: str
    state: SyncState


def find_unsettled(connection: Connection) -> list[Unsettled]:
    """Return the changes of dispatch that are on their way or in conflict, in their order.

    Of what was done to a record more than once, only the last time.
    """
    rows = fetch_all(
        connection,
        "SELECT e.entity_id, e.action, e.sync_state, max(b.seq) AS last FROM outbox b "
        "JOIN events e ON e.seq = b.seq "
        "WHERE b.state IN ('queued', 'sent', 'conflict') AND b.state <> 'settled' "
        f"AND {OF_DISPATCH} GROUP BY e.entity_id, e.action ORDER BY last",
    )
    return [Unsettled(UUID(bytes=row[0]), row[1], SyncState(row[2])) for row in rows]


def count_by_state(connection: Connection, device_id: UUID, since_ms: int) -> dict[SyncState, int]:
    """Return how many changes of dispatch a desk has made since an instant, by how far they are."""
    rows = fetch_all(
        connection,
        "SELECT e.sync_state, count(*) FROM events e "
        f"WHERE {OF_DISPATCH} AND e.at_ms >= ? AND e.device_id = ? GROUP BY e.sync_state",
        (since_ms, device_id.bytes),
    )
    return {SyncState(state): int(n) for state, n in rows}
