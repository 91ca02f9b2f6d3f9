"""What a unit was sent to and never claimed for: where it is out for another, people decide."""

from collections.abc import Iterator, Mapping
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
WHERE a.city_id = ANY (%s::uuid[]) AND a.unit_id = ANY (%s::uuid[])
  AND a.cleared_ms IS NULL AND a.withdrawn_ms IS NULL ORDER BY a.assigned_ms, a.id
"""


class _Out(NamedTuple):
    """An open assignment: of which unit, whether a conflict holds it, and what sent it."""

    unit_id: UUID
    is_disputed: bool
    operation: Operation


def open_missing(connection: Connection, weighing: Weighing) -> None:
    """Open the conflicts that claims would have opened if they had come.

    A desk may be lost between an assignment and its claim, or a person have withdrawn the claim
    alone. The conflict is the sending desk's, as if it had claimed; a claim that comes later joins.
    """
    holding = dict(_find_holding(weighing))
    out = _find_out(connection, weighing, holding) if holding else {}
    loose = {
        uuid5(each.operation.op_id, str(Entity.CONFLICT)): each
        for assignment_id, each in out.items()
        if not each.is_disputed and _is_elsewhere(holding[each.unit_id], assignment_id, out)
    }
    if not loose:
        return
    cities = weighing.sender.city_ids
    before = queries.lock_rows(connection, Entity.CONFLICT, cities, set(loose))
    for conflict_id in loose.keys() - {each.id for each in before}:
        _open(weighing, holding[loose[conflict_id].unit_id], loose[conflict_id].operation)


def _open(weighing: Weighing, unit: Standing, operation: Operation) -> None:
    mine = str(operation.entity_id)
    claim = msgspec.structs.replace(
        operation,
        entity=str(Entity.UNIT),
        entity_id=unit.id,
        action=_SEND,
        changes={CLAIM: (None, mine)},
    )
    clash = Clash(CLAIM, None, mine, unit.row[CLAIM])
    conflict, draft = open_conflict(claim, unit, (clash,), weighing.now_ms)
    weighing.standings[Entity.CONFLICT, conflict.standing.id] = conflict.standing
    weighing.drafts.append(draft)


def _is_elsewhere(unit: Standing, assignment_id: UUID, out: Mapping[UUID, _Out]) -> bool:
    """Tell whether a unit holds another assignment than this one, and is out for that."""
    held = UUID(str(unit.row[CLAIM]))
    return held != assignment_id and held in out


def _find_holding(weighing: Weighing) -> Iterator[tuple[UUID, Standing]]:
    """Return the units that a batch sent, by an assignment or by a claim, and that hold one."""
    for draft in weighing.drafts:
        unit_id = _sent_by(weighing, draft)
        unit = None if unit_id is None else weighing.standings.get((Entity.UNIT, unit_id))
        if unit is not None and unit.row.get(CLAIM) is not None:
            yield unit.id, unit


def _sent_by(weighing: Weighing, draft: Draft) -> UUID | None:
    """Return the unit that an event sends. A settlement calls back what lost by itself."""
    if _makes(draft):
        return _unit_of(weighing, draft)
    is_claim = draft.entity is Entity.UNIT and plain_action(draft.action) != SETTLE
    claims = is_claim and draft.changes.get(CLAIM, (None, None))[1] is not None
    return draft.entity_id if claims else None


def _makes(draft: Draft) -> bool:
    return draft.entity is Entity.ASSIGNMENT and draft.version == 1


def _unit_of(weighing: Weighing, draft: Draft) -> UUID:
    return UUID(str(weighing.standings[draft.entity, draft.entity_id].row["unit_id"]))


def _find_out(
    connection: Connection, weighing: Weighing, units: Mapping[UUID, Standing]
) -> dict[UUID, _Out]:
    """Return what units are out for once the batch is in, by the ids of the assignments."""
    cities = as_array(weighing.sender.city_ids)
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = [
            _Out(unit_id, is_disputed, msgspec.json.decode(text, type=Operation))
            for unit_id, is_disputed, text in cursor.execute(_FIND_OUT, [cities, as_array(units)])
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
