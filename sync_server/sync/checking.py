"""What an operation must be before it is merged: known words, permitted, and in scope."""

from collections.abc import Mapping
from typing import Final

import msgspec

from sync_server.sync.batch import Sender, Standing, Verdict, refused
from sync_server.sync.directory import NOBODY
from trafficdesk.domain.authority import (
    UNDO,
    is_creation,
    is_servers_own,
    is_step,
    may_touch,
    needs_note,
    permission_for,
)
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.merge import PLACE
from trafficdesk.domain.permissions import may
from trafficdesk.domain.vocabulary import Entity, Role
from trafficdesk.wire.exchange import Reason
from trafficdesk.wire.fields import FIELDS, WRITABLE
from trafficdesk.wire.operations import MAX_NOTE_LENGTH, Operation
from trafficdesk.wire.rows import fits
from trafficdesk.wire.values import EARLIEST_MS, LATEST_MS, may_be_found, may_be_written

_ENTITIES: Final[Mapping[str, Entity]] = {str(entity): entity for entity in FIELDS}
# Fields that say who did it.
_SIGNED: Final[Mapping[Entity, tuple[str, ...]]] = {
    Entity.REPORT: ("reviewer_id",),
    Entity.INCIDENT: ("acknowledged_by",),
    Entity.CONFLICT: ("settled_by",),
}
_PLACED: Final = frozenset({Entity.REPORT, Entity.INCIDENT})
_SETTLE: Final = "settle"
_MAX_NUMBER: Final = 2**31 - 1


def entity_of(operation: Operation) -> Entity | None:
    """Return the kind of record if this server knows it."""
    return _ENTITIES.get(operation.entity)


Judged = dict[tuple[object, ...], Verdict | None]


def find_refusal(
    operation: Operation, entity: Entity, sender: Sender, judged: Judged
) -> Verdict | None:
    """Return why an operation may not be, whatever the record is by now; None if it may.

    ``judged`` keeps what was found of a sender's operations: one action asks the same of many
    records, and is looked at once.
    """
    fault = _find_fault_of_frame(operation)
    if fault is not None:
        return fault
    is_unreasoned = needs_note(entity, operation.action, operation.base_version)
    is_unreasoned = is_unreasoned and not operation.note.strip()
    key = (
        operation.entity,
        operation.action,
        operation.actor_id.int,
        operation.device_id.int,
        is_unreasoned,
        msgspec.json.encode(operation.changes),  # tells 1 from true and from 1.0
    )
    if key not in judged:
        judged[key] = (
            _find_fault_of_actor(operation, entity, sender)
            or _find_fault_of_fields(operation, entity, is_unreasoned=is_unreasoned)
            or _find_false_name(operation, entity)
            or _find_illegal_step(operation, entity)
        )
    return judged[key]


def _find_fault_of_frame(operation: Operation) -> Verdict | None:
    if len(operation.note) > MAX_NOTE_LENGTH or "\x00" in operation.note:
        return refused(Reason.BAD_VALUE, "note")
    if not EARLIEST_MS <= operation.at_ms <= LATEST_MS:
        return refused(Reason.BAD_VALUE, "at_ms")
    if not 0 <= operation.base_version <= _MAX_NUMBER:
        return refused(Reason.BAD_VALUE, "base_version")
    return None


def _find_fault_of_actor(operation: Operation, entity: Entity, sender: Sender) -> Verdict | None:
    if entity not in WRITABLE:
        return refused(Reason.NOT_PERMITTED, entity)
    needed = permission_for(entity, operation.action)
    if needed is None:
        return refused(Reason.UNKNOWN_FIELD, "action")
    if is_servers_own(entity, operation.action) and sender.device_id != NOBODY:
        return refused(Reason.NOT_PERMITTED, "action")
    if operation.device_id != sender.device_id:
        return refused(Reason.UNKNOWN_ACTOR, "device_id")
    actor = sender.actors.get(operation.actor_id)
    if actor is None:
        return refused(Reason.UNKNOWN_ACTOR)
    return None if may(actor.role, needed) else refused(Reason.NOT_PERMITTED, needed)


def _find_fault_of_fields(
    operation: Operation, entity: Entity, *, is_unreasoned: bool
) -> Verdict | None:
    if is_unreasoned:
        return refused(Reason.BAD_VALUE, "note")
    kinds, changes = FIELDS[entity], operation.changes
    for name, (old, new) in changes.items():
        if name not in kinds:
            return refused(Reason.UNKNOWN_FIELD, name)
        if not may_touch(entity, operation.action, name):
            return refused(Reason.NOT_PERMITTED, name)
        is_sound = old is None or may_be_found(entity, name, old)
        is_sound = is_sound and may_be_written(entity, name, new)
        if not is_sound or not fits(entity, name, new):
            return refused(Reason.BAD_VALUE, name)
    if entity in _PLACED and (PLACE[0] in changes) != (PLACE[1] in changes):
        return refused(Reason.BAD_VALUE, PLACE[1] if PLACE[0] in changes else PLACE[0])
    return None


def _find_false_name(operation: Operation, entity: Entity) -> Verdict | None:
    """Return the refusal of who decides, claims or settles in another's name.

    An undo brings back whoever it was, and settling chooses among names that were.
    """
    signed = _SIGNED.get(entity, ())
    chooses = operation.action == _SETTLE and entity is not Entity.CONFLICT
    if operation.action.startswith(UNDO) or chooses:
        signed = ()
    elif operation.action == Move.CLAIM:
        signed = (*signed, "assignee_id")
    for name in signed:
        new = operation.changes.get(name, (None, None))[1]
        if new is not None and new != str(operation.actor_id):
            return refused(Reason.NOT_PERMITTED, name)
    return None


def _find_illegal_step(operation: Operation, entity: Entity) -> Verdict | None:
    if entity is not Entity.REPORT or "status" not in operation.changes:
        return None
    old, new = operation.changes["status"]
    is_legal = is_step(operation.action, old, new)
    return None if is_legal else refused(Reason.ILLEGAL_MOVE, f"{old} to {new}")


def find_refusal_of_record(
    operation: Operation, sender: Sender, standing: Standing
) -> Verdict | None:
    """Return why an operation may not be on this record; a new one is judged by its new row.

    A record of another station is unknown, as one of another city is: the answer tells nothing.
    """
    if not standing.exists and is_creation(operation.action):
        return None
    if not standing.exists or not sender.sees(standing.entity, standing.row):
        return refused(Reason.UNKNOWN_RECORD)
    return _find_fault_of_city(operation, sender, standing.row)


def find_refusal_of_scope(
    operation: Operation, sender: Sender, entity: Entity, row: Mapping[str, object]
) -> Verdict | None:
    """Return the refusal of a record that is not the device's, or not of the actor's city."""
    if not sender.sees(entity, row):
        return refused(Reason.OUT_OF_SCOPE)
    return _find_fault_of_city(operation, sender, row)


def _find_fault_of_city(
    operation: Operation, sender: Sender, row: Mapping[str, object]
) -> Verdict | None:
    actor = sender.actors[operation.actor_id]
    is_theirs = actor.role is Role.ADMIN or actor.city_id == row.get("city_id")
    return None if is_theirs else refused(Reason.OUT_OF_SCOPE, "actor_id")
