"""How many reports each day had, in the whole city or a part of it."""

from typing import Final

from sqlalchemy import Connection

from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.calendar import Calendar
from trafficdesk.store.patrol_counts import NOT_COUNTED
from trafficdesk.store.rows import fetch_all

_MARKS: Final = ", ".join("?" * len(NOT_COUNTED))
_OF_CITY: Final = (
    f"SELECT day, sum(n) FROM report_days WHERE status NOT IN ({_MARKS}) "
    "GROUP BY day HAVING sum(n) > 0"
)
_OF_PART: Final = (
    "SELECT (occurred_ms + ?) / 86400000, count(*) FROM reports WHERE {column} = ? "
    f"AND status NOT IN ({_MARKS}) AND deleted_ms IS NULL GROUP BY 1"
)
_PART_COLUMNS: Final = {
    Part.STATION: "station_id",
    Part.WARD: "ward_id",
    Part.OFFICER: "reviewer_id",
}


def count_by_day(connection: Connection, calendar: Calendar, scope: Scope) -> dict[int, int]:
    """Return the reports of each day that has any, whatever the scope's period is."""
    left_out = map(str, NOT_COUNTED)
    if scope.part_id is None:
        rows = fetch_all(connection, _OF_CITY, (*left_out,))
    else:
        statement = _OF_PART.format(column=_PART_COLUMNS[scope.part])
        values = (calendar.offset_ms, scope.part_id.bytes, *left_out)
        rows = fetch_all(connection, statement, values)
    return {int(day): int(n) for day, n in rows}
