"""Incidents on a desk: filed, corrected, verified, acknowledged, cleared, merged, removed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.services.dispatching import (
    PLACE,
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
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import NewIncident, Place, Position
from trafficdesk.domain.vocabulary import (
    Entity,
    IncidentStatus,
    LanesBlocked,
    Role,
    Service,
    Severity,
    Step,
)
from trafficdesk.services import dispatch, incidents, merging, undo
from trafficdesk.services.dispatch_board import board
from trafficdesk.services.dispatching import Target
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.session import Session
from trafficdesk.services.undo import Scope
from trafficdesk.store import history, outbox, unit_positions
from trafficdesk.wire.fields import FIELDS
from trafficdesk.wire.rows import fits
from trafficdesk.wire.values import find_missing, may_be_written

MakeSession = Callable[..., Session]


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    return make_session(Role.DISPATCHER, "Devi D")


@pytest.fixture
def officer(make_session: MakeSession) -> Session:
    return make_session(Role.OFFICER, "Meena K")


def moved(place: Place, north_m: float) -> Place:
    return Place(place.lon, place.lat + north_m / 111_195)


def test_what_an_officer_files_is_numbered_by_this_desk_and_whole_for_the_server(
    officer: Session,
) -> None:
    made = replace(crash(officer), injury_count=2, needs={Service.POLICE: 1, Service.TOW: 0})
    one, two = (file(officer, made) for _ in range(2))
    year = one.reported_at.year
    assert [each.reference for each in (one, two)] == [
        f"INC-{year}-D1-00001",
        f"INC-{year}-D1-00002",
    ]
    assert (one.status, one.injuries, one.needs) == (
        IncidentStatus.ACTIVE,
        True,
        {Service.POLICE: 1},
    )
    assert one.severity_score == 20 + 30 + 10
    with officer.store.reading() as connection:
        _, made_here = outbox.find_queued(connection, 10)[0]
    row = {each.field: each.new for each in made_here.changes}
    assert find_missing(Entity.INCIDENT, row) is None
    assert all(may_be_written(Entity.INCIDENT, name, value) for name, value in row.items())
    assert all(fits(Entity.INCIDENT, name, value) for name, value in row.items())
    assert row.keys() <= FIELDS[Entity.INCIDENT].keys()


_WRONG: dict[str, Callable[[NewIncident], NewIncident]] = {
    "place": lambda made: replace(made, place=Place(200.0, 11.0)),
    "no vehicle": lambda made: replace(made, vehicle_count=0),
    "many vehicles": lambda made: replace(made, vehicle_count=21),
    "injured": lambda made: replace(made, injury_count=-1),
    "ahead": lambda made: replace(made, occurred_at=made.occurred_at + timedelta(hours=1)),
}


@pytest.mark.parametrize("wrong", _WRONG)
def test_what_cannot_be_is_not_filed(officer: Session, wrong: str) -> None:
    filed = incidents.file(officer, _WRONG[wrong](crash(officer)))
    assert codes(filed.outcome) == [Refusal.TOO_FEW_FACTS]
    assert filed.incident_id is None


def test_times_are_the_server_s_whatever_the_desk_s_clock_says(officer: Session) -> None:
    slow = replace(officer, skew=timedelta(days=2))
    made = file(slow)
    assert made.reported_at - officer.clock() > timedelta(hours=47)
    assert made.reported_at - made.occurred_at < timedelta(minutes=5)


def test_facts_are_corrected_as_they_were_seen_and_the_score_follows(officer: Session) -> None:
    made = file(officer)
    seen = Target(made.id, made.revision)
    values = {"vehicle_count": 4, "lanes_blocked": "all", "address": "  NH  544 ", "lon": 76.99}
    assert incidents.correct(officer, seen, values).is_done
    now = incident(officer, made.id)
    assert (now.severity_score, now.address, now.place.lon) == (65, "NH 544", 76.99)
    assert codes(incidents.correct(officer, seen, {"vehicle_count": 1})) == [Refusal.MOVED_ON]
    again = Target(made.id, now.revision)
    assert codes(incidents.correct(officer, again, {"vehicle_count": 4})) == [
        Refusal.NOTHING_TO_CHANGE
    ]
    with officer.store.reading() as connection:
        _, correction = outbox.find_queued(connection, 10)[-1]
    assert {"lon", "lat"} <= {each.field for each in correction.changes}


def test_what_others_know_already_is_corrected_with_a_note(officer: Session) -> None:
    made = file(officer)
    target = Target(made.id, made.revision)
    assert incidents.correct(officer, target, {"vehicle_count": 3}).is_done
    confirm_all(officer)
    target = Target(made.id, incident(officer, made.id).revision)
    for empty in ("", " \n"):
        refused = incidents.correct(officer, target, {"vehicle_count": 4}, empty)
        assert codes(refused) == [Refusal.NOTE_MISSING]
    assert incident(officer, made.id).vehicle_count == 3
    assert incidents.correct(officer, target, {"vehicle_count": 4}, "  counted on scene ").is_done
    with officer.store.reading() as connection:
        assert history.events_of(connection, made.id)[-1].note == "counted on scene"
    # What nobody else knows yet is taken back without a word.
    assert undo.undo_last(officer, Scope.DISPATCH).is_done
    assert incident(officer, made.id).vehicle_count == 3


@pytest.mark.parametrize(
    "wrong", [{"vehicle_count": 99}, {"severity": 9}, {"lat": 99.0}, {"type": "flood"}]
)
def test_a_correction_to_what_cannot_be_is_a_mistake(
    officer: Session, wrong: dict[str, object]
) -> None:
    made = file(officer)
    with pytest.raises(ValueError, match=r"9|flood"):
        incidents.correct(officer, Target(made.id, made.revision), wrong)
    with pytest.raises(KeyError):
        incidents.correct(officer, Target(made.id, made.revision), {"status": "cleared"})
    assert incident(officer, made.id) == made


def test_each_officer_verifies_once(officer: Session, session: Session) -> None:
    made = file(officer)
    assert incidents.verify(officer, made.id).is_done
    assert codes(incidents.verify(officer, made.id)) == [Refusal.NOTHING_TO_CHANGE]
    assert incidents.verify(session, made.id).is_done
    assert incident(session, made.id).verifications == 2
    with officer.store.reading() as connection:
        verified = [e for e in history.events_of(connection, made.id) if e.action == "verify"]
    # Taking back one's own leaves the other's.
    assert undo.undo(officer, verified[0].action_id).is_done
    assert incident(session, made.id).verifications == 1
    assert incidents.verify(officer, made.id).is_done


def test_an_alert_is_acknowledged_once_and_says_by_whom(officer: Session, session: Session) -> None:
    made = file(officer)
    assert incidents.acknowledge(officer, made.id).is_done
    assert codes(incidents.acknowledge(session, made.id)) == [Refusal.NOTHING_TO_CHANGE]
    now = incident(officer, made.id)
    assert (now.acknowledged_by, now.status) == (officer.officer.id, IncidentStatus.ACTIVE)


def test_clearing_finishes_what_is_open_and_frees_its_units(
    officer: Session, session: Session
) -> None:
    made, cars = file(officer), [enlist(session, name) for name in ("P1", "P2")]
    first, second = send(session, made, *cars)
    dispatch.step(session, first.id, Step.CLEARED)
    outcome = incidents.clear(officer, made.id)
    assert outcome.is_done
    now = incident(officer, made.id)
    assert now.status is IncidentStatus.CLEARED
    done = assignment(session, second.id)
    assert done.cleared_at is not None
    assert now.cleared_at is not None
    assert done.cleared_at <= now.cleared_at
    assert [unit(session, car.id).assignment_id for car in cars] == [None, None]
    assert codes(incidents.clear(officer, made.id)) == [Refusal.NOTHING_TO_CHANGE]
    # One undo brings back all three.
    assert undo.undo_last(officer, Scope.DISPATCH).is_done
    assert incident(officer, made.id).status is IncidentStatus.DISPATCHED
    assert held(session, cars[1]).id == second.id


def test_a_unit_sent_elsewhere_brings_a_cleared_incident_back_and_clearing_ends_it(
    session: Session,
) -> None:
    made, car = file(session), enlist(session, "P1")
    incidents.clear(session, made.id)
    sent = {"incident_id": str(made.id), "unit_id": str(car.id), "role": "police"}
    sent_id = new_id()
    arrive(session, Entity.ASSIGNMENT, sent_id, {**sent, "assigned_ms": 1_790_000_000_000})
    assert incident(session, made.id).status is IncidentStatus.DISPATCHED
    assert incidents.clear(session, made.id).is_done
    assert incident(session, made.id).status is IncidentStatus.CLEARED


def test_what_was_cleared_is_opened_again_by_dispatch(officer: Session, session: Session) -> None:
    made = file(officer)
    assert codes(incidents.reopen(session, made.id)) == [Refusal.NOTHING_TO_CHANGE]
    incidents.clear(officer, made.id)
    assert codes(incidents.reopen(officer, made.id)) == [Refusal.NOT_PERMITTED]
    assert incidents.reopen(session, made.id).is_done
    assert incident(session, made.id).status is IncidentStatus.ACTIVE


def test_what_never_was_is_removed_unless_somebody_is_out_for_it(
    officer: Session, session: Session
) -> None:
    made, car = file(officer), enlist(session, "P1")
    (sent,) = send(session, made, car)
    assert codes(incidents.remove(officer, made.id)) == [Refusal.NOT_PERMITTED]
    assert codes(incidents.remove(session, made.id)) == [Refusal.UNITS_ARE_OUT]
    dispatch.withdraw(session, sent.id)
    assert incidents.remove(session, made.id).is_done
    assert codes(incidents.remove(session, made.id)) == [Refusal.MOVED_ON]
    assert codes(incidents.verify(session, made.id)) == [Refusal.MOVED_ON]
    assert undo.undo_last(session, Scope.DISPATCH).is_done
    assert incident(session, made.id).deleted_at is None


def test_a_filing_is_taken_back_unless_somebody_was_sent(session: Session) -> None:
    made, car = file(session), enlist(session, "P1")
    with session.store.reading() as connection:
        (filed,) = history.events_of(connection, made.id)
    (sent,) = send(session, made, car)
    assert codes(undo.undo(session, filed.action_id)) == [Refusal.MOVED_ON]
    other = file(session)
    assert undo.undo_last(session, Scope.DISPATCH).is_done
    assert incident(session, other.id).deleted_at is not None
    assert incident(session, made.id).deleted_at is None
    assert held(session, car).id == sent.id


def test_two_that_are_one_become_one(session: Session) -> None:
    stays = file(session)
    goes = file(
        session,
        replace(
            crash(session),
            severity=Severity.CRITICAL,
            injury_count=1,
            lanes_blocked=LanesBlocked.ALL,
            needs={Service.AMBULANCE: 1},
            description="A lorry lies across the road.",
        ),
    )
    incidents.verify(session, goes.id)
    car = enlist(session, "P1")
    (sent,) = send(session, goes, car)
    assert merging.merge(session, stays.id, goes.id).is_done
    now, gone = incident(session, stays.id), incident(session, goes.id)
    assert (now.report_count, now.verifications, now.severity) == (2, 1, Severity.CRITICAL)
    assert (now.lanes_blocked, now.injuries, now.needs) == (
        LanesBlocked.ALL,
        True,
        {Service.AMBULANCE: 1},
    )
    assert now.severity_score == 20 + 30 + 25 + 5
    assert [each.text for each in now.accounts] == ["A lorry lies across the road."]
    assert now.status is IncidentStatus.DISPATCHED
    assert (gone.merged_into, gone.status) == (stays.id, IncidentStatus.CLEARED)
    assert [row.incident.id for row in board(session).incidents] == [stays.id]
    assert assignment(session, sent.id).incident_id == stays.id
    assert codes(incidents.reopen(session, goes.id)) == [Refusal.INCIDENT_MERGED]
    assert codes(merging.merge(session, stays.id, goes.id)) == [Refusal.INCIDENT_MERGED]
    assert undo.undo_last(session, Scope.DISPATCH).is_done
    assert incident(session, stays.id).accounts == ()
    assert incident(session, goes.id).status is IncidentStatus.DISPATCHED
    assert held(session, car).incident_id == goes.id


def test_what_may_not_be_merged(officer: Session, session: Session) -> None:
    stays, cleared, car = file(session), file(session), enlist(session, "P1")
    incidents.clear(session, cleared.id)
    call = incidents.call_for_help(officer, car.id).incident_id
    assert call is not None
    assert codes(merging.merge(officer, stays.id, cleared.id)) == [Refusal.NOT_PERMITTED]
    assert codes(merging.merge(session, stays.id, stays.id)) == [Refusal.NOTHING_TO_CHANGE]
    assert codes(merging.merge(session, stays.id, cleared.id)) == [Refusal.INCIDENT_CLEARED]
    assert codes(merging.merge(session, stays.id, new_id())) == [Refusal.MOVED_ON]
    assert codes(merging.merge(session, stays.id, call)) == [Refusal.CALL_FOR_HELP_STAYS]
    assert merging.merge(session, call, stays.id).is_done


def test_the_same_is_suggested_within_100_metres_and_5_minutes(session: Session) -> None:
    first = crash(session)
    near = file(session, replace(first, place=moved(PLACE, 60)))
    nearer = file(session, replace(first, place=moved(PLACE, 20)))
    file(session, replace(first, place=moved(PLACE, 140)))
    file(session, replace(first, occurred_at=first.occurred_at - timedelta(minutes=6)))
    cleared = file(session, first)
    incidents.clear(session, cleared.id)
    found = [each.id for each in incidents.suggest_same(session, first)]
    assert found == [nearer.id, near.id]
    assert [each.id for each in incidents.suggest_same(session, nearer)] == [near.id]


def test_a_unit_calls_for_help_from_where_it_was_last_heard_of(
    officer: Session, session: Session
) -> None:
    car = enlist(session, "P1")
    with session.store.writing() as connection:
        seen = Position(car.id, Place(76.99, 11.05), session.clock())
        unit_positions.put(connection, [seen])
    filed = incidents.call_for_help(officer, car.id)
    assert filed.outcome.is_done
    assert filed.incident_id is not None
    call = incident(session, filed.incident_id)
    assert (call.unit_id, call.severity, call.severity_score) == (car.id, Severity.CRITICAL, 100)
    assert call.place == seen.place
    again = incidents.call_for_help(officer, car.id)
    assert codes(again.outcome) == [Refusal.NOTHING_TO_CHANGE]
    assert again.incident_id == call.id
    unknown = incidents.call_for_help(officer, new_id())
    assert codes(unknown.outcome) == [Refusal.UNKNOWN_UNIT]
    incidents.clear(officer, call.id)
    once_more = incidents.call_for_help(officer, car.id, PLACE)
    assert once_more.incident_id not in {None, call.id}


def test_a_citizen_s_role_does_nothing_of_a_crew_s(make_session: MakeSession) -> None:
    nobody = make_session(Role.CITIZEN, "Nobody N")
    for outcome in (
        incidents.call_for_help(nobody, new_id()).outcome,
        incidents.acknowledge(nobody, new_id()),
        incidents.clear(nobody, new_id()),
    ):
        assert codes(outcome) == [Refusal.NOT_PERMITTED]


def test_a_call_for_help_goes_out_before_all_that_waits_and_alone(
    officer: Session, session: Session
) -> None:
    car = enlist(session, "P1")
    for _ in range(3):
        file(session)
    incidents.call_for_help(officer, car.id)
    other = enlist(session, "P2")
    incidents.call_for_help(officer, other.id)
    assert _pushes(session) == [
        ["call_for_help"],
        ["call_for_help"],
        ["enlist", "file", "file", "file", "enlist"],
    ]


def test_only_a_push_whose_answer_was_lost_goes_before_a_call_for_help(
    officer: Session, session: Session
) -> None:
    car = enlist(session, "P1")
    file(session)
    with session.store.writing() as connection:
        lost = [each.action for each in outbox.take_batch(connection, 1)]
    incidents.call_for_help(officer, car.id)
    assert lost == ["enlist"]
    assert _pushes(session) == [["enlist"], ["call_for_help"], ["file"]]


def _pushes(session: Session) -> list[list[str]]:
    """Return the actions of each push until nothing waits, every one of them confirmed."""
    pushes = list[list[str]]()
    while True:
        with session.store.writing() as connection:
            batch = outbox.take_batch(connection, 100)
            if not batch:
                return pushes
            outbox.land_batch(connection)
            settled = [outbox.Settled(each.op_id, outbox.SETTLED, "applied") for each in batch]
            outbox.settle(connection, settled, 0)
        pushes.append([each.action for each in batch])


def test_what_is_confirmed_is_not_taken_back(session: Session) -> None:
    made = file(session)
    incidents.acknowledge(session, made.id)
    confirm_all(session)
    assert codes(undo.undo_last(session, Scope.DISPATCH)) == [Refusal.NOTHING_TO_UNDO]
