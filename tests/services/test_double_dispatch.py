"""One unit that two desks sent: both sides to be seen, settled with the other one called back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from tests.services.conflict_rows import add_officer
from tests.services.dispatching import (
    arrive,
    assignment,
    confirm_all,
    enlist,
    file,
    held,
    incident,
    send,
    unit,
)
from trafficdesk.domain.conflicts import Choice, Side
from trafficdesk.domain.dispatch import is_open
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Assignment, Incident, Unit
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity, IncidentStatus, Role
from trafficdesk.services import conflicts, undo
from trafficdesk.services.conflicts import Settling
from trafficdesk.services.outcomes import Outcome, Refusal
from trafficdesk.services.session import Session
from trafficdesk.services.settled_dispatch import DoubleDispatch, find_double_dispatch
from trafficdesk.store import arriving, outbox
from trafficdesk.store.arriving import Arrival
from trafficdesk.store.outbox import Settled

MakeSession = Callable[..., Session]


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    return make_session(Role.DISPATCHER, "Devi D")


@dataclass
class Met:
    """What two desks did with one unit."""

    car: Unit
    here: Incident
    there: Incident
    mine: Assignment
    theirs_id: UUID
    conflict_id: UUID


def _conflict_row(session: Session, record_id: UUID, field: dict[str, object]) -> dict[str, Any]:
    at_ms = to_ms(session.clock())
    return {
        "record_entity": "unit",
        "record_id": str(record_id),
        "device_id": str(session.device_id),
        "actor_id": str(session.officer.id),
        "status": "open",
        "fields": [field],
        "operations": [],
        "theirs_version": 2,
        "theirs_actor_id": str(add_officer(session, "Kumar S").id),
        "theirs_at_ms": at_ms,
        "opened_ms": at_ms,
        "settle_note": "",
    }


@pytest.fixture
def met(session: Session) -> Met:
    """Send a unit here; then hear that another desk had sent it to another incident before."""
    car, here, there = enlist(session, "P12"), file(session), file(session)
    confirm_all(session)
    (mine,) = send(session, here, car)
    theirs_id, conflict_id = new_id(), new_id()
    sent = {"incident_id": str(there.id), "unit_id": str(car.id), "role": "police"}
    arrive(session, Entity.ASSIGNMENT, theirs_id, {**sent, "assigned_ms": to_ms(mine.assigned_at)})
    with session.store.writing() as connection:
        _, sending = outbox.find_queued(connection, 10)[-1]
        answer = Settled(sending.op_id, outbox.CONFLICT, "conflict", conflict_id=conflict_id)
        outbox.settle(connection, [answer], 0)
    confirm_all(session)
    arrive(session, Entity.UNIT, car.id, {"assignment_id": str(theirs_id)})
    values = {"base": None, "mine": str(mine.id), "theirs": str(theirs_id)}
    row = _conflict_row(session, car.id, {"field": "assignment_id", **values})
    with session.store.writing() as connection:
        arriving.put(connection, Arrival(Entity.CONFLICT, conflict_id, 1, row))
    return Met(car, here, there, mine, theirs_id, conflict_id)


def settle(session: Session, choice: Choice) -> Outcome:
    (found,) = conflicts.find_open(session)
    settling = Settling(
        found.conflict.id, found.conflict.revision, {"assignment_id": choice}, "who was nearer"
    )
    return conflicts.settle(session, [settling])


def test_both_sides_are_to_be_seen_with_their_incidents_and_what_happened(
    session: Session, met: Met
) -> None:
    (found,) = conflicts.find_open(session)
    assert found.record_name == "P12"
    words = conflicts.look_around(session, found).words
    assert words[str(met.mine.id)] == f"P12 · {met.here.reference}"
    both = find_double_dispatch(session, found.conflict)
    assert isinstance(both, DoubleDispatch)
    assert both.unit.call_sign == "P12"
    assert (both.mine.assignment, both.theirs.assignment) == (
        assignment(session, met.mine.id),
        assignment(session, met.theirs_id),
    )
    assert both.mine.incident is not None
    assert both.theirs.incident is not None
    assert both.mine.incident.reference == met.here.reference
    assert both.theirs.incident.reference == met.there.reference
    assert [event.action for event in both.mine.events] == ["file", "dispatch"]
    # Until it is settled, both incidents have the unit on its way.
    for each in (met.here, met.there):
        assert incident(session, each.id).status is IncidentStatus.DISPATCHED


def test_mine_takes_the_unit_and_calls_theirs_back_and_one_undo_brings_it_back(
    session: Session, met: Met
) -> None:
    assert settle(session, Choice(Side.MINE)).is_done
    assert held(session, met.car).id == met.mine.id
    assert assignment(session, met.theirs_id).withdrawn_at is not None
    assert incident(session, met.there.id).status is IncidentStatus.ACTIVE
    assert incident(session, met.here.id).status is IncidentStatus.DISPATCHED
    with session.store.reading() as connection:
        sent = [(op.entity, op.action) for _, op in outbox.find_queued(connection, 10)]
        actions = {op.action_id for _, op in outbox.find_queued(connection, 10)}
    assert sent == [
        (Entity.UNIT, "settle"),
        (Entity.ASSIGNMENT, "withdraw"),
        (Entity.CONFLICT, "settle"),
    ]
    assert len(actions) == 1
    assert undo.undo_last(session).is_done
    assert held(session, met.car).id == met.theirs_id
    assert is_open(held(session, met.car))
    assert conflicts.progress(session) == conflicts.Progress(1, 0)


def test_theirs_keeps_the_unit_and_mine_is_called_back(session: Session, met: Met) -> None:
    assert settle(session, Choice(Side.THEIRS)).is_done
    assert held(session, met.car).id == met.theirs_id
    assert assignment(session, met.mine.id).withdrawn_at is not None
    assert incident(session, met.here.id).status is IncidentStatus.ACTIVE
    assert undo.undo_last(session).is_done
    assert is_open(assignment(session, met.mine.id))


def test_neither_calls_both_back(session: Session, met: Met) -> None:
    assert settle(session, Choice(Side.EDITED, None)).is_done
    assert unit(session, met.car.id).assignment_id is None
    for each in (met.mine.id, met.theirs_id):
        assert assignment(session, each).withdrawn_at is not None


def test_what_has_ended_by_itself_is_not_called_back(session: Session, met: Met) -> None:
    at_ms = to_ms(met.mine.assigned_at) + 60_000
    arrive(session, Entity.ASSIGNMENT, met.theirs_id, {"cleared_ms": at_ms})
    assert settle(session, Choice(Side.MINE)).is_done
    assert assignment(session, met.theirs_id).withdrawn_at is None


def test_who_does_not_dispatch_does_not_settle_it(
    session: Session, met: Met, make_session: MakeSession
) -> None:
    officer = make_session(Role.OFFICER, "Meena K")
    outcome = settle(officer, Choice(Side.MINE))
    assert [each.code for each in outcome.refused] == [Refusal.NOT_PERMITTED]
    assert held(session, met.car).id == met.theirs_id


def test_whoever_dispatches_settles_another_desk_s_too(session: Session) -> None:
    """The one who was sent second may be off for hours; the incident is the whole city's."""
    car = enlist(session, "P12")
    confirm_all(session)
    field: dict[str, object] = {"field": "crew", "base": "", "mine": "Ravi", "theirs": "Anil"}
    row = {**_conflict_row(session, car.id, field), "device_id": str(new_id())}
    with session.store.writing() as connection:
        arriving.put(connection, Arrival(Entity.CONFLICT, new_id(), 1, row))
    (found,) = conflicts.find_open(session)
    assert conflicts.may_settle(session, found.conflict)
    settling = Settling(found.conflict.id, 1, {"crew": Choice(Side.MINE)})
    assert conflicts.settle(session, [settling]).is_done


