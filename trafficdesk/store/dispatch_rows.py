"""Incidents, units and assignments written: each field a column, as JSON values by their names.

Whatever writes one goes through here, so that what follows from it is kept in the same transaction.
"""

import json
from collections.abc import Mapping
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.vocabulary import Entity, SyncState
from trafficdesk.store import incidents
from trafficdesk.store.rows import fetch_all, run
from trafficdesk.wire.fields import FIELDS, Kind
from trafficdesk.wire.values import NULLABLE

TABLES: Final[Mapping[Entity, str]] = {
    Entity.INCIDENT: "incidents",
    Entity.UNIT: "units",
    Entity.ASSIGNMENT: "assignments",
}
_JSON: Final = frozenset({Kind.LIST, Kind.OBJECT})
# What stands in the place of a value that another program left out of a row.
_EMPTY: Final[Mapping[Kind, object]] = {
    Kind.ID: str(UUID(int=0)),
    Kind.TEXT: "",
    Kind.INT: 0,
    Kind.FLOAT: 0.0,
    Kind.BOOL: False,
    Kind.LIST: [],
    Kind.OBJECT: {},
}
_WORDS: Final[Mapping[tuple[Entity, str], object]] = {
    (Entity.INCIDENT, "type"): "other",
    (Entity.INCIDENT, "severity"): 1,
    (Entity.INCIDENT, "lanes_blocked"): "none",
    (Entity.INCIDENT, "source"): "api",
    (Entity.INCIDENT, "vehicle_count"): 1,
    (Entity.UNIT, "kind"): "patrol_car",
    (Entity.UNIT, "duty"): "off",
    (Entity.ASSIGNMENT, "role"): "police",
}
# What is only written down of a record: nothing that people see of it.
_BOOKKEEPING: Final = frozenset({"updated_ms"})


class Kept(NamedTuple):
    """A record as it stands here; ``values`` are JSON values by the fields of ``wire.fields``."""

    id: UUID
    version: int
    revision: int
    values: Mapping[str, object]


def find(connection: Connection, entity: Entity, record_id: UUID) -> Kept | None:
    """Return a record, deleted or not."""
    fields = FIELDS[entity]
    rows = fetch_all(
        connection,
        f"SELECT version, revision, {', '.join(fields)} FROM {TABLES[entity]} WHERE id = ?",
        (record_id.bytes,),
    )
    if not rows:
        return None
    version, revision, *raw = rows[0]
    values = {
        name: _from_column(kind, value)
        for (name, kind), value in zip(fields.items(), raw, strict=True)
    }
    return Kept(record_id, version, revision, values)


def insert(
    connection: Connection,
    entity: Entity,
    record_id: UUID,
    values: Mapping[str, object],
    *,
    version: int = 0,
    sync_state: SyncState = SyncState.NOT_SENT,
) -> None:
    """Write a new record; fields that are left out are empty."""
    columns = {name: _to_column(entity, name, values.get(name)) for name in FIELDS[entity]}
    names = ("id", "version", "sync_state", *columns)
    marks = ", ".join("?" for _ in names)
    given = [record_id.bytes, version, int(sync_state), *columns.values()]
    if entity is Entity.INCIDENT:
        names, marks = (*names, "geom"), f"{marks}, MakePoint(?, ?, 4326)"
        given += [columns["lon"], columns["lat"]]
    run(connection, f"INSERT INTO {TABLES[entity]} ({', '.join(names)}) VALUES ({marks})", given)
    _follow(connection, entity, record_id, {}, values)


def update(
    connection: Connection, entity: Entity, kept: Kept, values: Mapping[str, object]
) -> int | None:
    """Write fields over a record as work of this desk; return the new revision.

    None when it stands no more at the revision it was read at.
    """
    given: dict[str, object] = {
        name: _to_column(entity, name, value) for name, value in values.items()
    }
    given |= {"sync_state": int(SyncState.NOT_SENT), "revision": kept.revision + 1}
    if not _write(connection, entity, kept, given):
        return None
    _follow(connection, entity, kept.id, kept.values, {**kept.values, **values})
    return kept.revision + 1


