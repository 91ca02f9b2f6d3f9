"""How many reports each micro-cell has: of a month as the map keeps it, of days from its tree."""

from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection

from trafficdesk.domain.analytics.hotspots import SEVERITY_WEIGHTS
from trafficdesk.domain.analytics.micro_cells import COLUMNS, LEVEL
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.analytics.significance import SQUARE_LEVEL
from trafficdesk.domain.calendar import SLOT_MS, Calendar
from trafficdesk.domain.geometry import boxes_of
from trafficdesk.domain.records import Bounds
from trafficdesk.domain.vocabulary import ReportStatus, Severity
from trafficdesk.store.map_cells import ALWAYS, COUNTS, LEVELS, count_column
from trafficdesk.store.patrol_counts import NOT_COUNTED
from trafficdesk.store.rows import fetch_all

Mark = tuple[tuple[Any, ...], ...]
Row = tuple[int, int, int]  # the micro-cell's row and column as one number, how many, their weight

_COUNTED: Final = [
    (severity, count_column(status, severity))
    for status in ReportStatus
    if status not in NOT_COUNTED
    for severity in Severity
]
_MARKS: Final = ", ".join("?" * len(NOT_COUNTED))
_NUMBER: Final = f"y * {COLUMNS} + x"
_OF_MONTH: Final = (
    f"SELECT {_NUMBER}, {' + '.join(column for _, column in _COUNTED)} AS counted, "
    + " + ".join(f"{SEVERITY_WEIGHTS[severity]} * {column}" for severity, column in _COUNTED)
    + f" FROM report_cells WHERE level = {LEVEL} AND month = ? AND counted <> 0"
)
_WEIGHT: Final = f"""CASE severity {
    " ".join(f"WHEN {int(each)} THEN {weight}" for each, weight in SEVERITY_WEIGHTS.items())
} END"""
_ONE_BY_ONE: Final = (
    f"SELECT CAST((lat + 90) * {COLUMNS} / 360 AS INT) * {COLUMNS} "
    f"+ CAST((lon + 180) * {COLUMNS} / 360 AS INT), count(*), sum({_WEIGHT}) FROM "
)
_OF_SLOTS: Final = (
    f"{_ONE_BY_ONE} report_view WHERE first_slot >= ? AND last_slot < ? "
    f"AND status NOT IN ({_MARKS}) GROUP BY 1"
)
_OF_SPAN: Final = (
    f"{_ONE_BY_ONE} (SELECT v.lat, v.lon, v.severity FROM report_view v "
    "CROSS JOIN reports r ON r.pk = v.pk WHERE v.first_slot >= ? AND v.last_slot <= ? "
    f"AND r.occurred_ms >= ? AND r.occurred_ms < ? AND v.status NOT IN ({_MARKS})) GROUP BY 1"
)
_OF_PART: Final = (
    f"{_ONE_BY_ONE} reports WHERE {{column}} = ? AND occurred_ms >= ? AND occurred_ms < ? "
    f"AND status NOT IN ({_MARKS}) AND deleted_ms IS NULL GROUP BY 1"
)
_PART_COLUMNS: Final = {
    Part.STATION: "station_id",
    Part.WARD: "ward_id",
    Part.OFFICER: "reviewer_id",
}


def of_month(connection: Connection, month: int) -> list[Row]:
    """Return the micro-cells of a month (``year * 12 + month - 1``) that have reports."""
    return fetch_all(connection, _OF_MONTH, (month,))


def of_days(connection: Connection, calendar: Calendar, first_day: int, past_day: int) -> list[Row]:
    """Return the micro-cells of a stretch of days that have reports."""
    slots = (calendar.day_start_ms(day) // SLOT_MS for day in (first_day, past_day))
    return fetch_all(connection, _OF_SLOTS, (*slots, *map(str, NOT_COUNTED)))


def of_span(connection: Connection, span_ms: tuple[int, int]) -> list[Row]:
    """Return the micro-cells that have reports of a stretch of time, its end left out."""
    slots = [ms // SLOT_MS for ms in span_ms]
    return fetch_all(connection, _OF_SPAN, (*slots, *span_ms, *map(str, NOT_COUNTED)))


def of_part(connection: Connection, calendar: Calendar, scope: Scope) -> list[Row]:
    """Return the micro-cells of a station, ward or officer that have reports in a period."""
    part_id = scope.part_id
    if part_id is None:
        raise ValueError("the whole city is no part")
    statement = _OF_PART.format(column=_PART_COLUMNS[scope.part])
    span = scope.period.span_ms(calendar)
    return fetch_all(connection, statement, (part_id.bytes, *span, *map(str, NOT_COUNTED)))


def marks_of_months(connection: Connection, first: int, past: int) -> dict[int, Mark]:
    """Return by month what is another as soon as anything that is counted of the month is.

    The sums of the coarsest cells: whatever moves, changes or comes in a month changes them.
    """
    rows = fetch_all(
        connection,
        f"SELECT month, x, y, n, sum_lon, sum_lat, {', '.join(COUNTS)} FROM report_cells "
        "WHERE level = ? AND month >= ? AND month < ? ORDER BY month, x, y",
        (LEVELS[0], first, past),
    )
    return {month: tuple(each) for month, each in groupby(rows, itemgetter(0))}


def find_known_squares(connection: Connection) -> list[tuple[int, int]]:
    """Return the squares that ever had a report, as ``domain.analytics.significance`` has them."""
    return fetch_all(
        connection,
        "SELECT x, y FROM report_cells WHERE level = ? AND month = ? AND n > 0",
        (SQUARE_LEVEL, ALWAYS),
    )


_SAMPLE: Final = 300
_NAME: Final = (
    "SELECT name FROM (SELECT trim(CASE instr(address, ',') WHEN 0 THEN address "
    "ELSE substr(address, 1, instr(address, ',') - 1) END) AS name FROM reports WHERE pk IN "
    "({})) WHERE name <> '' GROUP BY name ORDER BY count(*) DESC, name LIMIT 1"
)
_IN_BOX: Final = (
    "SELECT pk FROM (SELECT pk FROM report_view "
    "WHERE west <= ? AND east >= ? AND south <= ? AND north >= ? LIMIT +?)"
)


def find_name(connection: Connection, box: Bounds) -> str:
    """Return what most reports of a box call their street, '' where none has an address.

    Looked at are some hundred of them; what follows an address's first comma is left out.
    """
    boxes = boxes_of(box)
    rows = fetch_all(
        connection,
        _NAME.format(" UNION ".join([_IN_BOX] * len(boxes))),
        tuple(at for b in boxes for at in (b.east, b.west, b.north, b.south, _SAMPLE)),
    )
    return str(rows[0][0]) if rows else ""
