"""What dispatch shows: incidents with who was sent, units, and how far each step has travelled.

Read in one snapshot, with one statement for each table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.authority import is_creation, plain_action
from trafficdesk.domain.dispatch import (
    ESCALATED_AFTER,
    SERVERS_WORD,
    is_critical,
    is_open,
    still_needed,
    times_of,
    unit_status,
)
from trafficdesk.domain.records import Assignment, Incident, Position, Unit
from trafficdesk.domain.shifts import shift_of, span_of
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import IncidentStatus, Step, SyncState, UnitStatus
from trafficdesk.services.dispatch import ACTION_OF
from trafficdesk.services.session import Session
from trafficdesk.store import assignments, dispatch_history, facts, incidents, sync_marks, units
from trafficdesk.store.dispatch_history import Unsettled

# How long a crew that is out may be silent.
WELFARE_EVERY: Final = timedelta(minutes=30)
_STEP_OF: Final[Mapping[str, Step]] = {action: step for step, (action, _) in ACTION_OF.items()} | {
    "dispatch": Step.ASSIGNED
}
_CORRECTING: Final = "correct_times"
_CLEARING: Final = frozenset({"clear", "reopen", "merge"})


class Group(IntEnum):
    """Where an incident stands on the board; the order is that of the groups."""

    NEEDS_UNIT = 0
    UNDER_WAY = 1
    CLEARED = 2


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """An assignment, how far its newest change has travelled, and how far each step has."""

    assignment: Assignment
    mark: SyncState = SyncState.CONFIRMED
    steps: Mapping[Step, SyncState] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """An incident with its assignments, the first first.

    ``steps`` says of each status it has come by how far that has travelled; ``is_alert`` that
    nobody has acknowledged it and it is of the worst, ``escalated_at`` since when that is so for
    too long, or from when on it will be.
    """

    incident: Incident
    assignments: tuple[AssignmentRow, ...]
    mark: SyncState
    is_alert: bool
    group: Group = Group.NEEDS_UNIT
    steps: Mapping[IncidentStatus, SyncState] = field(default_factory=dict)
    escalated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit with where it was last heard of and the assignment it holds, if that is open.

    ``welfare_due_at`` is when its crew must have said that it is well; None while it is not out.
    ``sent_before`` counts its assignments in the city's shift that runs now.
    """

    unit: Unit
    position: Position | None
    assignment: AssignmentRow | None
    mark: SyncState
    welfare_due_at: datetime | None
    sent_before: int = 0

    @property
    def status(self) -> UnitStatus:
        """What it is doing."""
        held = None if self.assignment is None else self.assignment.assignment
        return unit_status(self.unit.duty, held)


@dataclass(frozen=True, slots=True)
class Board:
    """Incidents by group, the worst first and of these the oldest; units by call sign.

    Counts are of what was done at this desk in the shift, by how far it has travelled.
    """

    incidents: tuple[IncidentRow, ...]
    units: tuple[UnitRow, ...]
    not_sent: int = 0
    sent: int = 0
    confirmed: int = 0
    conflicts: int = 0


def board(session: Session, shift_from: datetime | None = None) -> Board:
    """Return what is open, what was cleared in the shift, and all units.

    ``shift_from`` is when the shift began; without it, when the officer signed in.
    """
    since_ms = to_ms(shift_from or session.started_at)
    skew_ms = round(session.skew.total_seconds() * 1000)
    with session.store.reading() as connection:
        found = incidents.find_standing(connection)
        found += incidents.find_cleared_since(connection, since_ms + skew_ms)
        out = units.find_now(connection)
        sent = assignments.find_by_incident(connection, [each.id for each in found])
        load = assignments.count_by_unit(connection, _shift_began_ms(session, connection))
        unsettled = dispatch_history.find_unsettled(connection)
        counts = dispatch_history.count_by_state(connection, session.device_id, since_ms)
        patience = _patience(connection)
    marks = _Marks(unsettled)
    rows = [_incident_row(each, sent.get(each.id, []), marks, patience) for each in found]
    return Board(
        tuple(sorted(rows, key=_incident_order)),
        tuple(_unit_row(each, marks, load.get(each.unit.id, 0)) for each in out),
        counts.get(SyncState.NOT_SENT, 0),
        counts.get(SyncState.SENT, 0),
        counts.get(SyncState.CONFIRMED, 0),
        counts.get(SyncState.CONFLICT, 0),
    )


def _patience(connection: Connection) -> timedelta:
    """Return after how long this desk escalates an alert by itself: its server comes first."""
    servers = sync_marks.find_escalate_s(connection)
    return ESCALATED_AFTER if servers is None else timedelta(seconds=servers) + SERVERS_WORD


def _shift_began_ms(session: Session, connection: Connection) -> int:
    calendar = facts.calendar(connection)
    return span_of(calendar, shift_of(calendar, to_ms(session.lease_clock()))).begin_ms