def arrive(
    connection: Connection,
    entity: Entity,
    coming: Kept,
    sync_state: SyncState,
) -> None:
    """Write a record as it came from the server, unless a later version of it is here already.

    Its revision rises with what people can see.
    """
    kept = find(connection, entity, coming.id)
    if kept is None:
        insert(
            connection,
            entity,
            coming.id,
            coming.values,
            version=coming.version,
            sync_state=sync_state,
        )
        return
    if kept.version > coming.version:
        return
    values = {name: _filled(entity, name, coming.values.get(name)) for name in FIELDS[entity]}
    changed = {name: value for name, value in values.items() if value != kept.values[name]}
    given = {name: _to_column(entity, name, value) for name, value in changed.items()}
    given |= {"version": coming.version, "sync_state": int(sync_state)}
    given["revision"] = kept.revision + bool(changed.keys() - _BOOKKEEPING)
    _write(connection, entity, kept, given)
    _follow(connection, entity, kept.id, kept.values, values)


def drop(connection: Connection, entity: Entity, record_id: UUID) -> None:
    """Remove a record; its history stays."""
    kept = find(connection, entity, record_id)
    if kept is None:
        return
    if entity is Entity.INCIDENT:
        incidents.drop_media(connection, record_id)
    run(connection, f"DELETE FROM {TABLES[entity]} WHERE id = ?", (record_id.bytes,))
    if entity is Entity.UNIT:
        run(connection, "DELETE FROM unit_positions WHERE unit_id = ?", (record_id.bytes,))
    _follow(connection, entity, record_id, kept.values, {})


def _write(
    connection: Connection, entity: Entity, kept: Kept, columns: Mapping[str, object]
) -> bool:
    assignments = [f"{name} = ?" for name in columns]
    given = list(columns.values())
    if entity is Entity.INCIDENT and columns.keys() & {"lon", "lat"}:
        assignments.append("geom = MakePoint(?, ?, 4326)")
        given += [columns.get(name, kept.values[name]) for name in ("lon", "lat")]
    statement = (
        f"UPDATE {TABLES[entity]} SET {', '.join(assignments)} WHERE id = ? AND revision = ?"
    )
    return run(connection, statement, (*given, kept.id.bytes, kept.revision)) == 1


def _follow(
    connection: Connection,
    entity: Entity,
    record_id: UUID,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> None:
    """Keep what follows from a record that was written or removed."""
    if entity is Entity.INCIDENT:
        if (before.get("media") or []) != (after.get("media") or []):
            incidents.refresh_media(connection, record_id)
        incidents.refresh(connection, record_id)
    elif entity is Entity.ASSIGNMENT:
        named = {before.get("incident_id"), after.get("incident_id")} - {None}
        for incident_id in sorted(map(str, named)):
            incidents.refresh(connection, UUID(incident_id))


def _filled(entity: Entity, name: str, value: object) -> object:
    if value is not None or name in NULLABLE[entity]:
        return value
    return _WORDS.get((entity, name), _EMPTY[FIELDS[entity][name]])


def _to_column(entity: Entity, name: str, given: object) -> object:
    """Return a field's JSON value as its column keeps it."""
    value, kind = _filled(entity, name, given), FIELDS[entity][name]
    if value is None:
        return None
    if kind is Kind.ID:
        return UUID(str(value)).bytes
    if kind in _JSON:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return int(value) if isinstance(value, bool) else value


def _from_column(kind: Kind, raw: object) -> object:
    if raw is None:
        return None
    if kind is Kind.ID and isinstance(raw, bytes):
        return str(UUID(bytes=raw))
    if kind in _JSON:
        return json.loads(str(raw))
    return bool(raw) if kind is Kind.BOOL else raw
