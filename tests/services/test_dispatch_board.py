"""The dispatch board: what stands where, in which order, and how far each step has travelled."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.services.dispatching import (
    arrive,
    confirm_all,
    crash,
    enlist,
    file,
    send,
)
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Place, Position
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import (
    Entity,
    IncidentStatus,
    Role,
    Service,
    Severity,
    Step,
    SyncState,
    UnitStatus,
)
from trafficdesk.services import dispatch, incidents, units
from trafficdesk.services.dispatch_board import WELFARE_EVERY, Group, board
from trafficdesk.services.session import Session
from trafficdesk.store import outbox, readers, sync_marks, unit_positions
from trafficdesk.store.rows import run

MakeSession = Callable[..., Session]


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    return make_session(Role.DISPATCHER, "Devi D")


def test_incidents_stand_by_what_they_need_the_worst_first_and_of_these_the_oldest(
    session: Session,
) -> None:
    now = session.clock()
    mild, worst = replace(crash(session), vehicle_count=1), replace(crash(session), vehicle_count=9)
    early = replace(session, clock=lambda: now - timedelta(minutes=9))
    of_early = replace(mild, occurred_at=now - timedelta(minutes=9))
    later, older, bad = file(session, mild), file(early, of_early), file(session, worst)
    helped = file(session, replace(mild, needs={Service.POLICE: 1}))
    half_helped = file(session, replace(mild, needs={Service.POLICE: 1, Service.TOW: 1}))
    send(session, helped, enlist(session, "P1"))
    send(session, half_helped, enlist(session, "P2"))
    done, gone = file(session, worst), file(session, worst)
    incidents.clear(session, done.id)
    incidents.remove(session, gone.id)
    shown = board(session)
    assert [(row.group, row.incident.id) for row in shown.incidents] == [
        (Group.NEEDS_UNIT, bad.id),
        (Group.NEEDS_UNIT, older.id),
        (Group.NEEDS_UNIT, later.id),
        (Group.NEEDS_UNIT, half_helped.id),
        (Group.UNDER_WAY, helped.id),
        (Group.CLEARED, done.id),
    ]
    tomorrow = replace(session, started_at=now + timedelta(hours=9))
    assert Group.CLEARED not in {row.group for row in board(tomorrow).incidents}


def test_each_step_has_a_mark_of_its_own(session: Session) -> None:
    made = file(session)
    (sent,) = send(session, made, enlist(session, "P1"))
    confirm_all(session)
    dispatch.step(session, sent.id, Step.EN_ROUTE)
    with session.store.writing() as connection:
        outbox.take_batch(connection, 10)
    dispatch.step(session, sent.id, Step.ARRIVED)
    (row,) = board(session).incidents
    (assigned,) = row.assignments
    assert assigned.steps == {
        Step.ASSIGNED: SyncState.CONFIRMED,
        Step.EN_ROUTE: SyncState.SENT,
        Step.ARRIVED: SyncState.NOT_SENT,
    }
    assert (assigned.mark, row.mark) == (SyncState.NOT_SENT, SyncState.CONFIRMED)
    assert row.steps == {
        IncidentStatus.ACTIVE: SyncState.CONFIRMED,
        IncidentStatus.DISPATCHED: SyncState.CONFIRMED,
        IncidentStatus.ON_SCENE: SyncState.NOT_SENT,
    }
    incidents.clear(session, made.id)
    (row,) = board(session).incidents
    assert row.steps[IncidentStatus.CLEARED] is SyncState.NOT_SENT
    shown = board(session)
    assert (shown.not_sent, shown.sent, shown.confirmed) == (4, 1, 4)
    confirm_all(session)


def test_a_filing_that_no_server_has_is_marked_so(session: Session) -> None:
    file(session)
    (row,) = board(session).incidents
    assert row.steps == {IncidentStatus.ACTIVE: SyncState.NOT_SENT}
    assert row.mark is SyncState.NOT_SENT


def test_what_came_into_conflict_shows_it(session: Session) -> None:
    car = enlist(session, "P1")
    send(session, file(session), car)
    with session.store.writing() as connection:
        _, sending = outbox.find_queued(connection, 10)[-1]
        in_conflict = outbox.Settled(sending.op_id, outbox.CONFLICT, "conflict", conflict_id=car.id)
        outbox.settle(connection, [in_conflict], 0)
    shown = board(session)
    assert [row.mark for row in shown.units] == [SyncState.CONFLICT]
    assert shown.conflicts == 1


def test_the_worst_alert_until_somebody_acknowledges_or_it_is_over(session: Session) -> None:
    car = enlist(session, "P1")
    call = incidents.call_for_help(session, car.id).incident_id
    bad = file(session, replace(crash(session), severity=Severity.CRITICAL))
    file(session)
    assert call is not None
    assert {r.incident.id for r in board(session).incidents if r.is_alert} == {call, bad.id}
    incidents.acknowledge(session, call)
    incidents.clear(session, bad.id)
    assert not any(row.is_alert for row in board(session).incidents)


def test_an_alert_is_escalated_by_the_servers_word_or_by_the_desk_alone(session: Session) -> None:
    made = file(session, replace(crash(session), severity=Severity.CRITICAL))
    file(session)

    def escalated() -> list[datetime | None]:
        return [row.escalated_at for row in board(session).incidents]

    assert escalated() == [made.reported_at + timedelta(minutes=2), None]
    with session.store.writing() as connection:
        sync_marks.put_escalate_s(connection, 300)
    assert escalated() == [made.reported_at + timedelta(seconds=315), None]
    said_at = made.reported_at + timedelta(seconds=301)
    with session.store.writing() as connection:
        query = "UPDATE incidents SET escalated_ms = ? WHERE id = ?"
        run(connection, query, (to_ms(said_at), made.id.bytes))
    assert escalated() == [said_at, None]
    incidents.acknowledge(session, made.id)
    assert escalated() == [None, None]


def test_units_show_what_they_do_where_and_when_they_must_be_heard(session: Session) -> None:
    car, free = enlist(session, "P2"), enlist(session, "P1")
    (sent,) = send(session, file(session), car)
    seen = Position(car.id, Place(76.99, 11.05), session.clock())
    with session.store.writing() as connection:
        unit_positions.put(connection, [seen])
    one, two = board(session).units
    assert (one.unit.id, one.status, one.assignment, one.position, one.welfare_due_at) == (
        free.id,
        UnitStatus.AVAILABLE,
        None,
        None,
        None,
    )
    assert (two.unit.id, two.status, two.position) == (car.id, UnitStatus.EN_ROUTE, seen)
    assert two.welfare_due_at == sent.assigned_at + WELFARE_EVERY
    later = replace(session, clock=lambda: sent.assigned_at + timedelta(minutes=20))
    units.check_in(later, car.id)
    assert board(session).units[1].welfare_due_at == later.clock() + WELFARE_EVERY
    dispatch.step(later, sent.id, Step.CLEARED)
    assert board(session).units[1].welfare_due_at is None


def test_the_board_asks_the_store_as_often_for_many_as_for_few(session: Session) -> None:
    few = _count_statements(session)
    for number in range(5):
        car, made, sent = new_id(), file(session), new_id()
        about = {"incident_id": str(made.id), "unit_id": str(car), "role": "police"}
        arrive(session, Entity.ASSIGNMENT, sent, {**about, "assigned_ms": 1_790_000_000_000})
        told = {"call_sign": f"P{number}", "kind": "patrol_car", "duty": "on"}
        arrive(session, Entity.UNIT, car, {**told, "assignment_id": str(sent)})
    assert _count_statements(session) == few
    assert len(board(session).incidents) == 5


def _count_statements(session: Session) -> int:
    asked = list[str]()
    with session.store.reading() as connection:
        driver = readers.driver_of(connection)
        driver.set_trace_callback(asked.append)
    board(session)
    driver.set_trace_callback(None)
    return len([each for each in asked if each.startswith("SELECT")])


def test_a_unit_has_as_many_jobs_behind_it_as_it_had_in_this_shift(session: Session) -> None:
    """What was withdrawn, and what was before the shift began, does not count."""
    now = session.clock()
    car = enlist(session, "P1")
    long_ago = replace(session, clock=lambda: now - timedelta(hours=9))
    for who, ends in ((long_ago, Step.CLEARED), (session, Step.CLEARED), (session, None)):
        (sent,) = send(who, file(session), car)
        if ends is None:
            dispatch.withdraw(who, sent.id)
        else:
            dispatch.step(who, sent.id, ends)
    assert [row.sent_before for row in board(session).units] == [1]
    send(session, file(session), car)
    assert [row.sent_before for row in board(session).units] == [2]
