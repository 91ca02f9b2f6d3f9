"""The log of a shift: what was done, by whom, how far it has travelled, and what is handed over."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.services.dispatching import confirm_all, crash, enlist, file, send
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.shifts import SHIFT_MS, Span
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import (
    Entity,
    Role,
    Service,
    Step,
    SyncState,
    UnitKind,
    UnitStatus,
)
from trafficdesk.services import dispatch, incidents, merging
from trafficdesk.services.session import Session
from trafficdesk.services.shift_log import ShiftLog, find_shift, read_log
from trafficdesk.store import history
from trafficdesk.store.history import Operation

MakeSession = Callable[..., Session]


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    return make_session(Role.DISPATCHER, "திவ்யா R")


def later(session: Session, minutes: float) -> Session:
    """Return the same officer at their desk some minutes later."""
    now = session.clock() + timedelta(minutes=minutes)
    return replace(session, clock=lambda: now)


def around(session: Session, hours: float = 1) -> Span:
    now = session.lease_clock()
    length = timedelta(hours=hours)
    return Span(to_ms(now - length), to_ms(now + length))


def lines(log: ShiftLog) -> list[tuple[str, str, str, str]]:
    return [(str(e.entity), e.action, e.reference, e.call_sign) for e in log.deeds]


def test_each_thing_done_is_one_line_with_who_what_and_how_far(session: Session) -> None:
    car = enlist(session, "P1")
    made = file(session)
    (sent,) = send(session, made, car)
    confirm_all(session)
    dispatch.step(session, sent.id, Step.ARRIVED)
    log = read_log(session, around(session))
    assert lines(log) == [
        ("unit", "enlist", "", "P1"),
        ("incident", "file", made.reference, ""),
        ("assignment", "dispatch", made.reference, "P1"),
        ("assignment", "arrive", made.reference, "P1"),
    ]
    assert {each.actor for each in log.deeds} == {"திவ்யா R"}
    assert [each.mark for each in log.deeds] == [SyncState.CONFIRMED] * 3 + [SyncState.NOT_SENT]
    assert (log.count(SyncState.CONFIRMED), log.count(SyncState.NOT_SENT)) == (3, 1)


def test_what_was_taken_back_stays_in_the_log(session: Session) -> None:
    made = file(session)
    (sent,) = send(session, made, enlist(session, "P1"))
    dispatch.withdraw(session, sent.id, "wrong car")
    log = read_log(session, around(session))
    assert lines(log)[-1] == ("assignment", "withdraw", made.reference, "P1")
    assert log.deeds[-1].note == "wrong car"


def told_by_another_desk(session: Session, about: UUID, at: datetime) -> None:
    """Let the event of a change made elsewhere arrive, by somebody who is not known here."""
    told = Operation(
        op_id=new_id(),
        action_id=new_id(),
        entity=Entity.INCIDENT,
        entity_id=about,
        action="verify",
        base_version=1,
        revision=2,
        changes=(),
        note="",
        actor_id=new_id(),
        device_id=new_id(),
        at_ms=to_ms(at),
    )
    with session.store.writing() as connection:
        history.take_in(connection, [(told, 2, 7)])


def test_times_are_the_servers_as_far_as_they_are_known(session: Session) -> None:
    session.skew = timedelta(hours=2)
    made = file(session)
    now = session.lease_clock()
    log = read_log(session, Span(to_ms(now) - 60_000, to_ms(now) + 60_000))
    assert lines(log) == [("incident", "file", made.reference, "")]
    assert abs(log.deeds[0].at - now) < timedelta(minutes=1)
    told_by_another_desk(session, made.id, now - timedelta(minutes=30))
    theirs = read_log(session, around(session)).deeds[0]
    assert (theirs.action, theirs.actor, theirs.is_here) == ("verify", "", False)
    assert (theirs.at, theirs.mark) == (now - timedelta(minutes=30), SyncState.CONFIRMED)
    own_clock = Span(to_ms(session.clock()) - 60_000, to_ms(session.clock()) + 60_000)
    assert not read_log(session, own_clock).deeds


def test_open_incidents_are_handed_over_the_worst_first_with_what_they_lack(
    session: Session,
) -> None:
    needs = {Service.POLICE: 1, Service.AMBULANCE: 2}
    mild = file(session, replace(crash(session), vehicle_count=1, needs={}))
    bad = file(session, replace(crash(session), vehicle_count=6, needs=needs))
    done = file(session)
    incidents.clear(session, done.id)
    first, _ = send(session, bad, enlist(session, "P1"), enlist(session, "A1", UnitKind.AMBULANCE))
    dispatch.step(session, first.id, Step.ARRIVED)
    log = read_log(session, around(session))
    assert [each.incident.id for each in log.handed_over] == [bad.id, mild.id]
    worst = log.handed_over[0]
    assert sorted(worst.sent) == [("A1", Step.ASSIGNED), ("P1", Step.ARRIVED)]
    assert worst.missing == {Service.AMBULANCE: 1}
    assert (log.filed, log.cleared, log.merged) == (3, 1, 0)
    stands = {each.now.unit.call_sign: (each.status, each.reference) for each in log.units}
    assert stands == {
        "A1": (UnitStatus.EN_ROUTE, bad.reference),
        "P1": (UnitStatus.ON_SCENE, bad.reference),
    }


def test_response_times_are_median_and_worst_of_those_that_came_so_far(session: Session) -> None:
    session = later(session, 0)  # a clock that stands still
    made = [file(session) for _ in range(3)]
    for each, minutes in zip(made, (2, 4, 9), strict=True):
        at = later(session, minutes)
        (sent,) = send(at, each, enlist(session, f"P{minutes}"))
        if minutes < 9:
            dispatch.step(later(session, 10 * minutes), sent.id, Step.ARRIVED)
    log = read_log(session, around(session))
    told = log.to_dispatch
    assert (told.counted, told.median, told.worst) == (
        3,
        timedelta(minutes=4),
        timedelta(minutes=9),
    )
    assert (log.to_arrival.counted, log.to_arrival.median) == (2, timedelta(minutes=30))
    assert log.to_clear.counted == 0
    assert log.to_clear.median is None


def test_a_call_for_help_is_told_with_who_took_note(session: Session) -> None:
    car = enlist(session, "P1")
    called = incidents.call_for_help(session, car.id).incident_id
    assert called is not None
    (call,) = read_log(session, around(session)).calls
    assert (call.call_sign, call.acknowledged_at, call.acknowledged_by) == ("P1", None, "")
    incidents.acknowledge(later(session, 1), called)
    (call,) = read_log(session, around(session)).calls
    assert call.acknowledged_by == "திவ்யா R"
    assert call.acknowledged_at is not None
    assert call.acknowledged_at > call.at


def test_a_past_shift_hands_over_what_was_open_at_its_end(session: Session) -> None:
    made = file(session)
    after = later(session, 30)
    incidents.clear(after, made.id)
    ended = Span(to_ms(session.clock()) - SHIFT_MS, to_ms(session.clock()) + 60_000)
    log = read_log(after, ended)
    assert [each.incident.id for each in log.handed_over] == [made.id]
    assert log.cleared == 0
    assert not log.is_running


def test_a_desk_on_its_own_says_so_and_a_merged_report_is_none_of_its_own(
    session: Session,
) -> None:
    stays, goes = file(session), file(session)
    merging.merge(session, stays.id, goes.id)
    log = read_log(session, around(session))
    assert log.is_alone
    assert log.heard_at is None
    assert (log.filed, log.merged) == (1, 1)
    confirm_all(session)
    assert read_log(session, around(session)).heard_at is not None


def test_the_shift_before_ends_where_this_one_begins(session: Session) -> None:
    this, last = find_shift(session), find_shift(session, back=1)
    assert last.end_ms == this.begin_ms
    assert this.begin_ms <= to_ms(session.lease_clock()) < this.end_ms
