"""Officers of this desk."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from trafficdesk.domain.records import Officer
from trafficdesk.domain.vocabulary import Role

_SELECT = "SELECT id, name, initials, rank, role, station_id FROM officers"


def _officer(row: Row[*tuple[Any, ...]]) -> Officer:
    return Officer(UUID(bytes=row[0]), row[1], row[2], row[3], Role(row[4]), UUID(bytes=row[5]))


def put(connection: Connection, officer: Officer) -> None:
    """Write an officer, or what has changed of one."""
    connection.exec_driver_sql(
        "INSERT INTO officers (id, name, initials, rank, role, station_id) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name, "
        "initials = excluded.initials, rank = excluded.rank, role = excluded.role, "
        "station_id = excluded.station_id, removed_ms = NULL",
        (
            officer.id.bytes,
            officer.name,
            officer.initials,
            officer.rank,
            officer.role,
            officer.station_id.bytes,
        ),
    )


def mark_removed(connection: Connection, officer_id: UUID, at_ms: int) -> None:
    """Note that an officer has left this desk; the name stays for the history."""
    connection.exec_driver_sql(
        "UPDATE officers SET removed_ms = ? WHERE id = ?", (at_ms, officer_id.bytes)
    )


def is_removed(connection: Connection, officer_id: UUID) -> bool:
    """Tell whether an officer worked at this desk and has left it."""
    removed_ms = connection.exec_driver_sql(
        "SELECT removed_ms FROM officers WHERE id = ?", (officer_id.bytes,)
    ).scalar_one_or_none()
    return removed_ms is not None


def get(connection: Connection, officer_id: UUID) -> Officer:
    """Return an officer, also one who has left.

    Raises:
        sqlalchemy.exc.NoResultFound: there is none of that id.
    """
    row = connection.exec_driver_sql(f"{_SELECT} WHERE id = ?", (officer_id.bytes,)).one()
    return _officer(row)


def find_present(connection: Connection) -> list[Officer]:
    """Return the officers who work at this desk, by name."""
    rows = connection.exec_driver_sql(f"{_SELECT} WHERE removed_ms IS NULL ORDER BY name")
    return [_officer(row) for row in rows]


def find_names(connection: Connection) -> dict[UUID, str]:
    """Return everybody's name by id, also of those who have left."""
    rows = connection.exec_driver_sql("SELECT id, name FROM officers")
    return {UUID(bytes=row[0]): str(row[1]) for row in rows}
