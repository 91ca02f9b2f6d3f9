"""Sending units: who may, who can be sent, which steps are open, what is undone or corrected."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.services.dispatching import (
    arrive,
    assignment,
    codes,
    confirm_all,
    crash,
    enlist,
    file,
    held,
    incident,
    send,
    unit,
)
from trafficdesk.domain.dispatch import step_of
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import (
    Duty,
    Entity,
    IncidentStatus,
    Role,
    Service,
    Step,
    UnitKind,
)
from trafficdesk.services import dispatch, incidents, undo, units
from trafficdesk.services.dispatching import Kind
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.session import Session
from trafficdesk.services.undo import Scope
from trafficdesk.store import history, outbox

MakeSession = Callable[..., Session]


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    return make_session(Role.DISPATCHER, "Devi D")


def at(session: Session, moment: datetime) -> Session:
    """Return the session at another time of its desk's clock."""
    return replace(session, clock=lambda: moment)


def waiting(session: Session) -> list[tuple[str, str]]:
    with session.store.reading() as connection:
        return [(str(op.entity), op.action) for _, op in outbox.find_queued(connection, 100)]


def test_assigning_several_units_is_one_action(session: Session) -> None:
    crash, car = file(session), enlist(session, "P12")
    ambulance = enlist(session, "Amb 1", UnitKind.AMBULANCE)
    outcome = dispatch.assign(session, crash.id, [car.id, ambulance.id])
    assert outcome.is_done
    assert outcome.changed.kinds == {Entity.ASSIGNMENT, Entity.UNIT}
    assert [held(session, each).role for each in (car, ambulance)] == [
        Service.POLICE,
        Service.AMBULANCE,
    ]
    now = incident(session, crash.id)
    assert (now.status, now.dispatched_at) == (
        IncidentStatus.DISPATCHED,
        held(session, car).assigned_at,
    )
    assert waiting(session)[3:] == [("assignment", "dispatch"), ("unit", "send")] * 2
    with session.store.reading() as connection:
        assert outcome.action_id is not None
        assert len(history.events_of_action(connection, outcome.action_id)) == 4


def test_who_cannot_be_sent_is_refused_one_by_one(session: Session) -> None:
    crash, other = file(session), file(session)
    taken, off, free = (enlist(session, name) for name in ("P1", "P2", "P3"))
    send(session, other, taken)
    units.set_duty(session, off.id, Duty.OFF)
    nobody = new_id()
    outcome = dispatch.assign(session, crash.id, [taken.id, off.id, nobody, free.id, free.id])
    assert codes(outcome) == [
        Refusal.UNIT_TAKEN,
        Refusal.UNIT_OFF_DUTY,
        Refusal.UNKNOWN_UNIT,
        Refusal.UNIT_TAKEN,
    ]
    assert [each.record_id for each in outcome.refused] == [taken.id, off.id, nobody, free.id]
    assert held(session, free).incident_id == crash.id


def test_to_what_is_over_nobody_is_sent(session: Session) -> None:
    crash, car = file(session), enlist(session, "P1")
    incidents.clear(session, crash.id)
    assert codes(dispatch.assign(session, crash.id, [car.id])) == [Refusal.INCIDENT_CLEARED]
    incidents.remove(session, crash.id)
    assert codes(dispatch.assign(session, crash.id, [car.id])) == [Refusal.MOVED_ON]
    assert unit(session, car.id).assignment_id is None


def test_a_unit_that_another_desk_sent_meanwhile_is_taken(session: Session) -> None:
    """The race that was lost before it began: the other desk's dispatch is here already."""
    crash, car, sent = file(session), enlist(session, "P1"), new_id()
    confirm_all(session)
    elsewhere = new_id()
    values = {"incident_id": str(elsewhere), "unit_id": str(car.id), "role": "police"}
    arrive(session, Entity.ASSIGNMENT, sent, {**values, "assigned_ms": 1_790_000_000_000})
    arrive(session, Entity.UNIT, car.id, {"assignment_id": str(sent)})
    assert codes(dispatch.assign(session, crash.id, [car.id])) == [Refusal.UNIT_TAKEN]


