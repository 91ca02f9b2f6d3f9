"""Work that was set aside for want of a record, and goes on when the server has it."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.authority import is_creation
from trafficdesk.store.history import OPERATION_COLUMNS, Operation, operation_of
from trafficdesk.store.rows import fetch_all, run_each
from trafficdesk.wire.fields import LINKS

_FIND = (
    f"SELECT b.seq, {OPERATION_COLUMNS} FROM outbox b JOIN events e ON e.seq = b.seq "
    "WHERE b.state = 'parked' AND b.state <> 'settled' AND b.reason = 'unknown_record' "
    "ORDER BY b.seq"
)
_REQUEUE = "UPDATE outbox SET state = 'queued', reason = '' WHERE seq = ?"


def requeue(connection: Connection, known: AbstractSet[UUID]) -> list[Operation]:
    """Queue again what is on records that the server knows by now, or names one of them.

    With what makes a record goes what is on that one or names it: a unit's claim with its
    assignment. Returns it in its order; it is in no row yet.
    """
    found = [(row[0], operation_of(row[1:])) for row in fetch_all(connection, _FIND)]
    coming, ready = set(known), list[tuple[int, Operation]]()
    for seq, each in found:
        if not coming.isdisjoint(_named(each)):
            ready.append((seq, each))
            coming |= {each.entity_id} if is_creation(each.action) else set()
    run_each(connection, _REQUEUE, [(seq,) for seq, _ in ready])
    return [each for _, each in ready]


def _named(operation: Operation) -> Iterator[UUID]:
    """Return the records that an operation is on, or names."""
    yield operation.entity_id
    links = LINKS.get(operation.entity, {})
    for change in operation.changes:
        if change.new is not None and change.field in links:
            yield UUID(str(change.new))
