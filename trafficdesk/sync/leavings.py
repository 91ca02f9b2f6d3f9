"""Records that are not the desk's to see any more go, once no work on them is to be sent."""

from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.vocabulary import Entity
from trafficdesk.store import arriving, outbox
from trafficdesk.sync.taken import Touched


def leave(connection: Connection, gone: tuple[Entity, UUID], at_ms: int, touched: Touched) -> None:
    """Drop a record, unless work on it is to be sent: then the answer to that work drops it.

    What was set aside stays in the outbox for a person; a conflict is settled where it went to,
    and the server holds this desk's side of it.
    """
    entity, record_id = gone
    if entity is Entity.CONFLICT:
        outbox.settle_conflict(connection, record_id, at_ms)
    if not outbox.find_unsettled_of(connection, record_id):
        touched.add(arriving.drop(connection, entity, record_id))