def test_steps_are_stamped_in_order_by_the_server_s_clock(session: Session) -> None:
    fast = replace(session, skew=timedelta(hours=-3))
    crash, car = file(fast), enlist(fast, "P1")
    (sent,) = send(fast, crash, car)
    for number, taken in enumerate((Step.ACKNOWLEDGED, Step.EN_ROUTE, Step.ARRIVED), 1):
        later = at(fast, session.clock() + timedelta(minutes=number))
        assert dispatch.step(later, sent.id, taken).is_done
    # A clock that was set back makes no time before the one before.
    back = at(fast, session.clock() - timedelta(hours=1))
    assert dispatch.step(back, sent.id, Step.CLEARED).is_done
    now = assignment(session, sent.id)
    times = [now.assigned_at, now.acknowledged_at, now.en_route_at, now.arrived_at, now.cleared_at]
    assert times == sorted(each for each in times if each is not None)
    assert abs(now.assigned_at - (session.clock() - timedelta(hours=3))) < timedelta(minutes=1)
    assert incident(session, crash.id).arrived_at == now.arrived_at


def test_steps_may_be_left_out_but_not_taken_back_in_time(session: Session) -> None:
    (sent,) = send(session, file(session), enlist(session, "P1"))
    assert dispatch.step(session, sent.id, Step.ARRIVED).is_done
    assert codes(dispatch.step(session, sent.id, Step.EN_ROUTE)) == [Refusal.STEP_TAKEN_BEFORE]
    assert codes(dispatch.step(session, sent.id, Step.ARRIVED)) == [Refusal.STEP_TAKEN_BEFORE]
    assert dispatch.step(session, sent.id, Step.CLEARED).is_done
    assert codes(dispatch.step(session, sent.id, Step.ARRIVED)) == [Refusal.ASSIGNMENT_ENDED]
    assert codes(dispatch.step(session, new_id(), Step.ARRIVED)) == [Refusal.MOVED_ON]


@pytest.mark.parametrize("end", [Step.CLEARED, Step.WITHDRAWN])
def test_with_an_assignment_s_end_its_unit_is_free(session: Session, end: Step) -> None:
    crash, car = file(session), enlist(session, "P1")
    (sent,) = send(session, crash, car)
    assert dispatch.step(session, sent.id, end).is_done
    assert unit(session, car.id).assignment_id is None
    assert waiting(session)[-1] == ("unit", "free")
    expected = IncidentStatus.DISPATCHED if end is Step.CLEARED else IncidentStatus.ACTIVE
    assert incident(session, crash.id).status is expected


def test_an_end_leaves_a_unit_where_another_desk_sent_it(session: Session) -> None:
    crash, car, elsewhere = file(session), enlist(session, "P1"), new_id()
    (sent,) = send(session, crash, car)
    confirm_all(session)
    arrive(session, Entity.UNIT, car.id, {"assignment_id": str(elsewhere)})
    assert dispatch.withdraw(session, sent.id, "wrong car").is_done
    assert unit(session, car.id).assignment_id == elsewhere


def test_an_officer_takes_steps_but_sends_nobody(
    session: Session, make_session: MakeSession
) -> None:
    officer = make_session(Role.OFFICER, "Meena K")
    crash, car = file(session), enlist(session, "P1")
    (sent,) = send(session, crash, car)
    for refused in (
        dispatch.assign(officer, crash.id, [car.id]),
        dispatch.accept_plan(officer, [(crash.id, car.id)]),
        dispatch.withdraw(officer, sent.id),
        dispatch.step(officer, sent.id, Step.WITHDRAWN),
        dispatch.correct_times(officer, sent.id, {}, "why"),
    ):
        assert codes(refused) == [Refusal.NOT_PERMITTED]
        assert refused.action_id is None
    assert dispatch.step(officer, sent.id, Step.ACKNOWLEDGED).is_done
    assert dispatch.step(officer, sent.id, Step.CLEARED).is_done


