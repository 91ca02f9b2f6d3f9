"""Reading the sums by day: what a scope received, decided and cited over any period."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.analytics.sums import Cited, Decided, Received, Workload
from trafficdesk.domain.vocabulary import Severity
from trafficdesk.store.analytics.day_columns import (
    AT_HOUR,
    CITED,
    OWN_TYPE,
    RECEIVED,
    SCORE,
    TOOK,
    TYPE_OF,
    VERDICTS,
    WARD_OF_STATION,
)
from trafficdesk.store.analytics.day_sums import NOBODY
from trafficdesk.store.rows import fetch_all

_OF_SCOPE: Final = "part = ? AND part_id = ? AND day >= ? AND day < ?"
_READ: Final = (*VERDICTS, *CITED, SCORE, *RECEIVED, *TOOK)
_SIX: Final = len((*VERDICTS, *CITED, SCORE))
_TEN: Final = _SIX + len(RECEIVED)
_SUMS: Final = f"SELECT {', '.join(f'sum({name})' for name in _READ)} FROM day_sums WHERE "
_DECISIONS: Final = " + ".join(VERDICTS)
_ARRIVALS: Final = " + ".join(RECEIVED)


class DaySums(NamedTuple):
    """What the sums of a scope's days come to."""

    received: Received
    decided: Decided
    cited: Cited


NOTHING: Final = DaySums(Received(), Decided(), Cited())


def key_of(scope: Scope) -> tuple[int, bytes]:
    """Return what a scope's rows of ``day_sums`` are kept under."""
    return int(scope.part), NOBODY if scope.part_id is None else scope.part_id.bytes


def _days(period: Period) -> tuple[int, int]:
    return period.first_day, period.past_day


def read_sums(connection: Connection, scope: Scope) -> DaySums:
    """Return what a scope's days come to."""
    (row,) = fetch_all(connection, _SUMS + _OF_SCOPE, (*key_of(scope), *_days(scope.period)))
    return day_sums_of([n or 0 for n in row])


def day_sums_of(amounts: Sequence[int]) -> DaySums:
    """Return the sums that the amounts of ``_READ``'s columns stand for, in its order."""
    approved, rejected, duplicate, cited, cited_minor, score_sum = amounts[:_SIX]
    received = zip(Severity, amounts[_SIX:_TEN], strict=True)
    return DaySums(
        Received({severity: n for severity, n in received if n}, score_sum),
        Decided(approved, rejected, duplicate, tuple(amounts[_TEN:])),
        Cited(cited, cited_minor),
    )


def read_each(connection: Connection, part: Part, period: Period) -> dict[bytes, DaySums]:
    """Return what a period's days come to for each station, ward or officer that has any."""
    rows = fetch_all(
        connection,
        f"SELECT part_id, {_SUMS.removeprefix('SELECT ')} part = ? AND day >= ? AND day < ? "
        "GROUP BY part_id",
        (int(part), *_days(period)),
    )
    return {row[0]: day_sums_of(row[1:]) for row in rows}


class Backlog:
    """How many of a scope's reports were undecided at the end of any day up to one."""

    def __init__(self, connection: Connection, scope: Scope, past_day: int) -> None:
        rows = fetch_all(
            connection,
            f"SELECT day, {_ARRIVALS} - ({_DECISIONS}) FROM day_sums "
            "WHERE part = ? AND part_id = ? AND day < ? ORDER BY day",
            (*key_of(scope), past_day),
        )
        self._days = [row[0] for row in rows]
        self._sums = list(accumulate((int(row[1]) for row in rows), initial=0))

    def before(self, day: int) -> int:
        """Return how many were undecided when a day began."""
        return max(0, self._sums[bisect_left(self._days, day)])


_OFFICERS: Final = {
    Part.CITY: "SELECT min(part_id) FROM day_sums WHERE part = 3 UNION ALL SELECT "
    "(SELECT min(part_id) FROM day_sums WHERE part = 3 AND part_id > o.officer) "
    "FROM o WHERE o.officer IS NOT NULL",
    Part.STATION: "SELECT id FROM officers WHERE station_id = ?",
    Part.OFFICER: "SELECT ?",
}


def read_workload(connection: Connection, scope: Scope) -> Workload | None:
    """Return what a scope's officers decided, wherever, and on how many days; None of a ward."""
    of = _OFFICERS.get(scope.part)
    if of is None:
        return None
    (row,) = fetch_all(
        connection,
        f"WITH RECURSIVE o (officer) AS ({of}) SELECT sum({_DECISIONS}), "
        f"sum({_DECISIONS} > 0) FROM o CROSS JOIN day_sums ON part = 3 AND part_id = o.officer "
        "AND day >= ? AND day < ?",
        (*(() if scope.part_id is None else (scope.part_id.bytes,)), *_days(scope.period)),
    )
    return Workload(int(row[0] or 0), int(row[1] or 0))


