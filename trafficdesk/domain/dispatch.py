"""Where an incident, a unit and an assignment stand: it follows from times, never from a status.

Nothing here is stored or sent twice. Two desks that each stamp a step of one assignment agree as
soon as they hold the same times, so a step can neither be lost nor come into conflict.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from trafficdesk.domain.geometry import distance_m
from trafficdesk.domain.records import Assignment, Place
from trafficdesk.domain.severity import incident_severity_score
from trafficdesk.domain.vocabulary import (
    Duty,
    IncidentStatus,
    LanesBlocked,
    Service,
    Severity,
    Step,
    UnitKind,
    UnitStatus,
)

SAME_INCIDENT_M: Final = 100.0
SAME_INCIDENT_WITHIN: Final = timedelta(minutes=5)
WORST_SCORE: Final = 100
# Injuries and all lanes closed with two cars, or five cars in the middle of half a road: what takes
# several services at once. Below that a dispatcher who looks up once a minute is soon enough.
ALERT_SCORE: Final = 75
# What nobody acknowledges for so long is escalated, unless the server is set otherwise.
ESCALATED_AFTER: Final = timedelta(minutes=2)
# So much longer a desk waits for the word of its server before it escalates by itself.
SERVERS_WORD: Final = timedelta(seconds=15)

SERVICE_OF: Final[Mapping[UnitKind, Service]] = {
    UnitKind.OFFICER: Service.POLICE,
    UnitKind.PATROL_CAR: Service.POLICE,
    UnitKind.AMBULANCE: Service.AMBULANCE,
    UnitKind.FIRE: Service.FIRE,
    UnitKind.TOW: Service.TOW,
}
# In the order in which a crew comes by them; the field of a step is its time.
TIME_OF: Final[Mapping[Step, str]] = {
    Step.ASSIGNED: "assigned_ms",
    Step.ACKNOWLEDGED: "acknowledged_ms",
    Step.EN_ROUTE: "en_route_ms",
    Step.ARRIVED: "arrived_ms",
    Step.CLEARED: "cleared_ms",
    Step.WITHDRAWN: "withdrawn_ms",
}
_ENDED: Final = frozenset({Step.CLEARED, Step.WITHDRAWN})
_ORDER: Final = {step: number for number, step in enumerate(TIME_OF)}


class StepBarrier(StrEnum):
    """Why an assignment can not take a step."""

    ENDED = "ended"
    TAKEN_BEFORE = "taken_before"


def times_of(assignment: Assignment) -> dict[Step, datetime]:
    """Return when each step was taken, in the order of the steps."""
    times = {
        Step.ASSIGNED: assignment.assigned_at,
        Step.ACKNOWLEDGED: assignment.acknowledged_at,
        Step.EN_ROUTE: assignment.en_route_at,
        Step.ARRIVED: assignment.arrived_at,
        Step.CLEARED: assignment.cleared_at,
        Step.WITHDRAWN: assignment.withdrawn_at,
    }
    return {step: at for step, at in times.items() if at is not None}


def step_of(assignment: Assignment) -> Step:
    """Return the furthest step that was taken."""
    return list(times_of(assignment))[-1]


def is_open(assignment: Assignment) -> bool:
    """Tell whether a unit is still out for its incident."""
    return step_of(assignment) not in _ENDED


def barrier_to_step(assignment: Assignment, step: Step) -> StepBarrier | None:
    """Return why an assignment can not take a step, or None when it can. Steps may be left out."""
    if not is_open(assignment):
        return StepBarrier.ENDED
    is_late = _ORDER[step] <= _ORDER[step_of(assignment)]
    return StepBarrier.TAKEN_BEFORE if is_late else None


def stamp(assignment: Assignment, now: datetime) -> datetime:
    """Return the time of a step taken now: never before the step that was taken before it.

    Two desks' clocks differ by a little, also when both know the server's.
    """
    return max([now, *times_of(assignment).values()])


def unit_status(duty: Duty, assignment: Assignment | None) -> UnitStatus:
    """Return what a unit is doing."""
    if assignment is not None and is_open(assignment):
        has_arrived = assignment.arrived_at is not None
        return UnitStatus.ON_SCENE if has_arrived else UnitStatus.EN_ROUTE
    return {
        Duty.ON: UnitStatus.AVAILABLE,
        Duty.BUSY: UnitStatus.BUSY,
        Duty.OFF: UnitStatus.OFF_DUTY,
    }[duty]


def incident_status(
    cleared_at: datetime | None, assignments: Collection[Assignment]
) -> IncidentStatus:
    """Return where an incident stands.

    One that was cleared here while another desk sent a unit is back until that unit is done. Units
    that are done do not clear it: somebody says so.
    """
    if cleared_at is not None and not any(is_open(each) for each in assignments):
        return IncidentStatus.CLEARED
    sent = [each for each in assignments if each.withdrawn_at is None]
    if any(each.arrived_at is not None for each in sent):
        return IncidentStatus.ON_SCENE
    return IncidentStatus.DISPATCHED if sent else IncidentStatus.ACTIVE


def severity_score(
    *,
    vehicles: int,
    injuries: bool,
    lanes: LanesBlocked,
    merged_reports: int,
    calls_for_help: bool,
) -> int:
    """Return how bad an incident is, 0 to 100; nothing is worse than an officer in need."""
    if calls_for_help:
        return WORST_SCORE
    return incident_severity_score(
        vehicles=vehicles, injuries=injuries, lanes=lanes, merged_reports=merged_reports
    )


def is_critical(severity: Severity, score: int) -> bool:
    """Tell whether every desk is alerted: somebody called it critical, or its facts are.

    A call for help has the worst score, and so always is.
    """
    return severity is Severity.CRITICAL or score >= ALERT_SCORE


def are_one_incident(one: tuple[Place, datetime], other: tuple[Place, datetime]) -> bool:
    """Tell whether two sightings are of the same incident: near each other and soon after."""
    is_near = distance_m(one[0], other[0]) <= SAME_INCIDENT_M
    return is_near and abs(one[1] - other[1]) <= SAME_INCIDENT_WITHIN


def still_needed(
    needs: Mapping[Service, int], assignments: Collection[Assignment]
) -> dict[Service, int]:
    """Return how many units of each service are still to be sent; withdrawn ones do not count."""
    sent = [each.role for each in assignments if each.withdrawn_at is None]
    missing = {service: count - sent.count(service) for service, count in needs.items()}
    return {service: count for service, count in missing.items() if count > 0}


@dataclass(frozen=True, slots=True)
class Response:
    """How long it took from the first report: until a unit was sent, arrived, all was cleared."""

    dispatched_at: datetime | None
    arrived_at: datetime | None
    to_dispatch: timedelta | None
    to_arrival: timedelta | None
    to_clear: timedelta | None


def response_of(
    reported_at: datetime, cleared_at: datetime | None, assignments: Collection[Assignment]
) -> Response:
    """Return an incident's response times; those of withdrawn units do not count."""
    counted = [each for each in assignments if each.withdrawn_at is None]
    dispatched_at = min((each.assigned_at for each in counted), default=None)
    arrived_at = min((each.arrived_at for each in counted if each.arrived_at), default=None)
    is_cleared = incident_status(cleared_at, assignments) is IncidentStatus.CLEARED
    return Response(
        dispatched_at,
        arrived_at,
        None if dispatched_at is None else dispatched_at - reported_at,
        None if arrived_at is None else arrived_at - reported_at,
        cleared_at - reported_at if is_cleared and cleared_at is not None else None,
    )
