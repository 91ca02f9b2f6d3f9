"""Conflicts as the server opened them and people settled them."""

import json
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.store.arriving.arrival import Arrival
from trafficdesk.store.rows import run

_IDS = ("city_id", "station_id", "record_id", "device_id", "actor_id", "theirs_actor_id")
_TEXTS = ("record_entity", "status", "settle_note")
_NUMBERS = ("theirs_version", "theirs_at_ms", "opened_ms", "settled_ms")
_LISTS = ("fields", "operations", "choices")
_COLUMNS = (*_IDS, "settled_by", *_TEXTS, *_NUMBERS, *_LISTS)
_ALL = ("id", "version", "sync_state", *_COLUMNS)
_PUT = (
    f"INSERT INTO conflicts ({', '.join(_ALL)}) VALUES ({', '.join('?' for _ in _ALL)}) "
    "ON CONFLICT (id) DO UPDATE SET revision = revision + 1, "
    + ", ".join(f"{name} = excluded.{name}" for name in _ALL[1:])
    # A push's answer brings a conflict, and a page brings it again: whoever looks at it meanwhile
    # has no other one before them.
    + " WHERE excluded.version > conflicts.version OR (excluded.version = conflicts.version AND ("
    + " OR ".join(f"excluded.{name} IS NOT conflicts.{name}" for name in _ALL[2:])
    + "))"
)


def put_conflict(connection: Connection, arrival: Arrival) -> int:
    """Write a conflict."""
    values = (
        *(arrival.id_bytes(name) for name in (*_IDS, "settled_by")),
        *(arrival.text(name) for name in _TEXTS),
        *(arrival.whole(name) for name in _NUMBERS),
        *(_json(arrival.row.get(name)) for name in _LISTS),
    )
    head = (arrival.id.bytes, arrival.version, int(arrival.sync_state))
    run(connection, _PUT, (*head, *values))
    return 0


def _json(value: object) -> str | None:
    if value is None:
        return None
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def drop_conflict(connection: Connection, record_id: UUID) -> int:
    """Remove a conflict."""
    run(connection, "DELETE FROM conflicts WHERE id = ?", (record_id.bytes,))
    return 0
