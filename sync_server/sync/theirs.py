"""Whose theirs is: who made what stands against a device's work, written into its conflicts."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec
from psycopg.rows import tuple_row

from sync_server.db.engine import Connection
from sync_server.db.ledger import as_array
from sync_server.sync.batch import Conflict, Draft
from sync_server.sync.clashing import JOINED, OPENED, read_conflict
from sync_server.sync.weighing import Weighing
from trafficdesk.domain.merge import DELETED
from trafficdesk.domain.vocabulary import Entity

_MAKING: Final = frozenset({OPENED, JOINED})
# Of each record the latest change of a field in question; if there is none, the latest change by
# another device.
_FIND: Final = """
SELECT w.id, t.actor_id, t.at_ms
FROM jsonb_to_recordset(%s::jsonb) w (id uuid, record_id uuid, device_id uuid, fields text[])
CROSS JOIN LATERAL (
  SELECT e.actor_id, e.at_ms FROM events e
  WHERE e.city_id = ANY (%s::uuid[]) AND e.entity_id = w.record_id
    AND (e.changes::jsonb ?| w.fields OR e.device_id <> w.device_id)
  ORDER BY e.changes::jsonb ?| w.fields DESC, e.version DESC LIMIT 1
) t
"""
_Who = tuple[UUID, int]


def name_theirs(connection: Connection, weighing: Weighing) -> None:
    """Write into the conflicts that a batch opened or joined who made what stands, and when.

    That is whoever changed a field in question last, on whichever desk: one that was put back to
    a backup meets its own work.
    """
    made, drafts = dict[UUID, tuple[Conflict, int]](), weighing.drafts
    for place, draft in enumerate(drafts):
        if draft.entity is Entity.CONFLICT and draft.action in _MAKING:
            standing = weighing.standings[Entity.CONFLICT, draft.entity_id]
            made[draft.entity_id] = read_conflict(standing), place
    if not made:
        return
    known = _find_in_feed(
        connection, weighing.sender.city_ids, [conflict for conflict, _ in made.values()]
    )
    for conflict_id, (conflict, place) in made.items():
        who = _find_in_batch(conflict, drafts[:place]) or known.get(conflict_id)
        if who is not None:
            conflict.standing.row |= {"theirs_actor_id": str(who[0]), "theirs_at_ms": who[1]}
            conflict.standing.touched |= {"theirs_actor_id", "theirs_at_ms"}


def _questioned(conflict: Conflict) -> set[str]:
    """Return the fields in question, but for a deletion of what stands: nobody made that."""
    return {each.field for each in conflict.clashes if each.field != DELETED or each.theirs}


def _find_in_batch(conflict: Conflict, before: Sequence[Draft]) -> _Who | None:
    fields = _questioned(conflict)
    for each in reversed(before):
        if each.entity_id == conflict.record_id and not fields.isdisjoint(each.changes):
            return each.operation.actor_id, each.operation.at_ms
    return None


def _find_in_feed(
    connection: Connection, city_ids: Collection[str], conflicts: Collection[Conflict]
) -> Mapping[UUID, _Who]:
    """Return by conflict who made what stands, as far as the feed tells it before this batch."""
    wanted = [
        {
            "id": each.standing.id,
            "record_id": each.record_id,
            "device_id": each.standing.row["device_id"],
            "fields": sorted(_questioned(each)),
        }
        for each in conflicts
    ]
    values = [msgspec.json.encode(wanted).decode(), as_array(city_ids)]
    with connection.cursor(row_factory=tuple_row) as cursor:
        return {row[0]: (row[1], row[2]) for row in cursor.execute(_FIND, values)}
