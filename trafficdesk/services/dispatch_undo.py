"""Taking back what was done at dispatch: whole or not at all, and only while nobody built on it."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from trafficdesk.domain.authority import UNDO, is_creation
from trafficdesk.domain.dispatch import is_open, stamp, step_of
from trafficdesk.domain.records import Event
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity, Step
from trafficdesk.services.dispatching import RECORDS, change, refuse
from trafficdesk.services.intent import Intent
from trafficdesk.services.outcomes import Refusal
from trafficdesk.store import assignments, dispatch_rows

_SUM: Final = "verifications"


def take_back(doing: Intent, events: Sequence[Event]) -> None:
    """Write the inverse of what an action did to incidents, units and assignments.

    If any of it does not stand any more, all of it stays: half of a dispatch means nothing.
    """
    mine = [event for event in events if event.entity in RECORDS]
    values = dict[UUID, Mapping[str, object]]()
    for event in mine:
        before = _before(doing, event)
        if before is None:
            refuse(doing, Refusal.MOVED_ON, event.entity_id)
        else:
            values[event.id] = before
    if len(values) < len(mine):
        return
    for event in mine:
        what = (f"{UNDO}{event.action}", "")
        change(doing, event.entity, event.entity_id, what, values[event.id])


def _before(doing: Intent, event: Event) -> dict[str, object] | None:
    """Return the fields as they were before an event; None where others have built on it."""
    kept = dispatch_rows.find(doing.connection, event.entity, event.entity_id)
    if kept is None or (kept.values.get("deleted_ms") is not None and not _deletes(event)):
        return None
    if is_creation(event.action):
        return _unmade(doing, event, kept)
    values = dict[str, object]()
    for each in event.changes:
        present = kept.values[each.field]
        if each.field == _SUM:  # others have counted on
            values[each.field] = int(str(present)) - int(str(each.new)) + int(str(each.old))
        elif present != each.new:
            return None
        else:
            values[each.field] = each.old
    return values


def _deletes(event: Event) -> bool:
    return any(each.field == "deleted_ms" for each in event.changes)


def _unmade(doing: Intent, event: Event, kept: dispatch_rows.Kept) -> dict[str, object] | None:
    """Return what takes back that a record was made: unless somebody was sent, or set out."""
    connection = doing.connection
    if event.entity is Entity.ASSIGNMENT:
        assignment = assignments.find(connection, event.entity_id)
        if assignment is None or step_of(assignment) is not Step.ASSIGNED:
            return None
        return {"withdrawn_ms": to_ms(stamp(assignment, doing.lease_now))}
    if event.entity is Entity.UNIT and kept.values["assignment_id"] is not None:
        return None
    sent = assignments.find_of_incident(connection, event.entity_id)
    if any(is_open(each) for each in sent) or kept.values.get("merged_into") is not None:
        return None
    return {"deleted_ms": doing.at_ms}