def arrivals_of_each(connection: Connection, part: Part, period: Period) -> dict[bytes, int]:
    """Return how many reports each station or ward received in a period, if any."""
    rows = fetch_all(
        connection,
        f"SELECT part_id, sum({_ARRIVALS}) AS n FROM day_sums "
        "WHERE part = ? AND day >= ? AND day < ? GROUP BY part_id HAVING n > 0",
        (int(part), *_days(period)),
    )
    return {row[0]: int(row[1]) for row in rows}


_WARDS_OF_STATION: Final = f"""
WITH RECURSIVE w (id) AS (SELECT min(part_id) FROM day_sums WHERE part = {WARD_OF_STATION}
AND part_id > ?1 AND part_id < ?2
UNION ALL SELECT (SELECT min(part_id) FROM day_sums WHERE part = {WARD_OF_STATION}
AND part_id > w.id AND part_id < ?2) FROM w WHERE w.id IS NOT NULL)
SELECT substr(w.id, 17), sum({_ARRIVALS}) AS n FROM w CROSS JOIN day_sums
ON part = {WARD_OF_STATION} AND part_id = w.id AND day >= ?3 AND day < ?4 GROUP BY 1 HAVING n > 0
"""


def arrivals_by_ward(connection: Connection, station_id: UUID, period: Period) -> dict[bytes, int]:
    """Return how many reports a station received from each ward in a period, if any."""
    begin = station_id.bytes
    past = begin + b"\xff" * (len(begin) + 1)
    rows = fetch_all(connection, _WARDS_OF_STATION, (begin, past, *_days(period)))
    return {row[0]: int(row[1]) for row in rows}


_TYPES: Final = (*TYPE_OF, None)
_TYPE_SUMS: Final = ", ".join(f"sum({name})" for name in (*TYPE_OF.values(), OWN_TYPE))


def arrivals_by_type(connection: Connection, scope: Scope) -> dict[str | None, int]:
    """Return how many reports a scope received by type, if any; None: of codes made by admins."""
    (row,) = fetch_all(
        connection,
        f"SELECT {_TYPE_SUMS} FROM day_sums WHERE {_OF_SCOPE}",
        (*key_of(scope), *_days(scope.period)),
    )
    return {code: int(n) for code, n in zip(_TYPES, row, strict=True) if n}


def waiting_of_each(connection: Connection, part: Part, period: Period) -> dict[bytes, int]:
    """Return how many reports of each station or ward were undecided when a period ended."""
    if part is Part.OFFICER:
        return {}
    rows = fetch_all(
        connection,
        f"SELECT part_id, sum({_ARRIVALS}) - sum({_DECISIONS}) AS n FROM day_sums "
        "WHERE part = ? AND day < ? GROUP BY part_id HAVING n > 0",
        (int(part), period.past_day),
    )
    return {row[0]: int(row[1]) for row in rows}


_WORKERS: Final = {
    Part.CITY: "x''",
    Part.STATION: "(SELECT o.station_id FROM officers o WHERE o.id = part_id)",
    Part.OFFICER: "part_id",
}


def workload_of_each(connection: Connection, part: Part, period: Period) -> dict[bytes, Workload]:
    """Return what the officers of each station decided, or each officer; nothing of wards."""
    whose = _WORKERS.get(part)
    if whose is None:
        return {}
    rows = fetch_all(
        connection,
        f"SELECT {whose}, sum(n), sum(worked) FROM (SELECT part_id, sum({_DECISIONS}) AS n, "
        f"sum({_DECISIONS} > 0) AS worked FROM day_sums WHERE part = 3 AND day >= ? AND day < ? "
        "GROUP BY part_id) GROUP BY 1",
        _days(period),
    )
    return {row[0]: Workload(int(row[1]), int(row[2])) for row in rows if row[0] is not None}


def read_hours(connection: Connection, scope: Scope) -> dict[int, tuple[int, ...]]:
    """Return a scope's reports by day and hour of the day they were reported in."""
    rows = fetch_all(
        connection,
        f"SELECT day, {', '.join(AT_HOUR)} FROM day_sums WHERE {_OF_SCOPE} AND {_ARRIVALS} > 0",
        (*key_of(scope), *_days(scope.period)),
    )
    return {row[0]: tuple(row[1:]) for row in rows}
