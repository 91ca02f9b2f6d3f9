"""Counting many reports at once: equal ones are added up before anything is written."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from trafficdesk.domain.calendar import Calendar
from trafficdesk.store import map_cells, tallies
from trafficdesk.store.analytics import day_sums
from trafficdesk.store.reports import ReportInsert
from trafficdesk.store.rows import run_each

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


class Counted(NamedTuple):
    """What of a report is counted, in the order of ``COUNTED``."""

    status: str
    severity: int
    violation: str
    escalated: int
    second_look: int
    assignee_id: bytes
    lon: float
    lat: float
    occurred_ms: int
    station_id: bytes
    ward_id: bytes | None
    reviewer_id: bytes | None
    reported_ms: int
    score: int
    decided_ms: int | None

    @property
    def summed(self) -> day_sums.Summed:
        """Return what the sums by day know of it."""
        return day_sums.Summed(
            self.station_id,
            self.ward_id,
            self.reviewer_id,
            self.reported_ms,
            self.severity,
            self.score,
            self.status,
            self.decided_ms,
            self.occurred_ms,
            self.violation,
        )

    @classmethod
    def of(cls, row: ReportInsert) -> "Counted":
        """Return what is counted of a new report."""
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
            row.station_id,
            row.ward_id,
            row.reviewer_id,
            row.reported_ms,
            row.score,
            row.decided_ms,
        )


COUNTED = (
    "status, severity, violation, escalated, second_look, coalesce(assignee_id, x''), "
    "lon, lat, occurred_ms, station_id, ward_id, reviewer_id, reported_ms, score, decided_ms"
)


def count(
    connection: Connection, calendar: Calendar, counted: Sequence[Counted], sign: int
) -> None:
    """Add reports to (or with -1 take them from) tallies, days, cells and sums.

    None of them has a citation.
    """
    queues = Counter(each[:6] for each in counted)
    run_each(connection, _TALLY, [(*key, sign * n) for key, n in queues.items()])
    days = Counter((calendar.day_of(c.occurred_ms), c.status, c.severity) for c in counted)
    run_each(connection, _DAY, [(*key, sign * n) for key, n in days.items()])
    day_sums.count(connection, calendar, (each.summed for each in counted), sign)
    for column, cells in _cells(calendar, counted).items():
        statement = _CELL.format(column=column)
        # In the order of the table: neighbours lie on one page.
        values = [
            (*key, sign * n, sign * lon, sign * lat) for key, (n, lon, lat) in sorted(cells.items())
        ]
        run_each(connection, statement, values)


_Sums = list[Any]  # how many, and their longitudes and latitudes added up
_Places = dict[tuple[int, int, int], _Sums]  # by month, column and row of one level
_Cells = dict[tuple[int, int, int, int], _Sums]


def _cells(calendar: Calendar, counted: Sequence[Counted]) -> dict[str, _Cells]:
    """Return the sums of each cell that is touched, by the column they are counted in."""
    finest, months = map_cells.LEVELS[-1], _Months(calendar)
    facets = defaultdict[tuple[str, int], _Places](dict)
    for each in counted:
        lon, lat = each.lon, each.lat
        x, y = map_cells.column_of(lon, finest), map_cells.row_of(lat, finest)
        key = months[calendar.day_of(each.occurred_ms)], x, y
        kept = facets[each.status, each.severity].setdefault(key, [0, 0.0, 0.0])
        kept[0] += 1
        kept[1] += lon
        kept[2] += lat
    return {map_cells.count_column(*facet): _levels(places) for facet, places in facets.items()}


class _Months(dict[int, int]):
    """The months of days that were met: many reports share a day."""

    def __init__(self, calendar: Calendar) -> None:
        super().__init__()
        self._calendar = calendar

    def __missing__(self, day: int) -> int:
        month = self._calendar.month_of(self._calendar.day_start_ms(day))
        self[day] = month
        return month


def _levels(places: _Places) -> _Cells:
    """Add the finest cells up, level by level, by month and for all time."""
    found, finer = _Cells(), map_cells.LEVELS[-1]
    for level in reversed(map_cells.LEVELS):
        if level != finer:
            places, finer = _added(places, finer - level), level
        for (month, x, y), sums in places.items():
            found[level, month, x, y] = sums
        for (_, x, y), sums in _added(places, month=map_cells.ALWAYS).items():
            found[level, map_cells.ALWAYS, x, y] = sums
    return found


def _added(places: _Places, shift: int = 0, month: int | None = None) -> _Places:
    """Add cells up to larger ones, or with ``month`` all months to that one."""
    found = _Places()
    for (own, x, y), (n, lon, lat) in places.items():
        key = own if month is None else month, x >> shift, y >> shift
        kept = found.get(key)
        if kept is None:
            found[key] = [n, lon, lat]
        else:
            kept[0] += n
            kept[1] += lon
            kept[2] += lat
    return found
