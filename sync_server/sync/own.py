"""What the server itself writes: weighed, kept, numbered and told just as what a desk pushes."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sync_server.db.asked import StaleError
from sync_server.db.engine import Connection
from sync_server.problems import RefusedError
from sync_server.sync import queries
from sync_server.sync.batch import Actor, Sender
from sync_server.sync.directory import NOBODY
from sync_server.sync.pushing import push_as
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import Entity, Role
from trafficdesk.wire.codes import Code
from trafficdesk.wire.exchange import Outcome, Result
from trafficdesk.wire.operations import Operation

_DONE = frozenset({Result.APPLIED, Result.MERGED, Result.DUPLICATE})


class Place(NamedTuple):
    """Whose record it is."""

    tenant_id: UUID
    city_id: UUID


class Act(NamedTuple):
    """One action of one person, or of nobody who is to be known, at a time (epoch ms)."""

    actor_id: UUID
    at_ms: int
    action_id: UUID

    @classmethod
    def of(cls, actor_id: UUID | None, at_ms: int) -> "Act":
        """Begin an action."""
        return cls(actor_id or NOBODY, at_ms, new_id())

    def operation(
        self,
        record: tuple[Entity, UUID],
        version: int,
        action: str,
        changes: Mapping[str, tuple[object, object]],
    ) -> Operation:
        """Return an operation on a record as it stands at a version; 0 is a new one."""
        return Operation(
            op_id=new_id(),
            action_id=self.action_id,
            entity=str(record[0]),
            entity_id=record[1],
            action=action,
            base_version=version,
            revision=version + 1,
            changes=dict(changes),
            note="",
            actor_id=self.actor_id,
            device_id=NOBODY,
            at_ms=self.at_ms,
        )


def write_own(
    connection: Connection, place: Place, operations: Sequence[Operation]
) -> list[Outcome]:
    """Answer operations of the server's own; all of them go in, or none.

    Whether their actors may was asked before: the server vouches for them.

    Raises:
        RefusedError: one is none, its field named as ``field``.
        StaleError: something moved between reading and writing; roll back and do it again.
    """
    if not operations:
        return []
    city_id = str(place.city_id)
    sender = Sender(
        device_id=NOBODY,
        city_ids=frozenset({city_id}),
        station_ids=frozenset(),
        home_city_id=city_id,
        actors={each.actor_id: Actor(Role.ADMIN, city_id) for each in operations},
    )
    clock = queries.read_clock(connection)
    outcomes = push_as(connection, place.tenant_id, sender, clock, operations).outcomes
    for outcome in outcomes:
        if outcome.result is Result.REJECTED:
            detail = f"{outcome.detail} cannot be this."
            raise RefusedError(Code.BAD_REQUEST, detail, field=outcome.detail)
        if outcome.result not in _DONE:
            raise StaleError
    return outcomes
