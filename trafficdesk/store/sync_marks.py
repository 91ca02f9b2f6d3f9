"""How far each city was read from the server, and what this desk is to it."""

import json
from collections.abc import Iterable
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.vocabulary import Entity
from trafficdesk.store import facts
from trafficdesk.store.dispatch_rows import TABLES
from trafficdesk.store.rows import fetch_all, run, run_each

LINK: Final = "sync_link"
MARKS: Final = "sync_marks"
_SKEW: Final = "sync_skew_ms"
_ESCALATE: Final = "sync_escalate_s"
_HISTORY: Final = "sync_history:"
_HEARD: Final = "sync_heard_ms:"


class SnapshotPlace(NamedTuple):
    """Where a snapshot was broken off: the kind of record, the last id, the city's number then.

    ``run`` marks what the snapshot has held so far; 0 when there was nothing here to compare.
    ``newest_first`` is the way that it came to ``after``; before any id, the way to ask for.
    """

    entity: Entity
    after: UUID | None
    at_seq: int
    run: int
    newest_first: bool = True


def find_link(connection: Connection) -> str | None:
    """Return what this desk is to its server, as JSON; None for a desk on its own."""
    return facts.find(connection, LINK)


def find_marks(connection: Connection) -> str | None:
    """Return the epoch, scope, turn and refresh token last met, as JSON."""
    return facts.find(connection, MARKS)


def put_marks(connection: Connection, marks: str) -> None:
    """Write the epoch, scope, turn and refresh token."""
    facts.put(connection, MARKS, marks)


def window_from_ms(connection: Connection) -> int:
    """Return since when this desk holds also what is over; 0 for a desk that holds everything."""
    marks = find_marks(connection)
    return 0 if marks is None else int(json.loads(marks).get("window_from_ms", 0))


def find_skew_ms(connection: Connection) -> int:
    """Return the server's clock less this desk's, in milliseconds, as it was last greeted."""
    return int(facts.find(connection, _SKEW) or 0)


def put_skew_ms(connection: Connection, skew_ms: int) -> None:
    """Write the server's clock less this desk's."""
    facts.put(connection, _SKEW, str(skew_ms))


def put_heard_ms(connection: Connection, city_id: UUID, server_ms: int) -> None:
    """Write when, by the server's clock, a city was read to its head."""
    facts.put(connection, f"{_HEARD}{city_id}", str(server_ms))


def find_heard_ms(connection: Connection) -> int:
    """Return when the city heard of least was last read to its head; 0 where one never was."""
    marks = find_marks(connection)
    cities = [] if marks is None else json.loads(marks).get("city_ids", [])
    return min((int(facts.find(connection, f"{_HEARD}{each}") or 0) for each in cities), default=0)


def find_escalate_s(connection: Connection) -> int | None:
    """Return after how long the server escalates an alert; None for a desk that never met one."""
    found = facts.find(connection, _ESCALATE)
    return None if found is None else int(found)


def put_escalate_s(connection: Connection, escalate_s: int) -> None:
    """Write after how long the server escalates an alert that nobody acknowledges."""
    facts.put(connection, _ESCALATE, str(escalate_s))


def find_progress(connection: Connection) -> list[tuple[int, str | None]]:
    """Return for each city the number it was read to, and at which kind a snapshot is if one is."""
    rows = fetch_all(connection, "SELECT seq, snapshot_entity FROM sync_cities ORDER BY city_id")
    return [(int(seq), None if entity is None else str(entity)) for seq, entity in rows]


def cursor_of(connection: Connection, city_id: UUID) -> int | None:
    """Return the number a city was read to; None before its first snapshot was whole."""
    rows = fetch_all(
        connection,
        "SELECT seq FROM sync_cities WHERE city_id = ? AND snapshot_entity IS NULL",
        (city_id.bytes,),
    )
    return int(rows[0][0]) if rows else None


def put_cursor(connection: Connection, city_id: UUID, seq: int) -> None:
    """Write the number a city was read to; whatever snapshot of it was on its way is done."""
    run(
        connection,
        "INSERT INTO sync_cities (city_id, seq) VALUES (?, ?) ON CONFLICT (city_id) DO UPDATE SET "
        "seq = excluded.seq, snapshot_entity = NULL, snapshot_after = NULL, "
        "snapshot_newest_first = NULL, snapshot_seq = NULL, snapshot_run = NULL",
        (city_id.bytes, seq),
    )


def find_snapshot(connection: Connection, city_id: UUID) -> SnapshotPlace | None:
    """Return where a city's snapshot was broken off, if one is on its way."""
    rows = fetch_all(
        connection,
        "SELECT snapshot_entity, snapshot_after, snapshot_seq, snapshot_run, snapshot_newest_first "
        "FROM sync_cities WHERE city_id = ? AND snapshot_entity IS NOT NULL",
        (city_id.bytes,),
    )
    if not rows:
        return None
    entity, after, at_seq, run_number, newest_first = rows[0]
    after_id = None if after is None else UUID(bytes=after)
    return SnapshotPlace(Entity(entity), after_id, at_seq, run_number, bool(newest_first))


