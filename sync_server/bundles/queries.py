"""Which request bundles of a device were taken in."""

from typing import Any, NamedTuple
from uuid import UUID

from sync_server.db.engine import Connection, one


class Kept(NamedTuple):
    """A request that was taken in whole, with its parts as they were packed."""

    number: int
    bundle_id: UUID
    content: bytes
    done_ms: int


def lock_device(connection: Connection, device_id: UUID) -> bool:
    """Let nobody else push for a device or take its bundles in; tell whether it was revoked."""
    found = one(connection, "SELECT revoked_at FROM devices WHERE id = %s FOR UPDATE", device_id)
    return found is None or found["revoked_at"] is not None


def find_newest(connection: Connection, device_id: UUID) -> Kept | None:
    """Return a device's newest request that was taken in whole."""
    found = one(
        connection,
        "SELECT number, bundle_id, content, (extract(epoch FROM done_at) * 1000)::bigint AS done "
        "FROM bundles WHERE device_id = %s AND done_at IS NOT NULL ORDER BY number DESC LIMIT 1",
        device_id,
    )
    if found is None:
        return None
    return Kept(found["number"], found["bundle_id"], found["content"], found["done"])


def begin(connection: Connection, request: dict[str, Any]) -> UUID:
    """Keep that a request is being taken in; return the id of the one that has its number."""
    connection.execute(
        "INSERT INTO bundles (tenant_id, device_id, number, bundle_id, content) "
        "VALUES (%(tenant_id)s, %(device_id)s, %(number)s, %(bundle_id)s, %(content)s) "
        "ON CONFLICT (device_id, number) DO NOTHING",
        request,
    )
    found = one(
        connection,
        "SELECT bundle_id FROM bundles WHERE device_id = %s AND number = %s",
        request["device_id"],
        request["number"],
    )
    if found is None:
        raise AssertionError("it was just put there")
    bundle_id: UUID = found["bundle_id"]
    return bundle_id


def end(connection: Connection, device_id: UUID, number: int) -> bool:
    """Keep that a request was taken in whole, and forget older ones; False if it was before."""
    is_first = connection.execute(
        "UPDATE bundles SET done_at = now() "
        "WHERE device_id = %s AND number = %s AND done_at IS NULL",
        [device_id, number],
    ).rowcount
    connection.execute(
        "DELETE FROM bundles WHERE device_id = %s AND number < %s", [device_id, number]
    )
    return bool(is_first)
