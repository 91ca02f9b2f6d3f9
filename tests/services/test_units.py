"""Units: enlisted, changed, put on and off duty, heard of, retired."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.services.dispatching import arrive, codes, enlist, file, send, unit
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import Duty, Entity, Role, UnitKind
from trafficdesk.services import undo, units
from trafficdesk.services.dispatching import Target
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.session import Session
from trafficdesk.services.undo import Scope
from trafficdesk.services.units import NewUnit

MakeSession = Callable[..., Session]


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    return make_session(Role.DISPATCHER, "Devi D")


@pytest.fixture
def officer(make_session: MakeSession) -> Session:
    return make_session(Role.OFFICER, "Meena K")


def test_a_unit_is_enlisted_under_a_call_sign_of_its_own(session: Session) -> None:
    made = NewUnit(" P 12 ", UnitKind.PATROL_CAR, "SI Ravi", ("first aid", "first aid", " "))
    enlisted = units.enlist(session, made)
    assert enlisted.unit_id is not None
    found = unit(session, enlisted.unit_id)
    assert (found.call_sign, found.skills, found.duty) == ("P 12", ("first aid",), Duty.ON)
    again = units.enlist(session, NewUnit("p 12", UnitKind.TOW))
    assert codes(again.outcome) == [Refusal.CALL_SIGN_TAKEN]
    assert codes(units.enlist(session, NewUnit(" ", UnitKind.TOW)).outcome) == [
        Refusal.NAME_MISSING
    ]
    units.retire(session, enlisted.unit_id)
    assert units.enlist(session, NewUnit("P 12", UnitKind.TOW)).outcome.is_done


def test_a_unit_is_changed_as_it_was_seen(session: Session) -> None:
    car, other = enlist(session, "P1"), enlist(session, "P2")
    seen = Target(car.id, car.revision)
    assert codes(units.edit(session, seen, {"call_sign": "p2"})) == [Refusal.CALL_SIGN_TAKEN]
    assert units.edit(session, seen, {"crew": "HC Balan", "skills": ["rescue"]}).is_done
    assert unit(session, car.id).crew == "HC Balan"
    assert codes(units.edit(session, seen, {"crew": "nobody"})) == [Refusal.MOVED_ON]
    again = Target(other.id, other.revision)
    assert codes(units.edit(session, again, {"call_sign": " "})) == [Refusal.NAME_MISSING]
    with pytest.raises(KeyError):
        units.edit(session, again, {"duty": "off"})


def test_a_unit_that_is_out_neither_goes_off_duty_nor_retires(
    session: Session, officer: Session
) -> None:
    car = enlist(session, "P1")
    send(session, file(session), car)
    assert codes(units.set_duty(officer, car.id, Duty.OFF)) == [Refusal.UNIT_IS_OUT]
    assert codes(units.retire(session, car.id)) == [Refusal.UNIT_IS_OUT]
    assert units.set_duty(officer, car.id, Duty.BUSY).is_done
    free = enlist(session, "P2")
    assert units.set_duty(officer, free.id, Duty.OFF).is_done
    assert codes(units.set_duty(officer, free.id, Duty.OFF)) == [Refusal.NOTHING_TO_CHANGE]


def test_a_crew_says_that_it_is_well_by_the_server_s_clock(officer: Session) -> None:
    officer.skew = timedelta(hours=5)
    car = new_id()
    arrive(officer, Entity.UNIT, car, {"call_sign": "P1", "kind": "patrol_car", "duty": "on"})
    assert units.check_in(officer, car).is_done
    heard = unit(officer, car).checked_at
    assert heard is not None
    assert heard - officer.clock() > timedelta(hours=4)
    assert codes(units.check_in(officer, new_id())) == [Refusal.UNKNOWN_UNIT]


def test_officers_put_units_on_duty_but_do_not_manage_them(
    session: Session, officer: Session
) -> None:
    car = enlist(session, "P1")
    for outcome in (
        units.enlist(officer, NewUnit("P2", UnitKind.TOW)).outcome,
        units.edit(officer, Target(car.id, car.revision), {"crew": "x"}),
        units.retire(officer, car.id),
    ):
        assert codes(outcome) == [Refusal.NOT_PERMITTED]


def test_each_of_it_is_taken_back(session: Session) -> None:
    car = enlist(session, "P1")
    assert units.set_duty(session, car.id, Duty.BUSY).is_done
    assert units.check_in(session, car.id).is_done
    seen = unit(session, car.id)
    assert units.edit(session, Target(car.id, seen.revision), {"crew": "x"}).is_done
    assert units.retire(session, car.id).is_done
    for _ in range(4):
        assert undo.undo_last(session, Scope.DISPATCH).is_done
    now = unit(session, car.id)
    assert (now.duty, now.crew, now.checked_at, now.deleted_at) == (Duty.ON, "", None, None)
    assert undo.undo_last(session, Scope.DISPATCH).is_done
    assert unit(session, car.id).deleted_at is not None
