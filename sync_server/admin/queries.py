"""What operators ask of the database, and the places they add."""

from typing import Any, Final
from uuid import UUID

from sync_server.admin.places import CityFile
from sync_server.db.engine import APP_ROLE, Connection, one, rows


def ask_database(connection: Connection) -> str:
    """Return the schema the database has; raises what psycopg raises when it is away."""
    found = one(connection, "SELECT version_num FROM alembic_version")
    return str(found["version_num"]) if found else ""


def may_write(connection: Connection) -> bool:
    """Tell whether the database takes writes: a standby that was never promoted does not."""
    found = one(connection, "SELECT current_setting('transaction_read_only') = 'off' AS may")
    return bool(found and found["may"])


def read_clock(connection: Connection) -> float:
    """Return the database's clock in epoch seconds."""
    (found,) = rows(connection, "SELECT extract(epoch FROM clock_timestamp())::float8 AS now_s")
    now_s: float = found["now_s"]
    return now_s


_LOST: Final = """
SELECT a.id, a.city_id, CASE WHEN i.id IS NULL THEN 'incident' ELSE 'unit' END AS lacks
FROM assignments a
LEFT JOIN incidents i ON i.city_id = a.city_id AND i.id = a.incident_id
LEFT JOIN units u ON u.city_id = a.city_id AND u.id = a.unit_id
WHERE i.id IS NULL OR u.id IS NULL
UNION ALL
SELECT u.id, u.city_id, 'assignment' FROM units u
LEFT JOIN assignments a ON a.city_id = u.city_id AND a.id = u.assignment_id
WHERE u.assignment_id IS NOT NULL AND a.id IS NULL LIMIT 5
"""


def find_lost(connection: Connection) -> str:
    """Name some assignments and units that name what is not there."""
    found = connection.execute(_LOST).fetchall()
    return ", ".join(f"{row['id']} lacks its {row['lacks']}" for row in found)


def find_unwalled(connection: Connection) -> list[str]:
    """Name the tables with a tenant or a city that no wall stands around."""
    found = rows(
        connection,
        "SELECT DISTINCT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
        "WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema::regnamespace "
        "AND a.attname IN ('tenant_id', 'city_id', 'chain') AND NOT a.attisdropped "
        "AND (NOT c.relrowsecurity OR NOT EXISTS "
        "(SELECT FROM pg_policy p WHERE p.polrelid = c.oid)) ORDER BY 1",
    )
    return [row["relname"] for row in found]


def find_walkers(connection: Connection) -> list[str]:
    """Say why the server's own role would walk through walls, nothing if it does not."""
    found = rows(
        connection,
        "SELECT rolsuper, rolbypassrls, EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) "
        "AS owns FROM pg_roles r WHERE rolname = %s",
        APP_ROLE,
    )
    if not found:
        return [f"there is no role {APP_ROLE}"]
    return [name for name, holds in found[0].items() if holds]


def city_ids(connection: Connection) -> list[UUID]:
    """Return every city."""
    return [row["id"] for row in rows(connection, "SELECT id FROM cities ORDER BY id")]


def find_or_add_tenant(connection: Connection, name: str, new: UUID) -> UUID:
    """Return the agency of a name, made if there is none."""
    connection.execute("INSERT INTO tenants VALUES (%s, %s) ON CONFLICT DO NOTHING", [new, name])
    found = one(connection, "SELECT id FROM tenants WHERE name = %s", name)
    return found["id"] if found else new


def add_city(connection: Connection, tenant_id: UUID, city_id: UUID, city: CityFile) -> None:
    """Add a city with its feed, which is empty."""
    connection.execute(
        "INSERT INTO cities (tenant_id, id, code, name, time_zone, lon, lat, west, south, east, "
        "north) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            tenant_id,
            city_id,
            city.code,
            city.name,
            city.time_zone,
            city.lon,
            city.lat,
            *city.bounds,
        ],
    )
    connection.execute("INSERT INTO feed_counters (city_id) VALUES (%s)", [city_id])


def add_station(
    connection: Connection, station: tuple[UUID, UUID, UUID, str], at: tuple[float, float]
) -> None:
    """Add a station: tenant, city, id, name; and where it is."""
    connection.execute(
        "INSERT INTO stations (tenant_id, city_id, id, name, lon, lat) "
        "VALUES (%s, %s, %s, %s, %s, %s)",
        [*station, *at],
    )


def find_city(connection: Connection, tenant_id: UUID, code: str) -> UUID | None:
    """Return an agency's city by its code."""
    found = one(
        connection,
        "SELECT id FROM cities WHERE tenant_id = %s AND lower(code) = lower(%s)",
        tenant_id,
        code,
    )
    return found["id"] if found else None


