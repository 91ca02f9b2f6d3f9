"""Assignments: which unit was sent to which incident, and how far it came."""

import json
from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.records import Assignment
from trafficdesk.domain.times import from_ms
from trafficdesk.domain.vocabulary import Service, SyncState
from trafficdesk.store.rows import fetch_all

COLUMNS: Final = (
    "id",
    "version",
    "revision",
    "incident_id",
    "unit_id",
    "role",
    "assigned_ms",
    "acknowledged_ms",
    "en_route_ms",
    "arrived_ms",
    "cleared_ms",
    "withdrawn_ms",
    "sync_state",
)
_SELECT: Final = f"SELECT {', '.join(COLUMNS)} FROM assignments"


def assignment_of(row: tuple[Any, ...]) -> Assignment:
    """Return the assignment that a row of ``COLUMNS`` holds."""
    acknowledged, en_route, arrived, cleared, withdrawn = (
        None if ms is None else from_ms(ms) for ms in row[7:12]
    )
    return Assignment(
        id=UUID(bytes=row[0]),
        version=row[1],
        revision=row[2],
        incident_id=UUID(bytes=row[3]),
        unit_id=UUID(bytes=row[4]),
        role=Service(row[5]),
        assigned_at=from_ms(row[6]),
        acknowledged_at=acknowledged,
        en_route_at=en_route,
        arrived_at=arrived,
        cleared_at=cleared,
        withdrawn_at=withdrawn,
        sync_state=SyncState(row[12]),
    )


def find(connection: Connection, assignment_id: UUID) -> Assignment | None:
    """Return an assignment."""
    rows = fetch_all(connection, f"{_SELECT} WHERE id = ?", (assignment_id.bytes,))
    return assignment_of(rows[0]) if rows else None


def find_of_incident(connection: Connection, incident_id: UUID) -> list[Assignment]:
    """Return the assignments of an incident, the first first."""
    rows = fetch_all(
        connection,
        f"{_SELECT} WHERE incident_id = ? ORDER BY assigned_ms, id",
        (incident_id.bytes,),
    )
    return [assignment_of(row) for row in rows]


def find_open_of_unit(connection: Connection, unit_id: UUID) -> list[Assignment]:
    """Return what a unit is out for, the first first; more than one where two desks sent it."""
    rows = fetch_all(
        connection,
        f"{_SELECT} WHERE unit_id = ? AND cleared_ms IS NULL AND withdrawn_ms IS NULL "
        "ORDER BY assigned_ms, id",
        (unit_id.bytes,),
    )
    return [assignment_of(row) for row in rows]


def count_by_unit(connection: Connection, since_ms: int) -> dict[UUID, int]:
    """Return how often each unit was sent since then; what was withdrawn does not count."""
    rows = fetch_all(
        connection,
        "SELECT unit_id, count(*) FROM assignments"
        " WHERE assigned_ms >= ? AND withdrawn_ms IS NULL GROUP BY unit_id",
        (since_ms,),
    )
    return {UUID(bytes=unit_id): count for unit_id, count in rows}


def find_by_incident(
    connection: Connection, incident_ids: Collection[UUID] | None = None
) -> dict[UUID, list[Assignment]]:
    """Return the assignments of these incidents, or of all, by incident, the first first."""
    where, values = "", list[object]()
    if incident_ids is not None:
        where = "WHERE incident_id IN (SELECT unhex(value) FROM json_each(?))"
        values = [json.dumps([each.hex for each in incident_ids])]
    found = dict[UUID, list[Assignment]]()
    for row in fetch_all(connection, f"{_SELECT} {where} ORDER BY assigned_ms, id", values):
        assignment = assignment_of(row)
        found.setdefault(assignment.incident_id, []).append(assignment)
    return found
