"""Reports close to a place and an instant: what may be the same event."""

from typing import NamedTuple

from sqlalchemy import Connection

from trafficdesk.domain.calendar import SLOT_MS
from trafficdesk.domain.geometry import bounds_around, distance_m
from trafficdesk.domain.records import Place, QueueRow
from trafficdesk.store import queues

_CANDIDATES_AT_MOST = 200


class Around(NamedTuple):
    """A place, an instant in epoch ms, and how far from both still counts."""

    place: Place
    at_ms: int
    radius_m: float
    gap_ms: int


class Near(NamedTuple):
    """A report, how far it is in metres and in milliseconds (negative: it was earlier)."""

    row: QueueRow
    distance_m: float
    gap_ms: int


def find(connection: Connection, around: Around, limit: int = 5) -> list[Near]:
    """Return reports around a place and time, the closest first."""
    west, south, east, north = bounds_around(around.place, around.radius_m)
    rows = connection.exec_driver_sql(
        "SELECT pk FROM report_view WHERE west <= ? AND east >= ? AND south <= ? AND north >= ? "
        "AND first_slot <= ? AND last_slot >= ? LIMIT +?",
        (
            east,
            west,
            north,
            south,
            (around.at_ms + around.gap_ms) // SLOT_MS,
            (around.at_ms - around.gap_ms) // SLOT_MS,
            _CANDIDATES_AT_MOST,
        ),
    )
    found = queues.find_rows(connection, frozenset(int(row[0]) for row in rows))
    near = [
        Near(row, distance_m(Place(row.lon, row.lat), around.place), row.occurred_ms - around.at_ms)
        for row in found.values()
    ]
    close = [n for n in near if n.distance_m <= around.radius_m and abs(n.gap_ms) <= around.gap_ms]
    return sorted(close, key=lambda n: (n.distance_m, abs(n.gap_ms)))[:limit]
