"""Conflicts: reading them, and writing what people chose."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.conflicts import (
    Conflict,
    ConflictField,
    ConflictStatus,
    HeldOperation,
    Side,
    fields_of,
)
from trafficdesk.domain.records import FieldChange, Place
from trafficdesk.domain.times import from_ms
from trafficdesk.domain.vocabulary import Entity, SyncState
from trafficdesk.store.rows import fetch_all, run

_SELECT: Final = (
    "SELECT id, version, revision, record_entity, record_id, device_id, actor_id, status, fields, "
    "operations, theirs_version, theirs_actor_id, theirs_at_ms, opened_ms, choices, settle_note, "
    "settled_by, settled_ms, sync_state, station_id FROM conflicts"
)


def _id(raw: bytes | None) -> UUID | None:
    return None if raw is None else UUID(bytes=raw)


def _held(raw: dict[str, Any]) -> HeldOperation:
    changes = (FieldChange(name, old, new) for name, (old, new) in raw["changes"].items())
    return HeldOperation(
        UUID(raw["op_id"]),
        str(raw["action"]),
        tuple(changes),
        str(raw["note"]),
        UUID(raw["actor_id"]),
        from_ms(raw["at_ms"]),
    )


def _conflict(row: tuple[Any, ...]) -> Conflict:
    operations = tuple(_held(each) for each in json.loads(row[9]))
    clashes = [
        ConflictField(one["field"], one["base"], one["mine"], one["theirs"], is_in_question=True)
        for one in json.loads(row[8])
    ]
    return Conflict(
        id=UUID(bytes=row[0]),
        version=row[1],
        revision=row[2],
        record_entity=Entity(row[3]),
        record_id=UUID(bytes=row[4]),
        device_id=UUID(bytes=row[5]),
        actor_id=UUID(bytes=row[6]),
        status=ConflictStatus(row[7]),
        fields=fields_of(clashes, operations),
        operations=operations,
        theirs_version=row[10],
        theirs_actor_id=_id(row[11]),
        theirs_at=None if row[12] is None else from_ms(row[12]),
        opened_at=from_ms(row[13]),
        choices={name: Side(side) for name, side in json.loads(row[14] or "{}").items()},
        settle_note=row[15],
        settled_by=_id(row[16]),
        settled_at=None if row[17] is None else from_ms(row[17]),
        sync_state=SyncState(row[18]),
        station_id=_id(row[19]),
    )


def find(connection: Connection, conflict_id: UUID) -> Conflict | None:
    """Return a conflict."""
    rows = fetch_all(connection, f"{_SELECT} WHERE id = ?", (conflict_id.bytes,))
    return _conflict(rows[0]) if rows else None


def find_open(connection: Connection, limit: int = 500) -> list[Conflict]:
    """Return the conflicts to be settled, the oldest first."""
    rows = fetch_all(
        connection, f"{_SELECT} WHERE status = 'open' ORDER BY opened_ms LIMIT +?", (limit,)
    )
    return [_conflict(row) for row in rows]


def find_settled(connection: Connection, limit: int = 200) -> list[Conflict]:
    """Return the conflicts that were settled, the latest first."""
    rows = fetch_all(
        connection,
        f"{_SELECT} WHERE status = 'settled' ORDER BY settled_ms DESC LIMIT +?",
        (limit,),
    )
    return [_conflict(row) for row in rows]


class ConflictSpot(NamedTuple):
    """An open conflict, where what it is about lies."""

    id: UUID
    reference: str
    place: Place
    opened_at: datetime
    fields: int


_OPEN: Final = (
    "SELECT c.id, {0}.{1} AS reference, {2} AS lon, {3} AS lat, c.opened_ms, "
    "json_array_length(c.fields) FROM conflicts c {4} WHERE c.status = 'open'"
)
_SPOTS: Final = (
    " UNION ALL ".join(
        (
            _OPEN.format(
                *("r", "reference", "r.lon", "r.lat"), "JOIN reports r ON r.id = c.record_id"
            ),
            _OPEN.format(
                *("i", "reference", "i.lon", "i.lat"),
                "LEFT JOIN assignments a ON a.id = c.record_id "
                "JOIN incidents i ON i.id = coalesce(a.incident_id, c.record_id)",
            ),
            _OPEN.format(
                *("u", "call_sign", "coalesce(p.lon, i.lon)", "coalesce(p.lat, i.lat)"),
                "JOIN units u ON u.id = c.record_id LEFT JOIN unit_positions p ON p.unit_id = u.id "
                "LEFT JOIN assignments a ON a.id = u.assignment_id "
                "LEFT JOIN incidents i ON i.id = a.incident_id",
            )
            + " AND coalesce(p.lon, i.lon) IS NOT NULL",
        )
    )
    + " ORDER BY opened_ms"
)


def find_spots(connection: Connection) -> list[ConflictSpot]:
    """Return the open conflicts that have a place; those of areas and citations have none.

    One about an assignment lies at its incident, one about a unit where that was last heard of, or
    where it is sent.
    """
    rows = fetch_all(connection, _SPOTS)
    return [
        ConflictSpot(UUID(bytes=row[0]), row[1], Place(row[2], row[3]), from_ms(row[4]), row[5])
        for row in rows
    ]


def count_open(connection: Connection) -> int:
    """Return how many conflicts wait to be settled."""
    return int(fetch_all(connection, "SELECT count(*) FROM conflicts WHERE status = 'open'")[0][0])


def count_settled_since(connection: Connection, at_ms: int) -> int:
    """Return how many conflicts were settled at or after an instant."""
    rows = fetch_all(
        connection,
        "SELECT count(*) FROM conflicts WHERE status = 'settled' AND settled_ms >= ?",
        (at_ms,),
    )
    return int(rows[0][0])


class Settlement(NamedTuple):
    """What a conflict is to become; open again if ``status`` says so."""

    status: ConflictStatus
    choices: Mapping[str, Side]
    note: str
    settled_by: UUID | None
    settled_ms: int | None


def update(connection: Connection, conflict: Conflict, become: Settlement) -> bool:
    """Write what a conflict has become; False when it has moved on since it was read."""
    settled_by = None if become.settled_by is None else become.settled_by.bytes
    choices = {name: str(side) for name, side in become.choices.items()}
    changed = run(
        connection,
        "UPDATE conflicts SET status = ?, choices = ?, settle_note = ?, settled_by = ?, "
        "settled_ms = ?, revision = revision + 1, sync_state = ? WHERE id = ? AND revision = ?",
        (
            str(become.status),
            json.dumps(choices) if choices else None,
            become.note,
            settled_by,
            become.settled_ms,
            int(SyncState.NOT_SENT),
            conflict.id.bytes,
            conflict.revision,
        ),
    )
    return changed == 1
