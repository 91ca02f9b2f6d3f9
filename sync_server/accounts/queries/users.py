"""Users as the database keeps them."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sync_server.db.engine import Connection, one, rows

_SEEN: Final = "id, version, login, name, initials, rank, role, city_id, station_id"


def find_by_login(
    connection: Connection, login: str, tenant_id: UUID | None, city_ids: list[UUID] | None
) -> list[dict[str, Any]]:
    """Return the present users of a login, at most two: of a device's tenant and cities or any."""
    return rows(
        connection,
        "SELECT tenant_id, password_hash, removed_ms, "
        + _SEEN
        + " FROM users WHERE lower(login) = lower(%s) AND removed_ms IS NULL "
        "AND (%s::uuid IS NULL OR tenant_id = %s) AND (%s::uuid[] IS NULL OR city_id = ANY (%s)) "
        "LIMIT 2",
        login,
        tenant_id,
        tenant_id,
        city_ids,
        city_ids,
    )


def set_hash(connection: Connection, user_id: UUID, password_hash: str) -> bool:
    """Keep a new password's hash."""
    done = connection.execute(
        "UPDATE users SET password_hash = %s WHERE id = %s AND removed_ms IS NULL",
        [password_hash, user_id],
    )
    return done.rowcount == 1


def put(connection: Connection, user: Mapping[str, Any]) -> None:
    """Add a user. Raises psycopg's ``UniqueViolation`` for a login that is taken."""
    connection.execute(
        "INSERT INTO users (tenant_id, city_id, station_id, id, login, password_hash, name, "
        "initials, rank, role) VALUES (%(tenant_id)s, %(city_id)s, %(station_id)s, %(id)s, "
        "%(login)s, %(password_hash)s, %(name)s, %(initials)s, %(rank)s, %(role)s)",
        user,
    )


def change(connection: Connection, user: Mapping[str, Any]) -> None:
    """Change what a user is; the version rises."""
    connection.execute(
        "UPDATE users SET version = version + 1, station_id = %(station_id)s, name = %(name)s, "
        "initials = %(initials)s, rank = %(rank)s, role = %(role)s WHERE id = %(id)s",
        user,
    )


def remove(connection: Connection, user_id: UUID, at_ms: int) -> dict[str, Any] | None:
    """Mark a user as gone and return the row, or None if there is no such user."""
    return one(
        connection,
        "UPDATE users SET removed_ms = %s, version = version + 1 "
        "WHERE id = %s AND removed_ms IS NULL RETURNING " + _SEEN,
        at_ms,
        user_id,
    )


def find(connection: Connection, user_id: UUID) -> dict[str, Any] | None:
    """Return a present user."""
    return one(
        connection,
        "SELECT " + _SEEN + " FROM users WHERE id = %s AND removed_ms IS NULL",
        user_id,
    )


def find_known(connection: Connection, user_id: UUID) -> dict[str, Any] | None:
    """Return whose agency's a user is, present or gone, and whether they have a password."""
    return one(
        connection,
        "SELECT tenant_id, password_hash <> '' AS has_password FROM users WHERE id = %s",
        user_id,
    )


def has_login(connection: Connection, tenant_id: UUID, login: str) -> bool:
    """Tell whether anybody of an agency has or had a login."""
    query = "SELECT id FROM users WHERE tenant_id = %s AND lower(login) = lower(%s)"
    return one(connection, query, tenant_id, login) is not None


def find_all(connection: Connection) -> list[dict[str, Any]]:
    """Return all present users that may be seen, by name."""
    return rows(
        connection, "SELECT " + _SEEN + " FROM users WHERE removed_ms IS NULL ORDER BY name, id"
    )


def find_station(connection: Connection, city_id: UUID, station_id: UUID) -> bool:
    """Tell whether a city has a station."""
    query = "SELECT id FROM stations WHERE city_id = %s AND id = %s"
    return one(connection, query, city_id, station_id) is not None