def test_a_plan_is_one_action_with_one_undo(session: Session) -> None:
    one, other = file(session), file(session)
    cars = [enlist(session, name) for name in ("P1", "P2")]
    outcome = dispatch.accept_plan(session, [(one.id, cars[0].id), (other.id, cars[1].id)])
    assert outcome.is_done
    assert [held(session, car).incident_id for car in cars] == [one.id, other.id]
    assert undo.undo_last(session, Scope.DISPATCH).is_done
    assert [unit(session, car.id).assignment_id for car in cars] == [None, None]
    assert {incident(session, each.id).status for each in (one, other)} == {IncidentStatus.ACTIVE}


def test_each_action_of_a_crew_is_taken_back_level_after_level(session: Session) -> None:
    crash, car = file(session), enlist(session, "P1")
    (sent,) = send(session, crash, car)
    dispatch.step(session, sent.id, Step.EN_ROUTE)
    dispatch.step(session, sent.id, Step.CLEARED)
    assert undo.undo_last(session, Scope.DISPATCH).is_done
    assert held(session, car).cleared_at is None
    assert undo.undo_last(session, Scope.DISPATCH).is_done
    assert step_of(held(session, car)) is Step.ASSIGNED
    assert undo.undo_last(session, Scope.DISPATCH).is_done
    assert unit(session, car.id).assignment_id is None
    assert step_of(assignment(session, sent.id)) is Step.WITHDRAWN
    kinds = [each.kind for each in undo.find_undoable(session, Scope.DISPATCH)]
    assert kinds == [Kind.ENLIST, Kind.FILE]


def test_what_was_built_upon_is_not_taken_back_by_half(session: Session) -> None:
    """Calling a crew back that has set out is no undo; the unit and its assignment stay whole."""
    crash, car = file(session), enlist(session, "P1")
    outcome = dispatch.assign(session, crash.id, [car.id])
    sent = held(session, car)
    dispatch.step(session, sent.id, Step.ACKNOWLEDGED)
    assert outcome.action_id is not None
    undone = undo.undo(session, outcome.action_id)
    assert codes(undone) == [Refusal.MOVED_ON]
    assert held(session, car).id == sent.id
    assert step_of(held(session, car)) is Step.ACKNOWLEDGED


def test_an_undo_does_not_send_a_unit_that_went_elsewhere_meanwhile(session: Session) -> None:
    one, other, car = file(session), file(session), enlist(session, "P1")
    (first,) = send(session, one, car)
    finished = dispatch.step(session, first.id, Step.CLEARED)
    (second,) = send(session, other, car)
    assert finished.action_id is not None
    assert codes(undo.undo(session, finished.action_id)) == [Refusal.MOVED_ON]
    assert held(session, car).id == second.id
    assert assignment(session, first.id).cleared_at is not None


def test_what_the_server_confirmed_is_corrected_with_a_note_and_not_undone(
    session: Session,
) -> None:
    (sent,) = send(session, file(session), enlist(session, "P1"))
    dispatch.step(session, sent.id, Step.ARRIVED)
    right = {Step.ARRIVED: sent.assigned_at + timedelta(seconds=0)}
    assert codes(dispatch.correct_times(session, sent.id, right, "radio log")) == [
        Refusal.UNDO_SERVES
    ]
    confirm_all(session)
    assert undo.find_undoable(session, Scope.DISPATCH) == []
    assert codes(undo.undo_last(session, Scope.DISPATCH)) == [Refusal.NOTHING_TO_UNDO]
    assert codes(dispatch.correct_times(session, sent.id, right, " ")) == [Refusal.NOTE_MISSING]
    assert dispatch.correct_times(session, sent.id, right, "radio log").is_done
    assert assignment(session, sent.id).arrived_at == sent.assigned_at
    with session.store.reading() as connection:
        assert history.events_of(connection, sent.id)[-1].note == "radio log"
    # A correction that no server has confirmed can be corrected, and undone.
    earlier = {Step.ASSIGNED: sent.assigned_at - timedelta(minutes=4)}
    assert dispatch.correct_times(session, sent.id, earlier, "radio log").is_done
    assert undo.undo_last(session, Scope.DISPATCH).is_done
    assert assignment(session, sent.id).assigned_at == sent.assigned_at


