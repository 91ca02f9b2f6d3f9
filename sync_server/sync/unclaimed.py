"""What a unit was sent to and never claimed for: where it is out for another, people decide."""

from collections.abc import Mapping
from typing import Final, NamedTuple
from uuid import UUID, uuid5

import msgspec
from psycopg.rows import tuple_row

from sync_server.db.engine import Connection
from sync_server.db.ledger import as_array
from sync_server.sync import queries
from sync_server.sync.assignments import assignment_of
from sync_server.sync.batch import Draft, Standing
from sync_server.sync.claims import CLAIM, SETTLE
from sync_server.sync.clashing import OPEN, open_conflict
from sync_server.sync.weighing import Weighing
from trafficdesk.domain.authority import plain_action
from trafficdesk.domain.dispatch import is_open
from trafficdesk.domain.merge import Clash
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.wire.operations import Operation

_SEND: Final = "send"
# What units are out for by what was committed, with the operation that sent each, and whether an
# open conflict holds its claim.
_FIND_OUT: Final = """
SELECT a.unit_id, EXISTS (
  SELECT FROM conflicts c, jsonb_array_elements(c.operations) o
  WHERE c.city_id = a.city_id AND c.record_id = a.unit_id AND c.status = 'open'
    AND o -> 'changes' -> 'assignment_id' ->> 1 = a.id::text),
  json_build_object('op_id', e.id, 'action_id', e.action_id, 'entity', e.entity,
    'entity_id', e.entity_id, 'action', e.action, 'base_version', 0, 'revision', 1,
    'changes', e.changes, 'note', e.note, 'actor_id', e.actor_id, 'device_id', e.device_id,
    'at_ms', e.at_ms)::text
FROM assignments a JOIN events e ON e.city_id = a.city_id AND e.entity_id = a.id AND e.version = 1
WHERE a.city_id = ANY (%s::uuid[]) AND a.unit_id = ANY (%s::uuid[]) AND ({which})
ORDER BY a.assigned_ms, a.id
"""
_IS_OPEN: Final = "a.cleared_ms IS NULL AND a.withdrawn_ms IS NULL"
_ENDS: Final = frozenset({"cleared_ms", "withdrawn_ms"})


class _Sent(NamedTuple):
    """A unit that a batch sent and that holds an assignment, and the last operation that did."""

    unit: Standing
    by: UUID

    @property
    def held(self) -> UUID:
        """The assignment that it holds."""
        return UUID(str(self.unit.row[CLAIM]))


class _Out(NamedTuple):
    """An open assignment: of which unit, whether a conflict holds it, and what sent it."""

    unit_id: UUID
    is_disputed: bool
    operation: Operation


def open_missing(connection: Connection, weighing: Weighing) -> None:
    """Open the conflicts that claims would have opened if they had come.

    A desk may be lost between an assignment and its claim; and one that was called back may stand
    again, though its unit holds another by then. The conflict is the sending desk's, as if it had
    claimed; a claim that comes later joins.
    """
    sent = _find_sent(connection, weighing)
    out = _find_out(connection, weighing, sent) if sent else {}
    loose = [
        each
        for assignment_id, each in out.items()
        if not each.is_disputed and _is_elsewhere(sent[each.unit_id], assignment_id, out)
    ]
    if not loose:
        return
    cities, wanted = weighing.sender.city_ids, {_id_after(each.operation.op_id) for each in loose}
    before = {each.id for each in queries.lock_rows(connection, Entity.CONFLICT, cities, wanted)}
    for each in loose:
        op_id = each.operation.op_id
        if _id_after(op_id) in before:  # it was in question before: now it is by another operation
            op_id = uuid5(sent[each.unit_id].by, str(each.operation.entity_id))
        _open(weighing, sent[each.unit_id].unit, each.operation, op_id)


def _id_after(op_id: UUID) -> UUID:
    return uuid5(op_id, str(Entity.CONFLICT))


def _open(weighing: Weighing, unit: Standing, operation: Operation, op_id: UUID) -> None:
    mine = str(operation.entity_id)
    claim = msgspec.structs.replace(
        operation,
        op_id=op_id,
        entity=str(Entity.UNIT),
        entity_id=unit.id,
        action=_SEND,
        changes={CLAIM: (None, mine)},
    )
    clash = Clash(CLAIM, None, mine, unit.row[CLAIM])
    conflict, draft = open_conflict(claim, unit, (clash,), weighing.now_ms)
    weighing.standings[Entity.CONFLICT, conflict.standing.id] = conflict.standing
    weighing.drafts.append(draft)