class _Marks:
    """How far what was done to each record has travelled; what is not named is confirmed."""

    def __init__(self, unsettled: list[Unsettled]) -> None:
        self._of = dict[UUID, list[Unsettled]]()
        for each in unsettled:
            self._of.setdefault(each.record_id, []).append(each)

    def newest(self, record_id: UUID) -> SyncState:
        """Return how far the newest change of a record has travelled."""
        changes = self._of.get(record_id)
        return changes[-1].state if changes else SyncState.CONFIRMED

    def of_steps(self, assignment: Assignment) -> dict[Step, SyncState]:
        """Return how far each step that was taken has travelled."""
        steps = dict.fromkeys(times_of(assignment), SyncState.CONFIRMED)
        for each in self._of.get(assignment.id, ()):
            action = plain_action(each.action)
            named = steps if action == _CORRECTING else {_STEP_OF.get(action)}
            steps |= {step: each.state for step in named if step in steps}
        return steps

    def of_incident(self, incident_id: UUID) -> tuple[SyncState, SyncState]:
        """Return how far an incident's report has travelled, and its clearing."""
        made = cleared = SyncState.CONFIRMED
        for each in self._of.get(incident_id, ()):
            if is_creation(each.action):
                made = each.state
            elif plain_action(each.action) in _CLEARING:
                cleared = each.state
        return made, cleared


def _assignment_row(assignment: Assignment, marks: _Marks) -> AssignmentRow:
    return AssignmentRow(assignment, marks.newest(assignment.id), marks.of_steps(assignment))


def _incident_row(
    incident: Incident, sent: list[Assignment], marks: _Marks, patience: timedelta
) -> IncidentRow:
    rows = tuple(_assignment_row(each, marks) for each in sent)
    is_over = incident.status is IncidentStatus.CLEARED or incident.deleted_at is not None
    is_bad = is_critical(incident.severity, incident.severity_score)
    is_alert = is_bad and not is_over and incident.acknowledged_at is None
    return IncidentRow(
        incident,
        rows,
        marks.newest(incident.id),
        is_alert,
        _group(incident, sent),
        _incident_steps(incident, rows, marks),
        _escalated_at(incident, patience) if is_alert else None,
    )


def _escalated_at(incident: Incident, patience: timedelta) -> datetime:
    """Return since or from when an alert is escalated: by its record, else by this desk."""
    if incident.escalated_at is not None:
        return incident.escalated_at
    # What the server has not seen yet was changed here, by this desk's clock.
    changed_at = incident.updated_at if incident.version else incident.reported_at
    return max(incident.reported_at, changed_at) + patience


def _group(incident: Incident, sent: list[Assignment]) -> Group:
    if incident.status is IncidentStatus.CLEARED:
        return Group.CLEARED
    if incident.deleted_at is not None:  # nobody more is sent to it
        return Group.UNDER_WAY
    is_alone = not any(is_open(each) for each in sent)
    return Group.NEEDS_UNIT if is_alone or still_needed(incident.needs, sent) else Group.UNDER_WAY


def _incident_steps(
    incident: Incident, rows: tuple[AssignmentRow, ...], marks: _Marks
) -> dict[IncidentStatus, SyncState]:
    made, cleared = marks.of_incident(incident.id)
    steps = {IncidentStatus.ACTIVE: made}
    for row in rows:
        if row.assignment.withdrawn_at is not None:
            continue
        if row.assignment.assigned_at == incident.dispatched_at:
            steps[IncidentStatus.DISPATCHED] = row.steps[Step.ASSIGNED]
        if row.assignment.arrived_at is not None and row.assignment.arrived_at == (
            incident.arrived_at
        ):
            steps[IncidentStatus.ON_SCENE] = row.steps[Step.ARRIVED]
    if incident.status is IncidentStatus.CLEARED:
        steps[IncidentStatus.CLEARED] = cleared
    return steps


def _unit_row(found: units.UnitNow, marks: _Marks, sent_before: int) -> UnitRow:
    unit, held = found.unit, found.assignment
    mark = marks.newest(unit.id)
    if held is None or not is_open(held):
        return UnitRow(unit, found.position, None, mark, None, sent_before)
    row = _assignment_row(held, marks)
    return UnitRow(unit, found.position, row, mark, welfare_due_at(unit, held), sent_before)


def welfare_due_at(unit: Unit, held: Assignment | None) -> datetime | None:
    """Return when a unit's crew must have said that it is well; None while it is not out."""
    if held is None or not is_open(held):
        return None
    return max(held.assigned_at, unit.checked_at or held.assigned_at) + WELFARE_EVERY


def _incident_order(row: IncidentRow) -> tuple[float, ...]:
    incident = row.incident
    if row.group is Group.CLEARED and incident.cleared_at is not None:
        return (row.group, -incident.cleared_at.timestamp())
    return (row.group, -incident.severity_score, incident.reported_at.timestamp())
