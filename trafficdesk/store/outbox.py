"""The outbox: operations on their way to the server, and what became of each."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.vocabulary import Entity, SyncState
from trafficdesk.store import facts
from trafficdesk.store.history import OPERATION_COLUMNS, Operation, operation_of
from trafficdesk.store.outgoing import Outgoing, outgoing_of
from trafficdesk.store.rows import fetch_all, run, run_each

QUEUED: Final = "queued"
SENT: Final = "sent"
SETTLED: Final = "settled"
PARKED: Final = "parked"
CONFLICT: Final = "conflict"
KEPT_DAYS: Final = 60  # PROTOCOL.md, "Restore"
_DAY_MS: Final = 86_400_000
_ON_ITS_WAY: Final = "push_on_its_way"  # the sequence numbers of the batch not yet answered

_SELECT: Final = f"SELECT b.seq, {OPERATION_COLUMNS} FROM outbox b JOIN events e ON e.seq = b.seq"
# The index of what waits serves only who says that nothing settled is meant.
_WAITS: Final = "b.state <> 'settled'"
# Whether a record, whose id is bound to the mark, has work that its row holds and no server yet.
IS_UNSETTLED: Final = (
    "EXISTS (SELECT 1 FROM events e JOIN outbox b ON b.seq = e.seq "
    f"WHERE e.entity_id = ?1 AND b.state IN ('queued', 'sent') AND {_WAITS})"
)


class Settled(NamedTuple):
    """What became of an operation: its new state, and the server's version and number of it."""

    op_id: UUID
    state: str
    result: str
    reason: str = ""
    detail: str = ""
    version: int = 0
    feed_seq: int = 0
    conflict_id: UUID | None = None


class Counts(NamedTuple):
    """How many operations stand where, settled ones left out."""

    queued: int
    sent: int
    parked: int
    conflict: int


def _operations(rows: Sequence[tuple[Any, ...]]) -> list[Operation]:
    return [operation_of(row[1:]) for row in rows]


def _find_in(connection: Connection, state: str, limit: int) -> list[tuple[Any, ...]]:
    return fetch_all(
        connection,
        f"{_SELECT} WHERE b.state = ? AND {_WAITS} ORDER BY b.seq LIMIT +?",
        (state, limit),
    )


def find_queued(connection: Connection, limit: int) -> list[tuple[int, Operation]]:
    """Return the operations to be sent next with their sequence numbers, in the order to send."""
    return [(int(row[0]), operation_of(row[1:])) for row in _find_in(connection, QUEUED, limit)]


def take_batch(connection: Connection, limit: int) -> list[Outgoing]:
    """Return the operations to send now, in order, and mark them as sent.

    A batch whose answer was lost comes again exactly as it was, or the server would take this desk
    for a copy of itself: also when a bundle took more along since, or settled some of it. A call
    for help goes before all that waits, alone.
    """
    on_its_way = facts.find(connection, _ON_ITS_WAY)
    if on_its_way:
        query = f"{_SELECT} WHERE b.seq IN (SELECT value FROM json_each(?)) ORDER BY b.seq"
        return outgoing_of(fetch_all(connection, query, (on_its_way,)))
    found = _take(connection, _find_call(connection))
    found = found or _find_in(connection, SENT, limit)
    found = found or _take(connection, _find_in(connection, QUEUED, limit))
    if found:
        facts.put(connection, _ON_ITS_WAY, json.dumps([row[0] for row in found]))
    return outgoing_of(found)


def _find_call(connection: Connection) -> list[tuple[Any, ...]]:
    """Return the first call for help that waits, if any does."""
    return fetch_all(
        connection,
        f"SELECT e.seq, {OPERATION_COLUMNS} FROM events e JOIN outbox b ON b.seq = e.seq "
        "WHERE e.action = 'call_for_help' AND b.state = 'queued' ORDER BY e.seq LIMIT 1",
    )


def has_call(connection: Connection) -> bool:
    """Tell whether a call for help waits to be sent."""
    return bool(_find_call(connection))


