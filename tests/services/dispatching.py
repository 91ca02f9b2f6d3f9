"""Incidents, units and a second desk's people, for the tests of dispatch."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from trafficdesk.domain.lifecycle import Barrier
from trafficdesk.domain.records import Assignment, Incident, NewIncident, Place, Unit
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import (
    Entity,
    IncidentType,
    LanesBlocked,
    Severity,
    UnitKind,
)
from trafficdesk.services import dispatch, incidents, units
from trafficdesk.services.outcomes import Outcome, Refusal
from trafficdesk.services.session import Session
from trafficdesk.services.units import NewUnit
from trafficdesk.store import arriving, assignments, dispatch_rows, outbox
from trafficdesk.store import incidents as incident_rows
from trafficdesk.store import units as unit_rows
from trafficdesk.store.arriving import Arrival
from trafficdesk.store.outbox import Settled

PLACE = Place(76.9674, 11.0183)


def crash(session: Session) -> NewIncident:
    """Return a crash as an officer files it."""
    return NewIncident(
        type=IncidentType.CAR_CRASH,
        severity=Severity.SEVERE,
        place=PLACE,
        occurred_at=session.clock() - timedelta(minutes=2),
        vehicle_count=2,
        lanes_blocked=LanesBlocked.PARTIAL,
        address="Avinashi Road",
    )


def file(session: Session, made: NewIncident | None = None) -> Incident:
    filed = incidents.file(session, made or crash(session))
    assert filed.outcome.is_done, filed
    assert filed.incident_id is not None
    return incident(session, filed.incident_id)


def enlist(session: Session, call_sign: str, kind: UnitKind = UnitKind.PATROL_CAR) -> Unit:
    enlisted = units.enlist(session, NewUnit(call_sign, kind))
    assert enlisted.unit_id is not None
    return unit(session, enlisted.unit_id)


def send(session: Session, to: Incident, *sent: Unit) -> list[Assignment]:
    outcome = dispatch.assign(session, to.id, [each.id for each in sent])
    assert outcome.is_done, outcome
    return [held(session, each) for each in sent]


def incident(session: Session, incident_id: UUID) -> Incident:
    with session.store.reading() as connection:
        found = incident_rows.find(connection, incident_id)
    assert found is not None
    return found


def unit(session: Session, unit_id: UUID) -> Unit:
    with session.store.reading() as connection:
        found = unit_rows.find(connection, unit_id)
    assert found is not None
    return found


def assignment(session: Session, assignment_id: UUID) -> Assignment:
    with session.store.reading() as connection:
        found = assignments.find(connection, assignment_id)
    assert found is not None
    return found


def held(session: Session, of: Unit) -> Assignment:
    assignment_id = unit(session, of.id).assignment_id
    assert assignment_id is not None
    return assignment(session, assignment_id)


def codes(outcome: Outcome) -> list[Barrier | Refusal]:
    return [each.code for each in outcome.refused]


def confirm_all(session: Session) -> None:
    """Let the server confirm all that waits, as it was asked."""
    with session.store.writing() as connection:
        batch = outbox.find_queued(connection, 1000)
        outbox.settle(
            connection,
            [Settled(each.op_id, outbox.SETTLED, "applied", version=1) for _, each in batch],
            to_ms(session.clock()),
        )
        for _, each in batch:
            arriving.confirm(connection, each.entity, [(each.entity_id, each.revision)], None)


def arrive(session: Session, entity: Entity, record_id: UUID, values: Mapping[str, object]) -> None:
    """Let what another desk made of a record arrive."""
    with session.store.writing() as connection:
        kept = dispatch_rows.find(connection, entity, record_id)
        before = {} if kept is None else kept.values
        version = 1 if kept is None else kept.version + 1
        row = {**before, **values}
        arriving.put(connection, Arrival(entity, record_id, version, row))