@pytest.mark.parametrize(
    "times",
    [
        {Step.ARRIVED: timedelta(minutes=-9)},
        {Step.ARRIVED: timedelta(hours=9)},
        {Step.CLEARED: timedelta(minutes=-1)},
        {Step.WITHDRAWN: timedelta(minutes=-1)},
        {Step.EN_ROUTE: timedelta(seconds=1), Step.ASSIGNED: timedelta(seconds=2)},
    ],
)
def test_times_follow_each_other_and_never_lie_ahead(
    session: Session, times: dict[Step, timedelta]
) -> None:
    early = at(session, session.clock() - timedelta(minutes=5))
    (sent,) = send(early, file(early), enlist(early, "P1"))
    dispatch.step(early, sent.id, Step.ARRIVED)
    confirm_all(session)
    given = {each: sent.assigned_at + apart for each, apart in times.items()}
    outcome = dispatch.correct_times(session, sent.id, given, "radio log")
    assert codes(outcome) == [Refusal.TIMES_OUT_OF_ORDER]


def test_review_and_dispatch_each_take_back_their_own(
    session: Session, make_session: MakeSession
) -> None:
    boss = make_session(Role.SUPERVISOR, "Ravi S")
    file(boss)
    assert undo.find_undoable(boss) == []
    assert codes(undo.undo_last(boss)) == [Refusal.NOTHING_TO_UNDO]
    assert [each.kind for each in undo.find_undoable(boss, Scope.DISPATCH)] == [Kind.FILE]
    assert undo.find_undoable(session, Scope.DISPATCH) == []


def test_a_step_of_another_desk_that_comes_meanwhile_stands(session: Session) -> None:
    (sent,) = send(session, file(session), enlist(session, "P1"))
    confirm_all(session)
    arrive(session, Entity.ASSIGNMENT, sent.id, {"arrived_ms": 1_790_000_000_000 * 2})
    assert codes(dispatch.step(session, sent.id, Step.ARRIVED)) == [Refusal.STEP_TAKEN_BEFORE]


def test_a_plan_that_no_longer_holds_sends_nobody(session: Session) -> None:
    """A unit that went, is busy or named twice, and an incident that is over or served."""
    one, other = (
        file(session, replace(crash(session), needs={Service.POLICE: 1})) for _ in range(2)
    )
    cars = [enlist(session, name) for name in ("P1", "P2", "P3")]
    whole = [(one.id, cars[0].id), (other.id, cars[1].id)]

    def refused(pairs: list[tuple[UUID, UUID]]) -> list[object]:
        outcome = dispatch.accept_plan(session, pairs)
        assert outcome.action_id is None
        assert unit(session, cars[0].id).assignment_id is None
        return list(codes(outcome))

    assert refused([whole[0], (other.id, cars[0].id)]) == [Refusal.UNIT_TAKEN]
    assert refused([*whole, (other.id, cars[2].id)]) == [Refusal.NEED_FILLED]
    units.set_duty(session, cars[1].id, Duty.BUSY)
    assert refused(whole) == [Refusal.UNIT_BUSY]
    units.set_duty(session, cars[1].id, Duty.ON)
    send(session, other, cars[2])
    assert refused(whole) == [Refusal.NEED_FILLED]
    assert refused([whole[0], (other.id, cars[2].id)]) == [Refusal.UNIT_TAKEN]
    dispatch.withdraw(session, held(session, cars[2]).id)
    incidents.clear(session, other.id)
    assert refused(whole) == [Refusal.INCIDENT_CLEARED]
    assert dispatch.accept_plan(session, whole[:1]).is_done