@pytest.mark.parametrize("side", [Side.MINE, Side.THEIRS])
def test_facts_of_an_incident_are_settled_field_by_field(session: Session, side: Side) -> None:
    made = file(session)
    confirm_all(session)
    arrive(session, Entity.INCIDENT, made.id, {"address": "theirs"})
    row = _conflict_row(session, made.id, {"field": "address"})
    row["fields"][0] |= {"base": made.address, "mine": "mine", "theirs": "theirs"}
    row |= {"record_entity": "incident"}
    with session.store.writing() as connection:
        arriving.put(connection, Arrival(Entity.CONFLICT, new_id(), 1, row))
    (found,) = conflicts.find_open(session)
    assert found.record_name == made.reference
    assert find_double_dispatch(session, found.conflict) is None
    settling = Settling(found.conflict.id, 1, {"address": Choice(side)})
    assert conflicts.settle(session, [settling]).is_done
    assert incident(session, made.id).address == str(side)
    assert undo.undo_last(session).is_done
    assert incident(session, made.id).address == "theirs"


def test_where_it_was_sent_since_is_called_back_as_well(session: Session, met: Met) -> None:
    """Theirs ended and the unit was sent on before anybody settled: it goes to one place only."""
    at_ms = to_ms(met.mine.assigned_at) + 60_000
    arrive(session, Entity.ASSIGNMENT, met.theirs_id, {"cleared_ms": at_ms})
    since_id = new_id()
    sent = {"incident_id": str(met.there.id), "unit_id": str(met.car.id), "role": "police"}
    arrive(session, Entity.ASSIGNMENT, since_id, {**sent, "assigned_ms": at_ms})
    arrive(session, Entity.UNIT, met.car.id, {"assignment_id": str(since_id)})
    assert settle(session, Choice(Side.MINE)).is_done
    assert held(session, met.car).id == met.mine.id
    assert not is_open(assignment(session, since_id))
    assert is_open(assignment(session, met.mine.id))


@pytest.mark.parametrize("side", [Side.MINE, Side.THEIRS])
def test_a_unit_that_is_retired_in_the_end_is_called_back(session: Session, side: Side) -> None:
    """One desk retired a unit while another sent it, whoever of the two came first."""
    crash, car = file(session), enlist(session, "P12")
    (sent,) = send(session, crash, car)
    confirm_all(session)
    at_ms = to_ms(session.clock())
    field: dict[str, object] = {"field": "deleted_ms", "base": None, "mine": at_ms, "theirs": None}
    if side is Side.THEIRS:
        field |= {"mine": None, "theirs": at_ms}
        arrive(session, Entity.UNIT, car.id, {"assignment_id": None, "deleted_ms": at_ms})
    row = _conflict_row(session, car.id, field)
    with session.store.writing() as connection:
        arriving.put(connection, Arrival(Entity.CONFLICT, new_id(), 1, row))
    (found,) = conflicts.find_open(session)
    settling = Settling(found.conflict.id, 1, {"deleted_ms": Choice(side)})
    assert conflicts.settle(session, [settling]).is_done
    assert unit(session, car.id).deleted_at is not None
    assert unit(session, car.id).assignment_id is None
    assert assignment(session, sent.id).withdrawn_at is not None
