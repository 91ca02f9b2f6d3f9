"""Sending units to incidents: assigning them, their steps, calling them back, right times."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from trafficdesk.domain.dispatch import (
    SERVICE_OF,
    TIME_OF,
    StepBarrier,
    barrier_to_step,
    stamp,
    step_of,
    times_of,
)
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.proposal import places_to_fill
from trafficdesk.domain.records import Assignment, Incident, Unit
from trafficdesk.domain.texts import clean_text
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Duty, Entity, IncidentStatus, Service, Step
from trafficdesk.services.dispatching import Kind, change, create, find_undoable, get, refuse
from trafficdesk.services.intent import Intent, intent
from trafficdesk.services.outcomes import Outcome, Refusal, refusal
from trafficdesk.services.review import NOTE_LENGTH
from trafficdesk.services.session import Session
from trafficdesk.store import assignments, history, incidents, units

# The action of a step, and what a crew did with it.
ACTION_OF: Final[Mapping[Step, tuple[str, Kind]]] = {
    Step.ACKNOWLEDGED: ("acknowledge", Kind.ACKNOWLEDGE),
    Step.EN_ROUTE: ("set_out", Kind.SET_OUT),
    Step.ARRIVED: ("arrive", Kind.ARRIVE),
    Step.CLEARED: ("finish", Kind.FINISH),
    Step.WITHDRAWN: ("withdraw", Kind.WITHDRAW),
}
_BARRIERS: Final = {
    StepBarrier.ENDED: Refusal.ASSIGNMENT_ENDED,
    StepBarrier.TAKEN_BEFORE: Refusal.STEP_TAKEN_BEFORE,
}
_ORDER: Final = tuple(Step)


def assign(session: Session, incident_id: UUID, unit_ids: Iterable[UUID]) -> Outcome:
    """Send one or many units to an incident; those that cannot go are refused one by one."""
    kind = Kind.ASSIGN
    if not session.may(Permission.INCIDENT_DISPATCH):
        return refusal(kind, Refusal.NOT_PERMITTED)
    with intent(session, kind) as doing:
        for unit_id in unit_ids:
            found = _find(doing, incident_id, unit_id)
            if found is not None:
                _assign(doing, *found)
        return doing.outcome()


def accept_plan(session: Session, pairs: Sequence[tuple[UUID, UUID]]) -> Outcome:
    """Send units as a plan says, pairs of incident and unit, as one action with one undo.

    All of it, or nothing: where something no longer holds, that is refused and nobody is sent.
    """
    kind = Kind.ACCEPT_PLAN
    if not session.may(Permission.INCIDENT_DISPATCH):
        return refusal(kind, Refusal.NOT_PERMITTED)
    with intent(session, kind) as doing:
        found = [_find(doing, *pair) for pair in pairs]
        ready = [each for each in found if each is not None]
        if len(ready) == len(pairs) and _still_holds(doing, ready):
            for incident, unit in ready:
                _assign(doing, incident, unit)
        return doing.outcome()


def _still_holds(doing: Intent, pairs: Sequence[tuple[Incident, Unit]]) -> bool:
    """Tell whether every unit is free once and fills a place that is open; refuse what is not."""
    left = dict[tuple[UUID, Service], int]()
    used = set[UUID]()
    holds = True
    for incident, unit in pairs:
        if not any(incident.id == known for known, _ in left):
            sent = assignments.find_of_incident(doing.connection, incident.id)
            places = places_to_fill(incident.needs, sent)
            left |= {(incident.id, each): places.get(each, 0) for each in Service}
        place = (incident.id, SERVICE_OF[unit.kind])
        left[place] -= 1
        barriers = (
            (unit.id in used, Refusal.UNIT_TAKEN),
            (unit.duty is Duty.BUSY, Refusal.UNIT_BUSY),
            (left[place] < 0, Refusal.NEED_FILLED),
        )
        code = next((code for is_barred, code in barriers if is_barred), None)
        used.add(unit.id)
        if code is not None:
            refuse(doing, code, incident.id if code is Refusal.NEED_FILLED else unit.id)
            holds = False
    return holds


def _find(doing: Intent, incident_id: UUID, unit_id: UUID) -> tuple[Incident, Unit] | None:
    """Return an incident and a unit that can be sent to it; refuse what can not."""
    incident = incidents.find(doing.connection, incident_id)
    if incident is None or incident.deleted_at is not None:
        refuse(doing, Refusal.MOVED_ON, incident_id)
        return None
    unit = units.find(doing.connection, unit_id)
    code = _barrier_to_send(doing, incident, unit)
    if code is not None or unit is None:
        refuse(doing, code or Refusal.UNKNOWN_UNIT, unit_id)
        return None
    return incident, unit


def _barrier_to_send(doing: Intent, incident: Incident, unit: Unit | None) -> Refusal | None:
    if incident.merged_into is not None:
        return Refusal.INCIDENT_MERGED
    if incident.status is IncidentStatus.CLEARED:
        return Refusal.INCIDENT_CLEARED
    if unit is None or unit.deleted_at is not None:
        return Refusal.UNKNOWN_UNIT
    if units.find_held(doing.connection, unit) is not None:
        return Refusal.UNIT_TAKEN
    return Refusal.UNIT_OFF_DUTY if unit.duty is Duty.OFF else None


def _assign(doing: Intent, incident: Incident, unit: Unit) -> None:
    assignment_id = new_id()
    owner = get(doing, Entity.UNIT, unit.id).values
    values: dict[str, object] = {
        "city_id": owner["city_id"],
        "station_id": owner["station_id"],
        "incident_id": str(incident.id),
        "unit_id": str(unit.id),
        "role": str(SERVICE_OF[unit.kind]),
        "assigned_ms": to_ms(doing.lease_now),
    }
    create(doing, Entity.ASSIGNMENT, assignment_id, "dispatch", values)
    change(doing, Entity.UNIT, unit.id, ("send", ""), {"assignment_id": str(assignment_id)})


def step(session: Session, assignment_id: UUID, taken: Step) -> Outcome:
    """Take a step of an assignment now; steps before it may be left out.

    Raises:
        KeyError: being assigned is no step that is taken.
    """
    action, kind = ACTION_OF[taken]
    needs = Permission.INCIDENT_RESPOND
    if taken is Step.WITHDRAWN:
        needs = Permission.INCIDENT_DISPATCH
    return _take(session, assignment_id, taken, (needs, action, kind, ""))


def withdraw(session: Session, assignment_id: UUID, note: str = "") -> Outcome:
    """Call a unit back; its assignment ends and does not count."""
    action, kind = ACTION_OF[Step.WITHDRAWN]
    tidy = clean_text(note, NOTE_LENGTH)
    return _take(
        session,
        assignment_id,
        Step.WITHDRAWN,
        (Permission.INCIDENT_DISPATCH, action, kind, tidy),
    )


def _take(
    session: Session,
    assignment_id: UUID,
    taken: Step,
    how: tuple[Permission, str, Kind, str],
) -> Outcome:
    needs, _action, kind, note = how
    if not session.may(needs):
        return refusal(kind, Refusal.NOT_PERMITTED)
    with intent(session, kind) as doing:
        assignment = assignments.find(doing.connection, assignment_id)
        if assignment is None:
            refuse(doing, Refusal.MOVED_ON, assignment_id)
            return doing.outcome()
        barrier = barrier_to_step(assignment, taken)
        if barrier is not None:
            refuse(doing, _BARRIERS[barrier], assignment_id)
            return doing.outcome()
        take(doing, assignment, taken, note)
        return doing.outcome()


def take(doing: Intent, assignment: Assignment, taken: Step, note: str = "") -> None:
    """Write a step that is open; with an assignment's end its unit is free."""
    at_ms = to_ms(stamp(assignment, doing.lease_now))
    action, _ = ACTION_OF[taken]
    change(doing, Entity.ASSIGNMENT, assignment.id, (action, note), {TIME_OF[taken]: at_ms})
    if taken in {Step.CLEARED, Step.WITHDRAWN}:
        free(doing, assignment)


