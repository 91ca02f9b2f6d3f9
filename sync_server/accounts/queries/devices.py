"""Devices as the database keeps them, and the one-time tokens that enrol them."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sync_server.db.engine import Connection, one, rows

_TOUCH: Final = """
UPDATE devices SET seen_at = now() WHERE id = (
  SELECT id FROM devices WHERE id = %s AND (seen_at IS NULL OR seen_at < now() - interval '1 min')
  FOR NO KEY UPDATE SKIP LOCKED)
"""


def find(connection: Connection, device_id: UUID) -> dict[str, Any] | None:
    """Return a device."""
    return one(connection, "SELECT * FROM devices WHERE id = %s", device_id)


def touch(connection: Connection, device_id: UUID) -> None:
    """Note that a device was seen, at most once a minute and never waiting for a push."""
    connection.execute(_TOUCH, [device_id])


def lock_turn(connection: Connection, device_id: UUID) -> dict[str, Any] | None:
    """Return a device's turns; no other push of it goes on until the transaction ends."""
    return one(
        connection,
        "SELECT turn, last_turn, last_body, revoked_at FROM devices WHERE id = %s FOR UPDATE",
        device_id,
    )


def set_turn(connection: Connection, device_id: UUID, turn: str, last: tuple[str, bytes]) -> None:
    """Keep the next turn, and the one just taken with its body's digest."""
    connection.execute(
        "UPDATE devices SET turn = %s, last_turn = %s, last_body = %s WHERE id = %s",
        [turn, *last, device_id],
    )


def forget_turn(connection: Connection, device_id: UUID) -> None:
    """Keep no turn: the next that is shown is believed."""
    connection.execute("UPDATE devices SET turn = '' WHERE id = %s", [device_id])


def note_user(connection: Connection, device_id: UUID, user_id: UUID) -> None:
    """Keep that a user has signed in on a device."""
    connection.execute(
        "INSERT INTO device_users (device_id, user_id) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        [device_id, user_id],
    )


def copy_users(connection: Connection, device_id: UUID, former_id: UUID) -> None:
    """Let everybody who signed in on a device count as signed in on the one that replaces it."""
    connection.execute(
        "INSERT INTO device_users (device_id, user_id) SELECT %s, user_id FROM device_users "
        "WHERE device_id = %s ON CONFLICT DO NOTHING",
        [device_id, former_id],
    )


def lock_token(connection: Connection, token_hash: bytes) -> dict[str, Any] | None:
    """Return a one-time token; nobody else takes it until the transaction ends."""
    return one(
        connection,
        "SELECT *, expires_at > now() AS is_fresh FROM enrol_tokens WHERE token_hash = %s "
        "FOR UPDATE",
        token_hash,
    )


def use_token(connection: Connection, token_hash: bytes, device_id: UUID) -> None:
    """Keep which device a token was used for."""
    connection.execute(
        "UPDATE enrol_tokens SET used_at = now(), device_id = %s WHERE token_hash = %s",
        [device_id, token_hash],
    )


def put_token(connection: Connection, token: Mapping[str, Any]) -> None:
    """Keep a token's hash, what it enrols for, and for how many hours."""
    connection.execute(
        "INSERT INTO enrol_tokens (token_hash, tenant_id, city_id, station_id, station_ids, "
        "window_days, expires_at) VALUES (%(token_hash)s, %(tenant_id)s, %(city_id)s, "
        "%(station_id)s, %(station_ids)s, %(window_days)s, "
        "now() + make_interval(hours => %(hours)s))",
        token,
    )


def next_desk_code(connection: Connection, city_id: UUID) -> str:
    """Return a city's next desk code, such as ``D7``; codes are never given twice."""
    found = one(
        connection,
        "UPDATE cities SET last_desk_code = last_desk_code + 1 WHERE id = %s "
        "RETURNING last_desk_code",
        city_id,
    )
    return f"D{found['last_desk_code']}" if found else ""


def put(connection: Connection, device: Mapping[str, Any]) -> bool:
    """Add a device; False if its id is known already."""
    done = connection.execute(
        "INSERT INTO devices (tenant_id, id, name, desk_code, public_key, home_city_id, "
        "home_station_id, scope_id, city_ids, station_ids, window_days, turn, program, "
        "former_ids) "
        "VALUES (%(tenant_id)s, %(id)s, %(name)s, %(desk_code)s, %(public_key)s, "
        "%(home_city_id)s, %(home_station_id)s, %(scope_id)s, %(city_ids)s, %(station_ids)s, "
        "%(window_days)s, %(turn)s, %(program)s, %(former_ids)s) ON CONFLICT (id) DO NOTHING",
        device,
    )
    return done.rowcount == 1


def find_all(connection: Connection, city_ids: list[UUID]) -> list[dict[str, Any]]:
    """Return the devices at home in some cities, by name."""
    return rows(
        connection,
        "SELECT id, name, desk_code, home_city_id, home_station_id, program, enrolled_at, "
        "seen_at, revoked_at FROM devices WHERE home_city_id = ANY (%s) ORDER BY name, id",
        city_ids,
    )


def set_scope(connection: Connection, device: Mapping[str, Any]) -> bool:
    """Give a device at home in some cities another scope; False if there is none to give it."""
    done = connection.execute(
        "UPDATE devices SET scope_id = %(scope_id)s, city_ids = %(city_ids)s, "
        "station_ids = %(station_ids)s, window_days = %(window_days)s, "
        "home_station_id = %(home_station_id)s WHERE id = %(id)s "
        "AND home_city_id = ANY (%(homes)s) AND revoked_at IS NULL",
        device,
    )
    return done.rowcount == 1


def find_stations(
    connection: Connection, city_ids: list[UUID], station_ids: list[UUID]
) -> list[UUID]:
    """Return which of the stations lie in the cities."""
    found = rows(
        connection,
        "SELECT id FROM stations WHERE city_id = ANY (%s) AND id = ANY (%s)",
        city_ids,
        station_ids,
    )
    return [row["id"] for row in found]


def find_cities(connection: Connection, city_ids: list[UUID]) -> list[UUID]:
    """Return which of the cities may be seen."""
    found = rows(connection, "SELECT id FROM cities WHERE id = ANY (%s)", city_ids)
    return [row["id"] for row in found]


def find_named(connection: Connection, wanted: str) -> list[dict[str, Any]]:
    """Return the devices of an id or of a CITY/CODE such as ``CBE/D3``."""
    return rows(
        connection,
        "SELECT d.* FROM devices d JOIN cities c ON c.id = d.home_city_id "
        "WHERE (d.id::text = lower(%s) OR lower(c.code || '/' || d.desk_code) = lower(%s)) "
        "AND d.revoked_at IS NULL",
        wanted,
        wanted,
    )


def revoke(connection: Connection, device_id: UUID, city_ids: list[UUID]) -> bool:
    """Revoke a device at home in some cities; False if there is none to revoke."""
    done = connection.execute(
        "UPDATE devices SET revoked_at = now() "
        "WHERE id = %s AND home_city_id = ANY (%s) AND revoked_at IS NULL",
        [device_id, city_ids],
    )
    return done.rowcount == 1