def _take(connection: Connection, found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    if found:
        marks = (json.dumps([row[0] for row in found]),)
        of_these = "WHERE seq IN (SELECT value FROM json_each(?))"
        run(connection, f"UPDATE outbox SET state = 'sent' {of_these}", marks)
        sent = int(SyncState.SENT)
        run(connection, f"UPDATE events SET sync_state = {sent} {of_these}", marks)
    return found


def land_batch(connection: Connection) -> set[int]:
    """Note that the batch on its way was answered; return what of it still waits for that.

    Returns the sequence numbers.
    """
    rows = fetch_all(
        connection,
        "SELECT seq FROM outbox WHERE seq IN (SELECT value FROM json_each(?)) "
        "AND state IN ('queued', 'sent')",
        (facts.find(connection, _ON_ITS_WAY) or "[]",),
    )
    facts.put(connection, _ON_ITS_WAY, "")
    return {row[0] for row in rows}


def keep_here(connection: Connection, op_id: UUID) -> None:
    """Never send an operation: it is of a kind that only the server's own people change there.

    Its event stays in the history of this desk.
    """
    run(
        connection,
        "DELETE FROM outbox WHERE seq = (SELECT seq FROM events WHERE id = ?)",
        (op_id.bytes,),
    )
    run(
        connection,
        f"UPDATE events SET sync_state = {int(SyncState.CONFIRMED)} WHERE id = ?",
        (op_id.bytes,),
    )


def put_back(connection: Connection) -> None:
    """Queue again what was sent and is known never to have been taken."""
    facts.put(connection, _ON_ITS_WAY, "")
    run(
        connection, "UPDATE outbox SET state = 'queued' WHERE state = 'sent' AND state <> 'settled'"
    )


# Settled, and yet nowhere but in this desk's history.
_NOT_TAKEN: Final = ("rejected", "withdrawn")
_EVENT_STATES: Final = {
    SETTLED: SyncState.CONFIRMED,
    PARKED: SyncState.NOT_SENT,
    CONFLICT: SyncState.CONFLICT,
    QUEUED: SyncState.NOT_SENT,
}


def _event_state(settled: Settled) -> int:
    is_taken = settled.state != SETTLED or settled.result not in _NOT_TAKEN
    return int(_EVENT_STATES[settled.state] if is_taken else SyncState.NOT_TAKEN)


def settle(connection: Connection, settled: Sequence[Settled], at_ms: int) -> None:
    """Write what became of operations, and of their events."""
    wanted = (json.dumps([each.op_id.hex for each in settled]),)
    query = "SELECT id, seq FROM events WHERE id IN (SELECT unhex(value) FROM json_each(?))"
    seqs = dict(fetch_all(connection, query, wanted))
    known = [(each, seqs[each.op_id.bytes]) for each in settled if each.op_id.bytes in seqs]
    run_each(
        connection,
        "UPDATE outbox SET state = ?, result = ?, reason = ?, detail = ?, version = ?, "
        "feed_seq = ?, conflict_id = ?, settled_ms = ? WHERE seq = ?",
        [
            (
                each.state,
                each.result,
                each.reason,
                each.detail,
                each.version,
                each.feed_seq,
                None if each.conflict_id is None else each.conflict_id.bytes,
                at_ms if each.state == SETTLED else None,
                seq,
            )
            for each, seq in known
        ],
    )
    run_each(
        connection,
        "UPDATE events SET sync_state = ?, version = ?, feed_seq = ? WHERE seq = ?",
        [(_event_state(each), each.version, each.feed_seq, seq) for each, seq in known],
    )


def find_unsettled_of(connection: Connection, entity_id: UUID) -> list[Operation]:
    """Return the operations of a record that are in its row here and not yet in the server's."""
    rows = fetch_all(
        connection,
        f"{_SELECT} WHERE b.state IN ('queued', 'sent') AND {_WAITS} AND e.entity_id = ? "
        "ORDER BY b.seq",
        (entity_id.bytes,),
    )
    return _operations(rows)


def has_resent(connection: Connection) -> bool:
    """Tell whether any of what was sent now had been refused before, and so is in no row here."""
    return bool(
        fetch_all(
            connection,
            f"SELECT 1 FROM outbox b WHERE b.state = 'sent' AND {_WAITS} "
            "AND b.result = 'rejected' LIMIT 1",
        )
    )


def find_records_with_open_work(connection: Connection) -> set[tuple[Entity, UUID]]:
    """Return every record of which something waits to be sent or for a person."""
    rows = fetch_all(
        connection,
        "SELECT DISTINCT e.entity, e.entity_id FROM outbox b JOIN events e ON e.seq = b.seq "
        f"WHERE {_WAITS}",
    )
    return {(Entity(row[0]), UUID(bytes=row[1])) for row in rows}


def count(connection: Connection) -> Counts:
    """Return how many operations stand where."""
    rows = fetch_all(
        connection, f"SELECT b.state, count(*) FROM outbox b WHERE {_WAITS} GROUP BY b.state"
    )
    found = {str(row[0]): int(row[1]) for row in rows}
    return Counts(*(found.get(state, 0) for state in (QUEUED, SENT, PARKED, CONFLICT)))


def find(connection: Connection, op_id: UUID) -> tuple[str, Operation] | None:
    """Return an operation with the state it stands in."""
    rows = fetch_all(
        connection,
        f"SELECT b.state, {OPERATION_COLUMNS} FROM outbox b JOIN events e ON e.seq = b.seq "
        "WHERE e.id = ?",
        (op_id.bytes,),
    )
    return (str(rows[0][0]), operation_of(rows[0][1:])) if rows else None


def requeue(connection: Connection, reasons: Sequence[str]) -> list[Operation]:
    """Queue again what was parked for one of these reasons; return it, for it is in no row yet."""
    marks = ", ".join("?" for _ in reasons)
    return _requeue(connection, f"b.reason IN ({marks})", tuple(reasons))


def requeue_of_stranger(connection: Connection, actor_id: UUID) -> list[Operation]:
    """Queue again what was refused because the server had not met its actor.

    Returns it in its order; it is in no row yet.
    """
    where = "b.reason = 'unknown_actor' AND e.actor_id = ?"
    return _requeue(connection, where, (actor_id.bytes,))


def _requeue(connection: Connection, where: str, values: Sequence[object]) -> list[Operation]:
    query = f"{_SELECT} WHERE b.state = 'parked' AND {_WAITS} AND {where} ORDER BY b.seq"
    found = fetch_all(connection, query, values)
    again = "UPDATE outbox SET state = 'queued', reason = '' WHERE seq = ?"
    run_each(connection, again, [(row[0],) for row in found])
    return _operations(found)


_IN_CONFLICT: Final = "state = 'conflict' AND state <> 'settled' AND conflict_id = ?"
_OUT_OF_CONFLICT: Final = "state = 'settled' AND conflict_id = ?"
_RECORDS: Final = (
    "JOIN events e ON e.seq = b.seq LEFT JOIN reports r ON r.id = e.entity_id "
    "LEFT JOIN incidents i ON i.id = e.entity_id LEFT JOIN units u ON u.id = e.entity_id "
    "LEFT JOIN assignments a ON a.id = e.entity_id"
)
_CITY: Final = "coalesce(r.city_id, i.city_id, u.city_id, a.city_id)"


def settle_conflict(connection: Connection, conflict_id: UUID, at_ms: int) -> None:
    """Settle the operations of a conflict that was settled: what came of it, its settlement did."""
    _show(connection, SyncState.NOT_TAKEN, _IN_CONFLICT, conflict_id)
    run(
        connection,
        f"UPDATE outbox SET state = 'settled', settled_ms = ? WHERE {_IN_CONFLICT}",
        (at_ms, conflict_id.bytes),
    )


def find_unseen_conflicts(connection: Connection, read_to: Mapping[UUID, int]) -> set[UUID]:
    """Return the conflicts that operations wait for and nobody sees, though all was read past them.

    ``read_to`` has each city's number; a record's that is not here is not known: then all count.
    """
    rows = fetch_all(
        connection,
        f"SELECT b.conflict_id, b.feed_seq, {_CITY} FROM outbox b {_RECORDS} "
        "WHERE b.state = 'conflict' AND b.state <> 'settled' "
        "AND b.conflict_id NOT IN (SELECT id FROM conflicts)",
    )
    all_to = min(read_to.values(), default=0)
    ahead = {
        conflict
        for conflict, number, city in rows
        if number > (all_to if city is None else read_to.get(UUID(bytes=city), all_to))
    }
    return {UUID(bytes=row[0]) for row in rows if row[0] not in ahead}


def reopen_conflict(connection: Connection, conflict_id: UUID) -> None:
    """Put the operations of a conflict back that is open again."""
    _show(connection, SyncState.CONFLICT, _OUT_OF_CONFLICT, conflict_id)
    run(
        connection,
        f"UPDATE outbox SET state = 'conflict', settled_ms = NULL WHERE {_OUT_OF_CONFLICT}",
        (conflict_id.bytes,),
    )


def _show(connection: Connection, state: SyncState, which: str, conflict_id: UUID) -> None:
    run(
        connection,
        f"UPDATE events SET sync_state = ? WHERE seq IN (SELECT seq FROM outbox WHERE {which})",
        (int(state), conflict_id.bytes),
    )


def requeue_after(connection: Connection, city_id: UUID, feed_seq: int) -> int:
    """Queue again what a restored server may have lost: all it had taken after a number.

    Duplicates carry no number; they are asked again too, which does no harm. What is on its way
    stands on what was answered before it: it goes again in its place. None of it shows as confirmed
    any more. Returns how many.
    """
    run(connection, "DROP TABLE IF EXISTS temp.unsure")
    run(
        connection,
        f"CREATE TEMP TABLE unsure AS SELECT b.seq, e.entity_id FROM outbox b {_RECORDS} "
        "WHERE (b.state = 'sent' OR b.state IN ('settled', 'conflict') "
        "AND b.result NOT IN ('', 'rejected', 'withdrawn') "
        f"AND (b.feed_seq > ? OR b.feed_seq = 0)) AND coalesce({_CITY}, ?) = ?",
        (feed_seq, city_id.bytes, city_id.bytes),
    )
    not_sent = int(SyncState.NOT_SENT)
    run(
        connection,
        f"UPDATE events SET sync_state = {not_sent} WHERE seq IN (SELECT seq FROM temp.unsure)",
    )
    for table in ("reports", "geofences", "incidents", "units", "assignments"):
        run(
            connection,
            f"UPDATE {table} SET sync_state = {not_sent} "
            "WHERE id IN (SELECT entity_id FROM temp.unsure)",
        )
    count = run(
        connection,
        "UPDATE outbox SET state = 'queued', result = '', reason = '', settled_ms = NULL "
        "WHERE seq IN (SELECT seq FROM temp.unsure)",
    )
    run(connection, "DROP TABLE temp.unsure")
    facts.put(connection, _ON_ITS_WAY, "")
    return count


def forget_settled(connection: Connection, now_ms: int) -> int:
    """Forget operations settled so long ago that no restored server can ask for them."""
    return run(
        connection,
        "DELETE FROM outbox WHERE state = 'settled' AND settled_ms < ?",
        (now_ms - KEPT_DAYS * _DAY_MS,),
    )


class ParkedOperation(NamedTuple):
    """An operation that was set aside, and why."""

    operation: Operation
    reason: str
    detail: str


def find_parked(connection: Connection, limit: int = 500) -> list[ParkedOperation]:
    """Return what was set aside, the oldest first."""
    rows = fetch_all(
        connection,
        f"SELECT b.reason, b.detail, {OPERATION_COLUMNS} FROM outbox b "
        f"JOIN events e ON e.seq = b.seq WHERE b.state = 'parked' AND {_WAITS} "
        "ORDER BY b.seq LIMIT +?",
        (limit,),
    )
    return [ParkedOperation(operation_of(row[2:]), str(row[0]), str(row[1])) for row in rows]
