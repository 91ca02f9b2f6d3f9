"""The audit's tables: entries in one chain per tenant, and each chain's head."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from sync_server.db.engine import Connection, one, rows

_APPEND = """
INSERT INTO audit
  (chain, seq, at_ms, actor_id, device_id, action, subject, detail, request_id, hash)
VALUES (%(chain)s, %(seq)s, %(at_ms)s, %(actor_id)s, %(device_id)s, %(action)s, %(subject)s,
  %(detail)s, %(request_id)s, %(hash)s)
"""
_NEWEST = """
SELECT * FROM audit WHERE chain = %s AND seq < %s ORDER BY seq DESC LIMIT %s
"""


def lock_head(connection: Connection, chain: UUID) -> tuple[int, bytes]:
    """Return a chain's last number and hash; nobody else appends until the transaction ends."""
    head = one(
        connection,
        "INSERT INTO audit_heads (chain) VALUES (%s) "
        "ON CONFLICT (chain) DO UPDATE SET chain = excluded.chain RETURNING seq, hash",
        chain,
    )
    return (int(head["seq"]), bytes(head["hash"])) if head else (0, b"")


def append(connection: Connection, entry: Mapping[str, Any]) -> None:
    """Write an entry and move its chain's head to it."""
    connection.execute(_APPEND, {**entry, "detail": Jsonb(entry["detail"])})
    connection.execute(
        "UPDATE audit_heads SET seq = %(seq)s, hash = %(hash)s WHERE chain = %(chain)s", entry
    )


def newest(connection: Connection, chain: UUID, before: int, limit: int) -> list[dict[str, Any]]:
    """Return entries below a number, the newest first."""
    return rows(connection, _NEWEST, chain, before, limit)


def chains(connection: Connection) -> list[dict[str, Any]]:
    """Return every chain's head that the transaction may see; 0 for entries that have none."""
    return rows(
        connection,
        "SELECT chain, coalesce(h.seq, 0) AS seq, coalesce(h.hash, '') AS hash FROM audit_heads h "
        "FULL JOIN (SELECT DISTINCT chain FROM audit) a USING (chain) ORDER BY chain",
    )


def walk(connection: Connection, chain: UUID) -> Iterator[dict[str, Any]]:
    """Yield a chain's entries in order, without holding them all."""
    with connection.cursor("audit_walk") as cursor:
        cursor.execute("SELECT * FROM audit WHERE chain = %s ORDER BY seq", [chain])
        yield from cursor
