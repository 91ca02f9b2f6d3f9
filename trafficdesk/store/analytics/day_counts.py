"""How many reports each day had, in the whole city or a part of it."""

from typing import Final

from sqlalchemy import Connection

from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.calendar import DAY_MS, Calendar
from trafficdesk.store.analytics.day_columns import HAPPENED
from trafficdesk.store.analytics.day_figures import key_of
from trafficdesk.store.patrol_counts import NOT_COUNTED
from trafficdesk.store.rows import fetch_all

_KEPT: Final = (
    f"SELECT day, {HAPPENED} FROM day_sums WHERE part = ? AND part_id = ? AND {HAPPENED} <> 0"
)
_OF_OFFICER: Final = (
    f"SELECT (occurred_ms + ?) / {DAY_MS}, count(*) FROM reports WHERE reviewer_id = ? "
    f"AND status NOT IN ({', '.join('?' * len(NOT_COUNTED))}) AND deleted_ms IS NULL GROUP BY 1"
)


def count_by_day(connection: Connection, calendar: Calendar, scope: Scope) -> dict[int, int]:
    """Return the reports of each day that has any, whatever the scope's period is."""
    if scope.part is Part.OFFICER:
        _, officer_id = key_of(scope)
        values = (calendar.offset_ms, officer_id, *map(str, NOT_COUNTED))
        rows = fetch_all(connection, _OF_OFFICER, values)
    else:
        rows = fetch_all(connection, _KEPT, key_of(scope))
    return {int(day): int(n) for day, n in rows}
