"""A desk that is a unit until it is told otherwise; its way is kept as long as policy says."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.services.dispatching import enlist, file, send
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Place, Position, Unit
from trafficdesk.domain.vocabulary import Role
from trafficdesk.services import own_unit, units
from trafficdesk.services.dispatch_board import WELFARE_EVERY
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.session import Session
from trafficdesk.store import unit_positions
from trafficdesk.store.rows import fetch_all

MakeSession = Callable[..., Session]
GANDHIPURAM = Place(76.9674, 11.0183)


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    return make_session(Role.DISPATCHER, "Devi D")


@pytest.fixture
def car(session: Session) -> Unit:
    return enlist(session, "P12")


def _counted(session: Session, table: str) -> int:
    with session.store.reading() as connection:
        return int(fetch_all(connection, f"SELECT count(*) FROM {table}")[0][0])


def test_a_station_desk_is_no_unit(session: Session) -> None:
    assert own_unit.find(session) is None
    assert own_unit.choose(session, None) is None


def test_a_desk_is_a_unit_until_it_is_told_otherwise_or_the_unit_is_retired(
    session: Session, car: Unit
) -> None:
    assert own_unit.choose(session, new_id()) is Refusal.UNKNOWN_UNIT
    assert own_unit.choose(session, car.id) is None
    found = own_unit.find(session)
    assert found is not None
    assert found.unit.call_sign == "P12"
    assert own_unit.choose(session, None) is None
    assert own_unit.find(session) is None
    own_unit.choose(session, car.id)
    units.retire(session, car.id)
    assert own_unit.find(session) is None
    assert own_unit.choose(session, car.id) is Refusal.UNKNOWN_UNIT


def test_which_unit_a_desk_is_goes_to_the_audit_and_to_nobody_else(
    session: Session, car: Unit
) -> None:
    before = {table: _counted(session, table) for table in ("events", "outbox", "audit")}
    own_unit.choose(session, car.id)
    own_unit.choose(session, car.id)
    after = {table: _counted(session, table) for table in ("events", "outbox", "audit")}
    assert after == before | {"audit": before["audit"] + 1}


def test_only_who_may_answer_a_call_rides_with_a_unit(car: Unit, make_session: MakeSession) -> None:
    nobody = make_session(Role.CITIZEN, "Arul A")
    assert own_unit.choose(nobody, car.id) is Refusal.NOT_PERMITTED


def test_a_crew_that_is_out_is_to_say_that_it_is_well(session: Session, car: Unit) -> None:
    own_unit.choose(session, car.id)
    found = own_unit.find(session)
    assert found is not None
    assert found.welfare_due_at is None
    (held,) = send(session, file(session), car)
    found = own_unit.find(session)
    assert found is not None
    assert found.welfare_due_at == held.assigned_at + WELFARE_EVERY


def _ride(session: Session, car: Unit, minutes: int) -> list[Position]:
    """Return a position a minute, the last one of now."""
    now = session.clock()
    return [
        Position(
            car.id,
            Place(GANDHIPURAM.lon + n / 1000, GANDHIPURAM.lat),
            now - timedelta(minutes=minutes - n),
            4.0,
            9.0,
            90.0,
        )
        for n in range(1, minutes + 1)
    ]


def test_where_a_unit_is_is_kept_and_makes_no_event_operation_or_audit_entry(
    session: Session, car: Unit
) -> None:
    tables = ("events", "outbox", "audit")
    before = [_counted(session, table) for table in tables]
    ridden = _ride(session, car, 30)
    own_unit.keep(session, ridden[:20], 7)
    own_unit.keep(session, ridden[20:], 7)
    assert [_counted(session, table) for table in tables] == before
    kept = own_unit.count_track(session)
    assert kept.count == 30
    assert kept.since is not None
    assert abs(kept.since - ridden[0].at) < timedelta(milliseconds=1)
    with session.store.reading() as connection:
        assert unit_positions.find_all(connection)[car.id].place == ridden[-1].place


def test_what_is_older_than_policy_says_is_forgotten(session: Session, car: Unit) -> None:
    really = session.clock
    own_unit.keep(session, _ride(session, car, 5), 7)
    session.clock = lambda: really() + timedelta(days=3)
    own_unit.keep(session, _ride(session, car, 2), 7)
    assert own_unit.count_track(session).count == 7
    session.clock = lambda: really() + timedelta(days=8)
    assert own_unit.prune(session, 7) == 5
    assert own_unit.count_track(session).count == 2
    assert own_unit.prune(session, 1) == 2


def test_with_no_days_only_the_last_position_is_known(session: Session, car: Unit) -> None:
    own_unit.keep(session, _ride(session, car, 5), 7)
    ridden, really = _ride(session, car, 3), session.clock
    session.clock = lambda: really() - timedelta(hours=1)  # the receiver's is ahead of it
    own_unit.keep(session, ridden, 0)
    assert own_unit.count_track(session).count == 0
    with session.store.reading() as connection:
        assert unit_positions.find_all(connection)[car.id].place == ridden[-1].place