def _is_elsewhere(sent: _Sent, assignment_id: UUID, out: Mapping[UUID, _Out]) -> bool:
    """Tell whether a unit holds another assignment than this one, and is out for that."""
    return sent.held != assignment_id and sent.held in out


def _find_sent(connection: Connection, weighing: Weighing) -> dict[UUID, _Sent]:
    """Return the units that a batch sent, by an assignment or by a claim, and that hold one."""
    sent = {
        unit_id: draft.operation.op_id
        for draft in weighing.drafts
        if (unit_id := _sent_by(weighing, draft))
    }
    unread = {each for each in sent if (Entity.UNIT, each) not in weighing.standings}
    if unread:  # of an assignment that stands again
        cities = weighing.sender.city_ids
        found = queries.lock_rows(connection, Entity.UNIT, cities, unread)
        weighing.standings |= {(Entity.UNIT, each.id): each for each in found}
    units = {each: weighing.standings.get((Entity.UNIT, each)) for each in sent}
    return {
        unit_id: _Sent(unit, sent[unit_id])
        for unit_id, unit in units.items()
        if unit is not None and unit.row.get(CLAIM) is not None
    }


def _sent_by(weighing: Weighing, draft: Draft) -> UUID | None:
    """Return the unit that an event sends. A settlement calls back what lost by itself."""
    if _makes(draft) or _reopens(draft):
        return _unit_of(weighing, draft)
    is_claim = draft.entity is Entity.UNIT and plain_action(draft.action) != SETTLE
    claims = is_claim and draft.changes.get(CLAIM, (None, None))[1] is not None
    return draft.entity_id if claims else None


def _makes(draft: Draft) -> bool:
    return draft.entity is Entity.ASSIGNMENT and draft.version == 1


def _reopens(draft: Draft) -> bool:
    if draft.entity is not Entity.ASSIGNMENT or draft.version == 1:
        return False
    return any(draft.changes[name][1] is None for name in _ENDS & draft.changes.keys())


def _unit_of(weighing: Weighing, draft: Draft) -> UUID:
    return UUID(str(weighing.standings[draft.entity, draft.entity_id].row["unit_id"]))


def _find_out(
    connection: Connection, weighing: Weighing, units: Mapping[UUID, _Sent]
) -> dict[UUID, _Out]:
    """Return what units are out for once the batch is in, by the ids of the assignments."""
    values, which = [as_array(weighing.sender.city_ids), as_array(units)], _IS_OPEN
    again = {each.entity_id for each in weighing.drafts if _reopens(each)}
    if again:
        values, which = [*values, as_array(again)], f"{_IS_OPEN} OR a.id = ANY (%s::uuid[])"
    with connection.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(_FIND_OUT.replace("{which}", which).encode(), values)
        found = [
            _Out(unit_id, is_disputed, msgspec.json.decode(text, type=Operation))
            for unit_id, is_disputed, text in rows
        ]
    made = [
        _Out(unit_id, is_disputed=False, operation=each.operation)
        for each in weighing.drafts
        if _makes(each) and (unit_id := _unit_of(weighing, each)) in units
    ]
    disputed = _disputed_here(weighing)
    return {
        each.operation.entity_id: each._replace(
            is_disputed=each.is_disputed or str(each.operation.entity_id) in disputed
        )
        for each in (*found, *made)
        if _is_still_out(weighing, each.operation.entity_id)
    }


def _is_still_out(weighing: Weighing, assignment_id: UUID) -> bool:
    standing = weighing.standings.get((Entity.ASSIGNMENT, assignment_id))
    return standing is None or is_open(assignment_of(standing.id, standing.row))


def _disputed_here(weighing: Weighing) -> set[str]:
    """Return what the conflicts that the batch opened, joined or has read name."""
    named = set[str]()
    for (entity, _), each in weighing.standings.items():
        if entity is not Entity.CONFLICT or each.row.get("status") != OPEN:
            continue
        for operation in msgspec.convert(each.row["operations"], list[Operation]):
            named.add(str(operation.changes.get(CLAIM, (None, None))[1]))
    return named
