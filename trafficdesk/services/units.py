"""Units: enlisted, changed, put on duty, heard of, retired."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import Unit
from trafficdesk.domain.texts import clean_line
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Duty, Entity, UnitKind
from trafficdesk.services.dispatching import Kind, Target, change, create
from trafficdesk.services.intent import Intent, intent
from trafficdesk.services.outcomes import Outcome, Refusal, refusal
from trafficdesk.services.session import Session
from trafficdesk.store import facts, units

EDITABLE: Final = frozenset({"call_sign", "kind", "crew", "skills", "station_id"})


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be enlisted; without a station it is the desk's own."""

    call_sign: str
    kind: UnitKind
    crew: str = ""
    skills: tuple[str, ...] = ()
    station_id: UUID | None = None
    duty: Duty = Duty.ON


@dataclass(frozen=True, slots=True)
class Enlisted:
    """A unit that was enlisted, or why not."""

    outcome: Outcome
    unit_id: UUID | None = None


def find_units(session: Session) -> list[units.UnitNow]:
    """Return every unit with what it is doing and where it was last heard of, by call sign."""
    with session.store.reading() as connection:
        return units.find_now(connection)


def enlist(session: Session, unit: NewUnit) -> Enlisted:
    """Make a unit that can be sent."""
    if not session.may(Permission.UNIT_MANAGE):
        return Enlisted(refusal(Kind.ENLIST, Refusal.NOT_PERMITTED))
    call_sign = clean_line(unit.call_sign)
    if not call_sign:
        return Enlisted(refusal(Kind.ENLIST, Refusal.NAME_MISSING))
    with intent(session, Kind.ENLIST) as doing:
        connection = doing.connection
        if _is_taken(connection, call_sign, None):
            return Enlisted(refusal(Kind.ENLIST, Refusal.CALL_SIGN_TAKEN))
        unit_id = new_id()
        station_id = unit.station_id or facts.home_station_id(connection)
        values: dict[str, object] = {
            "city_id": str(facts.home_city_id(connection)),
            "station_id": str(station_id),
            "call_sign": call_sign,
            "kind": str(unit.kind),
            "crew": clean_line(unit.crew),
            "skills": _skills(unit.skills),
            "duty": str(unit.duty),
            "created_ms": to_ms(doing.lease_now),
        }
        create(doing, Entity.UNIT, unit_id, "enlist", values)
        return Enlisted(doing.outcome(), unit_id)


def _skills(skills: object) -> list[str]:
    """Return skills as they are kept: clean, each once, in their order.

    Raises:
        TypeError: it is no list of texts.
    """
    if not isinstance(skills, list | tuple):
        raise TypeError(f"no skills: {skills!r}")
    return list(dict.fromkeys(tidy for each in skills if (tidy := clean_line(str(each)))))


def _is_taken(connection: Connection, call_sign: str, unit_id: UUID | None) -> bool:
    """Tell whether another unit has a call sign; whether in capitals makes no other."""
    wanted = call_sign.casefold()
    return any(
        each.call_sign.casefold() == wanted and each.id != unit_id
        for each in units.find_all(connection)
    )


def edit(session: Session, target: Target, values: Mapping[str, object]) -> Outcome:
    """Change what a unit is; ``values`` are JSON values by the fields of ``EDITABLE``.

    Raises:
        KeyError: a field is not one that is edited.
        ValueError, TypeError: a value is none of its field.
    """
    if values.keys() - EDITABLE:
        raise KeyError(min(values.keys() - EDITABLE))
    given = {name: _tidied(name, value) for name, value in values.items()}
    if not session.may(Permission.UNIT_MANAGE):
        return refusal(Kind.EDIT_UNIT, Refusal.NOT_PERMITTED)
    if given.get("call_sign") == "":
        return refusal(Kind.EDIT_UNIT, Refusal.NAME_MISSING)
    with intent(session, Kind.EDIT_UNIT) as doing:
        unit = _find(doing, target.id)
        if unit is None or unit.revision != target.revision:
            return refusal(Kind.EDIT_UNIT, Refusal.MOVED_ON)
        call_sign = given.get("call_sign")
        if call_sign is not None and _is_taken(doing.connection, str(call_sign), unit.id):
            return refusal(Kind.EDIT_UNIT, Refusal.CALL_SIGN_TAKEN)
        return _changed(doing, unit, "edit", given)


def _tidied(name: str, value: object) -> object:
    if name == "skills":
        return _skills(value)
    if name == "kind":
        return str(UnitKind(str(value)))
    return str(UUID(str(value))) if name == "station_id" else clean_line(str(value))


def set_duty(session: Session, unit_id: UUID, duty: Duty) -> Outcome:
    """Say whether a unit can be sent; one that is out does not go off duty."""
    if not session.may(Permission.INCIDENT_RESPOND):
        return refusal(Kind.SET_DUTY, Refusal.NOT_PERMITTED)
    with intent(session, Kind.SET_DUTY) as doing:
        unit = _find(doing, unit_id)
        if unit is None:
            return refusal(Kind.SET_DUTY, Refusal.UNKNOWN_UNIT)
        if duty is Duty.OFF and units.find_held(doing.connection, unit) is not None:
            return refusal(Kind.SET_DUTY, Refusal.UNIT_IS_OUT)
        return _changed(doing, unit, "set_duty", {"duty": str(duty)})


def check_in(session: Session, unit_id: UUID) -> Outcome:
    """Note that a unit's crew says that it is well."""
    if not session.may(Permission.INCIDENT_RESPOND):
        return refusal(Kind.CHECK_IN, Refusal.NOT_PERMITTED)
    with intent(session, Kind.CHECK_IN) as doing:
        unit = _find(doing, unit_id)
        if unit is None:
            return refusal(Kind.CHECK_IN, Refusal.UNKNOWN_UNIT)
        return _changed(doing, unit, "check_in", {"checked_ms": to_ms(doing.lease_now)})


def retire(session: Session, unit_id: UUID) -> Outcome:
    """Take a unit off the board for good; its history stays."""
    if not session.may(Permission.UNIT_MANAGE):
        return refusal(Kind.RETIRE, Refusal.NOT_PERMITTED)
    with intent(session, Kind.RETIRE) as doing:
        unit = _find(doing, unit_id)
        if unit is None:
            return refusal(Kind.RETIRE, Refusal.UNKNOWN_UNIT)
        if units.find_held(doing.connection, unit) is not None:
            return refusal(Kind.RETIRE, Refusal.UNIT_IS_OUT)
        return _changed(doing, unit, "retire", {"deleted_ms": doing.at_ms})


def _find(doing: Intent, unit_id: UUID) -> Unit | None:
    unit = units.find(doing.connection, unit_id)
    return None if unit is None or unit.deleted_at is not None else unit


def _changed(doing: Intent, unit: Unit, action: str, values: Mapping[str, object]) -> Outcome:
    if not change(doing, Entity.UNIT, unit.id, (action, ""), values):
        return refusal(doing.kind, Refusal.NOTHING_TO_CHANGE)
    return doing.outcome()