def free(doing: Intent, assignment: Assignment) -> None:
    """Let a unit go that holds an assignment; one that was sent elsewhere stays there."""
    unit = units.find(doing.connection, assignment.unit_id)
    if unit is not None and unit.assignment_id == assignment.id:
        change(doing, Entity.UNIT, unit.id, ("free", ""), {"assignment_id": None})


def correct_times(
    session: Session, assignment_id: UUID, times: Mapping[Step, datetime], note: str
) -> Outcome:
    """Write when steps were really taken, with a note; what can still be undone is undone instead.

    Steps that were left out may be put in; the furthest one stays the furthest.
    """
    kind = Kind.CORRECT_TIMES
    if not session.may(Permission.INCIDENT_DISPATCH):
        return refusal(kind, Refusal.NOT_PERMITTED)
    tidy = clean_text(note, NOTE_LENGTH)
    if not tidy:
        return refusal(kind, Refusal.NOTE_MISSING)
    with intent(session, kind) as doing:
        assignment = assignments.find(doing.connection, assignment_id)
        code = _barrier_to_correct(doing, assignment, times)
        if code is None:
            values: dict[str, object] = {TIME_OF[each]: to_ms(at) for each, at in times.items()}
            what = ("correct_times", tidy)
            if not change(doing, Entity.ASSIGNMENT, assignment_id, what, values):
                code = Refusal.NOTHING_TO_CHANGE
        if code is not None:
            refuse(doing, code, assignment_id)
        return doing.outcome()


def _barrier_to_correct(
    doing: Intent, assignment: Assignment | None, times: Mapping[Step, datetime]
) -> Refusal | None:
    if assignment is None:
        return Refusal.MOVED_ON
    mine = {each.id for each in find_undoable(doing.session, doing.connection)}
    events = history.events_of(doing.connection, assignment.id)
    if any(each.action_id in mine for each in events if each.action != "correct_times"):
        return Refusal.UNDO_SERVES
    becomes = {**times_of(assignment), **times}
    in_order = [becomes[each] for each in _ORDER if each in becomes]
    furthest = _ORDER.index(step_of(assignment))
    is_beyond = any(_ORDER.index(each) > furthest for each in times) or Step.WITHDRAWN in times
    is_ahead = any(at > doing.lease_now for at in times.values())
    if is_beyond or is_ahead or in_order != sorted(in_order):
        return Refusal.TIMES_OUT_OF_ORDER
    return None
