"""Sessions as the database keeps them: which rotation of the refresh token is the present one."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sync_server.db.engine import Connection, one, rows

_WITH_USER: Final = """
SELECT s.id, s.tenant_id, s.user_id, s.device_id, s.expires_at, s.rotation, s.rotated_at,
  s.ended_at, u.login, u.name, u.initials, u.rank, u.role, u.city_id, u.station_id, u.removed_ms
FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = %s
"""


def start(
    connection: Connection,
    session_id: UUID,
    owner: tuple[UUID, UUID, UUID | None],
    at: datetime,
    expires_at: datetime,
) -> None:
    """Keep a new session of an owner: tenant, user, device."""
    connection.execute(
        "INSERT INTO sessions (id, tenant_id, user_id, device_id, started_at, rotated_at, "
        "expires_at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [session_id, *owner, at, at, expires_at],
    )


def find(connection: Connection, session_id: UUID) -> dict[str, Any] | None:
    """Return a session with its user."""
    return one(connection, _WITH_USER, session_id)


def lock(connection: Connection, session_id: UUID) -> dict[str, Any] | None:
    """Return a session with its user; no other rotation happens until the transaction ends."""
    return one(connection, _WITH_USER + " FOR UPDATE OF s", session_id)


def rotate(connection: Connection, session_id: UUID, at: datetime, expires_at: datetime) -> None:
    """Count a rotation."""
    connection.execute(
        "UPDATE sessions SET rotation = rotation + 1, rotated_at = %s, expires_at = %s "
        "WHERE id = %s",
        [at, expires_at, session_id],
    )


def end(connection: Connection, session_id: UUID, why: str) -> dict[str, Any] | None:
    """End a session; return whose it was, or None if there is none that goes on."""
    return one(
        connection,
        "UPDATE sessions SET ended_at = now(), ended_why = %s WHERE id = %s AND ended_at IS NULL "
        "RETURNING tenant_id, user_id, device_id",
        why,
        session_id,
    )


def end_of_user(
    connection: Connection, user_id: UUID, why: str, besides: UUID | None = None
) -> int:
    """End a user's sessions, one left out; return how many there were."""
    return connection.execute(
        "UPDATE sessions SET ended_at = now(), ended_why = %s "
        "WHERE user_id = %s AND ended_at IS NULL AND id IS DISTINCT FROM %s",
        [why, user_id, besides],
    ).rowcount


def end_of_device(
    connection: Connection, device_id: UUID, why: str, user_id: UUID | None = None
) -> int:
    """End a device's sessions, or those of one user on it; return how many there were."""
    return connection.execute(
        "UPDATE sessions SET ended_at = now(), ended_why = %s "
        "WHERE device_id = %s AND ended_at IS NULL AND (%s::uuid IS NULL OR user_id = %s)",
        [why, device_id, user_id, user_id],
    ).rowcount


def find_of_user(connection: Connection, user_id: UUID) -> list[dict[str, Any]]:
    """Return a user's sessions that go on, the newest first."""
    return rows(
        connection,
        "SELECT s.id, s.device_id, coalesce(d.name, '') AS device_name, s.started_at, "
        "s.rotated_at, s.expires_at FROM sessions s LEFT JOIN devices d ON d.id = s.device_id "
        "WHERE s.user_id = %s AND s.ended_at IS NULL AND s.expires_at > now() "
        "ORDER BY s.started_at DESC, s.id",
        user_id,
    )
