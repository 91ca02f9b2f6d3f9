"""The outbox at a glance: what waits, by kind, and what the server has confirmed."""

from typing import NamedTuple

from sqlalchemy import Connection

from trafficdesk.store.naming import JOINS, NAME
from trafficdesk.store.rows import fetch_all

# The index of what waits serves only who says that nothing settled is meant.
_WAITS = "b.state IN ('queued', 'sent') AND b.state <> 'settled'"
_CONFIRMED = "b.state = 'settled' AND b.result IN ('applied', 'merged', 'duplicate')"


class WaitingGroup(NamedTuple):
    """Operations of one kind that wait: how many, how many are on their way, the oldest's time."""

    entity: str
    action: str
    operations: int
    sent: int
    oldest_ms: int


class Confirmed(NamedTuple):
    """One operation that the server has confirmed, and when this desk heard it."""

    entity: str
    action: str
    reference: str
    settled_ms: int


def group_waiting(connection: Connection) -> list[WaitingGroup]:
    """Return what waits to be sent or confirmed by kind, that with the oldest operation first."""
    rows = fetch_all(
        connection,
        "SELECT e.entity, e.action, count(*), sum(b.state = 'sent'), min(e.at_ms) "
        f"FROM outbox b JOIN events e ON e.seq = b.seq WHERE {_WAITS} "
        "GROUP BY e.entity, e.action ORDER BY min(b.seq)",
    )
    return [WaitingGroup(str(r[0]), str(r[1]), int(r[2]), int(r[3]), int(r[4])) for r in rows]


def count_parked(connection: Connection) -> dict[str, int]:
    """Return how many operations are set aside, by the reason's code."""
    rows = fetch_all(
        connection,
        "SELECT reason, count(*) FROM outbox WHERE state = 'parked' AND state <> 'settled' "
        "GROUP BY reason ORDER BY reason",
    )
    return {str(reason): int(count) for reason, count in rows}


def count_confirmed(connection: Connection, since_ms: int) -> int:
    """Return how many operations were confirmed since an instant."""
    rows = fetch_all(
        connection,
        f"SELECT count(*) FROM outbox b WHERE {_CONFIRMED} AND b.settled_ms >= ?",
        (since_ms,),
    )
    return int(rows[0][0])


def find_confirmed(connection: Connection, since_ms: int, limit: int) -> list[Confirmed]:
    """Return what was confirmed since an instant, the latest first."""
    rows = fetch_all(
        connection,
        f"SELECT e.entity, e.action, {NAME}, b.settled_ms FROM outbox b "
        f"JOIN events e ON e.seq = b.seq {JOINS} "
        f"WHERE {_CONFIRMED} AND b.settled_ms >= ? ORDER BY b.settled_ms DESC, b.seq DESC "
        "LIMIT +?",
        (since_ms, limit),
    )
    return [Confirmed(str(row[0]), str(row[1]), str(row[2]), int(row[3])) for row in rows]
