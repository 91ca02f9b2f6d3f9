"""Where each unit was last heard of; positions are no records and have no history here."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.records import Place, Position
from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.store.rows import fetch_all, run_each

COLUMNS: Final = ("unit_id", "lon", "lat", "at_ms", "accuracy_m", "speed_mps", "heading")
# What comes late is no news.
_PUT: Final = (
    f"INSERT INTO unit_positions ({', '.join(COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (unit_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
    + " WHERE excluded.at_ms >= unit_positions.at_ms"
)


def put(connection: Connection, positions: Sequence[Position]) -> None:
    """Write where units are, but for those of which something later is known."""
    run_each(
        connection,
        _PUT,
        [
            (
                each.unit_id.bytes,
                *each.place,
                to_ms(each.at),
                each.accuracy_m,
                each.speed_mps,
                each.heading,
            )
            for each in positions
        ],
    )


def position_of(row: tuple[Any, ...]) -> Position:
    """Return the position that a row of ``COLUMNS`` holds."""
    return Position(UUID(bytes=row[0]), Place(row[1], row[2]), from_ms(row[3]), *row[4:7])


def find_all(connection: Connection) -> dict[UUID, Position]:
    """Return the last known position of every unit that has one."""
    rows = fetch_all(connection, f"SELECT {', '.join(COLUMNS)} FROM unit_positions")
    found = map(position_of, rows)
    return {each.unit_id: each for each in found}
