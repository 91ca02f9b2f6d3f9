"""Reports written or taken away some at a time, each time holding the one writer for a moment."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from trafficdesk.domain.calendar import SLOT_MS, Calendar
from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.store import fulltext, map_cells, tallies
from trafficdesk.store.reports import INSERT, ReportInsert
from trafficdesk.store.rows import fetch_all, run_each


class Arrival(NamedTuple):
    """A new report and every violation it names."""

    row: ReportInsert
    violations: tuple[str, ...]


_TALLY = """
INSERT INTO report_tally (status, severity, violation, escalated, second_look, assignee_id, n)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (status, severity, violation, escalated, second_look, assignee_id)
DO UPDATE SET n = n + excluded.n
"""
_DAY = """
INSERT INTO report_days (day, status, severity, n) VALUES (?, ?, ?, ?)
ON CONFLICT (day, status, severity) DO UPDATE SET n = n + excluded.n
"""
_CELL = """
INSERT INTO report_cells (level, month, x, y, n, sum_lon, sum_lat, {column})
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?5) ON CONFLICT (level, month, x, y) DO UPDATE SET
n = n + excluded.n, sum_lon = sum_lon + excluded.sum_lon, sum_lat = sum_lat + excluded.sum_lat,
{column} = {column} + excluded.{column}
"""
_SPOT = """
INSERT INTO report_view
(pk, west, east, south, north, first_slot, last_slot, lon, lat, status, severity)
VALUES (?1, ?2, ?2, ?3, ?3, ?4, ?4, ?2, ?3, ?5, ?6)
"""
_TEXT = """
INSERT INTO report_text (rowid, description, address, plate, reference) VALUES (?, ?, ?, ?, ?)
"""
_VIOLATION = "INSERT INTO report_violations (report_pk, position, code) VALUES (?, ?, ?)"


def add_part(connection: Connection, calendar: Calendar, part: Sequence[Arrival]) -> None:
    """Write some reports of many; with the same transaction they are found and counted."""
    ((last,),) = fetch_all(connection, "SELECT coalesce(max(pk), 0) FROM reports")
    run_each(connection, INSERT, [arrival.row for arrival in part])
    numbered = list(enumerate(part, int(last) + 1))
    run_each(
        connection,
        _VIOLATION,
        [(pk, i, code) for pk, each in numbered for i, code in enumerate(each.violations)],
    )
    run_each(connection, _TEXT, [(pk, *_text(each.row)) for pk, each in numbered])
    run_each(
        connection,
        _SPOT,
        [
            (pk, r.lon, r.lat, r.occurred_ms // SLOT_MS, r.status, r.severity)
            for pk, (r, _violations) in numbered
        ],
    )
    _count(connection, calendar, [_Counted.of(arrival.row) for arrival in part], 1)


def _text(row: ReportInsert) -> tuple[str, str, str, str]:
    address = f"{row.address} {row.area}".strip()
    return row.description, address, fulltext.plate_words(row.plate), row.reference


class _Counted(NamedTuple):
    """What of a report is counted, in the order of ``_COUNTED``."""

    status: str
    severity: int
    violation: str
    escalated: int
    second_look: int
    assignee_id: bytes
    lon: float
    lat: float
    occurred_ms: int

    @classmethod
    def of(cls, row: ReportInsert) -> "_Counted":
        return cls(
            row.status,
            row.severity,
            row.violation,
            row.escalated,
            row.second_look,
            row.assignee_id or tallies.NOBODY,
            row.lon,
            row.lat,
            row.occurred_ms,
        )


_COUNTED = (
    "SELECT status, severity, violation, escalated, second_look, coalesce(assignee_id, x''), "
    "lon, lat, occurred_ms FROM reports WHERE pk IN ({marks})"
)


def _count(
    connection: Connection, calendar: Calendar, counted: Sequence[_Counted], sign: int
) -> None:
    """Add reports to (or with -1 take them from) tallies, days and cells, equal ones together."""
    queues = Counter(each[:6] for each in counted)
    run_each(connection, _TALLY, [(*key, sign * n) for key, n in queues.items()])
    days = Counter((calendar.day_of(c.occurred_ms), c.status, c.severity) for c in counted)
    run_each(connection, _DAY, [(*key, sign * n) for key, n in days.items()])
    _count_cells(connection, calendar, counted, sign)


def _count_cells(
    connection: Connection, calendar: Calendar, counted: Sequence[_Counted], sign: int
) -> None:
    cells = defaultdict[str, dict[tuple[int, ...], list[float]]](dict)
    for each in counted:
        column = map_cells.count_column(each.status, each.severity)
        month = calendar.month_of(each.occurred_ms)
        for level in map_cells.LEVELS:
            x, y = map_cells.column_of(each.lon, level), map_cells.row_of(each.lat, level)
            for bucket in (map_cells.ALWAYS, month):
                sums = cells[column].setdefault((level, bucket, x, y), [0, 0.0, 0.0])
                sums[0] += sign
                sums[1] += sign * each.lon
                sums[2] += sign * each.lat
    for column, summed in cells.items():
        # In the order of the table: neighbours lie on one page.
        values = [(*key, *summed[key]) for key in sorted(summed)]
        run_each(connection, _CELL.format(column=column), values)


def remove_part(connection: Connection, calendar: Calendar, pks: Sequence[int], at_ms: int) -> None:
    """Mark reports deleted, out of every queue and off the map, each at its next revision."""
    marks = ", ".join("?" * len(pks))
    rows = fetch_all(connection, _COUNTED.format(marks=marks), pks)
    _count(connection, calendar, [_Counted._make(row) for row in rows], -1)
    run_each(connection, "DELETE FROM report_view WHERE pk = ?", [(pk,) for pk in pks])
    run_each(
        connection,
        "UPDATE reports SET deleted_ms = ?1, updated_ms = ?1, sync_state = ?2, "
        "revision = revision + 1 WHERE pk = ?3",
        [(at_ms, int(SyncState.NOT_SENT), pk) for pk in pks],
    )