def put_snapshot(connection: Connection, city_id: UUID, place: SnapshotPlace) -> None:
    """Write how far a city's snapshot has come."""
    run(
        connection,
        "INSERT INTO sync_cities (city_id, seq, snapshot_entity, snapshot_after, snapshot_seq, "
        "snapshot_run, snapshot_newest_first) VALUES (?, 0, ?, ?, ?, ?, ?) "
        "ON CONFLICT (city_id) DO UPDATE SET snapshot_entity = excluded.snapshot_entity, "
        "snapshot_after = excluded.snapshot_after, snapshot_seq = excluded.snapshot_seq, "
        "snapshot_run = excluded.snapshot_run, "
        "snapshot_newest_first = excluded.snapshot_newest_first",
        (
            city_id.bytes,
            str(place.entity),
            None if place.after is None else place.after.bytes,
            place.at_seq,
            place.run,
            place.newest_first,
        ),
    )


def find_history(connection: Connection, city_id: UUID) -> tuple[int, int] | None:
    """Return after which number, and up to which, a city's events are still to be read."""
    text = facts.find(connection, f"{_HISTORY}{city_id}")
    after, until = map(int, (text or "0 0").split())
    return (after, until) if after < until else None


def put_history(connection: Connection, city_id: UUID, after: int, until: int) -> None:
    """Write after which number, and up to which, a city's events are to be read."""
    facts.put(connection, f"{_HISTORY}{city_id}", f"{after} {until}")


def forget_cursors(connection: Connection) -> None:
    """Forget how far every city was read: each begins with a snapshot again."""
    run(connection, "DELETE FROM sync_cities")
    run(connection, "DELETE FROM snapshot_seen")


def mark_seen(connection: Connection, place: SnapshotPlace, ids: list[UUID]) -> None:
    """Note records that the snapshot holds."""
    run_each(
        connection,
        "INSERT OR IGNORE INTO snapshot_seen (run, entity, id) VALUES (?, ?, ?)",
        [(place.run, str(place.entity), each.bytes) for each in ids],
    )


def mark_taken(connection: Connection, records: Iterable[tuple[Entity, UUID]]) -> None:
    """Note records that the server took while a snapshot was on its way, which need not hold them.

    The feed after it does not tell them either: they are this desk's own.
    """
    runs = fetch_all(connection, "SELECT snapshot_run FROM sync_cities WHERE snapshot_run > 0")
    if runs:
        run_each(
            connection,
            "INSERT OR IGNORE INTO snapshot_seen (run, entity, id) VALUES (?, ?, ?)",
            [(number, str(entity), each.bytes) for entity, each in records for (number,) in runs],
        )


_TABLES: Final = {
    Entity.REPORT: "SELECT id FROM reports WHERE city_id = ?1",
    Entity.CITATION: (
        "SELECT c.id FROM citations c JOIN reports r ON r.pk = c.report_pk WHERE r.city_id = ?1"
    ),
    Entity.GEOFENCE: "SELECT id FROM geofences WHERE city_id = ?1",
    Entity.CONFLICT: "SELECT id FROM conflicts WHERE city_id = ?1",
    **{entity: f"SELECT id FROM {table} WHERE city_id = ?1" for entity, table in TABLES.items()},
}


def has_records(connection: Connection, city_id: UUID) -> bool:
    """Tell whether this desk holds any record of a city that a snapshot could leave out."""
    return any(
        fetch_all(connection, f"{select} LIMIT 1", (city_id.bytes,)) for select in _TABLES.values()
    )


# What hangs on a record goes with it. The server held that, so it holds the record as well: another
# desk brought it back after its page was read.
_BEARERS: Final = {
    Entity.REPORT: (
        Entity.CITATION,
        "SELECT r.id FROM reports r JOIN citations c ON c.report_pk = r.pk AND c.id IN seen",
    ),
    Entity.INCIDENT: (
        Entity.ASSIGNMENT,
        "SELECT incident_id FROM assignments WHERE id IN seen",
    ),
}


def find_unseen(
    connection: Connection, city_id: UUID, run_number: int
) -> list[tuple[Entity, UUID]]:
    """Return the city's records here that a whole snapshot did not hold, nor what hangs on them."""
    found = list[tuple[Entity, UUID]]()
    for entity, select in _TABLES.items():
        borne, bearers = _BEARERS.get(entity, (entity, "SELECT id FROM seen"))
        rows = fetch_all(
            connection,
            "WITH seen AS (SELECT id FROM snapshot_seen WHERE run = ?2 AND entity = ?4) "
            f"SELECT id FROM ({select}) WHERE id NOT IN "
            "(SELECT id FROM snapshot_seen WHERE run = ?2 AND entity = ?3) "
            f"AND id NOT IN ({bearers})",
            (city_id.bytes, run_number, str(entity), str(borne)),
        )
        found += [(entity, UUID(bytes=row[0])) for row in rows]
    return found


def forget_seen(connection: Connection, run_number: int) -> None:
    """Forget what a snapshot held."""
    run(connection, "DELETE FROM snapshot_seen WHERE run = ?", (run_number,))
