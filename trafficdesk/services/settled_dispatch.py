"""Settling what two desks made of an incident, a unit or an assignment; double dispatch above all.

Two desks that sent one unit both have an assignment that stands, for both are there to be seen. The
one that loses is withdrawn in the action that settles the unit's claim.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.authority import may_touch
from trafficdesk.domain.conflicts import Conflict
from trafficdesk.domain.merge import DELETED
from trafficdesk.domain.records import Assignment, Event, Incident, Place, Unit
from trafficdesk.domain.vocabulary import Entity, Step
from trafficdesk.services import dispatch
from trafficdesk.services.dispatching import change, get
from trafficdesk.services.intent import Intent
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.session import Session
from trafficdesk.store import assignments, dispatch_rows, history, incidents, places, units

SETTLE: Final = "settle"
CLAIM: Final = "assignment_id"
_CLAIMING: Final = frozenset({CLAIM, DELETED})


@dataclass(frozen=True, slots=True)
class SentSide:
    """One side of a double dispatch: the assignment, its incident, and what happened of both.

    Either may not be on this desk (yet).
    """

    assignment: Assignment | None
    incident: Incident | None
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class DoubleDispatch:
    """One unit that two desks have sent; ``mine`` is the side of the conflict's device."""

    unit: Unit
    mine: SentSide
    theirs: SentSide


def find_double_dispatch(session: Session, conflict: Conflict) -> DoubleDispatch | None:
    """Return both sides of a conflict about where a unit was sent; None if it is about another."""
    claim = next((each for each in conflict.in_question if each.field == CLAIM), None)
    if conflict.record_entity is not Entity.UNIT or claim is None:
        return None
    with session.store.reading() as connection:
        unit = units.find(connection, conflict.record_id)
        if unit is None:
            return None
        mine, theirs = (_side(connection, value) for value in (claim.mine, claim.theirs))
    return DoubleDispatch(unit, mine, theirs)


def _side(connection: Connection, value: object) -> SentSide:
    sent = None if value is None else assignments.find(connection, UUID(str(value)))
    if sent is None:
        return SentSide(None, None)
    incident = incidents.find(connection, sent.incident_id)
    events = history.events_of(connection, sent.id)
    if incident is not None:
        events += history.events_of(connection, incident.id)
    return SentSide(sent, incident, tuple(sorted(events, key=lambda each: (each.at, each.seq))))


def record_name(connection: Connection, entity: Entity, record_id: UUID) -> str:
    """Return what a record is called: a call sign, a reference, or both; '' if it is not here."""
    if entity is Entity.ASSIGNMENT:
        sent = assignments.find(connection, record_id)
        if sent is None:
            return ""
        names = (
            record_name(connection, Entity.UNIT, sent.unit_id),
            record_name(connection, Entity.INCIDENT, sent.incident_id),
        )
        return " · ".join(filter(None, names))
    if entity is Entity.UNIT:
        unit = units.find(connection, record_id)
        return "" if unit is None else unit.call_sign
    incident = incidents.find(connection, record_id) if entity is Entity.INCIDENT else None
    return "" if incident is None else incident.reference


_NAMED: Final[Mapping[str, Entity]] = {
    CLAIM: Entity.ASSIGNMENT,
    "incident_id": Entity.INCIDENT,
    "merged_into": Entity.INCIDENT,
    "unit_id": Entity.UNIT,
}


def word_of(connection: Connection, field: str, value: str) -> str:
    """Return what an id in a field stands for; '' if that is none of a record of dispatch."""
    entity = _NAMED.get(field)
    return "" if entity is None else record_name(connection, entity, UUID(value))


def settle(
    doing: Intent, conflict: Conflict, values: Mapping[str, object], note: str
) -> Refusal | None:
    """Write chosen values into a record; of a unit that two desks sent, call the other one back.

    ``values`` are those that differ from theirs.
    """
    entity, record_id = conflict.record_entity, conflict.record_id
    if dispatch_rows.find(doing.connection, entity, record_id) is None:
        return Refusal.MOVED_ON
    chosen = {name: new for name, new in values.items() if may_touch(entity, SETTLE, name)}
    if entity is Entity.INCIDENT and {"lon", "lat"} & chosen.keys():
        chosen["ward_id"] = _ward_id(doing, record_id, chosen)
    is_claim = entity is Entity.UNIT and any(each.field in _CLAIMING for each in conflict.fields)
    if is_claim and chosen.get(DELETED) is not None:  # before, for nothing is freed that is gone
        _call_back(doing, record_id, None)
    change(doing, entity, record_id, (SETTLE, note), chosen)
    if is_claim:
        _call_back(doing, record_id, get(doing, entity, record_id).values[CLAIM])
    return None


def _ward_id(doing: Intent, incident_id: UUID, chosen: Mapping[str, object]) -> str | None:
    present = get(doing, Entity.INCIDENT, incident_id).values
    lon, lat = (float(str(chosen.get(name, present[name]))) for name in ("lon", "lat"))
    ward_id = places.find_ward_at(doing.connection, Place(lon, lat))
    return None if ward_id is None else str(ward_id)


def _call_back(doing: Intent, unit_id: UUID, holds: object) -> None:
    """Withdraw what a unit is out for and does not hold, also where it was sent since."""
    for sent in assignments.find_open_of_unit(doing.connection, unit_id):
        if str(sent.id) != holds:
            dispatch.take(doing, sent, Step.WITHDRAWN)
