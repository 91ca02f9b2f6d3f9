"""What queues, map and sums by day count of one report, moved with every change of it."""

from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from trafficdesk.domain.calendar import Calendar
from trafficdesk.store import map_cells, tallies
from trafficdesk.store.analytics import day_sums
from trafficdesk.store.rows import fetch_all


class Counted(NamedTuple):
    """What tallies, map and sums know of one report; None when it is deleted."""

    tally: tallies.TallyKey | None
    spot: map_cells.Spot | None
    summed: day_sums.Summed | None


NOT_COUNTED: Final = Counted(None, None, None)
_OWN: Final = """status, severity, violation, escalated, second_look, coalesce(assignee_id, x''),
lon, lat, occurred_ms, deleted_ms"""
COLUMNS: Final = f"{_OWN}, {day_sums.SUMMED}"
_SUMMED_FROM: Final = 10  # where the columns of the sums begin


def of_row(pk: int, row: tuple[Any, ...]) -> Counted:
    """Return what is counted of a report whose ``COLUMNS`` were read."""
    if row[9] is not None:
        return NOT_COUNTED
    return Counted(
        tallies.TallyKey(*row[:6]),
        map_cells.Spot(pk, row[6], row[7], row[0], row[1], row[8]),
        day_sums.Summed._make(row[_SUMMED_FROM:]),
    )


def counted(connection: Connection, pk: int) -> Counted:
    """Return what is to be counted of a report as it is now."""
    (row,) = fetch_all(connection, f"SELECT {COLUMNS} FROM reports WHERE pk = ?", (pk,))
    return of_row(pk, row)


def recount(connection: Connection, calendar: Calendar, before: Counted, pk: int) -> None:
    """Bring all counts from what was counted before to what the report is now."""
    move(connection, calendar, pk, (before, counted(connection, pk)))


def move(
    connection: Connection, calendar: Calendar, pk: int, counts: tuple[Counted, Counted]
) -> None:
    """Bring all counts of a report from the first of two to the second."""
    before, now = counts
    tallies.move(connection, before.tally, now.tally)
    map_cells.move(connection, calendar, before.spot, now.spot)
    day_sums.move(connection, calendar, pk, before.summed, now.summed)
