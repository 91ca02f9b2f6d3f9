"""What happened: events of records, the actions they belong to, and operations to be sent."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from trafficdesk.domain.records import Event, FieldChange
from trafficdesk.domain.times import from_ms
from trafficdesk.domain.vocabulary import Entity, SyncState
from trafficdesk.store.naming import JOINS, NAME
from trafficdesk.store.rows import fetch_all, run, run_each


class Operation(NamedTuple):
    """One change as it is remembered here and will be sent: the op id makes it take effect once."""

    op_id: UUID
    action_id: UUID
    entity: Entity
    entity_id: UUID
    action: str
    base_version: int
    revision: int
    changes: tuple[FieldChange, ...]
    note: str
    actor_id: UUID
    device_id: UUID
    at_ms: int


class Waiting(NamedTuple):
    """An operation on its way out, as the outbox panel lists it."""

    seq: int
    entity: str
    entity_id: UUID
    reference: str
    action: str
    note: str
    actor_name: str
    at_ms: int
    state: str
    reason: str


class ActionRecord(NamedTuple):
    """One thing an officer did, which may have changed many records."""

    id: UUID
    kind: str
    at_ms: int


def encode_changes(changes: Sequence[FieldChange]) -> str:
    """Return changes as JSON text: field to ``[old, new]``, in their order."""
    return msgspec.json.encode({c.field: (c.old, c.new) for c in changes}).decode()


def _decode(text: str) -> tuple[FieldChange, ...]:
    changes = msgspec.json.decode(text, type=dict[str, tuple[object, object]])
    return tuple(FieldChange(name, old, new) for name, (old, new) in changes.items())


_INSERT_EVENT = """
INSERT INTO events (id, action_id, entity, entity_id, action, base_version, revision, changes,
note, actor_id, device_id, at_ms, sync_state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
# The writer is alone and events are never removed: the last ones are those just written.
_INSERT_OUTBOX = "INSERT INTO outbox (seq) SELECT seq FROM events ORDER BY seq DESC LIMIT +?"


def _event_row(operation: Operation) -> tuple[object, ...]:
    return (
        operation.op_id.bytes,
        operation.action_id.bytes,
        operation.entity,
        operation.entity_id.bytes,
        operation.action,
        operation.base_version,
        operation.revision,
        encode_changes(operation.changes),
        operation.note,
        operation.actor_id.bytes,
        operation.device_id.bytes,
        operation.at_ms,
        int(SyncState.NOT_SENT),
    )


def append(connection: Connection, operation: Operation) -> None:
    """Write the event and the outbox entry of one operation."""
    run(connection, _INSERT_EVENT, _event_row(operation))
    run(connection, _INSERT_OUTBOX, (1,))


def append_many(connection: Connection, operations: Sequence[Operation]) -> None:
    """Write the events and the outbox entries of operations, in their order."""
    if operations:
        run_each(connection, _INSERT_EVENT, [_event_row(operation) for operation in operations])
        run(connection, _INSERT_OUTBOX, (len(operations),))


# The columns of an event that make an operation, in the order ``operation_of`` reads them.
OPERATION_COLUMNS = (
    "e.id, e.action_id, e.entity, e.entity_id, e.action, e.base_version, e.revision, "
    "e.changes, e.note, e.actor_id, e.device_id, e.at_ms"
)
# The index of what waits serves only who says that nothing settled is meant.
_QUEUED = "state = 'queued' AND state <> 'settled'"


_INSERT_ARRIVED = """
INSERT INTO events (id, action_id, entity, entity_id, action, base_version, revision, changes,
note, actor_id, device_id, at_ms, sync_state, version, feed_seq)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET sync_state = excluded.sync_state, version = excluded.version,
feed_seq = excluded.feed_seq
"""


def take_in(connection: Connection, arrived: Sequence[tuple[Operation, int, int]]) -> None:
    """Write events that the server told of, each with its version and number in the feed.

    This desk's own come back as confirmed.
    """
    rows = [
        (*_event_row(each)[:-1], int(SyncState.CONFIRMED), version, feed_seq)
        for each, version, feed_seq in arrived
    ]
    if rows:
        run_each(connection, _INSERT_ARRIVED, rows)


_COUNTING = ("reports", "incidents", "units", "assignments")
_REVISION = " UNION ALL ".join(f"SELECT revision FROM {name} WHERE id = ?1" for name in _COUNTING)


def revision_of(connection: Connection, entity_id: UUID) -> int:
    """Return how often a record was changed as this desk saw it; 0 for kinds that nobody undoes."""
    rows = fetch_all(connection, _REVISION, (entity_id.bytes,))
    return int(rows[0][0]) if rows else 0


def own_versions(connection: Connection, entity_id: UUID, device_id: UUID) -> set[int]:
    """Return the versions of a record that operations of a device are known to have made."""
    rows = fetch_all(
        connection,
        "SELECT version FROM events WHERE entity_id = ? AND device_id = ? AND version > 0",
        (entity_id.bytes, device_id.bytes),
    )
    return {int(row[0]) for row in rows}


def operation_of(row: tuple[Any, ...]) -> Operation:
    """Return the operation that a row of ``OPERATION_COLUMNS`` holds."""
    return Operation(
        op_id=UUID(bytes=row[0]),
        action_id=UUID(bytes=row[1]),
        entity=Entity(row[2]),
        entity_id=UUID(bytes=row[3]),
        action=row[4],
        base_version=row[5],
        revision=row[6],
        changes=_decode(row[7]),
        note=row[8],
        actor_id=UUID(bytes=row[9]),
        device_id=UUID(bytes=row[10]),
        at_ms=row[11],
    )


_EVENT = """
SELECT e.seq, e.id, e.entity, e.entity_id, e.revision, e.action, e.changes, e.note,
coalesce(o.name, ''), e.at_ms, e.sync_state, e.action_id
FROM events e LEFT JOIN officers o ON o.id = e.actor_id
"""


def _events(connection: Connection, where: str, *values: object) -> list[Event]:
    rows = fetch_all(connection, f"{_EVENT} {where}", values)
    return [
        Event(
            seq=row[0],
            id=UUID(bytes=row[1]),
            entity=Entity(row[2]),
            entity_id=UUID(bytes=row[3]),
            revision=row[4],
            action=row[5],
            changes=_decode(row[6]),
            note=row[7],
            actor_name=row[8],
            at=from_ms(row[9]),
            sync_state=SyncState(row[10]),
            action_id=UUID(bytes=row[11]),
        )
        for row in rows
    ]


def events_of(connection: Connection, entity_id: UUID) -> list[Event]:
    """Return everything that happened to a record, the first event first.

    The server's order comes first, then what it has not taken, in the order it was done here: what
    happened before this desk was enrolled arrives late.
    """
    return _events(
        connection,
        "WHERE e.entity_id = ? ORDER BY e.feed_seq = 0, e.feed_seq, e.seq",
        entity_id.bytes,
    )


def events_since(connection: Connection, entity_id: UUID, revision: int) -> list[Event]:
    """Return what happened to a record after a revision, the first event first.

    What was tried and not taken did not happen.
    """
    return _events(
        connection,
        "WHERE e.entity_id = ? AND e.revision > ? "
        f"AND e.sync_state <> {int(SyncState.NOT_TAKEN)} ORDER BY e.seq",
        entity_id.bytes,
        revision,
    )


def events_of_action(connection: Connection, action_id: UUID) -> list[Event]:
    """Return every event of one action, the last first, as an undo walks them."""
    return _events(connection, "WHERE e.action_id = ? ORDER BY e.seq DESC", action_id.bytes)


class ActionInsert(NamedTuple):
    """An action as it is begun; ``undoes`` names the action that this one takes back."""

    id: UUID
    actor_id: UUID
    kind: str
    at_ms: int
    undoes: UUID | None = None


def begin_action(connection: Connection, action: ActionInsert) -> None:
    """Write an action; when it takes another back, mark that one as undone."""
    undoes = None if action.undoes is None else action.undoes.bytes
    run(
        connection,
        "INSERT INTO actions (id, actor_id, kind, at_ms, undoes) VALUES (?, ?, ?, ?, ?)",
        (action.id.bytes, action.actor_id.bytes, action.kind, action.at_ms, undoes),
    )
    if undoes is not None:
        connection.exec_driver_sql(
            "UPDATE actions SET undone_by = ? WHERE id = ?", (action.id.bytes, undoes)
        )


def undoable_actions(
    connection: Connection, actor_id: UUID, since_ms: int, limit: int = 100
) -> list[ActionRecord]:
    """Return the actions an officer could take back, the latest first."""
    rows = connection.exec_driver_sql(
        "SELECT id, kind, at_ms FROM actions WHERE actor_id = ? AND at_ms >= ? "
        "AND undone_by IS NULL AND undoes IS NULL ORDER BY seq DESC LIMIT +?",
        (actor_id.bytes, since_ms, limit),
    )
    return [ActionRecord(UUID(bytes=row[0]), row[1], row[2]) for row in rows]


def find_open_action(
    connection: Connection, action_id: UUID, actor_id: UUID
) -> ActionRecord | None:
    """Return an officer's action unless it was taken back, or itself takes another back."""
    rows = fetch_all(
        connection,
        "SELECT kind, at_ms FROM actions WHERE id = ? AND actor_id = ? AND undone_by IS NULL "
        "AND undoes IS NULL",
        (action_id.bytes, actor_id.bytes),
    )
    return ActionRecord(action_id, *rows[0]) if rows else None


def count_waiting(connection: Connection) -> int:
    """Return how many operations wait to be sent."""
    return int(
        connection.exec_driver_sql(f"SELECT count(*) FROM outbox WHERE {_QUEUED}").scalar_one()
    )


def find_waiting(connection: Connection, limit: int = 200) -> list[Waiting]:
    """Return the operations that wait to be sent, the latest first."""
    rows = connection.exec_driver_sql(
        f"SELECT b.seq, e.entity, e.entity_id, {NAME}, e.action, e.note, "
        "coalesce(o.name, ''), e.at_ms, b.state, b.reason "
        f"FROM outbox b JOIN events e ON e.seq = b.seq {JOINS} "
        "LEFT JOIN officers o ON o.id = e.actor_id "
        "WHERE b.state <> 'settled' ORDER BY b.seq DESC LIMIT +?",
        (limit,),
    )
    return [Waiting(row[0], row[1], UUID(bytes=row[2]), *row[3:]) for row in rows]


def count_actions(connection: Connection, actor_id: UUID, since_ms: int) -> dict[str, int]:
    """Return how often an officer did each kind of thing since an instant, undone ones left out.

    What was done at dispatch is another screen's.
    """
    rows = connection.exec_driver_sql(
        "SELECT e.action, count(*) FROM events e JOIN actions a ON a.id = e.action_id "
        "WHERE a.actor_id = ? AND a.at_ms >= ? AND a.undone_by IS NULL AND a.undoes IS NULL "
        "AND e.entity NOT IN ('incident', 'unit', 'assignment') GROUP BY e.action",
        (actor_id.bytes, since_ms),
    )
    return {str(action): int(n) for action, n in rows}


def cancel_out(connection: Connection, action_ids: set[UUID]) -> bool:
    """Tell whether these actions are pairs of something done and its undo, and nothing else."""
    marks = ", ".join("?" * len(action_ids))
    rows = connection.exec_driver_sql(
        f"SELECT undoes, undone_by FROM actions WHERE id IN ({marks})",
        tuple(action_id.bytes for action_id in action_ids),
    )
    ids = {action_id.bytes for action_id in action_ids}
    return all(undoes in ids or undone_by in ids for undoes, undone_by in rows)
