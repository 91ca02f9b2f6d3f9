"""Incidents, units and assignments as the server keeps them."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.vocabulary import Entity
from trafficdesk.store import assignments, dispatch_rows, outbox
from trafficdesk.store.arriving.arrival import Arrival


def put_record(connection: Connection, arrival: Arrival) -> int:
    """Write a record with all that follows from it."""
    coming = dispatch_rows.Kept(arrival.id, arrival.version, 0, arrival.row)
    dispatch_rows.arrive(connection, arrival.entity, coming, arrival.sync_state)
    return 0


def dropper(entity: Entity) -> Callable[[Connection, UUID], int]:
    """Return what removes a record of a kind."""
    return partial(_drop, entity)


def _drop(entity: Entity, connection: Connection, record_id: UUID) -> int:
    """Remove a record; with an incident go its assignments that nothing waits to be sent of."""
    if entity is Entity.INCIDENT:
        for each in assignments.find_of_incident(connection, record_id):
            if not outbox.find_unsettled_of(connection, each.id):
                dispatch_rows.drop(connection, Entity.ASSIGNMENT, each.id)
    dispatch_rows.drop(connection, entity, record_id)
    return 0
