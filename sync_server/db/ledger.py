"""The ledger of operations and the feed of events: append-only, numbered and chained by city."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, Self
from uuid import UUID

import msgspec
from psycopg.rows import tuple_row

from sync_server.db import channels
from sync_server.db.asked import Asked
from sync_server.db.engine import Connection

_REJECTED: Final = "rejected"


class Answer(NamedTuple):
    """What the ledger says of an operation."""

    op_id: UUID
    digest: bytes
    result: str
    reason: str
    detail: str
    version: int
    seq: int
    conflict_id: UUID | None


@dataclass(slots=True)
class Known:
    """All answers to one operation: any number of rejections, and at most one that took effect.

    ``digest`` is that of the first answer: an operation never changes.
    """

    digest: bytes
    effective: Answer | None = None
    rejections: set[tuple[bytes, str]] = field(default_factory=set)


_FIND_ANSWERS: Final = b"""
SELECT op_id, digest, result, reason, detail, version, seq, conflict_id FROM operations
WHERE op_id = ANY (%s::uuid[]) ORDER BY received_at
"""


def find_answers(connection: Connection, op_ids: Collection[UUID]) -> Asked[Answer]:
    """Return what was answered to operations before, the oldest first."""
    return Asked(connection, _FIND_ANSWERS, [as_array(op_ids)], Answer)


def by_operation(answers: Iterable[Answer]) -> dict[UUID, Known]:
    """Return answers, the oldest first, as what is known of each operation."""
    found = dict[UUID, Known]()
    for answer in answers:
        known = found.setdefault(answer.op_id, Known(answer.digest))
        if answer.result == _REJECTED:
            known.rejections.add((answer.digest, answer.reason))
        else:
            known.effective = answer
    return found


def as_array(values: Collection[object]) -> str:
    """Return ids as the text of a PostgreSQL array."""
    return "{" + msgspec.json.encode(list(values)).decode()[1:-1] + "}"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the ledger; ``content`` is the operation's canonical JSON."""

    op_id: UUID
    city_id: str | None
    device_id: UUID
    actor_id: UUID
    digest: str
    result: str
    reason: str
    detail: str
    entity: str
    entity_id: UUID
    version: int
    seq: int
    conflict_id: UUID | None
    content: str


class Event(msgspec.Struct, kw_only=True):
    """A line of the feed. ``seq`` and ``hash`` (hex) are set when the city's turn has come."""

    city_id: str
    id: UUID
    action_id: UUID
    entity: str
    entity_id: UUID
    version: int
    action: str
    changes: msgspec.Raw
    note: str
    actor_id: UUID
    device_id: UUID
    at_ms: int
    received_ms: int
    seq: int = 0
    hash: str = ""


def chained(head: bytes, event: Event) -> bytes:
    """Return the hash of an event that follows the one whose hash is ``head``: SHA-256 of both."""
    facts = (
        event.city_id,
        event.seq,
        event.id,
        event.action_id,
        event.entity,
        event.entity_id,
        event.version,
        event.action,
        event.note,
        event.actor_id,
        event.device_id,
        event.at_ms,
        event.received_ms,
    )
    return hashlib.sha256(head + msgspec.json.encode(facts) + bytes(event.changes)).digest()


class Head(NamedTuple):
    """Where a city's feed stands."""

    seq: int
    hash: bytes


_FIND_HEADS: Final = b"""
SELECT city_id::text, seq, head_hash FROM feed_counters c WHERE city_id = ANY (%s::uuid[])
ORDER BY c.city_id
"""


def find_heads(connection: Connection, city_ids: Collection[str]) -> Asked[tuple[str, Head]]:
    """Return where cities' feeds stand; others may go on before they are locked."""
    return Asked(connection, _FIND_HEADS, [as_array(city_ids)], _head)


def lock_heads(connection: Connection, city_ids: Collection[str]) -> Asked[tuple[str, Head]]:
    """Lock cities' counters up to the commit, which is why this comes last; return their heads."""
    return Asked(connection, _FIND_HEADS + b"FOR UPDATE", [as_array(city_ids)], _head)


def _head(city_id: str, seq: int, digest: bytes) -> tuple[str, Head]:
    return city_id, Head(seq, digest)


