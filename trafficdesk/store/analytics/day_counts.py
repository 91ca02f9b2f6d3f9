"""How many reports each day had, in the whole city or a part of it."""

from typing import Final

from sqlalchemy import Connection

from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.domain.calendar import DAY_MS, Calendar
from trafficdesk.store.analytics.day_columns import HAPPENED
from trafficdesk.store.analytics.day_keys import keys_of
from trafficdesk.store.patrol_counts import NOT_COUNTED
from trafficdesk.store.rows import fetch_all

_KEPT: Final = f"""
SELECT day, sum({HAPPENED}) FROM day_sums WHERE {{}} AND {HAPPENED} <> 0 GROUP BY day
"""
_OF_OFFICER: Final = (
    f"SELECT (occurred_ms + ?) / {DAY_MS}, count(*) FROM reports WHERE reviewer_id = ? "
    f"AND status NOT IN ({', '.join('?' * len(NOT_COUNTED))}) AND deleted_ms IS NULL GROUP BY 1"
)


def count_by_day(connection: Connection, calendar: Calendar, scope: Scope) -> dict[int, int]:
    """Return the reports of each day that has any, whatever the scope's period is."""
    if scope.officer_id is not None:
        values = (calendar.offset_ms, scope.officer_id.bytes, *map(str, NOT_COUNTED))
        rows = fetch_all(connection, _OF_OFFICER, values)
    else:
        of = keys_of(connection, scope)
        rows = fetch_all(connection, _KEPT.format(of.sql), of.values)
    return {int(day): int(n) for day, n in rows}
