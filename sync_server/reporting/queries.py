"""What reports ask of the database beside figures: a city, what comes back, deeds, desks."""

from typing import Any, Final
from uuid import UUID

from sync_server.analytics.queries import Question, Rows
from sync_server.db.engine import Connection, one, rows
from trafficdesk.domain.calendar import DAY_MS
from trafficdesk.domain.geometry import boxes_of
from trafficdesk.domain.records import Bounds, Place

_HAPPENED: Final = (
    "r.occurred_ms >= %(from_ms)s AND r.occurred_ms < %(to_ms)s "
    "AND r.status NOT IN ('rejected', 'duplicate')"
)
_DAY: Final = f"(r.occurred_ms + %(offset)s) / {DAY_MS}"
_SAMPLE: Final = 300


def find_city(connection: Connection, city_id: UUID) -> dict[str, Any]:
    """Return a city's name, zone and middle. Raises ``LookupError``."""
    found = one(connection, "SELECT * FROM cities WHERE id = %s", city_id)
    if found is None:
        raise LookupError(city_id)
    return found


def find_city_named(connection: Connection, code: str) -> list[dict[str, Any]]:
    """Return the cities of a code, of every agency."""
    return rows(connection, "SELECT * FROM cities WHERE code = %s", code)


def _ask(connection: Connection, query: str, asked: Question, **more: object) -> Rows:
    values = asked.values(asked.edges()) | more
    return connection.execute(query.encode(), values).fetchall()


def find_repeated(connection: Connection, asked: Question, least: int, at_most: int) -> Rows:
    """Return the vehicles with most reports that happened in a scope."""
    return _ask(
        connection,
        "SELECT r.plate, count(*) AS n, max(r.severity) AS worst, min(r.occurred_ms) AS first_ms, "
        f"max(r.occurred_ms) AS last_ms FROM reports r WHERE {asked.of('r')} AND {_HAPPENED} "
        "AND r.plate <> '' GROUP BY r.plate HAVING count(*) >= %(least)s "
        "ORDER BY 2 DESC, 3 DESC, 5 DESC, 1 LIMIT %(at_most)s",
        asked,
        least=least,
        at_most=at_most,
    )


def find_happenings(connection: Connection, asked: Question) -> Rows:
    """Return where and when everything of a scope happened, and of which type it was."""
    return _ask(
        connection,
        "SELECT r.lon, r.lat, r.occurred_ms, coalesce(r.violations ->> 0, '') AS violation "
        f"FROM reports r WHERE {asked.of('r')} AND {_HAPPENED}",
        asked,
    )


def count_wards_by_day(connection: Connection, asked: Question) -> Rows:
    """Return how much happened in each ward on each day of a scope."""
    return _ask(
        connection,
        f"SELECT r.ward_id AS part, {_DAY} AS day, count(*) AS n FROM reports r "
        f"WHERE {asked.of('r')} AND {_HAPPENED} GROUP BY 1, 2",
        asked,
    )


def count_types_by_day(connection: Connection, asked: Question) -> Rows:
    """Return how much happened of each type on each day of a scope."""
    return _ask(
        connection,
        f"SELECT coalesce(r.violations ->> 0, '') AS part, {_DAY} AS day, count(*) AS n "
        f"FROM reports r WHERE {asked.of('r')} AND {_HAPPENED} GROUP BY 1, 2",
        asked,
    )


def find_name(connection: Connection, city_id: UUID, box: Bounds, middle: Place) -> str:
    """Return the street and the ward of a box as its middle has it; '' where none is known."""
    ward = one(
        connection,
        "SELECT name FROM wards WHERE city_id = %s AND ST_Covers(geom, "
        "ST_SetSRID(ST_MakePoint(%s, %s), 4326)) ORDER BY id LIMIT 1",
        city_id,
        *middle,
    )
    known = (_find_street(connection, city_id, box), "" if ward is None else str(ward["name"]))
    return ", ".join(filter(None, known))


def _find_street(connection: Connection, city_id: UUID, box: Bounds) -> str:
    """Return what most reports of a box call their street, '' where none has an address."""
    boxes = boxes_of(box)
    within = " OR ".join(["geom && ST_MakeEnvelope(%s, %s, %s, %s, 4326)"] * len(boxes))
    found = one(
        connection,
        "SELECT name FROM (SELECT trim(split_part(address, ',', 1)) AS name FROM reports "
        f"WHERE city_id = %s AND deleted_ms IS NULL AND ({within}) LIMIT %s) named "
        "WHERE name <> '' GROUP BY name ORDER BY count(*) DESC, name LIMIT 1",
        city_id,
        *(edge for each in boxes for edge in each),
        _SAMPLE,
    )
    return "" if found is None else str(found["name"])


def count_deeds(connection: Connection, tenant_id: UUID, span_ms: tuple[int, int]) -> Rows:
    """Return how often who did what, by an agency's audit chain."""
    return rows(
        connection,
        "SELECT a.action, coalesce(u.name, '') AS name, count(*) AS n FROM audit a "
        "LEFT JOIN users u ON u.id = a.actor_id WHERE a.chain = %s AND a.at_ms >= %s "
        "AND a.at_ms < %s GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2",
        tenant_id,
        *span_ms,
    )


def find_desks(connection: Connection, city_id: UUID) -> Rows:
    """Return the desks that see a city, and when each was last heard of."""
    return rows(
        connection,
        "SELECT d.desk_code AS code, d.revoked_at IS NOT NULL AS is_revoked, "
        "floor(extract(epoch FROM d.seen_at) * 1000)::bigint AS seen_ms, "
        "d.seen_at < now() - interval '7 days' OR d.seen_at IS NULL AS is_silent "
        "FROM devices d WHERE %s = ANY (d.city_ids) ORDER BY 1",
        city_id,
    )


def count_held(connection: Connection, city_id: UUID) -> dict[str, Any]:
    """Return how many reports, incidents and open conflicts a city has."""
    found = one(
        connection,
        "SELECT (SELECT count(*) FROM reports WHERE city_id = %s AND deleted_ms IS NULL) "
        "AS reports, (SELECT count(*) FROM incidents WHERE city_id = %s AND deleted_ms IS NULL) "
        "AS incidents, (SELECT count(*) FROM conflicts WHERE city_id = %s AND status = 'open') "
        "AS conflicts",
        *(city_id,) * 3,
    )
    return found or {}
