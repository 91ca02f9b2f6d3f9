"""What was done at this desk in a span of time, and the receipts that were made of it."""

from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.store import facts
from trafficdesk.store.naming import JOINS, NAME
from trafficdesk.store.rows import fetch_all

_RECEIPT: Final = "receipt:"
# An outbox forgets what was settled long ago; its event stays. That a conflict was opened is the
# server's own doing.
_CHANGES: Final = f"""
SELECT e.id, e.action, e.entity, e.entity_id, {NAME},
  e.actor_id, e.at_ms, coalesce(b.state, 'settled'), coalesce(b.reason, '')
FROM events e LEFT JOIN outbox b ON b.seq = e.seq {JOINS}
WHERE NOT (e.entity = 'conflict' AND e.action IN ('open', 'join'))
AND e.device_id = ? AND e.at_ms >= ? AND e.at_ms < ? AND (? IS NULL OR e.actor_id = ?)
ORDER BY e.seq LIMIT +?
"""


class Done(NamedTuple):
    """One change made here, where it stands and why."""

    op_id: UUID
    action: str
    entity: str
    entity_id: UUID
    reference: str
    actor_id: UUID
    at_ms: int
    state: str
    reason: str


def find_done(
    connection: Connection,
    device_id: UUID,
    span_ms: tuple[int, int],
    actor_id: UUID | None,
    limit: int,
) -> list[Done]:
    """Return changes of a span (its end left out) in their order, of one officer or of all."""
    actor = None if actor_id is None else actor_id.bytes
    rows = fetch_all(connection, _CHANGES, (device_id.bytes, *span_ms, actor, actor, limit))
    return [
        Done(
            UUID(bytes=row[0]),
            row[1],
            row[2],
            UUID(bytes=row[3]),
            row[4],
            UUID(bytes=row[5]),
            *row[6:],
        )
        for row in rows
    ]


def keep_receipt(connection: Connection, made_ms: int, receipt: str) -> None:
    """Keep a receipt, as JSON, under the time it was made."""
    facts.put(connection, f"{_RECEIPT}{made_ms:020d}", receipt)


def find_receipts(connection: Connection, limit: int = 50) -> list[str]:
    """Return receipts, the newest first."""
    rows = fetch_all(
        connection,
        "SELECT value FROM facts WHERE name >= ? AND name < ? ORDER BY name DESC LIMIT +?",
        (_RECEIPT, _RECEIPT + "~", limit),
    )
    return [str(row[0]) for row in rows]
