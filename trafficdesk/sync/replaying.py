"""A desk's row is the server's with this desk's unsettled operations replayed on it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from trafficdesk.domain.merge import Incoming, Merged, merge
from trafficdesk.domain.vocabulary import Entity, SyncState
from trafficdesk.store import arriving, outbox
from trafficdesk.store.arriving import Arrival, TakenIn
from trafficdesk.store.history import Operation
from trafficdesk.wire.exchange import Record


def replay(
    row: Mapping[str, object], version: int, operations: Sequence[Operation]
) -> tuple[dict[str, object], bool]:
    """Return the row with the operations on it, and whether any of them is in it.

    One that clashes is left out here as it will be there: only the server opens a conflict.
    """
    present = dict(row)
    has_mine = False
    for each in operations:
        incoming = Incoming(
            each.entity, each.action, each.changes, has_moved=each.base_version < version
        )
        merged = merge(incoming, present)
        if isinstance(merged, Merged):
            present |= {change.field: change.new for change in merged.changes}
            has_mine = True
    return present, has_mine


def take_in(connection: Connection, record: Record) -> TakenIn:
    """Write a record of the server's with this desk's unsettled work on it."""
    operations = outbox.find_unsettled_of(connection, record.id)
    row, has_mine = replay(record.row, record.version, operations)
    state = SyncState.NOT_SENT if has_mine else SyncState.CONFIRMED
    arrival = Arrival(Entity(record.entity), record.id, record.version, row, state)
    return arriving.put(connection, arrival)
