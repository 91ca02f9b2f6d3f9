"""What was refused and goes again stands in the row here from then on: who is sent is out."""

from collections.abc import Callable
from uuid import UUID

import pytest

from tests.services.dispatching import assignment, enlist, file, unit
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import FieldChange, Incident, Unit
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity, Role, UnitStatus
from trafficdesk.services import dispatch, parked
from trafficdesk.services.dispatch_board import board
from trafficdesk.store import dispatch_rows, history, outbox, replaying
from trafficdesk.store.history import Operation
from trafficdesk.sync.pushing import settle_outcomes
from trafficdesk.wire.exchange import AWAITS_NEWER_SERVER, Outcome, Reason, Record, Result

AddDispatcher = Callable[[str], SyncedDesk]


@pytest.fixture
def add(add_desk: AddDesk) -> AddDispatcher:
    """Return a function that enrols a desk with a dispatcher."""
    return lambda name: add_desk(Role.DISPATCHER, name)


def statuses(desk: SyncedDesk) -> list[UnitStatus]:
    return [each.status for each in board(desk.session).units]


def refuse_all(desk: SyncedDesk, reason: Reason) -> list[UUID]:
    """Let the server refuse what waits: each record falls back to what the server has of it."""
    with desk.session.store.writing() as connection:
        waits = [each for _, each in outbox.find_queued(connection, 9)]
        outcomes = []
        for each in waits:
            kept = dispatch_rows.find(connection, each.entity, each.entity_id)
            record = None
            if kept is not None and each.entity is Entity.UNIT:
                row = {**kept.values, "assignment_id": None}
                record = Record(
                    entity=str(each.entity), id=each.entity_id, version=kept.version, row=row
                )
            outcomes.append(
                Outcome(op_id=each.op_id, result=Result.REJECTED, reason=reason, record=record)
            )
        settle_outcomes(connection, waits, outcomes, 0)
    return [each.op_id for each in waits]


def sent(desk: SyncedDesk) -> Unit:
    """Send a unit that the server knows."""
    car, made = enlist(desk.session, "P12"), file(desk.session)
    desk.sync()
    assert dispatch.assign(desk.session, made.id, [car.id]).is_done
    return car


def test_a_unit_is_out_as_soon_as_its_sending_is_to_go_again(add: AddDispatcher) -> None:
    desk = add("Devi D")
    car = sent(desk)
    op_ids = refuse_all(desk, Reason.NOT_PERMITTED)
    assert statuses(desk) == [UnitStatus.AVAILABLE]
    parked.retry(desk.session, op_ids[-1])
    assert statuses(desk) == [UnitStatus.EN_ROUTE]
    held = unit(desk.session, car.id).assignment_id
    assert held is not None
    assert assignment(desk.session, held).unit_id == car.id
    # Refused once more, it is free once more.
    refuse_all(desk, Reason.NOT_PERMITTED)
    assert statuses(desk) == [UnitStatus.AVAILABLE]
    parked.retry(desk.session, *op_ids)
    desk.sync()
    assert statuses(desk) == [UnitStatus.EN_ROUTE]
    assert desk.counts() == (0, 0, 0, 0)


def test_so_it_is_when_a_newer_server_or_a_sign_in_lets_it_go_again(add: AddDispatcher) -> None:
    desk = add("Devi D")
    sent(desk)
    for reason in (Reason.UNKNOWN_ACTOR, Reason.UNKNOWN_FIELD):
        refuse_all(desk, reason)
        assert statuses(desk) == [UnitStatus.AVAILABLE]
        with desk.session.store.writing() as connection:
            again = (
                outbox.requeue_of_stranger(connection, desk.session.officer.id)
                if reason is Reason.UNKNOWN_ACTOR
                else outbox.requeue(connection, [str(each) for each in AWAITS_NEWER_SERVER])
            )
            replaying.put_again(connection, again)
        assert statuses(desk) == [UnitStatus.EN_ROUTE]


def test_so_it_is_when_the_incident_arrives_that_it_waited_for(add: AddDispatcher) -> None:
    late, early = add("Devi D"), add("Ravi R")
    car, made = enlist(early.session, "P12"), file(late.session)
    early.sync()
    assignment_id = write_sending(early, made, car)
    early.sync()
    assert [each.reason for each in parked.find_parked(early.session)] == ["unknown_record"] * 2
    assert statuses(early) == [UnitStatus.AVAILABLE]
    late.sync()
    early.sync()  # the incident arrives: the work on it is to go
    assert statuses(early) == [UnitStatus.EN_ROUTE]
    assert unit(early.session, car.id).assignment_id == assignment_id
    early.sync()
    assert early.counts() == (0, 0, 0, 0)
    late.sync()
    assert statuses(late) == statuses(early) == [UnitStatus.EN_ROUTE]


def write_sending(desk: SyncedDesk, to: Incident, car: Unit) -> UUID:
    """Let a desk hold the sending to an incident that it does not have: from before a restore."""
    assignment_id, session = new_id(), desk.session
    with session.store.writing() as connection:
        kept = dispatch_rows.find(connection, Entity.UNIT, car.id)
        assert kept is not None
        made = {name: kept.values[name] for name in ("city_id", "station_id")} | {
            "incident_id": str(to.id),
            "unit_id": str(car.id),
            "role": "police",
            "assigned_ms": to_ms(session.clock()),
        }
        action_id = new_id()
        for entity, record_id, action, changes in (
            (Entity.ASSIGNMENT, assignment_id, "dispatch", made),
            (Entity.UNIT, car.id, "send", {"assignment_id": str(assignment_id)}),
        ):
            operation = Operation(
                op_id=new_id(),
                action_id=action_id,
                entity=entity,
                entity_id=record_id,
                action=action,
                base_version=0 if entity is Entity.ASSIGNMENT else kept.version,
                revision=1,
                changes=tuple(FieldChange(name, None, new) for name, new in changes.items()),
                note="",
                actor_id=session.officer.id,
                device_id=session.device_id,
                at_ms=to_ms(session.clock()),
            )
            history.append(connection, operation)
    return assignment_id
