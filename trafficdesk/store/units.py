"""Units: who can be sent, where they were sent, and where they were last heard of."""

import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.dispatch import is_open, unit_status
from trafficdesk.domain.records import Assignment, Position, Unit
from trafficdesk.domain.times import from_ms
from trafficdesk.domain.vocabulary import Duty, SyncState, UnitKind, UnitStatus
from trafficdesk.store import assignments, unit_positions
from trafficdesk.store.rows import fetch_all

COLUMNS: Final = (
    "id",
    "version",
    "revision",
    "call_sign",
    "kind",
    "station_id",
    "crew",
    "skills",
    "duty",
    "assignment_id",
    "checked_ms",
    "sync_state",
    "deleted_ms",
)
_SELECT: Final = f"SELECT {', '.join(COLUMNS)} FROM units"
_OF_ASSIGNMENT: Final = ", ".join(f"a.{name}" for name in assignments.COLUMNS)
_HELD: Final = f"SELECT {_OF_ASSIGNMENT} FROM units u JOIN assignments a ON a.id = u.assignment_id"
# Also what a unit does not hold: a side of a claim in conflict, or one whose claim never came.
OUT: Final = (
    f"SELECT {', '.join(assignments.COLUMNS)} FROM assignments "
    "WHERE cleared_ms IS NULL AND withdrawn_ms IS NULL ORDER BY +assigned_ms, id"
)


@dataclass(frozen=True, slots=True)
class UnitNow:
    """A unit with the assignment that it is out for, or else holds, and its last place."""

    unit: Unit
    assignment: Assignment | None = None
    position: Position | None = None

    @property
    def status(self) -> UnitStatus:
        """What it is doing."""
        return unit_status(self.unit.duty, self.assignment)


def unit_of(row: tuple[Any, ...]) -> Unit:
    """Return the unit that a row of ``COLUMNS`` holds."""
    return Unit(
        id=UUID(bytes=row[0]),
        version=row[1],
        revision=row[2],
        call_sign=row[3],
        kind=UnitKind(row[4]),
        station_id=UUID(bytes=row[5]),
        crew=row[6],
        skills=tuple(json.loads(row[7])),
        duty=Duty(row[8]),
        assignment_id=None if row[9] is None else UUID(bytes=row[9]),
        checked_at=None if row[10] is None else from_ms(row[10]),
        sync_state=SyncState(row[11]),
        deleted_at=None if row[12] is None else from_ms(row[12]),
    )


def find(connection: Connection, unit_id: UUID) -> Unit | None:
    """Return a unit, retired or not."""
    rows = fetch_all(connection, f"{_SELECT} WHERE id = ?", (unit_id.bytes,))
    return unit_of(rows[0]) if rows else None


def find_all(connection: Connection) -> list[Unit]:
    """Return every unit that was not retired, by call sign."""
    rows = fetch_all(connection, f"{_SELECT} WHERE deleted_ms IS NULL ORDER BY call_sign, id")
    return [unit_of(row) for row in rows]


def find_held(connection: Connection, unit: Unit) -> Assignment | None:
    """Return what a unit is out for: what it holds, or else what it was sent to last."""
    out = assignments.find_open_of_unit(connection, unit.id)
    held = next((each for each in out if each.id == unit.assignment_id), None)
    return held or next(reversed(out), None)


def find_now(connection: Connection) -> list[UnitNow]:
    """Return every unit that was not retired with what it is doing and where, by call sign."""
    held, latest = (
        {a.unit_id: a for a in map(assignments.assignment_of, fetch_all(connection, query))}
        for query in (_HELD, OUT)
    )
    out = held | latest | {unit_id: a for unit_id, a in held.items() if is_open(a)}
    positions = unit_positions.find_all(connection)
    return [
        UnitNow(each, out.get(each.id), positions.get(each.id)) for each in find_all(connection)
    ]
