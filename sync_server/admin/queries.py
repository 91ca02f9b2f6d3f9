"""What operators ask of the database, and the places they add."""

from typing import Any
from uuid import UUID

from sync_server.admin.places import CityFile
from sync_server.db.engine import APP_ROLE, Connection, one, rows


def ask_database(connection: Connection) -> str:
    """Return the schema the database has; raises what psycopg raises when it is away."""
    found = one(connection, "SELECT version_num FROM alembic_version")
    return str(found["version_num"]) if found else ""


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
