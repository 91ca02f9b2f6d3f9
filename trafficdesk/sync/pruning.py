"""What window and scope no longer hold goes by itself: closed old cases, and what left."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from trafficdesk.domain.vocabulary import Entity, ReportStatus
from trafficdesk.store import arriving, assignments, citations, outbox
from trafficdesk.store.dispatch_rows import TABLES
from trafficdesk.store.engine import Store
from trafficdesk.store.rows import fetch_all
from trafficdesk.sync import link
from trafficdesk.sync.leavings import leave
from trafficdesk.sync.taken import Touched
from trafficdesk.wire.fields import CITY_WIDE

# The server keeps to the same list when it says what lies in the window.
OPEN_STATUSES: Final = frozenset(
    {
        ReportStatus.PENDING,
        ReportStatus.UNDER_REVIEW,
        ReportStatus.NEEDS_INFO,
        ReportStatus.APPROVED,
    }
)
_BATCH: Final = 200  # a decision waits no longer than this many take


def prune_batch(store: Store, now_ms: int) -> Touched:
    """Drop some of what lies outside window or scope; empty when nothing is left to drop.

    Outside the window are reports from before it that are closed, incidents that are over, and
    settled conflicts. What has unsettled work stays, also on what hangs on it.
    """
    touched = Touched()
    with store.writing() as connection:
        marks = link.get_marks(connection)
        if not marks.is_scope_swept:
            _sweep(connection, marks, now_ms, touched)
        if not touched:
            _prune_reports(connection, marks.window_from_ms, touched)
        if not touched:
            _prune_incidents(connection, marks.window_from_ms, touched)
        if not touched:
            _prune_conflicts(connection, marks.window_from_ms, touched)
    return touched


def _prune_reports(connection: Connection, window_from_ms: int, touched: Touched) -> None:
    closed = sorted(str(status) for status in set(ReportStatus) - OPEN_STATUSES)
    work = outbox.find_records_with_open_work(connection)
    kept = {record_id for entity, record_id in work if entity is Entity.REPORT}
    kept |= citations.find_cited(
        connection, [record_id for entity, record_id in work if entity is Entity.CITATION]
    )
    rows = fetch_all(
        connection,
        f"SELECT id FROM reports WHERE reported_ms < ? AND status IN ({_signs(closed)}) "
        "AND version > 0 ORDER BY reported_ms LIMIT +?",
        (window_from_ms, *closed, _BATCH + len(kept)),
    )
    for (raw,) in rows:
        record_id = UUID(bytes=raw)
        if record_id not in kept:
            touched.add(arriving.drop(connection, Entity.REPORT, record_id))


# Over, and nobody is out for it any more: the server keeps to the same.
_OVER: Final = (
    "SELECT i.id FROM incidents i WHERE i.reported_ms < ? AND i.version > 0 "
    "AND (i.cleared_ms IS NOT NULL OR i.deleted_ms IS NOT NULL) "
    "AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.incident_id = i.id "
    "AND a.cleared_ms IS NULL AND a.withdrawn_ms IS NULL) ORDER BY i.reported_ms LIMIT +?"
)


def _prune_incidents(connection: Connection, window_from_ms: int, touched: Touched) -> None:
    kept = outbox.find_records_with_open_work(connection)
    rows = fetch_all(connection, _OVER, (window_from_ms, _BATCH + len(kept)))
    for (raw,) in rows:
        record_id = UUID(bytes=raw)
        of_it = {(Entity.INCIDENT, record_id)} | {
            (Entity.ASSIGNMENT, each.id)
            for each in assignments.find_of_incident(connection, record_id)
        }
        if not of_it & kept:
            touched.add(arriving.drop(connection, Entity.INCIDENT, record_id))


def _prune_conflicts(connection: Connection, window_from_ms: int, touched: Touched) -> None:
    kept = outbox.find_records_with_open_work(connection)
    rows = fetch_all(
        connection,
        "SELECT id FROM conflicts WHERE status = 'settled' AND opened_ms < ? LIMIT +?",
        (window_from_ms, _BATCH + len(kept)),
    )
    for (raw,) in rows:
        record_id = UUID(bytes=raw)
        if (Entity.CONFLICT, record_id) not in kept:
            touched.add(arriving.drop(connection, Entity.CONFLICT, record_id))


def _sweep(connection: Connection, marks: link.Marks, now_ms: int, touched: Touched) -> None:
    """Drop some of what an earlier scope held and the present one does not.

    Work that is to be sent keeps its record: the server's answer to it drops that.
    """
    cities = [each.bytes for each in marks.city_ids]
    stations = [each.bytes for each in marks.station_ids]
    for entity, table in _SWEPT.items():
        is_out = f"city_id NOT IN ({_signs(cities)})"
        values: list[object] = list(cities)
        # An area's station the server alone knows; who is sent where is the whole city's.
        if stations and entity not in CITY_WIDE | {Entity.GEOFENCE}:
            is_out += f" OR station_id NOT IN ({_signs(stations)})"
            values += stations
        if stations and entity is Entity.CONFLICT:
            is_out = f"{is_out} AND record_entity NOT IN ({_signs(_CITY_WIDE)})"
            values += _CITY_WIDE
        rows = fetch_all(
            connection,
            f"SELECT id FROM {table} t WHERE ({is_out}) AND {_IDLE} LIMIT +?",
            (*values, _BATCH),
        )
        for (raw,) in rows:
            leave(connection, (entity, UUID(bytes=raw)), now_ms, touched)
        if rows:
            return
    link.put_marks(connection, msgspec.structs.replace(marks, is_scope_swept=True))


_SWEPT: Final = {
    Entity.CONFLICT: "conflicts",
    Entity.REPORT: "reports",
    Entity.GEOFENCE: "geofences",
    **TABLES,
}
_CITY_WIDE: Final = sorted(map(str, CITY_WIDE))
_IDLE: Final = (
    "version > 0 AND NOT EXISTS (SELECT 1 FROM outbox b JOIN events e ON e.seq = b.seq "
    "WHERE b.state IN ('queued', 'sent') AND b.state <> 'settled' AND e.entity_id = t.id)"
)


def _signs(values: Sequence[object]) -> str:
    return ", ".join("?" for _ in values)
