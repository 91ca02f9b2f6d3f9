"""Records that come from the server, written over what this desk has of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.vocabulary import Entity, SyncState
from trafficdesk.store import outbox
from trafficdesk.store.arriving import conflicts, directory, dispatch, reports
from trafficdesk.store.arriving.arrival import Arrival
from trafficdesk.store.arriving.many import (
    NewReport,
    Uncounted,
    count_new_reports,
    find_known_reports,
    put_new_reports,
)
from trafficdesk.store.dispatch_rows import TABLES
from trafficdesk.store.rows import run, run_each

__all__ = [
    "Arrival",
    "NewReport",
    "TakenIn",
    "Uncounted",
    "confirm",
    "count_new_reports",
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
    **dict.fromkeys(TABLES, dispatch.put_record),
}
_DROPS: Final[Mapping[Entity, Callable[[Connection, UUID], int]]] = {
    Entity.GEOFENCE: directory.drop_geofence,
    Entity.REPORT: reports.drop_report,
    Entity.CITATION: reports.drop_citation,
    Entity.CONFLICT: conflicts.drop_conflict,
    **{entity: dispatch.dropper(entity) for entity in TABLES},
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
    **TABLES,
}
# Those that say when they were changed last.
_DATED: Final = frozenset({Entity.REPORT, Entity.INCIDENT})


_CONFIRM: Final = (
    f"UPDATE {{table}} SET version = ?2, sync_state = CASE WHEN {outbox.IS_UNSETTLED} "
    f"THEN {int(SyncState.NOT_SENT)} ELSE {int(SyncState.CONFIRMED)} END"
)


def confirm(
    connection: Connection,
    entity: Entity,
    records: Sequence[tuple[UUID, int]],
    updated_ms: int | None,
) -> list[int]:
    """Note that the server holds records (ids and versions) as they are here.

    ``updated_ms`` is when it took them, if that is known. Returns the numbers of reports.
    """
    versions = [(record_id.bytes, version) for record_id, version in records]
    if entity is Entity.CITATION:  # its mark is its report's
        run_each(connection, "UPDATE citations SET version = ?2 WHERE id = ?1", versions)
        return []
    statement = _CONFIRM.format(table=_VERSIONED[entity])
    if entity not in _DATED:
        run_each(connection, f"{statement} WHERE id = ?1", versions)
        return []
    run_each(
        connection,
        f"{statement}, updated_ms = coalesce(?3, updated_ms) WHERE id = ?1",
        [(*each, updated_ms) for each in versions],
    )
    if entity is not Entity.REPORT:
        return []
    return reports.find_numbers(connection, [record_id for record_id, _ in records])


def distrust_versions(connection: Connection) -> None:
    """Let every record be written over: a restored server counts versions from an earlier one."""
    for table in (*_VERSIONED.values(), "citations"):
        run(connection, f"UPDATE {table} SET version = 0 WHERE version <> 0")
