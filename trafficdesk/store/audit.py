"""The rows of the audit chain; how they are hashed and signed is ``trafficdesk.security.audit``."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection

from trafficdesk.store.rows import fetch_all, run


class AuditRow(NamedTuple):
    """One entry as it lies in the store; ids as 16 bytes, hashes 32 bytes, signature 64."""

    seq: int
    at_ms: int
    actor_id: bytes
    device_id: bytes
    action: str
    entity: str
    entity_id: str
    detail: str
    prev_hash: bytes
    hash: bytes
    signature: bytes


def find_head(connection: Connection) -> tuple[int, bytes] | None:
    """Return the number and hash of the last entry."""
    rows = fetch_all(connection, "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
    return (int(rows[0][0]), bytes(rows[0][1])) if rows else None


def append(connection: Connection, row: AuditRow) -> None:
    """Write the next entry."""
    run(connection, "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def walk(connection: Connection) -> Iterator[AuditRow]:
    """Yield every entry, the first first."""
    for row in connection.exec_driver_sql("SELECT * FROM audit ORDER BY seq").yield_per(1000):
        yield AuditRow._make(row)


def find_page(connection: Connection, before_seq: int | None, limit: int) -> list[AuditRow]:
    """Return entries older than ``before_seq`` (None: the newest), the newest first."""
    rows = connection.exec_driver_sql(
        "SELECT * FROM audit WHERE ?1 IS NULL OR seq < ?1 ORDER BY seq DESC LIMIT +?2",
        (before_seq, limit),
    )
    return [AuditRow._make(row) for row in rows]


def find_of_action(connection: Connection, action: str) -> list[AuditRow]:
    """Return the entries of one kind of action, the newest first."""
    rows = connection.exec_driver_sql(
        "SELECT * FROM audit WHERE action = ? ORDER BY seq DESC", (action,)
    )
    return [AuditRow._make(row) for row in rows]


def count_deeds(connection: Connection, from_ms: int, to_ms: int) -> list[tuple[str, bytes, int]]:
    """Return how often each person did what between two instants."""
    rows = fetch_all(
        connection,
        "SELECT action, actor_id, count(*) FROM audit WHERE at_ms >= ? AND at_ms < ? "
        "GROUP BY action, actor_id ORDER BY 3 DESC, 1",
        (from_ms, to_ms),
    )
    return [(str(row[0]), bytes(row[1]), int(row[2])) for row in rows]
