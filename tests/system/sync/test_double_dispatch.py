"""One unit that two desks sent, with a real server: a question to all until somebody settles it."""

from collections.abc import Callable
from uuid import UUID

import pytest

from tests.services.dispatching import enlist, file, held, incident, send, unit
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from tests.system.sync.test_dispatch import settle_down, shown
from trafficdesk.domain.conflicts import Choice, Side
from trafficdesk.domain.dispatch import is_open
from trafficdesk.domain.records import Incident
from trafficdesk.domain.vocabulary import IncidentStatus, Role, Step, UnitStatus
from trafficdesk.services import conflicts, dispatch, own_unit, parked, undo
from trafficdesk.services.conflicts import Settling
from trafficdesk.services.dispatch_board import Group, board
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.settled_dispatch import find_double_dispatch
from trafficdesk.store import outbox

AddDispatcher = Callable[[str], SyncedDesk]


@pytest.fixture
def add(add_desk: AddDesk) -> AddDispatcher:
    """Return a function that enrols a desk with a dispatcher."""
    return lambda name: add_desk(Role.DISPATCHER, name)


def _send_twice(one: SyncedDesk, two: SyncedDesk) -> tuple[UUID, Incident, Incident]:
    """Send one unit from two desks to two incidents; return it, and where each sent it."""
    car = enlist(one.session, "P12")
    here, there = file(one.session), file(one.session)
    settle_down(one, two)
    send(one.session, here, car)
    send(two.session, there, unit(two.session, car.id))
    settle_down(one, two)
    return car.id, here, there


@pytest.mark.parametrize("side", [Side.MINE, Side.THEIRS])
def test_one_unit_sent_by_two_desks_is_a_question_with_both_sides(
    add: AddDispatcher, side: Side
) -> None:
    one, two = add("Devi D"), add("Ravi R")
    car_id, here, there = _send_twice(one, two)
    (found,) = conflicts.find_open(two.session)
    both = find_double_dispatch(two.session, found.conflict)
    assert both is not None
    assert both.mine.incident is not None
    assert both.theirs.incident is not None
    assert (both.theirs.incident.id, both.mine.incident.id) == (here.id, there.id)
    for desk in (one, two):  # both assignments stand until somebody says which
        for each in (here, there):
            assert incident(desk.session, each.id).status is IncidentStatus.DISPATCHED
    choices = {"assignment_id": Choice(side)}
    settling = Settling(found.conflict.id, found.conflict.revision, choices, "who was nearer")
    assert conflicts.settle(two.session, [settling]).is_done
    settle_down(two, one)
    wins, loses = (there, here) if side is Side.MINE else (here, there)
    for desk in (one, two):
        assert held(desk.session, unit(desk.session, car_id)).incident_id == wins.id
        assert incident(desk.session, wins.id).status is IncidentStatus.DISPATCHED
        assert incident(desk.session, loses.id).status is IncidentStatus.ACTIVE
        assert desk.counts() == (0, 0, 0, 0)
    assert shown(one) == shown(two)
    # Taken back, it is the question it was, at both desks.
    assert undo.undo_last(two.session).is_done
    settle_down(two, one)
    for desk in (one, two):
        assert conflicts.count_open(desk.session) == 1
        assert incident(desk.session, loses.id).status is IncidentStatus.DISPATCHED
        assert is_open(held(desk.session, unit(desk.session, car_id)))


