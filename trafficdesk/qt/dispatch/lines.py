"""What the two boards paint of an incident and of a unit, taken from the read model."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import IntEnum
from uuid import UUID

from trafficdesk.domain.dispatch import is_open, still_needed
from trafficdesk.domain.records import Assignment, Incident, Place, Position, Unit
from trafficdesk.domain.vocabulary import (
    IncidentStatus,
    Service,
    SyncState,
    UnitStatus,
)
from trafficdesk.services.dispatch_board import Board, Group, IncidentRow, UnitRow


class UnitGroup(IntEnum):
    """The groups of the unit board, in their order."""

    AVAILABLE = 0
    WORKING = 1
    OFF_DUTY = 2


@dataclass(frozen=True, slots=True)
class StepMark:
    """One of an incident's four steps: when it was taken, and how far that has travelled."""

    status: IncidentStatus
    at: datetime | None = None
    state: SyncState | None = None


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One incident as its row shows it; ``call_signs`` are of units still out for it."""

    row: IncidentRow
    steps: tuple[StepMark, ...]
    missing: Mapping[Service, int]
    call_signs: tuple[str, ...]
    caller: str = ""

    @property
    def incident(self) -> Incident:
        """The record."""
        return self.row.incident

    @property
    def id(self) -> UUID:
        """Its id."""
        return self.row.incident.id

    @property
    def group(self) -> Group:
        """Where it stands on the board."""
        return self.row.group

    @property
    def needs(self) -> Mapping[Service, int]:
        """What it takes in all, also what is there."""
        return self.row.incident.needs

    @property
    def open_assignments(self) -> tuple[Assignment, ...]:
        """The assignments of units that are still out."""
        every = (each.assignment for each in self.row.assignments)
        return tuple(each for each in every if is_open(each))

    @property
    def mark(self) -> SyncState:
        """How far its newest change has travelled."""
        return self.row.mark


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit as its row shows it; ``incident`` is where it was sent."""

    row: UnitRow
    group: UnitGroup
    status: UnitStatus
    incident: Incident | None = None

    @property
    def unit(self) -> Unit:
        """The record."""
        return self.row.unit

    @property
    def id(self) -> UUID:
        """Its id."""
        return self.row.unit.id

    @property
    def place(self) -> Place | None:
        """Where it was last heard of."""
        return None if self.row.position is None else self.row.position.place

    @property
    def seen_at(self) -> datetime | None:
        """When it was last heard of."""
        return None if self.row.position is None else self.row.position.at

    @property
    def is_under_way(self) -> bool:
        """Tell whether it is still on its way."""
        return self.status is UnitStatus.EN_ROUTE

    def due_in(self, now: datetime) -> timedelta | None:
        """Return how long until its crew must say that it is well; negative when overdue."""
        return None if self.row.welfare_due_at is None else self.row.welfare_due_at - now


@dataclass(frozen=True, slots=True)
class Lines:
    """Both boards in their order, and by id."""

    incidents: tuple[IncidentLine, ...] = ()
    units: tuple[UnitLine, ...] = ()
    by_incident: Mapping[UUID, IncidentLine] = field(default_factory=dict)
    by_unit: Mapping[UUID, UnitLine] = field(default_factory=dict)

    @property
    def alerts(self) -> tuple[IncidentLine, ...]:
        """The incidents that nobody has acknowledged, the worst first."""
        return tuple(each for each in self.incidents if each.row.is_alert)


def lines_of(board: Board, now: datetime) -> Lines:
    """Return the lines of both boards, sorted as they stand on screen."""
    units = {row.unit.id: row.unit for row in board.units}
    incidents = [_incident(row, units) for row in board.incidents]
    by_incident = {line.id: line for line in incidents}
    out = {
        each.assignment.id: row.incident
        for row in board.incidents
        for each in row.assignments
        if is_open(each.assignment)
    }
    lines = [_unit(row, out) for row in board.units]
    lines.sort(key=lambda line: _unit_order(line, now))
    return Lines(tuple(incidents), tuple(lines), by_incident, {line.id: line for line in lines})


def _incident(row: IncidentRow, units: Mapping[UUID, Unit]) -> IncidentLine:
    incident = row.incident
    assignments = [each.assignment for each in row.assignments]
    still_out = [units.get(each.unit_id) for each in assignments if is_open(each)]
    signs = tuple(unit.call_sign for unit in still_out if unit is not None)
    caller = units.get(incident.unit_id) if incident.unit_id else None
    is_removed = incident.deleted_at is not None
    missing = {} if is_removed else still_needed(incident.needs, assignments)
    return IncidentLine(row, _steps(row), missing, signs, caller.call_sign if caller else "")


def _steps(row: IncidentRow) -> tuple[StepMark, ...]:
    """Return the four steps of an incident with the sync mark of each one that was taken."""
    incident = row.incident
    times = {
        IncidentStatus.ACTIVE: incident.reported_at,
        IncidentStatus.DISPATCHED: incident.dispatched_at,
        IncidentStatus.ON_SCENE: incident.arrived_at,
        IncidentStatus.CLEARED: incident.cleared_at,
    }
    return tuple(
        StepMark(status, at, row.steps[status]) if status in row.steps else StepMark(status)
        for status, at in times.items()
    )


_STANDING = {
    UnitStatus.AVAILABLE: UnitGroup.AVAILABLE,
    UnitStatus.EN_ROUTE: UnitGroup.WORKING,
    UnitStatus.ON_SCENE: UnitGroup.WORKING,
    UnitStatus.BUSY: UnitGroup.WORKING,
    UnitStatus.OFF_DUTY: UnitGroup.OFF_DUTY,
}
_WORKING = {UnitStatus.ON_SCENE: 0, UnitStatus.EN_ROUTE: 1, UnitStatus.BUSY: 2}


def _unit(row: UnitRow, out: Mapping[UUID, Incident]) -> UnitLine:
    incident = None if row.assignment is None else out.get(row.assignment.assignment.id)
    return UnitLine(row, _STANDING[row.status], row.status, incident)


def _unit_order(line: UnitLine, now: datetime) -> tuple[int, int, int, str]:
    due = line.due_in(now)
    is_overdue = due is not None and due < timedelta()
    return (line.group, 0 if is_overdue else 1, _WORKING.get(line.status, 0), line.unit.call_sign)


def moved(lines: Lines, positions: Iterable[Position]) -> Lines:
    """Return the lines with units where they were heard of now; what is older is no news."""
    newest = {each.unit_id: each for each in positions}

    def after(line: UnitLine) -> UnitLine:
        told = newest.get(line.id)
        if told is None or (line.seen_at is not None and told.at < line.seen_at):
            return line
        row = line.row
        new = UnitRow(row.unit, told, row.assignment, row.mark, row.welfare_due_at, row.sent_before)
        return UnitLine(new, line.group, line.status, line.incident)  # thrice as fast as replace

    units = tuple(after(line) for line in lines.units)
    return replace(lines, units=units, by_unit={line.id: line for line in units})


def overdue(lines: Lines, now: datetime) -> frozenset[UUID]:
    """Return the units whose crews should have said that they are well."""
    due = ((line.id, line.due_in(now)) for line in lines.units)
    return frozenset(unit_id for unit_id, left in due if left is not None and left < timedelta())