def number(events: Iterable[Event], heads: Mapping[str, Head]) -> dict[str, Head]:
    """Give events their numbers and hashes in their order; return each city's new head."""
    heads = dict(heads)
    for event in events:
        head = heads[event.city_id]
        event.seq = head.seq + 1
        digest = chained(head.hash, event)
        event.hash = digest.hex()
        heads[event.city_id] = Head(event.seq, digest)
    return heads


_APPEND: Final = f"""
WITH ledger AS (
  INSERT INTO operations (op_id, tenant_id, city_id, device_id, actor_id, digest, result, reason,
    detail, entity, entity_id, version, seq, conflict_id, content)
  SELECT op_id, %(tenant)s, city_id, device_id, actor_id, decode(digest, 'hex'), result, reason,
    detail, entity, entity_id, version, seq, conflict_id, content::json
  FROM json_to_recordset(%(entries)s::json) AS n (op_id uuid, city_id uuid, device_id uuid,
    actor_id uuid, digest text, result text, reason text, detail text, entity text,
    entity_id uuid, version integer, seq bigint, conflict_id uuid, content text)
), feed AS (
  INSERT INTO events (city_id, seq, tenant_id, id, action_id, entity, entity_id, version, action,
    changes, note, actor_id, device_id, at_ms, received_ms, hash)
  SELECT city_id, seq, %(tenant)s, id, action_id, entity, entity_id, version, action,
    changes, note, actor_id, device_id, at_ms, received_ms, decode(hash, 'hex')
  FROM json_to_recordset(%(events)s::json) AS n (city_id uuid, seq bigint, id uuid,
    action_id uuid, entity text, entity_id uuid, version integer, action text, changes json,
    note text, actor_id uuid, device_id uuid, at_ms bigint, received_ms bigint, hash text)
)
UPDATE feed_counters c SET seq = n.seq, head_hash = decode(n.hash, 'hex')
FROM json_to_recordset(%(heads)s::json) AS n (city_id uuid, seq bigint, hash text)
WHERE c.city_id = n.city_id
RETURNING pg_notify('{channels.FEED}', c.city_id || ':' || c.seq)
"""


class Lines(NamedTuple):
    """Lines of the ledger and of the feed and the heads that these lead to, as JSON."""

    entries: str
    events: str
    heads: str

    @classmethod
    def of(
        cls, entries: Sequence[Entry], events: Sequence[Event], heads: Mapping[str, Head]
    ) -> Self:
        """Make them ready to be written."""
        raised: list[dict[str, Any]] = [
            {"city_id": city_id, "seq": head.seq, "hash": head.hash.hex()}
            for city_id, head in heads.items()
        ]
        return cls(*(msgspec.json.encode(each).decode() for each in (entries, events, raised)))


def append(connection: Connection, tenant_id: UUID, lines: Lines) -> None:
    """Write ledger, feed and counters in one statement; whoever listens is told at the commit."""
    connection.execute(_APPEND, {"tenant": tenant_id, **lines._asdict()})


READ_CHAIN: Final = """
SELECT city_id::text, seq, id, action_id, entity, entity_id, version, action, changes::text,
  note, actor_id, device_id, at_ms, received_ms, hash
FROM events WHERE city_id = %s ORDER BY seq
"""


def find_break(connection: Connection, city_id: UUID) -> int | None:
    """Return the number at which a city's chain is broken, or None if it holds to its head."""
    before = Head(0, b"")
    with connection.cursor("chain", row_factory=tuple_row) as cursor:
        for row in cursor.execute(READ_CHAIN, [city_id]):
            event = event_of(row)
            digest = chained(before.hash, event)
            if event.seq != before.seq + 1 or digest != bytes(row[-1]):
                return before.seq + 1
            before = Head(event.seq, digest)
    with connection.cursor(row_factory=tuple_row) as cursor:
        counted = cursor.execute(
            "SELECT seq, head_hash FROM feed_counters WHERE city_id = %s", [city_id]
        ).fetchone()
    holds = counted is not None and (counted[0], bytes(counted[1])) == before
    return None if holds else before.seq + 1


def event_of(row: Sequence[Any]) -> Event:
    """Return an event as ``READ_CHAIN`` brings it."""
    return Event(
        city_id=row[0],
        seq=row[1],
        id=row[2],
        action_id=row[3],
        entity=row[4],
        entity_id=row[5],
        version=row[6],
        action=row[7],
        changes=msgspec.Raw(row[8].encode()),
        note=row[9],
        actor_id=row[10],
        device_id=row[11],
        at_ms=row[12],
        received_ms=row[13],
    )
