"""Incidents as the API reads them, and the locks under which it takes them in."""

from collections.abc import Collection, Sequence
from itertools import chain
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg.rows import class_row

from sync_server.db.engine import Connection, one, rows
from sync_server.incidents.asked import Wanted
from sync_server.incidents.merging import Standing
from sync_server.sync.tables import TABLES
from trafficdesk.domain.records import Bounds
from trafficdesk.domain.vocabulary import Entity

_INCIDENT, _ASSIGNMENT = TABLES[Entity.INCIDENT], TABLES[Entity.ASSIGNMENT]
_HAS_UNIT: Final = (
    "EXISTS (SELECT FROM assignments a WHERE a.city_id = i.city_id AND a.incident_id = i.id "
    "AND a.cleared_ms IS NULL AND a.withdrawn_ms IS NULL)"
)
_IS_OPEN: Final = f"(i.cleared_ms IS NULL OR {_HAS_UNIT})"
_ASSIGNMENTS: Final = (
    f"(SELECT coalesce(json_agg(json_build_object('id', a.id, 'row', {_ASSIGNMENT.row('a')}) "
    "ORDER BY a.assigned_ms, a.id), '[]') FROM assignments a "
    "WHERE a.city_id = i.city_id AND a.incident_id = i.id)"
)
_WHOLE: Final = (
    f"i.id, i.version, {_INCIDENT.row('i')} AS row, {_ASSIGNMENTS} AS assignments FROM incidents i"
)


def lock_intake(connection: Connection, city_id: UUID) -> None:
    """Let nobody else take an incident in for a city until the transaction ends."""
    connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('incidents of ' || %s, 0))", [str(city_id)]
    )


_IN_A_BOX: Final = "i.geom && ST_MakeEnvelope(%s, %s, %s, %s, 4326)"
_NEAR: Final = f"""
SELECT i.id, i.version, {_INCIDENT.row("i")} AS row FROM incidents i
WHERE i.city_id = %s AND i.deleted_ms IS NULL AND i.merged_into IS NULL AND {_IS_OPEN}
  AND ({{boxes}})
ORDER BY i.id FOR UPDATE OF i
"""


def lock_open(connection: Connection, city_id: UUID, boxes: Sequence[Bounds]) -> list[Standing]:
    """Lock and read the open incidents in one or more rectangles, in the order of their ids."""
    query = _NEAR.format(boxes=" OR ".join([_IN_A_BOX] * len(boxes)))
    with connection.cursor(row_factory=class_row(Standing)) as cursor:
        return cursor.execute(query.encode(), [city_id, *chain.from_iterable(boxes)]).fetchall()


_BY_ID: Final = f"""
SELECT i.id, i.version, {_INCIDENT.row("i")} AS row FROM incidents i
WHERE i.city_id = ANY (%s) AND i.id = %s {{more}} FOR UPDATE OF i"""


def lock_known(connection: Connection, city_id: UUID, incident_id: UUID) -> Standing | None:
    """Lock and read an incident, also a deleted one."""
    return _lock_by_id(connection, _BY_ID.format(more=""), [[city_id], incident_id])


def lock_one(
    connection: Connection, city_ids: Collection[UUID], incident_id: UUID
) -> Standing | None:
    """Lock and read an incident that is not deleted."""
    query = _BY_ID.format(more="AND i.deleted_ms IS NULL")
    return _lock_by_id(connection, query, [list(city_ids), incident_id])


def lock_free(connection: Connection, city_id: UUID, incident_id: UUID) -> Standing | None:
    """Lock and read an incident that is not deleted and that nobody else has locked just now."""
    query = _BY_ID.format(more="AND i.deleted_ms IS NULL") + " SKIP LOCKED"
    return _lock_by_id(connection, query, [[city_id], incident_id])


def _lock_by_id(connection: Connection, query: str, values: Sequence[object]) -> Standing | None:
    with connection.cursor(row_factory=class_row(Standing)) as cursor:
        return cursor.execute(query.encode(), values).fetchone()


class City(NamedTuple):
    """What of a city an intake needs: its name, its edges, and who is near a place."""

    name: str
    west: float
    south: float
    east: float
    north: float
    station_id: UUID | None
    ward_id: UUID | None


_CITY: Final = """
SELECT c.name, c.west, c.south, c.east, c.north,
  (SELECT s.id FROM stations s WHERE s.city_id = c.id
   ORDER BY ST_DistanceSphere(ST_MakePoint(s.lon, s.lat), ST_MakePoint(%(lon)s, %(lat)s)), s.id
   LIMIT 1) AS station_id,
  (SELECT w.id FROM wards w WHERE w.city_id = c.id
   AND ST_Covers(w.geom, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326))
   ORDER BY w.id LIMIT 1) AS ward_id
FROM cities c WHERE c.id = %(city)s
"""


def find_city(connection: Connection, city_id: UUID, lon: float, lat: float) -> City | None:
    """Return a city with the station nearest to a place, and the ward that the place is in."""
    with connection.cursor(row_factory=class_row(City)) as cursor:
        return cursor.execute(_CITY, {"city": city_id, "lon": lon, "lat": lat}).fetchone()


