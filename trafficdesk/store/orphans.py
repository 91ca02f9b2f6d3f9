"""Work that was set aside for want of a record, and goes on when the server has it."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.store.history import OPERATION_COLUMNS, Operation, operation_of
from trafficdesk.store.rows import fetch_all, run_each
from trafficdesk.wire.fields import LINKS

_FIND = (
    f"SELECT b.seq, {OPERATION_COLUMNS} FROM outbox b JOIN events e ON e.seq = b.seq "
    "WHERE b.state = 'parked' AND b.state <> 'settled' AND b.reason = 'unknown_record'"
)
_REQUEUE = "UPDATE outbox SET state = 'queued', reason = '' WHERE seq = ?"


def requeue(connection: Connection, known: AbstractSet[UUID]) -> None:
    """Queue again what is on records that the server knows by now, or names one of them."""
    found = fetch_all(connection, _FIND)
    waiting = [(row[0],) for row in found if not known.isdisjoint(_named(operation_of(row[1:])))]
    run_each(connection, _REQUEUE, waiting)


def _named(operation: Operation) -> Iterator[UUID]:
    """Return the records that an operation is on, or names."""
    yield operation.entity_id
    links = LINKS.get(operation.entity, {})
    for change in operation.changes:
        if change.new is not None and change.field in links:
            yield UUID(str(change.new))
