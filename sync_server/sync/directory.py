"""Places, words and people that the server itself changes, told to desks by their city's feed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec
from psycopg.rows import tuple_row

from sync_server.db import ledger
from sync_server.db.engine import Connection
from sync_server.sync.tables import TABLES
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.domain.vocabulary import Entity

# Who an operator at the server's own machine is to the desks, and the device they sit at.
NOBODY: Final = UUID(int=0)
KINDS: Final = (
    Entity.CITY,
    Entity.STATION,
    Entity.WARD,
    Entity.VIOLATION_TYPE,
    Entity.OFFICER,
)
Row = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of one record; ``before`` is its row as it was, None for a new record."""

    tenant_id: UUID
    entity: Entity
    record_id: UUID
    action: str
    before: Row | None = None
    actor_id: UUID = NOBODY


def lock(connection: Connection, entity: Entity, record_id: UUID) -> Row | None:
    """Return a record's row as desks know it, locked until the transaction ends; None for none."""
    found = _read(connection, entity, record_id, "FOR UPDATE OF t")
    return None if found is None else found[2]


def announce(connection: Connection, change: Change) -> None:
    """Append what a record has become to its city's feed, in the transaction that changed it.

    The change itself has raised the record's version. Comes late in the transaction: until it
    ends, nobody else appends to the city's feed.
    """
    found = _read(connection, change.entity, change.record_id)
    if found is None:
        raise AssertionError("what is announced was written before")
    city_id, version, row = found
    now_ms = to_ms(utc_now())
    event = ledger.Event(
        city_id=city_id,
        id=new_id(),
        action_id=new_id(),
        entity=str(change.entity),
        entity_id=change.record_id,
        version=version,
        action=change.action,
        changes=msgspec.Raw(msgspec.json.encode(_differences(change.before or {}, row))),
        note="",
        actor_id=change.actor_id,
        device_id=NOBODY,
        at_ms=now_ms,
        received_ms=now_ms,
    )
    heads = ledger.number([event], dict(ledger.lock_heads(connection, [city_id])))
    ledger.append(connection, change.tenant_id, ledger.Lines.of([], [event], heads))


def _differences(before: Row, after: Row) -> dict[str, tuple[object, object]]:
    return {
        name: (before.get(name), value)
        for name, value in after.items()
        if before.get(name) != value
    }


def _read(
    connection: Connection, entity: Entity, record_id: UUID, locking: str = ""
) -> tuple[str, int, Row] | None:
    table = TABLES[entity]
    query = (
        f"SELECT t.{table.city}::text, t.version, {table.row('t')}::text FROM {table.name} t "
        f"WHERE t.id = %s {locking}"
    )
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(query.encode(), [record_id]).fetchone()
    if found is None:
        return None
    return found[0], found[1], msgspec.json.decode(found[2], type=dict[str, object])
