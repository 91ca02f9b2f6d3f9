"""Reading the sums by day: what a scope received, decided and cited over any period."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate
from operator import add
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
)
from trafficdesk.store.analytics.day_keys import (
    EVERY_WARD,
    NOBODY,
    STATION_OF_WARD,
    WARDS,
    keys_of,
    owner_of,
)
from trafficdesk.store.analytics.recount import Where
from trafficdesk.store.rows import fetch_all

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


def _days(period: Period) -> tuple[int, int]:
    return period.first_day, period.past_day


def _rows_of(connection: Connection, scope: Scope) -> Where:
    of = keys_of(connection, scope)
    return Where(f"{of.sql} AND day >= ? AND day < ?", (*of.values, *_days(scope.period)))


def read_sums(connection: Connection, scope: Scope) -> DaySums:
    """Return what a scope's days come to."""
    of = _rows_of(connection, scope)
    (row,) = fetch_all(connection, _SUMS + of.sql, of.values)
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
    found = dict[bytes, list[int]]()
    for part_id, *amounts in rows:
        owner = owner_of(part_id)
        found[owner] = list(map(add, found[owner], amounts)) if owner in found else amounts
    return {owner: day_sums_of(amounts) for owner, amounts in found.items()}


class Backlog:
    """How many of a scope's reports were undecided at the end of any day up to one."""

    def __init__(self, connection: Connection, scope: Scope, past_day: int) -> None:
        of = keys_of(connection, scope)
        rows = fetch_all(
            connection,
            f"SELECT day, {_ARRIVALS} - ({_DECISIONS}) FROM day_sums "
            f"WHERE {of.sql} AND day < ? ORDER BY day",
            (*of.values, past_day),
        )
        self._days = [row[0] for row in rows]
        self._sums = list(accumulate((int(row[1]) for row in rows), initial=0))

    def before(self, day: int) -> int:
        """Return how many were undecided when a day began; less than 0 if days are missing."""
        return self._sums[bisect_left(self._days, day)]


_OFFICERS: Final = {
    Part.CITY: "SELECT min(part_id) FROM day_sums WHERE part = 3 UNION ALL SELECT "
    "(SELECT min(part_id) FROM day_sums WHERE part = 3 AND part_id > o.officer) "
    "FROM o WHERE o.officer IS NOT NULL",
    Part.STATION: "SELECT id FROM officers WHERE station_id = ?",
    Part.OFFICER: "SELECT ?",
}


_DECIDED_ON: Final = f"""
WITH RECURSIVE o (officer) AS ({_OFFICERS[Part.CITY]}) SELECT o.officer, {_DECISIONS}
FROM o CROSS JOIN day_sums ON part = {Part.OFFICER:d} AND part_id = o.officer AND day = ?
"""
_ON_DAY: Final = f"""
SELECT {_DECISIONS}, {CITED[0]} FROM day_sums WHERE part = {Part.CITY:d} AND part_id = ? AND day = ?
"""


class DayKnown(NamedTuple):
    """Which officers decided anything on a day, and whether there are other decisions, citations.

    Decisions are others' where nobody's name is known of them.
    """

    officers: list[bytes]
    has_others: bool
    has_citations: bool


def known_of_day(connection: Connection, day: int) -> DayKnown:
    """Return who decided anything in the city on a day, and what else there is."""
    officers = fetch_all(connection, _DECIDED_ON, (day,))
    rows = fetch_all(connection, _ON_DAY, (NOBODY, day))
    decided, cited = rows[0] if rows else (0, 0)
    of_officers = sum(int(n) for _, n in officers)
    return DayKnown([row[0] for row in officers if row[1]], decided > of_officers, cited > 0)


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
        f"SELECT part_id, sum({_ARRIVALS}) FROM day_sums "
        "WHERE part = ? AND day >= ? AND day < ? GROUP BY part_id",
        (int(part), *_days(period)),
    )
    return _positive_of_each(rows)


def _positive_of_each(rows: Iterable[tuple[bytes, int]]) -> dict[bytes, int]:
    found = Counter[bytes]()
    for part_id, n in rows:
        found[owner_of(part_id)] += n
    return dict(+found)


_WARDS_OF_STATION: Final = f"""
{WARDS} SELECT wards.part_id, sum({_ARRIVALS}) FROM wards CROSS JOIN day_sums d
ON d.part = {Part.WARD:d} AND d.part_id = wards.part_id AND day >= ?4 AND day < ?5
WHERE {STATION_OF_WARD} = ?3 GROUP BY 1
"""


def arrivals_by_ward(connection: Connection, station_id: UUID, period: Period) -> dict[bytes, int]:
    """Return how many reports a station received from each ward in a period, if any."""
    values = (*EVERY_WARD, station_id.bytes, *_days(period))
    return _positive_of_each(fetch_all(connection, _WARDS_OF_STATION, values))


_TYPES: Final = (*TYPE_OF, None)
_TYPE_SUMS: Final = ", ".join(f"sum({name})" for name in (*TYPE_OF.values(), OWN_TYPE))


def arrivals_by_type(connection: Connection, scope: Scope) -> dict[str | None, int]:
    """Return how many reports a scope received by type, if any; None: of codes made by admins."""
    of = _rows_of(connection, scope)
    (row,) = fetch_all(connection, f"SELECT {_TYPE_SUMS} FROM day_sums WHERE {of.sql}", of.values)
    return {code: int(n) for code, n in zip(_TYPES, row, strict=True) if n}


def waiting_of_each(connection: Connection, part: Part, period: Period) -> dict[bytes, int]:
    """Return how many reports of each station or ward were undecided when a period ended."""
    if part is Part.OFFICER:
        return {}
    rows = fetch_all(
        connection,
        f"SELECT part_id, sum({_ARRIVALS}) - sum({_DECISIONS}) FROM day_sums "
        "WHERE part = ? AND day < ? GROUP BY part_id",
        (int(part), period.past_day),
    )
    return _positive_of_each(rows)


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


_HOUR_SUMS: Final = ", ".join(f"sum({name})" for name in AT_HOUR)


def read_hours(connection: Connection, scope: Scope) -> dict[int, tuple[int, ...]]:
    """Return a scope's reports by day and hour of the day they were reported in."""
    of = _rows_of(connection, scope)
    rows = fetch_all(
        connection,
        f"SELECT day, {_HOUR_SUMS} FROM day_sums WHERE {of.sql} AND {_ARRIVALS} > 0 GROUP BY day",
        of.values,
    )
    return {row[0]: tuple(row[1:]) for row in rows}
