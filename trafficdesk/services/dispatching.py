"""What every intent about incidents, units and assignments needs: its name, making, changing."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.merge import PLACE
from trafficdesk.domain.records import FieldChange
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services.changes import Changed
from trafficdesk.services.intent import Intent, Recorded
from trafficdesk.services.outcomes import Refusal, Refused
from trafficdesk.services.session import Session
from trafficdesk.store import dispatch_history, dispatch_rows
from trafficdesk.store.history import ActionRecord
from trafficdesk.wire.fields import FIELDS
from trafficdesk.wire.values import NULLABLE

RECORDS: Final = frozenset(dispatch_rows.TABLES)
_PLACE: Final = frozenset(PLACE)


class Kind(StrEnum):
    """What a dispatcher or a crew did, as one action; each can be taken back."""

    FILE = "file_incident"
    CALL_FOR_HELP = "call_for_help"
    CORRECT = "correct_incident"
    VERIFY = "verify_incident"
    ACKNOWLEDGE_ALERT = "acknowledge_alert"
    CLEAR = "clear_incident"
    REOPEN = "reopen_incident"
    MERGE = "merge_incidents"
    REMOVE = "remove_incident"
    ASSIGN = "assign_units"
    ACCEPT_PLAN = "accept_plan"
    ACKNOWLEDGE = "acknowledge_assignment"
    SET_OUT = "set_out"
    ARRIVE = "arrive"
    FINISH = "finish_assignment"
    WITHDRAW = "withdraw_unit"
    CORRECT_TIMES = "correct_times"
    ENLIST = "enlist_unit"
    EDIT_UNIT = "edit_unit"
    SET_DUTY = "set_duty"
    CHECK_IN = "check_in"
    RETIRE = "retire_unit"


KINDS: Final = frozenset(map(str, Kind))


class Target(NamedTuple):
    """A record as it was seen."""

    id: UUID
    revision: int


def find_undoable(session: Session, connection: Connection) -> list[ActionRecord]:
    """Return what the officer did at dispatch and could take back, the latest first.

    It is what they did since they signed in and no server has confirmed yet.
    """
    since_ms = to_ms(session.started_at)
    return dispatch_history.find_undoable(connection, session.officer.id, since_ms, KINDS)


def create(
    doing: Intent, entity: Entity, record_id: UUID, action: str, values: Mapping[str, object]
) -> None:
    """Make a record; what may not be missing and is not given is empty."""
    dispatch_rows.insert(doing.connection, entity, record_id, values)
    kept = get(doing, entity, record_id)
    changes = tuple(
        FieldChange(name, None, kept.values[name])
        for name in FIELDS[entity]
        if kept.values[name] is not None or name not in NULLABLE[entity]
    )
    doing.record(entity, record_id, action, Recorded(0, kept.revision, changes))
    doing.note_changed(Changed(kinds=frozenset({entity})))


def change(
    doing: Intent,
    entity: Entity,
    record_id: UUID,
    what: tuple[str, str],
    values: Mapping[str, object],
) -> bool:
    """Change fields of a record, as an action with its note; False when they stand so already."""
    kept = get(doing, entity, record_id)
    moved = {name for name, value in values.items() if kept.values[name] != value}
    if not moved:
        return False
    if moved & _PLACE:  # one place: both travel
        moved |= _PLACE
    given = {name: values.get(name, kept.values[name]) for name in sorted(moved)}
    revision = dispatch_rows.update(doing.connection, entity, kept, given)
    if revision is None:
        raise AssertionError(f"{entity} {record_id} changed inside its own transaction")
    changes = tuple(FieldChange(name, kept.values[name], new) for name, new in given.items())
    action, note = what
    doing.record(entity, record_id, action, Recorded(kept.version, revision, changes, note))
    doing.note_changed(Changed(kinds=frozenset({entity})))
    return True


def get(doing: Intent, entity: Entity, record_id: UUID) -> dispatch_rows.Kept:
    """Return a record as it stands.

    Raises:
        LookupError: it is not on this desk.
    """
    kept = dispatch_rows.find(doing.connection, entity, record_id)
    if kept is None:
        raise LookupError(f"{entity} {record_id} is not on this desk")
    return kept


def refuse(doing: Intent, code: Refusal, record_id: UUID) -> None:
    """Note a record that is left as it was."""
    doing.refuse(Refused(0, code, record_id))