@pytest.mark.parametrize("side", [Side.MINE, Side.THEIRS])
def test_what_a_lost_desk_sent_without_its_claim_is_a_question_where_another_sent_the_unit(
    add: AddDispatcher, side: Side
) -> None:
    """A laptop is gone for good between two pushes: its claim never comes."""
    lost, two, three = add("Devi D"), add("Ravi R"), add("Kumar S")
    car = enlist(lost.session, "P12")
    here, there = file(lost.session), file(lost.session)
    settle_down(lost, two, three)
    (first,) = send(lost.session, here, car)
    (second,) = send(two.session, there, unit(two.session, car.id))
    _lose_claim(lost)
    lost.sync()
    three.sync()  # what was sent is out, also without its claim
    assert [each.status for each in board(three.session).units] == [UnitStatus.EN_ROUTE]
    settle_down(two, three)
    (found,) = conflicts.find_open(three.session)
    assert [(each.mine, each.theirs) for each in found.conflict.in_question] == [
        (str(first.id), str(second.id))
    ]
    choices = {"assignment_id": Choice(side)}
    settling = Settling(found.conflict.id, found.conflict.revision, choices, "who was nearer")
    assert conflicts.settle(three.session, [settling]).is_done
    settle_down(three, two)
    wins, loses = (here, there) if side is Side.MINE else (there, here)
    for desk in (two, three):
        assert held(desk.session, unit(desk.session, car.id)).incident_id == wins.id
        assert incident(desk.session, loses.id).status is IncidentStatus.ACTIVE
        assert conflicts.count_open(desk.session) == 0
    assert shown(two) == shown(three)


def _lose_claim(desk: SyncedDesk) -> None:
    """Let a claim be lost with its desk, on its way."""
    with desk.session.store.writing() as connection:
        waiting = [each for _, each in outbox.find_queued(connection, 9)]
        (claim,) = [each for each in waiting if each.action == "send"]
        gone = outbox.Settled(claim.op_id, outbox.SETTLED, parked.WITHDRAWN)
        outbox.settle(connection, [gone], 0)


def test_two_who_settle_one_conflict_opposite_ways_learn_who_was_first(
    add: AddDispatcher,
) -> None:
    one, two = add("Devi D"), add("Ravi R")
    _car_id, here, there = _send_twice(one, two)
    (found,) = conflicts.find_open(two.session)
    for desk, side in ((one, Side.THEIRS), (two, Side.MINE)):
        settling = Settling(
            found.conflict.id, found.conflict.revision, {"assignment_id": Choice(side)}, "nearer"
        )
        assert conflicts.settle(desk.session, [settling]).is_done
    settle_down(one, two)
    assert (one.outdone, two.outdone) == (set(), {found.conflict.id})
    for desk in (one, two):  # each called the other's back: nobody is sent, and both boards say so
        assert [each.status for each in board(desk.session).units] == [UnitStatus.AVAILABLE]
        groups = {row.incident.id: row.group for row in board(desk.session).incidents}
        assert groups == {here.id: Group.NEEDS_UNIT, there.id: Group.NEEDS_UNIT}
        assert desk.counts() == (0, 0, 0, 0)


def test_a_unit_whose_claim_is_in_conflict_is_out_as_long_as_one_of_both_sides_is(
    add: AddDispatcher,
) -> None:
    one, two = add("Devi D"), add("Ravi R")
    car_id, here, there = _send_twice(one, two)
    first = held(one.session, unit(one.session, car_id))
    assert first.incident_id == here.id
    assert dispatch.step(one.session, first.id, Step.CLEARED).is_done
    settle_down(one, two)
    for desk in (one, two):
        assert unit(desk.session, car_id).assignment_id is None
        (row,) = board(desk.session).units
        assert (row.status, row.assignment is not None) == (UnitStatus.EN_ROUTE, True)
        sent = dispatch.assign(desk.session, here.id, [car_id])
        assert [each.code for each in sent.refused] == [Refusal.UNIT_TAKEN]
    assert row.assignment is not None
    assert row.assignment.assignment.incident_id == there.id
    assert own_unit.choose(one.session, car_id) is None
    riding = own_unit.find(one.session)
    assert riding is not None
    assert riding.welfare_due_at is not None
    assert dispatch.step(one.session, row.assignment.assignment.id, Step.CLEARED).is_done
    assert [each.status for each in board(one.session).units] == [UnitStatus.AVAILABLE]
