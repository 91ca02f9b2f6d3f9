"""Units, where they are and where they were, as the database has them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from psycopg.rows import tuple_row

from sync_server.db.channels import POSITIONS
from sync_server.db.engine import Connection
from sync_server.sync.tables import TABLES
from sync_server.units.tracking import Judged, Known
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.wire.live import UnitPosition

_SLOT_MS: Final = 5_000  # a track has a point for each of these at most
_FACTS: Final = ("lon", "lat", "at_ms", "accuracy_m", "speed_mps", "heading")
_LAST: Final = ", ".join(f"'{name}', p.{name}" for name in _FACTS)
_POSITION: Final = f"json_strip_nulls(json_build_object('unit_id', p.unit_id, {_LAST}))"


class Kept(NamedTuple):
    """A unit's last known position, and when it was kept (the database's clock, epoch ms)."""

    position: UnitPosition
    kept_ms: int


class Written(NamedTuple):
    """A unit's city, what its positions came to, and what was known before."""

    city_id: UUID
    judged: Judged
    before: Known = Known()

    def new_track(self) -> list[UnitPosition]:
        """Return the points of its way but for those in whose stretch it was last."""
        last = self.before.last
        slot = None if last is None else last.at_ms // _SLOT_MS
        return [each for each in self.judged.track if each.at_ms // _SLOT_MS != slot]


# One by one through the keys: without statistics the planner compares every unit with every other.
_FIND_KNOWN: Final = f"""
SELECT u.city_id, u.id, CASE WHEN p.unit_id IS NULL THEN NULL ELSE {_POSITION}::text END,
  p.doubted::text
FROM unnest(%s::uuid[]) AS asked (id)
CROSS JOIN LATERAL (SELECT city_id, id FROM units
  WHERE city_id = ANY (%s) AND id = asked.id AND deleted_ms IS NULL OFFSET 0) u
LEFT JOIN LATERAL (SELECT * FROM unit_positions
  WHERE city_id = u.city_id AND unit_id = u.id OFFSET 0) p ON true
"""


def find_known(
    connection: Connection, city_ids: Collection[UUID], unit_ids: Collection[UUID]
) -> dict[UUID, tuple[UUID, Known]]:
    """Return each unit's city and where it was last."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(_FIND_KNOWN.encode(), [list(unit_ids), list(city_ids)])
        return {
            unit_id: (city_id, Known(_position(last), _position(doubted)))
            for city_id, unit_id, last, doubted in found
        }


def _position(text: str | None) -> UnitPosition | None:
    return None if text is None else msgspec.json.decode(text, type=UnitPosition)


_WRITE: Final = """
INSERT INTO unit_positions AS p (tenant_id, city_id, unit_id, lon, lat, at_ms, accuracy_m,
  speed_mps, heading, doubted, moved_ms)
SELECT %(tenant)s, city_id, unit_id, lon, lat, at_ms, accuracy_m, speed_mps, heading, doubted,
  (extract(epoch FROM clock_timestamp()) * 1000)::bigint
FROM json_to_recordset(%(rows)s::json) AS n (city_id uuid, unit_id uuid, lon float8, lat float8,
  at_ms bigint, accuracy_m float8, speed_mps float8, heading float8, doubted jsonb)
ORDER BY city_id, unit_id
ON CONFLICT (city_id, unit_id) DO UPDATE SET lon = excluded.lon, lat = excluded.lat,
  at_ms = excluded.at_ms, accuracy_m = excluded.accuracy_m, speed_mps = excluded.speed_mps,
  heading = excluded.heading, doubted = excluded.doubted,
  moved_ms = CASE WHEN excluded.at_ms > p.at_ms THEN excluded.moved_ms ELSE p.moved_ms END
  WHERE excluded.at_ms >= p.at_ms
"""
_TRACK: Final = f"""
INSERT INTO unit_tracks (tenant_id, city_id, unit_id, slot, lon, lat, at_ms)
SELECT %(tenant)s, city_id, unit_id, at_ms / {_SLOT_MS}, lon, lat, at_ms
FROM json_to_recordset(%(rows)s::json) AS n (city_id uuid, unit_id uuid, lon float8, lat float8,
  at_ms bigint)
ON CONFLICT DO NOTHING
"""


def hasten(connection: Connection) -> None:
    """Let the transaction not wait for the disk: where a unit is now it says again soon."""
    connection.execute("SET LOCAL synchronous_commit = off")


def write(connection: Connection, tenant_id: UUID, written: Iterable[Written]) -> None:
    """Write where units are, and tell that some have moved when the transaction commits.

    What another sender has written of a unit meanwhile stays if it is newer.
    """
    rows, cities = list[Mapping[str, object]](), set[UUID]()
    for city_id, judged, _ in written:
        last, doubted = judged.known
        if last is None or not judged.is_changed:
            continue
        rows.append({**msgspec.structs.asdict(last), "city_id": city_id, "doubted": doubted})
        if judged.is_moved:
            cities.add(city_id)
    _execute(connection, _WRITE, {"tenant": tenant_id}, rows)
    for city_id in sorted(cities):
        connection.execute("SELECT pg_notify(%s, %s)", [POSITIONS, str(city_id)])


def keep_track(
    connection: Connection, tenant_id: UUID, written: Iterable[Written], since_ms: int
) -> None:
    """Write where units came by since a time; of what is too close together the first stays."""
    rows = [
        {**msgspec.structs.asdict(each), "city_id": unit.city_id}
        for unit in written
        for each in unit.new_track()
        if each.at_ms >= since_ms
    ]
    _execute(connection, _TRACK, {"tenant": tenant_id}, rows)


def _execute(
    connection: Connection,
    query: str,
    values: Mapping[str, object],
    rows: Sequence[Mapping[str, object]],
) -> None:
    if rows:
        text = msgspec.json.encode(rows).decode()
        connection.execute(query.encode(), {**values, "rows": text})


_FIND_POSITIONS: Final = f"""
SELECT {_POSITION}::text, p.moved_ms FROM unit_positions p JOIN units u
  ON u.city_id = p.city_id AND u.id = p.unit_id AND u.deleted_ms IS NULL
WHERE p.city_id = ANY (%s) AND p.moved_ms >= %s ORDER BY p.city_id, p.unit_id
"""


def find_positions(connection: Connection, city_ids: Collection[UUID], since_ms: int) -> list[Kept]:
    """Return where the units of cities are that moved since, by the database's clock."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(_FIND_POSITIONS.encode(), [list(city_ids), since_ms])
        return [
            Kept(msgspec.json.decode(text, type=UnitPosition), kept_ms) for text, kept_ms in found
        ]


_UNIT, _ASSIGNMENT = TABLES[Entity.UNIT], TABLES[Entity.ASSIGNMENT]
_FIND_UNITS: Final = f"""
SELECT u.id, u.version, {_UNIT.row("u")} AS row,
  CASE WHEN a.id IS NULL THEN NULL ELSE
    json_build_object('id', a.id, 'row', {_ASSIGNMENT.row("a")}) END AS assignment,
  CASE WHEN p.unit_id IS NULL THEN NULL ELSE {_POSITION} END AS position
FROM units u
LEFT JOIN assignments a ON a.city_id = u.city_id AND a.id = u.assignment_id
  AND a.cleared_ms IS NULL AND a.withdrawn_ms IS NULL
LEFT JOIN unit_positions p ON p.city_id = u.city_id AND p.unit_id = u.id
WHERE u.city_id = ANY (%(cities)s) AND u.deleted_ms IS NULL AND u.id > %(after)s
ORDER BY u.id LIMIT %(limit)s
"""


def find_units(
    connection: Connection, city_ids: Collection[UUID], after: UUID, limit: int
) -> list[dict[str, Any]]:
    """Return the units of cities after an id, with what they were sent to and where they are."""
    values = {"cities": list(city_ids), "after": after, "limit": limit}
    return connection.execute(_FIND_UNITS.encode(), values).fetchall()


def forget_tracks(connection: Connection, before_ms: int, most: int) -> int:
    """Remove the oldest points of tracks before a time; return how many went."""
    query = (
        "DELETE FROM unit_tracks WHERE ctid = ANY (ARRAY("
        "SELECT ctid FROM unit_tracks WHERE at_ms < %s LIMIT %s))"
    )
    return connection.execute(query, [before_ms, most]).rowcount
