"""Pages of changes and of snapshots, built as JSON by PostgreSQL, within a device's scope."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from psycopg.rows import tuple_row

from sync_server.db.engine import Connection
from sync_server.sync.scope import Device, SnapshotPlace, Stretch
from sync_server.sync.tables import TABLES
from trafficdesk.domain.vocabulary import Entity, ReportStatus
from trafficdesk.wire.fields import CITY_WIDE, SNAPSHOT_ORDER

DAY_MS: Final = 86_400_000
_MOST_TOTALS: Final = 10_000
_MOST_SCANNED: Final = 5_000  # of a device's own work, which a page need not tell
OPEN_STATUSES: Final = (
    ReportStatus.PENDING,
    ReportStatus.UNDER_REVIEW,
    ReportStatus.NEEDS_INFO,
    ReportStatus.APPROVED,
)
_OPEN: Final = ", ".join(f"'{status}'" for status in OPEN_STATUSES)
# Patterns of SQL for a table's alias; ``stations`` and ``from_ms`` are bound.
AT_STATION: Final = (
    "({0}.station_id IS NULL OR cardinality(%(stations)s::uuid[]) = 0 "
    "OR {0}.station_id = ANY (%(stations)s::uuid[]))"
)
REPORT_SEEN: Final = (
    AT_STATION + f" AND ({{0}}.reported_ms >= %(from_ms)s OR {{0}}.status IN ({_OPEN}))"
)
# Incidents, units and assignments are their whole city's; so are conflicts about these.
_CITY_WIDE: Final = ", ".join(f"'{entity}'" for entity in sorted(CITY_WIDE))
INCIDENT_SEEN: Final = (
    "(({0}.cleared_ms IS NULL AND {0}.deleted_ms IS NULL) OR {0}.reported_ms >= %(from_ms)s "
    "OR EXISTS (SELECT FROM assignments a WHERE a.city_id = {0}.city_id "
    "AND a.incident_id = {0}.id AND a.cleared_ms IS NULL AND a.withdrawn_ms IS NULL))"
)
# What of each kind a device sees; the city is asked for by itself.
_SEEN: Final[Mapping[Entity, str]] = {
    Entity.GEOFENCE: AT_STATION,
    Entity.REPORT: REPORT_SEEN,
    # What hangs on a report is seen with it.
    Entity.CITATION: "EXISTS (SELECT FROM reports r WHERE (r.city_id = {0}.city_id) IS TRUE "
    "AND r.id = {0}.report_id AND " + REPORT_SEEN.format("r") + ")",
    Entity.INCIDENT: INCIDENT_SEEN,
    Entity.ASSIGNMENT: "EXISTS (SELECT FROM incidents i WHERE (i.city_id = {0}.city_id) IS TRUE "
    "AND i.id = {0}.incident_id AND " + INCIDENT_SEEN.format("i") + ")",
    Entity.CONFLICT: f"({{0}}.record_entity IN ({_CITY_WIDE}) OR {AT_STATION}) "
    "AND ({0}.opened_ms >= %(from_ms)s OR {0}.status = 'open')",
}


def _seen(entity: Entity, alias: str) -> str:
    return _SEEN.get(entity, "true").format(alias)


def window_from_ms(device: Device, now_ms: int) -> int:
    """Return where the device's window begins: at the start of a day (UTC), so that it rests."""
    return (now_ms // DAY_MS - device.window_days) * DAY_MS


def _found(entity: Entity) -> str:
    """Return SQL of a touched record ``o``: its row, ``true`` if it need not be told, or null.

    ``IS TRUE`` keeps the city from leading the planner to an index that holds it and not the id.
    """
    table = TABLES[entity]
    return (
        f"SELECT CASE WHEN o.is_told THEN {table.record('t')} ELSE to_json(true) END "
        f"FROM {table.name} t WHERE (t.{table.city} = %(city)s) IS TRUE AND t.id = o.entity_id "
        f"AND {_seen(entity, 't')}"
    )


# A subquery for each record, so one by one through the key. Joins would be planned by how many
# rows the planner thinks that a page has; while it has no statistics it thinks one, and then
# compares each with each: seconds for a page of thousands.
_FOUND: Final = (
    "SELECT o.*, CASE o.entity "
    + " ".join(f"WHEN '{entity}' THEN ({_found(entity)})" for entity in TABLES)
    + " END AS record FROM touched o"
)
# Never a join either: what is not in is looked up in a hash.
_IS_SEEN: Final = (
    "(entity, entity_id) NOT IN (SELECT entity, entity_id FROM found WHERE record IS NULL)"
)

_EVENT: Final = """
json_build_object('seq', e.seq, 'id', e.id, 'action_id', e.action_id, 'entity', e.entity,
  'entity_id', e.entity_id, 'version', e.version, 'action', e.action, 'changes', e.changes,
  'note', e.note, 'actor_id', e.actor_id, 'device_id', e.device_id, 'at_ms', e.at_ms,
  'received_ms', e.received_ms)
"""
# Whether a device sees an incident beyond its window hangs on assignments, and these on it: where
# one of the two is touched, the other is looked at again. A citation goes with its report: where
# that may have come from beyond window or stations, its citations are looked at again.
_HANGING: Final = f"""
  SELECT '{Entity.INCIDENT}' AS entity, CASE WHEN entity = '{Entity.ASSIGNMENT}' THEN (
    SELECT i.id FROM incidents i WHERE (i.city_id = %(city)s) IS TRUE
      AND i.reported_ms < %(from_ms)s AND i.id = (SELECT a.incident_id FROM assignments a
        WHERE (a.city_id = %(city)s) IS TRUE AND a.id = p.entity_id)) END AS entity_id, is_told
  FROM page p
  UNION ALL
  SELECT '{Entity.ASSIGNMENT}', unnest(CASE WHEN entity = '{Entity.INCIDENT}' AND EXISTS (
    SELECT FROM incidents i WHERE (i.city_id = %(city)s) IS TRUE AND i.id = p.entity_id
      AND i.reported_ms < %(from_ms)s) THEN ARRAY(SELECT a.id FROM assignments a
        WHERE a.city_id = %(city)s AND a.incident_id = p.entity_id) END), is_told
  FROM page p
  UNION ALL
  SELECT '{Entity.CITATION}', unnest(CASE WHEN entity = '{Entity.REPORT}' AND (is_moved OR EXISTS (
    SELECT FROM reports r WHERE (r.city_id = %(city)s) IS TRUE AND r.id = p.entity_id
      AND r.reported_ms < %(from_ms)s)) THEN ARRAY(SELECT c.id FROM citations c
        WHERE c.city_id = %(city)s AND c.report_id = p.entity_id) END), is_told
  FROM page p
"""
# ``knowing`` is the device whose own work is not told, or null; conflicts are told to everybody.
_CHANGES: Final = f"""
WITH scanned AS (
  SELECT *, entity = '{Entity.CONFLICT}'
    OR device_id IS DISTINCT FROM %(knowing)s::uuid AS is_told
  FROM events WHERE city_id = %(city)s AND seq > %(after)s ORDER BY seq LIMIT %(most)s
), counted AS (
  SELECT *, count(*) FILTER (WHERE is_told) OVER (ORDER BY seq) AS told FROM scanned
), page AS MATERIALIZED (
  SELECT seq, entity, entity_id, is_told, CASE WHEN is_told THEN {_EVENT} END AS event,
    version > 1 AND changes -> 'station_id' IS NOT NULL AS is_moved
  FROM counted e WHERE told <= %(limit)s
), hanging AS ({_HANGING}), touched AS (
  SELECT entity, entity_id, bool_or(is_told) AS is_told FROM (
    SELECT entity, entity_id, is_told FROM page
    UNION ALL SELECT * FROM hanging WHERE entity_id IS NOT NULL) t GROUP BY entity, entity_id
), found AS MATERIALIZED ({_FOUND}), head AS (
  SELECT seq FROM feed_counters WHERE city_id = %(city)s
)
SELECT convert_to(json_build_object(
  'epoch', (SELECT epoch FROM server_state), 'scope_id', %(scope)s::uuid,
  'city_id', %(city)s::uuid, 'after', %(after)s::bigint,
  'upto', coalesce((SELECT max(seq) FROM page), least(%(after)s::bigint, h.seq)),
  'head', h.seq, 'window_from_ms', %(from_ms)s::bigint, 'server_time_ms', %(now_ms)s::bigint,
  'records', (SELECT coalesce(json_agg(record), '[]') FROM found
    WHERE is_told AND record IS NOT NULL),
  'left', (SELECT coalesce(json_agg(json_build_object('entity', entity, 'id', entity_id)), '[]')
    FROM found WHERE record IS NULL),
  'events', (SELECT coalesce(json_agg(event ORDER BY seq), '[]') FROM page
    WHERE is_told AND {_IS_SEEN})
)::text, 'UTF8') FROM head h
"""


_HISTORY: Final = f"""
WITH page AS MATERIALIZED (
  SELECT seq, entity, entity_id, {_EVENT} AS event
  FROM events e WHERE city_id = %(city)s AND seq > %(after)s AND seq <= %(until)s
  ORDER BY seq LIMIT %(limit)s
), touched AS (
  SELECT DISTINCT entity, entity_id, false AS is_told FROM page
), found AS MATERIALIZED ({_FOUND})
SELECT convert_to(json_build_object(
  'epoch', (SELECT epoch FROM server_state), 'scope_id', %(scope)s::uuid,
  'city_id', %(city)s::uuid, 'after', %(after)s::bigint,
  'upto', CASE WHEN (SELECT count(*) FROM page) < %(limit)s THEN %(until)s::bigint
    ELSE (SELECT max(seq) FROM page) END,
  'events', (SELECT coalesce(json_agg(event ORDER BY seq), '[]') FROM page WHERE {_IS_SEEN})
)::text, 'UTF8') FROM feed_counters h WHERE h.city_id = %(city)s
"""


def _snapshot(entity: Entity, *, newest_first: bool) -> bytes:
    table = TABLES[entity]
    where = f"t.{table.city} = %(city)s AND {_seen(entity, 't')}"
    # A page upwards says nothing of its way: so it was before there were others.
    beyond, way, last, said = (
        ("<", "DESC", "min", "'newest_first', true,") if newest_first else (">", "ASC", "max", "")
    )
    return f"""
WITH page AS MATERIALIZED (
  SELECT t.id, {table.record("t")} AS record FROM {table.name} t
  WHERE {where} AND t.id {beyond} %(after)s ORDER BY t.id {way} LIMIT %(limit)s
)
SELECT convert_to(json_build_object(
  'epoch', (SELECT epoch FROM server_state), 'scope_id', %(scope)s::uuid,
  'city_id', %(city)s::uuid, 'at_seq', h.seq, {said}
  'total', %(total)s::bigint,
  'window_from_ms', %(from_ms)s::bigint, 'server_time_ms', %(now_ms)s::bigint,
  'records', (SELECT coalesce(json_agg(record ORDER BY id {way}), '[]') FROM page),
  'next_after', (SELECT CASE WHEN count(*) = %(limit)s THEN {last}(id::text) END FROM page)
)::text, 'UTF8') FROM feed_counters h WHERE h.city_id = %(city)s
""".encode()


def _total(entity: Entity) -> bytes:
    table = TABLES[entity]
    where = f"t.{table.city} = %(city)s AND {_seen(entity, 't')}"
    return f"SELECT count(*) FROM {table.name} t WHERE {where}".encode()


_SNAPSHOTS: Final = {
    newest_first: {
        entity: _snapshot(entity, newest_first=newest_first) for entity in SNAPSHOT_ORDER
    }
    for newest_first in (False, True)
}
_TOTALS: Final = {entity: _total(entity) for entity in SNAPSHOT_ORDER}
_ENDS: Final = {False: UUID(int=0), True: UUID(int=2**128 - 1)}


def _values(device: Device, city_id: UUID, limit: int, now_ms: int) -> dict[str, Any]:
    return {
        "city": city_id,
        "limit": limit,
        "now_ms": now_ms,
        "scope": device.scope_id,
        "from_ms": window_from_ms(device, now_ms),
        "stations": "{" + ",".join(sorted(device.station_ids)) + "}",
    }


def build_changes(
    connection: Connection, device: Device, city_id: UUID, stretch: Stretch
) -> bytes | None:
    """Return a ``ChangesPage`` as JSON; None if the city has no feed."""
    values = {
        **_values(device, city_id, stretch.limit, _now_ms(connection)),
        "after": stretch.after,
        "knowing": None if stretch.own else device.id,
        "most": stretch.limit if stretch.own else max(stretch.limit, _MOST_SCANNED),
    }
    return _build(connection, _CHANGES.encode(), values)


def build_history(
    connection: Connection, device: Device, place: tuple[UUID, int, int], limit: int
) -> bytes | None:
    """Return a ``HistoryPage`` of a city between two numbers as JSON; None if it has no feed."""
    city_id, after, until = place
    values = _values(device, city_id, limit, _now_ms(connection))
    return _build(connection, _HISTORY.encode(), {**values, "after": after, "until": until})


def build_snapshot(
    connection: Connection,
    device: Device,
    place: SnapshotPlace,
    limit: int,
    totals: "Totals",
) -> bytes | None:
    """Return a ``SnapshotPage`` that goes on from a place, as JSON; None if the city has no feed.

    Its kind of record must be known.
    """
    city_id, entity, after = place.city_id, Entity(place.entity), place.after
    values = _values(device, city_id, limit, _now_ms(connection))
    key = (device.scope_id, city_id, entity)
    total = None if after is None else totals.find(key)
    if total is None:
        total = _count(connection, _TOTALS[entity], values)
        totals.keep(key, total)
    values |= {"after": after or _ENDS[place.newest_first], "total": total}
    return _build(connection, _SNAPSHOTS[place.newest_first][entity], values)


class Totals:
    """How many records snapshots had when they began: for progress, so counted once."""

    def __init__(self) -> None:
        self._kept = OrderedDict[tuple[UUID, UUID, Entity], int]()

    def find(self, key: tuple[UUID, UUID, Entity]) -> int | None:
        """Return a scope's count of a city's kind of record."""
        return self._kept.get(key)

    def keep(self, key: tuple[UUID, UUID, Entity], total: int) -> None:
        """Keep a count; the oldest makes room."""
        self._kept[key] = total
        while len(self._kept) > _MOST_TOTALS:
            self._kept.popitem(last=False)


def _count(connection: Connection, query: bytes, values: Mapping[str, Any]) -> int:
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(query, values).fetchone()
    return 0 if found is None else int(found[0])


def _build(connection: Connection, query: bytes, values: Mapping[str, Any]) -> bytes | None:
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        found = cursor.execute(query, values).fetchone()
    return None if found is None else bytes(found[0])


def _now_ms(connection: Connection) -> int:
    query = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(query).fetchone()
    return 0 if found is None else int(found[0])


_WELCOME: Final = """
SELECT s.epoch, coalesce(s.restored_at -> %s, '{}'),
  (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
  (SELECT coalesce(json_object_agg(city_id, seq), '{}') FROM feed_counters
   WHERE city_id = ANY (%s::uuid[]))
FROM server_state s
"""


def read_state(
    connection: Connection, device: Device, known: UUID | None
) -> tuple[UUID, dict[str, int], int, dict[str, int]]:
    """Return the epoch, where an earlier one that is ``known`` ended, the time (ms), the heads.

    An epoch that is no ancestor of this one ended before anything: nothing of it is sure.
    """
    cities = "{" + ",".join(sorted(device.city_ids)) + "}"
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(_WELCOME, [str(known), cities]).fetchone()
    if found is None:
        raise AssertionError("a migrated database has its state")
    epoch, restored_at, now_ms, heads = found
    return epoch, restored_at, now_ms, heads
