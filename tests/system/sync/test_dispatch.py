"""Dispatch at several desks with a real server: boards agree, steps never clash, claims do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from tests.services.dispatching import assignment, crash, enlist, file, held, incident, send, unit
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Bounds
from trafficdesk.domain.vocabulary import (
    IncidentStatus,
    Role,
    Service,
    Step,
    SyncState,
    UnitStatus,
)
from trafficdesk.maps.layers import LayerQuery
from trafficdesk.maps.sources import StoreSources
from trafficdesk.qt.dispatch_papers.handover_words import place_words
from trafficdesk.qt.map.things import incident_thing
from trafficdesk.services import dispatch, incidents, merging, shift_log, undo, units
from trafficdesk.services.dispatch_board import Board, Group, board
from trafficdesk.services.undo import Scope
from trafficdesk.store import incidents as incident_rows
from trafficdesk.store import units as unit_rows
from trafficdesk.store.upkeep import check
from trafficdesk.sync import link, pruning
from trafficdesk.sync.line import Call, Line
from trafficdesk.sync.pushing import PUSH
from trafficdesk.wire.exchange import PushRequest

AddDispatcher = Callable[[str], SyncedDesk]


@pytest.fixture
def add(add_desk: AddDesk) -> AddDispatcher:
    """Return a function that enrols a desk with a dispatcher."""
    return lambda name: add_desk(Role.DISPATCHER, name)


def settle_down(*desks: SyncedDesk) -> None:
    """Let every desk send and hear all."""
    for _ in range(2):
        for desk in desks:
            desk.sync()


def shown(desk: SyncedDesk) -> list[object]:
    """Return what a board shows, without what each desk counts for itself."""
    seen: Board = board(desk.session, desk.session.clock() - timedelta(hours=8))
    facts = ("id", "version", "status", "severity_score", "report_count", "arrived_at")
    return [
        *([getattr(row.incident, name) for name in facts] for row in seen.incidents),
        *(
            (each.assignment.id, each.assignment.version, each.assignment.cleared_at, each.mark)
            for row in seen.incidents
            for each in row.assignments
        ),
        *((row.unit.id, row.unit.version, row.status, row.mark) for row in seen.units),
    ]


def test_what_one_desk_does_every_desk_of_the_city_sees(add: AddDispatcher) -> None:
    one, two = add("Devi D"), add("Ravi R")
    car = enlist(one.session, "P12")
    made = file(one.session, replace(crash(one.session), needs={Service.POLICE: 1}))
    settle_down(one, two)
    (sent,) = send(two.session, incident(two.session, made.id), unit(two.session, car.id))
    dispatch.step(two.session, sent.id, Step.EN_ROUTE)
    settle_down(two, one)
    dispatch.step(one.session, sent.id, Step.ARRIVED)
    settle_down(one, two)
    assert shown(one) == shown(two)
    (row,) = board(two.session).incidents
    assert row.incident.status is IncidentStatus.ON_SCENE
    assert set(row.assignments[0].steps.values()) == {SyncState.CONFIRMED}
    assert [each.status for each in board(one.session).units] == [UnitStatus.ON_SCENE]
    incidents.clear(one.session, made.id)
    settle_down(one, two)
    assert shown(one) == shown(two)
    assert incident(two.session, made.id).status is IncidentStatus.CLEARED
    assert unit(two.session, car.id).assignment_id is None
    for desk in (one, two):
        assert desk.counts() == (0, 0, 0, 0)
        assert [each for each in check(desk.session.store) if not each.ok] == []


def test_a_desk_that_comes_late_has_the_same_board(add: AddDispatcher) -> None:
    one = add("Devi D")
    car, made = enlist(one.session, "P12"), file(one.session)
    (sent,) = send(one.session, made, car)
    dispatch.step(one.session, sent.id, Step.ARRIVED)
    other = file(one.session)
    merging.merge(one.session, made.id, other.id)
    one.sync()
    late = add("Ravi R")
    settle_down(late, one)
    assert shown(late) == shown(one)
    assert incident(late.session, made.id).report_count == 2
    assert [each for each in check(late.session.store) if not each.ok] == []


def test_two_crews_words_of_one_step_do_not_clash_the_first_stands(add: AddDispatcher) -> None:
    one, two = add("Devi D"), add("Ravi R")
    car, made = enlist(one.session, "P12"), file(one.session)
    (sent,) = send(one.session, made, car)
    settle_down(one, two)
    dispatch.step(one.session, sent.id, Step.ARRIVED)
    later = replace(two.session, clock=lambda: two.session.clock() + timedelta(minutes=3))
    dispatch.step(later, sent.id, Step.ARRIVED)
    first = assignment(one.session, sent.id).arrived_at
    settle_down(one, two)
    assert {assignment(desk.session, sent.id).arrived_at for desk in (one, two)} == {first}
    assert one.counts() == two.counts() == (0, 0, 0, 0)


def test_what_was_cleared_here_and_dispatched_there_is_back_on_both_boards(
    add: AddDispatcher,
) -> None:
    one, two = add("Devi D"), add("Ravi R")
    car, made = enlist(one.session, "P12"), file(one.session)
    settle_down(one, two)
    incidents.clear(one.session, made.id)
    (sent,) = send(two.session, made, unit(two.session, car.id))
    settle_down(one, two)
    for desk in (one, two):
        assert incident(desk.session, made.id).status is IncidentStatus.DISPATCHED
    dispatch.step(two.session, sent.id, Step.CLEARED)
    settle_down(two, one)
    for desk in (one, two):
        assert incident(desk.session, made.id).status is IncidentStatus.CLEARED


def test_what_was_removed_here_and_dispatched_there_is_on_the_board_until_the_unit_is_done(
    add: AddDispatcher,
) -> None:
    one, two = add("Devi D"), add("Ravi R")
    car, made = enlist(one.session, "P12"), file(one.session)
    settle_down(one, two)
    assert incidents.remove(one.session, made.id).is_done
    send(two.session, made, unit(two.session, car.id))
    settle_down(one, two)
    for desk in (one, two):
        (row,) = board(desk.session).incidents
        assert (row.incident.id, row.group, row.is_alert) == (made.id, Group.UNDER_WAY, False)
        assert len(row.assignments) == 1
        _check_told_elsewhere(desk, made.id)
    assert not dispatch.assign(one.session, made.id, [enlist(one.session, "P13").id]).is_done
    # It is not brought back by its end: whoever removed it was right, or files it anew.
    assert incidents.clear(one.session, made.id).is_done
    settle_down(one, two)
    for desk in (one, two):
        assert board(desk.session).incidents == ()
        assert unit(desk.session, car.id).assignment_id is None


def _check_told_elsewhere(desk: SyncedDesk, incident_id: UUID) -> None:
    """What a crew is out for is on the map and on the hand-over sheet, too, as removed."""
    session = desk.session
    made = incident(session, incident_id)
    around = LayerQuery(Bounds(*made.place, *made.place), 15)
    (shown,) = StoreSources(session.store, session.clock).incidents(around)
    assert shown == made
    log = shift_log.read_log(session, shift_log.find_shift(session))
    (left,) = log.handed_over
    assert (left.incident.id, left.sent, left.missing) == (
        incident_id,
        (("P12", Step.ASSIGNED),),
        {},
    )
    assert place_words(left).startswith("Removed: ")
    (stand,) = log.units
    assert stand.reference == made.reference
    thing = incident_thing(made, session.clock())
    assert thing is not None
    assert thing[1].title.startswith("Removed: ")


def test_an_undo_before_the_server_heard_of_it_and_none_after(add: AddDispatcher) -> None:
    one, two = add("Devi D"), add("Ravi R")
    car, made = enlist(one.session, "P12"), file(one.session)
    send(one.session, made, car)
    assert undo.undo_last(one.session, Scope.DISPATCH).is_done
    settle_down(one, two)
    assert unit(two.session, car.id).assignment_id is None
    assert incident(two.session, made.id).status is IncidentStatus.ACTIVE
    assert undo.find_undoable(one.session, Scope.DISPATCH) == []
    assert one.counts() == (0, 0, 0, 0)


class _Watched(Line):
    """A line that remembers which actions each push carried."""

    def __init__(self, line: Line, pushes: list[list[str]]) -> None:
        super().__init__(line.address)
        self._pushes = pushes

    def fetch(self, call: Call) -> bytes:
        if call.target == PUSH:
            request = msgspec.json.decode(call.body, type=PushRequest)
            self._pushes.append([each.action for each in request.operations])
        return super().fetch(call)


def test_a_call_for_help_leaves_before_a_day_s_work_that_waited_for_a_line(
    add: AddDispatcher, add_desk: AddDesk
) -> None:
    one, patrol = add("Devi D"), add_desk()
    car = enlist(one.session, "P12")
    settle_down(one, patrol)
    for _ in range(4):
        patrol.file()
        file(patrol.session)
    call = incidents.call_for_help(patrol.session, car.id)
    units.check_in(patrol.session, car.id)
    pushes = list[list[str]]()
    _watch(patrol, pushes)
    patrol.sync()
    assert pushes[0] == ["call_for_help"]
    assert len(pushes[1]) == 9
    one.sync()
    assert call.incident_id is not None
    seen = incident(one.session, call.incident_id)
    assert (seen.unit_id, seen.severity_score) == (car.id, 100)


def _watch(desk: SyncedDesk, pushes: list[list[str]]) -> None:
    line = desk.engine.access.line
    desk.engine.access.line = _Watched(line, pushes)
    line.close()


def test_what_is_over_leaves_the_window_with_its_assignments_and_open_ones_stay(
    add: AddDispatcher,
) -> None:
    one, two = add("Devi D"), add("Ravi R")
    over, kept_open, unsent, cars = (
        file(one.session),
        file(one.session),
        file(one.session),
        [enlist(one.session, name) for name in ("P1", "P2")],
    )
    (sent,) = send(one.session, over, cars[0])
    send(one.session, kept_open, cars[1])
    for each in (over, unsent):
        incidents.clear(one.session, each.id)
    settle_down(one, two)
    incidents.verify(one.session, unsent.id)
    _move_window(one)
    while pruning.prune_batch(one.session.store, 0):
        pass
    with one.session.store.reading() as connection:
        found = {
            each.id: incident_rows.find(connection, each.id) for each in (over, kept_open, unsent)
        }
    assert found[over.id] is None
    assert found[kept_open.id] is not None
    assert found[unsent.id] is not None
    with pytest.raises(AssertionError):
        assignment(one.session, sent.id)
    assert [each for each in check(one.session.store) if not each.ok] == []


def _move_window(desk: SyncedDesk) -> None:
    """Let the desk's window begin tomorrow."""
    with desk.session.store.writing() as connection:
        marks = link.get_marks(connection)
        later = marks.window_from_ms + 1000 * 86_400_000
        link.put_marks(connection, msgspec.structs.replace(marks, window_from_ms=later))


def test_another_scope_of_stations_takes_reports_away_and_leaves_who_is_sent_where(
    add: AddDispatcher,
) -> None:
    desk = add("Devi D")
    report, made, car = desk.file(), file(desk.session), enlist(desk.session, "P12")
    (sent,) = send(desk.session, made, car)
    desk.sync()
    _narrow(desk, station_ids=[new_id()])
    assert desk.find(report.id) is None
    assert incident(desk.session, made.id).status is IncidentStatus.DISPATCHED
    assert held(desk.session, car).id == sent.id
    _narrow(desk, city_ids=[new_id()])
    with desk.session.store.reading() as connection:
        assert incident_rows.find(connection, made.id) is None
        assert unit_rows.find_all(connection) == []
    assert [each for each in check(desk.session.store) if not each.ok] == []


def _narrow(desk: SyncedDesk, **scope: list[UUID]) -> None:
    """Give the desk another scope, and let it drop what that does not hold."""
    with desk.session.store.writing() as connection:
        marks = link.get_marks(connection)
        after = msgspec.structs.replace(marks, is_scope_swept=False, **scope)
        link.put_marks(connection, after)
    while pruning.prune_batch(desk.session.store, 0):
        pass
