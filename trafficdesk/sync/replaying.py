"""A desk's row is the server's with this desk's unsettled operations replayed on it."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from sqlalchemy import Connection

from trafficdesk.domain.merge import Incoming, Merged, merge
from trafficdesk.domain.vocabulary import Entity, SyncState
from trafficdesk.store import arriving, dispatch_rows, history, outbox
from trafficdesk.store.arriving import Arrival, TakenIn
from trafficdesk.store.history import Operation
from trafficdesk.wire.exchange import Record
from trafficdesk.wire.fields import CITY_WIDE


def replay(
    row: Mapping[str, object], version: int, operations: Sequence[Operation], own: AbstractSet[int]
) -> tuple[dict[str, object], bool]:
    """Return the row with the operations on it, and whether any of them is in it.

    ``own`` are the versions that this desk's own work made: they are no move of somebody else's.
    One that clashes is left out here as it will be there: only the server opens a conflict.
    """
    present = dict(row)
    has_mine = False
    for each in operations:
        has_moved = any(n not in own for n in range(each.base_version + 1, version + 1))
        incoming = Incoming(each.entity, each.action, each.changes, has_moved=has_moved)
        merged = merge(incoming, present)
        if isinstance(merged, Merged):
            present |= {change.field: change.new for change in merged.changes}
            has_mine = True
    return present, has_mine


def take_in(connection: Connection, record: Record) -> TakenIn:
    """Write a record of the server's with this desk's unsettled work on it."""
    operations = outbox.find_unsettled_of(connection, record.id)
    own = set[int]()
    if operations:
        own = history.own_versions(connection, record.id, operations[0].device_id)
    row, has_mine = replay(record.row, record.version, operations, own)
    state = SyncState.NOT_SENT if has_mine else SyncState.CONFIRMED
    arrival = Arrival(Entity(record.entity), record.id, record.version, row, state)
    return arriving.put(connection, arrival)


def put_again(connection: Connection, operation: Operation) -> None:
    """Put an operation that is to be sent after all into the row that stands here without it.

    Only what is dispatched names others in a row that is here: what makes a record has none yet.
    """
    entity, record_id = operation.entity, operation.entity_id
    kept = dispatch_rows.find(connection, entity, record_id) if entity in CITY_WIDE else None
    if kept is None:
        return
    own = history.own_versions(connection, record_id, operation.device_id)
    row, has_mine = replay(kept.values, kept.version, [operation], own)
    if has_mine:
        arrival = Arrival(entity, record_id, kept.version, row, SyncState.NOT_SENT)
        arriving.put(connection, arrival)
