"""What is chosen on the boards, as the acts of dispatch understand it."""

from typing import TYPE_CHECKING

from trafficdesk.domain.dispatch import are_one_incident
from trafficdesk.domain.geometry import distance_m
from trafficdesk.domain.records import Assignment
from trafficdesk.qt.dispatch.lines import IncidentLine, Lines, UnitLine
from trafficdesk.qt.dispatch.words import say, short_reference
from trafficdesk.services.dispatch_board import Group

if TYPE_CHECKING:
    from trafficdesk.qt.dispatch.workspace import DispatchWorkspace


def sign_of(unit: UnitLine) -> str:
    """Return a unit's call sign."""
    return unit.unit.call_sign


def reference_of(line: IncidentLine) -> str:
    """Return an incident's reference as sentences name it."""
    return short_reference(line.incident.reference)


def chosen_assignment(desk: "DispatchWorkspace") -> Assignment | str:
    """Return the assignment that a step is about, or why it is not clear which."""
    unit, line = desk.unit, desk.incident
    if desk.is_in_units or (unit is not None and _is_of(unit, line)):
        if unit is None or unit.row.assignment is None:
            return say("This unit was not sent anywhere. Assign it first")
        return unit.row.assignment.assignment
    if line is None:
        return say("Choose an incident first")
    found = line.open_assignments
    if not found:
        return say("No unit is out for it. Send one first: 1, 2 or A")
    if len(found) > 1:
        return say("Several units are out for it. Choose one (Tab), or type /s")
    return found[0]


def chosen_past(desk: "DispatchWorkspace") -> Assignment | str:
    """Return the assignment whose times are to be corrected, also one that has ended."""
    unit, line = desk.unit, desk.incident
    if line is None:
        return say("Choose an incident first")
    sent = [row.assignment for row in line.row.assignments if row.assignment.withdrawn_at is None]
    if len(sent) > 1 and unit is not None:
        sent = [each for each in sent if each.unit_id == unit.id] or sent
    if not sent:
        return say("No unit was sent to it")
    if len(sent) > 1:
        return say("Several units were sent. Choose one (Tab), or its pencil in O")
    return sent[0]


def _is_of(unit: UnitLine, line: IncidentLine | None) -> bool:
    return line is not None and unit.incident is not None and unit.incident.id == line.id


def twin_of(lines: Lines, line: IncidentLine) -> IncidentLine | None:
    """Return the open incident that is near this one in place and time, the nearest first."""
    own = (line.incident.place, line.incident.occurred_at)
    near = [
        (distance_m(own[0], each.incident.place), each)
        for each in lines.incidents
        if each.id != line.id
        and each.group is not Group.CLEARED
        and are_one_incident(own, (each.incident.place, each.incident.occurred_at))
    ]
    return min(near, key=lambda one: one[0])[1] if near else None
