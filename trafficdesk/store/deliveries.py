"""Where reports that came round are brought, and how far that is."""

import json
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.deliveries import DeliveryState, Way
from trafficdesk.store import facts
from trafficdesk.store.rows import fetch_all, run

_SEEN: Final = "undelivered.seen."
_SELECT = (
    "SELECT d.pk, r.schedule_id, r.day, r.file, d.way, d.target, d.state, d.tries, d.next_ms, "
    "d.fault, d.detail, d.done_ms, r.pk "
    "FROM deliveries AS d JOIN schedule_runs AS r ON r.pk = d.run_pk"
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A report's file on its way to one folder or address; ``detail`` is what was answered."""

    pk: int
    schedule_id: UUID
    day: int
    file: str
    way: Way
    target: str
    state: DeliveryState
    tries: int
    next_ms: int
    fault: str
    detail: str
    done_ms: int | None
    run_pk: int


class Came(NamedTuple):
    """What a try came to: where the delivery stands now, and why."""

    state: DeliveryState
    at_ms: int
    fault: str = ""
    detail: str = ""


def find_queued(connection: Connection, now_ms: int) -> Delivery | None:
    """Return the delivery that has waited longest of those to be tried now; None if none is."""
    rows = fetch_all(
        connection,
        f"{_SELECT} WHERE d.state = 'queued' AND d.next_ms <= ? ORDER BY d.next_ms, d.pk LIMIT 1",
        (now_ms,),
    )
    return _delivery(rows[0]) if rows else None


def find_recent(connection: Connection, count: int) -> list[Delivery]:
    """Return what waits or failed and then what was delivered last, the newest of each first."""
    rows = fetch_all(
        connection,
        f"{_SELECT} ORDER BY d.state = 'sent', r.due_ms DESC, d.pk LIMIT +?",
        (count,),
    )
    return [_delivery(row) for row in rows]


def find_stuck(connection: Connection, tries: int) -> frozenset[str]:
    """Return what failed, or was tried in vain so often, and newest runs that were refused.

    Each by its kind and number: ``delivery 4``, ``run 2``.
    """
    rows = fetch_all(
        connection,
        "SELECT 'delivery ' || pk FROM deliveries WHERE state = 'failed' "
        "OR state = 'queued' AND fault <> '' AND tries >= ? UNION ALL SELECT 'run ' || pk "
        "FROM schedule_runs AS r WHERE r.state = 'refused' AND NOT EXISTS (SELECT 1 "
        "FROM schedule_runs AS n WHERE n.schedule_id = r.schedule_id AND n.day > r.day)",
        (tries,),
    )
    return frozenset(str(each) for (each,) in rows)


def find_seen(connection: Connection, officer_id: UUID) -> frozenset[str]:
    """Return what an officer said they have seen of what is stuck."""
    kept = facts.find(connection, f"{_SEEN}{officer_id}")
    return frozenset(json.loads(kept)) if kept else frozenset()


def put_seen(connection: Connection, officer_id: UUID, seen: frozenset[str]) -> None:
    """Write what an officer has seen of what is stuck, in the place of what they saw before."""
    facts.put(connection, f"{_SEEN}{officer_id}", json.dumps(sorted(seen)))


def forget_seen(connection: Connection) -> None:
    """Let everybody hear again of what is stuck: somebody wants it to be tried anew."""
    run(connection, "DELETE FROM facts WHERE name GLOB ?", (f"{_SEEN}*",))


def find_of_run(connection: Connection, run_pk: int) -> list[Delivery]:
    """Return the deliveries of one run."""
    rows = fetch_all(connection, f"{_SELECT} WHERE d.run_pk = ? ORDER BY d.pk", (run_pk,))
    return [_delivery(row) for row in rows]


def _delivery(row: tuple[Any, ...]) -> Delivery:
    pk, schedule_id, day, file, way, target, state, *rest = row
    return Delivery(
        pk, UUID(bytes=schedule_id), day, file, Way(way), target, DeliveryState(state), *rest
    )


def get_content(connection: Connection, run_pk: int) -> bytes:
    """Return the bytes of a run's report, which are kept until all have it."""
    ((content,),) = fetch_all(
        connection, "SELECT content FROM schedule_runs WHERE pk = ?", (run_pk,)
    )
    return bytes(content)


def claim(connection: Connection, found: Delivery, next_ms: int) -> bool:
    """Count a try before it is made; False when another was counted since it was read."""
    return bool(
        run(
            connection,
            "UPDATE deliveries SET tries = tries + 1, next_ms = ? "
            "WHERE pk = ? AND state = 'queued' AND tries = ?",
            (next_ms, found.pk, found.tries),
        )
    )


def note(connection: Connection, found: Delivery, came: Came) -> None:
    """Write what a try came to; a report that everybody has is forgotten here."""
    done_ms = came.at_ms if came.state is DeliveryState.SENT else None
    run(
        connection,
        "UPDATE deliveries SET state = ?, fault = ?, detail = ?, done_ms = ? WHERE pk = ?",
        (came.state, came.fault, came.detail, done_ms, found.pk),
    )
    run(
        connection,
        "UPDATE schedule_runs SET content = NULL WHERE pk = ?1 AND NOT EXISTS "
        "(SELECT 1 FROM deliveries WHERE run_pk = ?1 AND state <> 'sent')",
        (found.run_pk,),
    )