def find_stations(connection: Connection, wanted: str = "") -> list[dict[str, Any]]:
    """Return the stations of a CITY/STATION, or all."""
    return rows(
        connection,
        "SELECT s.tenant_id, s.city_id, s.id, c.code, s.name FROM stations s "
        "JOIN cities c ON c.id = s.city_id "
        "WHERE %s = '' OR lower(c.code || '/' || s.name) = lower(%s) OR s.id::text = %s "
        "ORDER BY c.code, s.name",
        wanted,
        wanted,
        wanted,
    )


_DESKS: Final = """
SELECT c.code || '/' || d.desk_code AS code, s.name AS station, d.id, d.program, d.seen_at,
  d.revoked_at IS NOT NULL AS is_revoked,
  (SELECT coalesce(sum(greatest(0, f.seq - coalesce((d.read ->> f.city_id::text)::bigint, 0))), 0)
   FROM feed_counters f WHERE f.city_id = ANY (d.city_ids))::bigint AS behind
FROM devices d JOIN cities c ON c.id = d.home_city_id
JOIN stations s ON s.id = d.home_station_id ORDER BY is_revoked, behind DESC, code
"""


def find_desks(connection: Connection) -> list[dict[str, Any]]:
    """Return every desk with how much of its feeds it has yet to be given."""
    return connection.execute(_DESKS).fetchall()


_FEEDS: Final = """
WITH desks AS (
  SELECT c.city_id, c.seq AS head, (d.read ->> c.city_id::text)::bigint AS read,
    d.seen_at > now() - interval '10 min' AS is_active
  FROM devices d JOIN feed_counters c ON c.city_id = ANY (d.city_ids) WHERE d.revoked_at IS NULL
), slowest AS (
  SELECT city_id, count(*) FILTER (WHERE is_active) AS active,
    count(*) FILTER (WHERE is_active AND read < head) AS behind,
    count(*) FILTER (WHERE is_active IS NOT TRUE) AS away,
    min(least(read, head)) FILTER (WHERE is_active) AS read
  FROM desks GROUP BY city_id
)
SELECT c.code, f.city_id, f.seq AS head, coalesce(s.active, 0) AS active,
  coalesce(s.behind, 0) AS behind, coalesce(s.away, 0) AS away,
  coalesce(f.seq - s.read, 0) AS lag_events,
  coalesce(greatest(0, extract(epoch FROM now()) - e.received_ms / 1000.0), 0)::float8 AS lag_s
FROM feed_counters f JOIN cities c ON c.id = f.city_id
LEFT JOIN slowest s ON s.city_id = f.city_id
LEFT JOIN events e ON e.city_id = f.city_id AND e.seq = s.read + 1
ORDER BY c.code, f.city_id
"""


def read_feeds(connection: Connection) -> list[dict[str, Any]]:
    """Return each city's feed: its head, how many desks are where, and the slowest one's lag.

    A desk is active if it called within ten minutes; one that has yet to read a feed for the
    first time has no lag.
    """
    return connection.execute(_FEEDS).fetchall()


_CONFLICTS: Final = """
SELECT c.code, c.id AS city_id, count(*) FILTER (WHERE k.status = 'open') AS open,
  count(*) FILTER (WHERE k.status = 'settled') AS settled,
  coalesce(greatest(0, extract(epoch FROM now())
    - min(k.opened_ms) FILTER (WHERE k.status = 'open') / 1000.0), 0)::float8 AS oldest_s
FROM cities c LEFT JOIN conflicts k ON k.city_id = c.id GROUP BY c.code, c.id ORDER BY 1, 2
"""


def read_conflicts(connection: Connection) -> list[dict[str, Any]]:
    """Return how many conflicts each city has, and the age of the oldest open one."""
    return connection.execute(_CONFLICTS).fetchall()


_DISPATCHING: Final = """
SELECT c.code, c.id AS city_id,
  (SELECT count(*) FROM incidents i WHERE i.city_id = c.id AND i.deleted_ms IS NULL
   AND i.merged_into IS NULL AND (i.cleared_ms IS NULL OR EXISTS (SELECT FROM assignments a
     WHERE a.city_id = i.city_id AND a.incident_id = i.id AND a.cleared_ms IS NULL
     AND a.withdrawn_ms IS NULL))) AS open,
  (SELECT count(*) FROM conflicts k WHERE k.city_id = c.id AND k.record_entity = 'unit'
   AND k.fields @> '[{"field": "assignment_id"}]') AS sent_twice
FROM cities c ORDER BY 1, 2
"""


def read_dispatching(connection: Connection) -> list[dict[str, Any]]:
    """Return how many incidents of each city go on, and how often two desks sent one unit."""
    return connection.execute(_DISPATCHING).fetchall()


_AGES: Final = """
SELECT extract(epoch FROM now() - kept_up_at)::float8 AS upkeep_s,
  extract(epoch FROM now() - backed_up_at)::float8 AS backup_s,
  extract(epoch FROM clock_timestamp())::float8 AS now_s
FROM server_state
"""


def read_ages(connection: Connection) -> dict[str, Any]:
    """Return how long ago upkeep and backup were, and what the database's clock says."""
    (found,) = connection.execute(_AGES).fetchall()
    return found
