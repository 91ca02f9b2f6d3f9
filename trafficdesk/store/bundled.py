"""What a bundle takes from the outbox, part by part."""

from typing import Final

from sqlalchemy import Connection

from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.store.history import OPERATION_COLUMNS, Operation, operation_of
from trafficdesk.store.rows import fetch_all, run_each

_SELECT: Final = f"SELECT b.seq, {OPERATION_COLUMNS} FROM outbox b JOIN events e ON e.seq = b.seq"
_WAITS: Final = "b.state <> 'settled'"


def take_waiting(connection: Connection, after_seq: int, limit: int) -> list[tuple[int, Operation]]:
    """Return what waits to be sent behind a sequence number, in order, and mark it as sent."""
    rows = fetch_all(
        connection,
        f"{_SELECT} WHERE b.state IN ('queued', 'sent') AND {_WAITS} AND b.seq > ? "
        "ORDER BY b.seq LIMIT +?",
        (after_seq, limit),
    )
    marks = [(row[0],) for row in rows]
    run_each(connection, "UPDATE outbox SET state = 'sent' WHERE seq = ?", marks)
    sent = int(SyncState.SENT)
    run_each(connection, f"UPDATE events SET sync_state = {sent} WHERE seq = ?", marks)
    return [(int(row[0]), operation_of(row[1:])) for row in rows]


def find_unsettled(
    connection: Connection, after_seq: int, limit: int
) -> list[tuple[int, Operation]]:
    """Return what is not settled behind a sequence number, in order: parked work, too."""
    rows = fetch_all(
        connection,
        f"{_SELECT} WHERE {_WAITS} AND b.seq > ? ORDER BY b.seq LIMIT +?",
        (after_seq, limit),
    )
    return [(int(row[0]), operation_of(row[1:])) for row in rows]
