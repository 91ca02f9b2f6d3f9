"""Incidents, units and assignments as the server keeps them."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.vocabulary import Entity
from trafficdesk.store import dispatch_rows
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
    dispatch_rows.drop(connection, entity, record_id)
    return 0
