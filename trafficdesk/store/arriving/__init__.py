"""Records that come from the server, written over what this desk has of them."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.vocabulary import Entity, SyncState
from trafficdesk.store.arriving import conflicts, directory, reports
from trafficdesk.store.arriving.arrival import Arrival
from trafficdesk.store.arriving.many import NewReport, find_known_reports, put_new_reports
from trafficdesk.store.rows import fetch_all, run

__all__ = [
    "Arrival",
    "NewReport",
    "TakenIn",
    "confirm",
    "distrust_versions",
    "drop",
    "find_known_reports",
    "put",
    "put_new_reports",
]


class TakenIn(NamedTuple):
    """What an arrival touched: a report's number, or 0 for any other kind of record."""

    entity: Entity
    report_pk: int


_PUTS: Final[Mapping[Entity, Callable[[Connection, Arrival], int]]] = {
    Entity.CITY: directory.put_city,
    Entity.STATION: directory.put_station,
    Entity.WARD: directory.put_ward,
    Entity.VIOLATION_TYPE: directory.put_violation_type,
    Entity.OFFICER: directory.put_officer,
    Entity.CITIZEN: directory.put_citizen,
    Entity.GEOFENCE: directory.put_geofence,
    Entity.REPORT: reports.put_report,
    Entity.CITATION: reports.put_citation,
    Entity.CONFLICT: conflicts.put_conflict,
}
_DROPS: Final[Mapping[Entity, Callable[[Connection, UUID], int]]] = {
    Entity.GEOFENCE: directory.drop_geofence,
    Entity.REPORT: reports.drop_report,
    Entity.CITATION: reports.drop_citation,
    Entity.CONFLICT: conflicts.drop_conflict,
}


def put(connection: Connection, arrival: Arrival) -> TakenIn:
    """Write a record as it arrived, unless a later version of it is here already."""
    return TakenIn(arrival.entity, _PUTS[arrival.entity](connection, arrival))


def drop(connection: Connection, entity: Entity, record_id: UUID) -> TakenIn:
    """Remove a record that is no longer this desk's to keep; cities and people stay known."""
    remove = _DROPS.get(entity)
    return TakenIn(entity, 0 if remove is None else remove(connection, record_id))


_VERSIONED: Final = {
    Entity.REPORT: "reports",
    Entity.GEOFENCE: "geofences",
    Entity.CONFLICT: "conflicts",
}


def confirm(
    connection: Connection, entity: Entity, record_id: UUID, version: int, *, waits: bool
) -> TakenIn:
    """Note that the server holds a record as it is here; ``waits`` if more of it is unsettled."""
    state = SyncState.NOT_SENT if waits else SyncState.CONFIRMED
    if entity is Entity.CITATION:  # its mark is its report's
        run(
            connection,
            "UPDATE citations SET version = ? WHERE id = ?",
            (version, record_id.bytes),
        )
        return TakenIn(entity, 0)
    run(
        connection,
        f"UPDATE {_VERSIONED[entity]} SET version = ?, sync_state = ? WHERE id = ?",
        (version, int(state), record_id.bytes),
    )
    if entity is not Entity.REPORT:
        return TakenIn(entity, 0)
    rows = fetch_all(connection, "SELECT pk FROM reports WHERE id = ?", (record_id.bytes,))
    return TakenIn(entity, int(rows[0][0]) if rows else 0)


def distrust_versions(connection: Connection) -> None:
    """Let every record be written over: a restored server counts versions from an earlier one."""
    for table in (*_VERSIONED.values(), "citations"):
        run(connection, f"UPDATE {table} SET version = 0 WHERE version <> 0")
