"""What a push reads under lock and writes, set by set."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final, TypeVar
from uuid import UUID

import msgspec
from psycopg.rows import tuple_row

from sync_server.db.asked import Asked, Pipeline
from sync_server.db.engine import Connection
from sync_server.db.ledger import as_array
from sync_server.sync.batch import Actor, Row, Standing
from sync_server.sync.names import REUSED, UNIQUE, NameKey
from sync_server.sync.tables import TABLES
from trafficdesk.domain.vocabulary import Entity, Role
from trafficdesk.wire.fields import FIELDS

_One = TypeVar("_One")
_Other = TypeVar("_Other")


_LOCK_DEVICE: Final = """
SELECT pg_advisory_xact_lock(%s), (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
  (SELECT epoch FROM server_state)
"""
_CLOCK: Final = """
SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint, epoch FROM server_state
"""
_FIND_ACTORS: Final = b"""
SELECT u.id, u.role, u.city_id::text FROM users u JOIN device_users d ON d.user_id = u.id
WHERE d.device_id = %s AND u.id = ANY (%s::uuid[]) AND u.removed_ms IS NULL
"""
_FIND_FOREIGN: Final = b"""
SELECT entity_id, max(version) FROM events
WHERE city_id = ANY (%s::uuid[]) AND entity_id = ANY (%s::uuid[]) AND device_id <> %s
GROUP BY entity_id
"""
_FIND_STATIONS: Final = b"""
SELECT city_id::text, id::text FROM stations
WHERE city_id = ANY (%s::uuid[]) AND id = ANY (%s::uuid[])
"""
_FIND_ISSUED: Final = b"""
SELECT report_id::text, id FROM citations
WHERE city_id = ANY (%s::uuid[]) AND report_id = ANY (%s::uuid[]) AND status = 'issued'
"""


def read_clock(connection: Connection) -> tuple[int, UUID]:
    """Return the time (epoch ms) and the epoch."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(_CLOCK).fetchone()
    if found is None:
        raise AssertionError("a migrated database has its state")
    return found[0], found[1]


def lock_device(connection: Connection, device_id: UUID) -> tuple[int, UUID]:
    """Wait until no other push of the device runs; return the time (epoch ms) and the epoch."""
    key = int.from_bytes(device_id.bytes[8:], "big", signed=True)
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(_LOCK_DEVICE, [key]).fetchone()
    if found is None:
        raise AssertionError("a SELECT without FROM gives one row")
    return found[1], found[2]


def find_actors(
    connection: Connection, device_id: UUID, actor_ids: Collection[UUID]
) -> Asked[tuple[UUID, Actor]]:
    """Return those of the people who signed in on the device and are not gone."""

    def make(actor_id: UUID, role: str, city_id: str) -> tuple[UUID, Actor]:
        return actor_id, Actor(Role(role), city_id)

    return Asked(connection, _FIND_ACTORS, [device_id, as_array(actor_ids)], make)


def find_stations(
    connection: Connection, city_ids: Collection[str], station_ids: Collection[str]
) -> Asked[tuple[str, object]]:
    """Return which of the stations the cities have: city and station."""
    values = [as_array(city_ids), as_array(station_ids)]
    return Asked(connection, _FIND_STATIONS, values, _pair)


def lock_rows(
    connection: Connection, entity: Entity, city_ids: Collection[str], ids: Collection[UUID]
) -> Asked[Standing]:
    """Lock and read records in the order of their ids."""
    return _lock(connection, entity, "t.id = ANY (%s::uuid[]) ORDER BY t.id", city_ids, ids)


def lock_open_conflicts(
    connection: Connection,
    device_ids: Collection[UUID],
    city_ids: Collection[str],
    ids: Collection[UUID],
) -> Asked[Standing]:
    """Lock and read a device's open conflicts of records, by all its ids, the oldest first."""
    where = (
        "t.record_id = ANY (%s::uuid[]) AND t.device_id = ANY (%s::uuid[]) AND t.status = 'open' "
        "ORDER BY t.opened_ms, t.id"
    )
    return _lock(connection, Entity.CONFLICT, where, city_ids, ids, as_array(device_ids))


def _lock(
    connection: Connection,
    entity: Entity,
    where: str,
    city_ids: Collection[str],
    ids: Collection[UUID],
    *more: object,
) -> Asked[Standing]:
    table = TABLES[entity]
    query = (
        f"SELECT t.id, t.version, {table.row('t')}::text FROM {table.name} t "
        f"WHERE t.city_id = ANY (%s::uuid[]) AND {where} FOR UPDATE OF t"
    )

    def make(record_id: UUID, version: int, row: str) -> Standing:
        return Standing(entity, record_id, _decode(row), version=version, read_version=version)

    return Asked(connection, query.encode(), [as_array(city_ids), as_array(ids), *more], make)


def _decode(text: str) -> Row:
    return msgspec.json.decode(text, type=dict[str, object])


def find_foreign_versions(
    connection: Connection, device_id: UUID, city_ids: Collection[str], ids: Collection[UUID]
) -> Asked[tuple[UUID, int]]:
    """Return the version that another device's latest change made of each record."""
    return Asked(connection, _FIND_FOREIGN, [as_array(city_ids), as_array(ids), device_id], _pair)


def find_names(
    connection: Connection, entity: Entity, city_ids: Collection[str], names: set[str]
) -> Asked[tuple[NameKey, UUID]]:
    """Return which records of cities have names of a kind: kind, city and name, and their ids."""
    field = UNIQUE[entity]
    query = (
        f"SELECT t.city_id::text, t.{field}, t.id FROM {TABLES[entity].name} t "
        f"WHERE t.city_id = ANY (%s::uuid[]) AND t.{field} = ANY (%s::text[])"
    )
    if entity in REUSED:
        query += " AND t.deleted_ms IS NULL"

    def make(city_id: str, name: str, record_id: UUID) -> tuple[NameKey, UUID]:
        return (entity, city_id, name), record_id

    return Asked(connection, query.encode(), [as_array(city_ids), list(names)], make)


def find_issued(
    connection: Connection, city_ids: Collection[str], report_ids: Collection[str]
) -> Asked[tuple[str, UUID]]:
    """Return the citations that stand (report's and own id) of reports."""
    return Asked(connection, _FIND_ISSUED, [as_array(city_ids), as_array(report_ids)], _pair)


def _pair(one: _One, other: _Other) -> tuple[_One, _Other]:
    return one, other


def write(pipeline: Pipeline, tenant_id: UUID, standings: Iterable[Standing]) -> None:
    """Write the records that a batch has made or changed, one statement for each kind and way.

    A record that is not at the version that was read is a ``StaleError`` of the pipeline.
    """
    changed = [each for each in standings if each.version != each.read_version]
    for entity in TABLES:
        of_kind = [each for each in changed if each.entity is entity]
        # A name that an old record leaves may be a new one's.
        _update(pipeline, [each for each in of_kind if each.read_version])
        _insert(pipeline, tenant_id, [each for each in of_kind if not each.read_version])


def _insert(pipeline: Pipeline, tenant_id: UUID, standings: Sequence[Standing]) -> None:
    if not standings:
        return
    table = TABLES[standings[0].entity]
    fields = list(FIELDS[table.entity])
    names = ", ".join(fields)
    query = (
        f"INSERT INTO {table.name} (tenant_id, id, version, {names}) "
        f"SELECT %s, id, version, {names} FROM json_to_recordset(%s::json) "
        f"AS n (id uuid, version integer, {table.columns(fields)})"
    )
    rows = [{"id": each.id, "version": each.version, **each.row} for each in standings]
    values = [tenant_id, msgspec.json.encode(rows).decode()]
    pipeline.change(query.encode(), values, len(standings))


def _update(pipeline: Pipeline, standings: Sequence[Standing]) -> None:
    if not standings:
        return
    table = TABLES[standings[0].entity]
    fields = sorted(set[str]().union(*(each.touched for each in standings)))
    assigned = ", ".join(f"{name} = n.{name}" for name in fields)
    query = (
        f"UPDATE {table.name} t SET version = n.version, {assigned} "
        f"FROM json_to_recordset(%s::json) AS n (id uuid, city uuid, base integer, "
        f"version integer, {table.columns(fields)}) "
        # The arrays lead the planner to the key, whatever it thinks that the walls let through.
        "WHERE t.city_id = ANY (%s::uuid[]) AND t.id = ANY (%s::uuid[]) "
        "AND t.city_id = n.city AND t.id = n.id AND t.version = n.base"
    )
    rows = [
        {
            "id": each.id,
            "city": each.row["city_id"],
            "base": each.read_version,
            "version": each.version,
            **{name: each.row[name] for name in fields},
        }
        for each in standings
    ]
    cities = as_array({each.row["city_id"] for each in standings})
    ids = as_array([each.id for each in standings])
    values = [msgspec.json.encode(rows).decode(), cities, ids]
    pipeline.change(query.encode(), values, len(standings))
