"""Unsettled work put on a row by the merge that the server uses; and what goes again put back."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.authority import is_creation
from trafficdesk.domain.merge import Incoming, Merged, merge
from trafficdesk.domain.vocabulary import Entity, SyncState
from trafficdesk.store import arriving, dispatch_rows, history
from trafficdesk.store.arriving import Arrival
from trafficdesk.store.history import Operation
from trafficdesk.wire.fields import CITY_WIDE, FIELDS, LINKS


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


def put_again(connection: Connection, operations: Iterable[Operation]) -> None:
    """Put operations that are to be sent after all into rows that stand here without them.

    So it is done with what is dispatched: a unit that will be sent is not to be sent elsewhere.
    """
    for each in operations:
        if each.entity in CITY_WIDE:
            _put_again(connection, each)


def _put_again(connection: Connection, operation: Operation) -> None:
    entity, record_id = operation.entity, operation.entity_id
    kept = dispatch_rows.find(connection, entity, record_id)
    if kept is None:
        _make_again(connection, operation)
        return
    own = history.own_versions(connection, record_id, operation.device_id)
    row, has_mine = replay(kept.values, kept.version, [operation], own)
    if has_mine:
        arrival = Arrival(entity, record_id, kept.version, row, SyncState.NOT_SENT)
        arriving.put(connection, arrival)


def _make_again(connection: Connection, operation: Operation) -> None:
    """Make a record that the refusal of its making took away, if all that it names is here."""
    entity = operation.entity
    row = dict.fromkeys(FIELDS[entity]) | {each.field: each.new for each in operation.changes}
    named = [(kind, row[name]) for name, kind in LINKS.get(entity, {}).items() if row[name]]
    is_known = all(_is_here(connection, kind, each) for kind, each in named)
    if is_creation(operation.action) and is_known:
        arrival = Arrival(entity, operation.entity_id, 0, row, SyncState.NOT_SENT)
        arriving.put(connection, arrival)


def _is_here(connection: Connection, entity: Entity, record_id: object) -> bool:
    found = entity in dispatch_rows.TABLES
    return found and dispatch_rows.find(connection, entity, UUID(str(record_id))) is not None