_TAKE_NUMBER: Final = """
INSERT INTO incident_numbers AS n (tenant_id, city_id, year, last)
SELECT tenant_id, id, extract(year FROM now() AT TIME ZONE time_zone)::int, 1
FROM cities WHERE id = %s
ON CONFLICT (city_id, year) DO UPDATE SET last = n.last + 1 RETURNING year, last
"""


def take_number(connection: Connection, city_id: UUID) -> tuple[int, int]:
    """Return the city's year and the next number of it; what is rolled back is given again."""
    found = one(connection, _TAKE_NUMBER, city_id)
    if found is None:
        raise AssertionError("the city was read before")
    return found["year"], found["last"]


def find_incidents(connection: Connection, wanted: Wanted) -> list[dict[str, Any]]:
    """Return a page of incidents with their assignments."""
    where = "i.city_id = ANY (%s) AND i.deleted_ms IS NULL AND i.reported_ms >= %s"
    where += " AND (i.reported_ms, i.id) < (%s, %s)"
    values: list[object] = [wanted.city_ids, wanted.since_ms, *wanted.before]
    if wanted.is_open:
        where += f" AND i.merged_into IS NULL AND {_IS_OPEN}"
    if wanted.bounds is not None:
        where += f" AND {_IN_A_BOX}"
        values += wanted.bounds
    query = f"SELECT {_WHOLE} WHERE {where} ORDER BY i.reported_ms DESC, i.id DESC LIMIT %s"
    return connection.execute(query.encode(), [*values, wanted.limit]).fetchall()


def find_one(
    connection: Connection, city_ids: Collection[UUID], incident_id: UUID
) -> dict[str, Any] | None:
    """Return an incident with its assignments."""
    query = f"SELECT {_WHOLE} WHERE i.city_id = ANY (%s) AND i.id = %s AND i.deleted_ms IS NULL"
    return connection.execute(query.encode(), [list(city_ids), incident_id]).fetchone()


_TIMELINE: Final = """
SELECT e.seq, e.id, e.action_id, e.entity, e.entity_id, e.version, e.action, e.changes, e.note,
  e.actor_id, e.device_id, e.at_ms, e.received_ms
FROM events e WHERE e.city_id = %(city)s AND e.seq > %(after)s AND e.entity_id = ANY (
  ARRAY(SELECT a.id FROM assignments a
    WHERE a.city_id = %(city)s AND a.incident_id = %(incident)s) || %(incident)s::uuid)
ORDER BY e.seq LIMIT %(limit)s
"""


def find_events(
    connection: Connection, place: tuple[UUID, UUID], after: int, limit: int
) -> list[dict[str, Any]]:
    """Return events of an incident (its city, its id) and of its assignments after a number."""
    city_id, incident_id = place
    values = {"city": city_id, "incident": incident_id, "after": after, "limit": limit}
    return connection.execute(_TIMELINE, values).fetchall()


def add_verification(
    connection: Connection, place: tuple[UUID, UUID], incident_id: UUID, person: bytes
) -> bool:
    """Note that somebody says it is so; tell whether they had not before."""
    query = (
        "INSERT INTO incident_verifications (tenant_id, city_id, incident_id, person) "
        "VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
    )
    return connection.execute(query, [*place, incident_id, person]).rowcount == 1


_SENT: Final = """
SELECT a.id, a.version, a.unit_id, u.version AS unit_version,
  u.assignment_id = a.id AS is_claimed
FROM assignments a JOIN units u ON u.city_id = a.city_id AND u.id = a.unit_id
WHERE a.city_id = %s AND a.incident_id = %s AND a.cleared_ms IS NULL AND a.withdrawn_ms IS NULL
ORDER BY a.id
"""


def find_sent(connection: Connection, city_id: UUID, incident_id: UUID) -> list[dict[str, Any]]:
    """Return the open assignments of an incident, and whether their units claim them."""
    return rows(connection, _SENT, city_id, incident_id)


_UNANSWERED: Final = """
SELECT tenant_id, city_id, id, severity, vehicle_count, injuries, lanes_blocked, accounts, unit_id
FROM incidents WHERE acknowledged_ms IS NULL AND escalated_ms IS NULL AND cleared_ms IS NULL
  AND deleted_ms IS NULL
"""


def find_unanswered(connection: Connection) -> list[dict[str, Any]]:
    """Return what says how bad each open incident is that nobody has acknowledged, of any city."""
    return rows(connection, _UNANSWERED)


# Since it was filed, became worse, was opened again, or an acknowledgement was taken back.
_WAITED: Final = """
SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint - coalesce(max(received_ms), 0) AS ms
FROM events WHERE city_id = %s AND entity_id = %s AND changes::jsonb ?| ARRAY['severity', 'unit_id',
  'vehicle_count', 'injuries', 'lanes_blocked', 'acknowledged_ms', 'cleared_ms', 'deleted_ms']
"""


def waited_ms(connection: Connection, city_id: UUID, incident_id: UUID) -> int:
    """Return for how long an incident has waited for somebody to acknowledge it."""
    return int(rows(connection, _WAITED, city_id, incident_id)[0]["ms"])
