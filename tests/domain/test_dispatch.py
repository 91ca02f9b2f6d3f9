"""Where incidents, units and assignments stand follows from their times, in any order of steps."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.domain.dispatch import (
    StepBarrier,
    are_one_incident,
    barrier_to_step,
    incident_status,
    is_open,
    response_of,
    severity_score,
    stamp,
    step_of,
    still_needed,
    unit_status,
)
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Assignment, Place
from trafficdesk.domain.vocabulary import (
    Duty,
    IncidentStatus,
    LanesBlocked,
    Service,
    Step,
    SyncState,
    UnitStatus,
)

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
SENT = Assignment(
    id=new_id(),
    version=1,
    revision=1,
    incident_id=new_id(),
    unit_id=new_id(),
    role=Service.POLICE,
    assigned_at=NOON,
    acknowledged_at=None,
    en_route_at=None,
    arrived_at=None,
    cleared_at=None,
    withdrawn_at=None,
    sync_state=SyncState.CONFIRMED,
)
FIELD = {
    Step.ACKNOWLEDGED: "acknowledged_at",
    Step.EN_ROUTE: "en_route_at",
    Step.ARRIVED: "arrived_at",
    Step.CLEARED: "cleared_at",
    Step.WITHDRAWN: "withdrawn_at",
}


def take(assignment: Assignment, step: Step, at: datetime) -> Assignment:
    changes: dict[str, Any] = {FIELD[step]: at}
    return replace(assignment, **changes)


def after(assignment: Assignment, *steps: Step) -> Assignment:
    for step in steps:
        assignment = take(assignment, step, stamp(assignment, NOON + timedelta(minutes=1)))
    return assignment


ARRIVED = after(SENT, Step.EN_ROUTE, Step.ARRIVED)
DONE = after(ARRIVED, Step.CLEARED)
WITHDRAWN = after(SENT, Step.WITHDRAWN)


@pytest.mark.parametrize(
    ("is_cleared", "assignments", "status"),
    [
        (False, [], IncidentStatus.ACTIVE),
        (False, [WITHDRAWN], IncidentStatus.ACTIVE),
        (False, [SENT], IncidentStatus.DISPATCHED),
        (False, [SENT, ARRIVED], IncidentStatus.ON_SCENE),
        (False, [DONE], IncidentStatus.ON_SCENE),
        (True, [], IncidentStatus.CLEARED),
        (True, [DONE, WITHDRAWN], IncidentStatus.CLEARED),
        (True, [DONE, SENT], IncidentStatus.ON_SCENE),
        (True, [WITHDRAWN, SENT], IncidentStatus.DISPATCHED),
    ],
)
def test_an_incident_stands_where_its_units_and_its_clearing_put_it(
    is_cleared: object, assignments: list[Assignment], status: IncidentStatus
) -> None:
    assert incident_status(NOON if is_cleared else None, assignments) is status


@pytest.mark.parametrize("order", list(permutations([Step.EN_ROUTE, Step.ARRIVED, Step.CLEARED])))
def test_in_whatever_order_steps_of_several_desks_come_together_they_say_the_same(
    order: tuple[Step, ...],
) -> None:
    assignment = SENT
    for step in order:
        assignment = take(assignment, step, NOON)
    assert step_of(assignment) is Step.CLEARED
    assert not is_open(assignment)


@pytest.mark.parametrize(
    ("duty", "assignment", "status"),
    [
        (Duty.ON, None, UnitStatus.AVAILABLE),
        (Duty.BUSY, None, UnitStatus.BUSY),
        (Duty.OFF, DONE, UnitStatus.OFF_DUTY),
        (Duty.ON, SENT, UnitStatus.EN_ROUTE),
        (Duty.OFF, ARRIVED, UnitStatus.ON_SCENE),
        (Duty.ON, WITHDRAWN, UnitStatus.AVAILABLE),
    ],
)
def test_what_a_unit_is_doing(
    duty: Duty, assignment: Assignment | None, status: UnitStatus
) -> None:
    assert unit_status(duty, assignment) is status


def test_a_step_may_be_left_out_and_none_is_taken_twice_or_after_the_end() -> None:
    assert barrier_to_step(SENT, Step.ARRIVED) is None
    assert barrier_to_step(ARRIVED, Step.EN_ROUTE) is StepBarrier.TAKEN_BEFORE
    assert barrier_to_step(ARRIVED, Step.ARRIVED) is StepBarrier.TAKEN_BEFORE
    assert barrier_to_step(DONE, Step.WITHDRAWN) is StepBarrier.ENDED


@given(st.lists(st.timedeltas(timedelta(days=-900), timedelta(days=900)), min_size=3, max_size=3))
def test_whatever_clocks_say_the_times_of_the_steps_are_in_their_order(
    clocks: list[timedelta],
) -> None:
    assignment = SENT
    for step, off in zip((Step.EN_ROUTE, Step.ARRIVED, Step.CLEARED), clocks, strict=True):
        assignment = take(assignment, step, stamp(assignment, NOON + off))
    times = [assignment.assigned_at, assignment.en_route_at, assignment.arrived_at]
    times.append(assignment.cleared_at)
    assert None not in times
    assert times == sorted(each for each in times if each is not None)


def test_nothing_is_worse_than_an_officer_who_calls_for_help() -> None:
    facts: dict[str, Any] = {
        "vehicles": 2,
        "injuries": True,
        "lanes": LanesBlocked.PARTIAL,
        "merged_reports": 1,
    }
    assert severity_score(**facts, calls_for_help=False) == 65
    assert severity_score(**facts, calls_for_help=True) == 100


def test_two_sightings_within_a_hundred_metres_and_five_minutes_are_one_incident() -> None:
    here = Place(76.97, 11.02)
    near, far = Place(76.9708, 11.02), Place(76.9712, 11.02)
    soon, late = NOON + timedelta(minutes=5), NOON + timedelta(minutes=5, seconds=1)
    assert are_one_incident((here, NOON), (near, soon))
    assert not are_one_incident((here, NOON), (far, soon))
    assert not are_one_incident((here, NOON), (near, late))
    assert are_one_incident((near, soon), (here, NOON))


def test_what_is_still_needed_counts_who_was_sent_and_not_called_back() -> None:
    needs = {Service.POLICE: 2, Service.FIRE: 1}
    assert still_needed(needs, [DONE, WITHDRAWN]) == {Service.POLICE: 1, Service.FIRE: 1}
    assert still_needed(needs, [DONE, SENT, replace(SENT, role=Service.FIRE)]) == {}


def test_response_times_count_from_the_first_report_and_only_units_that_went() -> None:
    early = replace(WITHDRAWN, assigned_at=NOON - timedelta(minutes=9))
    cleared_at = NOON + timedelta(minutes=30)
    response = response_of(NOON - timedelta(minutes=2), cleared_at, [early, DONE])
    assert response.to_dispatch == timedelta(minutes=2)
    assert response.to_arrival == timedelta(minutes=3)
    assert response.to_clear == timedelta(minutes=32)
    assert response_of(NOON, cleared_at, [DONE, ARRIVED]).to_clear is None
    assert response_of(NOON, None, []).to_dispatch is None
