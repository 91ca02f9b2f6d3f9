"""How many reports occurred in an area, by shift; from the covering tree of the map."""

from collections.abc import Mapping
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.calendar import SLOT_MS, Calendar
from trafficdesk.domain.records import Bounds
from trafficdesk.domain.shifts import FIRST_MS, SHIFT_MS, Span
from trafficdesk.domain.vocabulary import GeofenceKind, ReportStatus
from trafficdesk.store.rows import fetch_all

# What was rejected did not happen, and what is a duplicate is counted once already.
NOT_COUNTED: Final = (ReportStatus.REJECTED, ReportStatus.DUPLICATE)
_MARKS: Final = ", ".join("?" * len(NOT_COUNTED))
# A quarter of an hour never lies in two shifts: every time zone's shifts begin on one.
_IN_SPAN: Final = f"first_slot >= ? AND last_slot < ? AND status NOT IN ({_MARKS})"
_BY_SHIFT: Final = (
    "SELECT (CAST(first_slot AS INTEGER) + ?) / ?, count(*) FROM report_view "
    f"WHERE west <= ? AND east >= ? AND south <= ? AND north >= ? AND {_IN_SPAN} "
    "AND ST_Intersects((SELECT geom FROM {table} WHERE id = ?), MakePoint(lon, lat, 4326)) "
    "GROUP BY 1"
)


class Area(NamedTuple):
    """An area: which, how it is called, its outline as GeoJSON, and its box."""

    id: UUID
    name: str
    geometry: str
    bounds: Bounds


_AREAS: Final = (
    "SELECT id, name, AsGeoJSON(geom, 6), MbrMinX(geom), MbrMinY(geom), MbrMaxX(geom), "
    "MbrMaxY(geom) FROM {table} WHERE {which} ORDER BY name, id"
)
PATROL_AREAS, WARDS = "geofences", "wards"
_WHICH: Final[Mapping[str, str]] = {
    PATROL_AREAS: f"kind = '{GeofenceKind.PATROL_AREA}' AND deleted_ms IS NULL",
    WARDS: "1",
}


def find_areas(connection: Connection, table: str) -> tuple[Area, ...]:
    """Return the areas of a table (``PATROL_AREAS`` or ``WARDS``), by name."""
    rows = fetch_all(connection, _AREAS.format(table=table, which=_WHICH[table]))
    return tuple(Area(UUID(bytes=r[0]), r[1], r[2], Bounds(*r[3:7])) for r in rows)


def count_by_shift(
    connection: Connection, calendar: Calendar, table: str, area: Area, span: Span
) -> dict[int, int]:
    """Return how many reports of a span (whole shifts) occurred in an area in each shift."""
    west, south, east, north = area.bounds
    ahead = (calendar.offset_ms - FIRST_MS) // SLOT_MS
    rows = fetch_all(
        connection,
        _BY_SHIFT.format(table=table),
        (
            *(ahead, SHIFT_MS // SLOT_MS),
            *(east, west, north, south),
            *_slots(span),
            *map(str, NOT_COUNTED),
            area.id.bytes,
        ),
    )
    return {int(shift): int(n) for shift, n in rows}


def count_all(connection: Connection, span: Span) -> int:
    """Return how many reports of a span (whole shifts) there are anywhere."""
    rows = fetch_all(
        connection,
        f"SELECT count(*) FROM report_view WHERE {_IN_SPAN}",
        (*_slots(span), *map(str, NOT_COUNTED)),
    )
    return int(rows[0][0])


def _slots(span: Span) -> tuple[int, int]:
    return span.begin_ms // SLOT_MS, span.end_ms // SLOT_MS
