"""A desk's row is the server's with this desk's unsettled operations replayed on it."""

from sqlalchemy import Connection

from trafficdesk.domain.vocabulary import Entity, SyncState
from trafficdesk.store import arriving, history, outbox
from trafficdesk.store.arriving import Arrival, TakenIn
from trafficdesk.store.replaying import replay
from trafficdesk.wire.exchange import Record


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
