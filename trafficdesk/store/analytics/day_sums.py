"""Sums by day of the city, each station, ward and officer, kept with every change of a report.

A ward's are kept apart by the station that has the reports, for a station is asked for its wards,
too: most wards have one, so that this costs no row.

A report counts on the day it was reported, on the day it occurred if it was neither rejected nor
found to be a duplicate, on the day its standing decision was made, and on the day its standing
citation was issued; one that is deleted counts nowhere.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from sqlalchemy import Connection

from trafficdesk.domain.analytics.durations import bucket_of
from trafficdesk.domain.analytics.scope import Part
from trafficdesk.domain.calendar import DAY_MS, Calendar
from trafficdesk.store.analytics.day_columns import (
    AT_HOUR,
    CITED,
    COLUMN_OF,
    COUNTS,
    HAPPENED,
    KEY,
    OWN_TYPE,
    RECEIVED,
    SCORE,
    TOOK,
    TYPE_OF,
)
from trafficdesk.store.analytics.day_keys import NOBODY, ward_key
from trafficdesk.store.patrol_counts import NOT_COUNTED
from trafficdesk.store.rows import fetch_all, run, run_each

_HOUR_MS: Final = DAY_MS // len(AT_HOUR)


class Summed(NamedTuple):
    """What of a report is summed by day, in the order of ``SUMMED``."""

    station_id: bytes
    ward_id: bytes | None
    reviewer_id: bytes | None
    reported_ms: int
    severity: int
    score: int
    status: str
    decided_ms: int | None
    occurred_ms: int
    violation: str


SUMMED: Final = ", ".join(Summed._fields)
Key = tuple[int, bytes, int]  # part, whose, day
Sums = Mapping[str, int]


class _Facet(NamedTuple):
    """One day on which a report counts: whose sums it goes into, and what it adds."""

    keys: tuple[Key, ...]
    sums: Sums


def _keys(row: Summed, day: int, *, by_officer: bool) -> tuple[Key, ...]:
    keys: list[Key] = [(Part.CITY, NOBODY, day), (Part.STATION, row.station_id, day)]
    if row.ward_id is not None:
        keys.append((Part.WARD, ward_key(row.ward_id, row.station_id), day))
    if by_officer and row.reviewer_id is not None:
        keys.append((Part.OFFICER, row.reviewer_id, day))
    return tuple(keys)


def _received(row: Summed, calendar: Calendar) -> _Facet:
    day, within = divmod(row.reported_ms + calendar.offset_ms, DAY_MS)
    sums = {
        SCORE: row.score,
        RECEIVED[row.severity - 1]: 1,
        TYPE_OF.get(row.violation, OWN_TYPE): 1,
        AT_HOUR[within // _HOUR_MS]: 1,
    }
    return _Facet(_keys(row, day, by_officer=False), sums)


def _happened(row: Summed, calendar: Calendar) -> _Facet | None:
    if row.status in NOT_COUNTED:
        return None
    return _Facet(_keys(row, calendar.day_of(row.occurred_ms), by_officer=False), {HAPPENED: 1})


def _decided(row: Summed, calendar: Calendar) -> _Facet | None:
    verdict = COLUMN_OF.get(row.status)
    if verdict is None or row.decided_ms is None:
        return None
    sums = {verdict: 1, TOOK[bucket_of(row.decided_ms - row.reported_ms)]: 1}
    return _Facet(_keys(row, calendar.day_of(row.decided_ms), by_officer=True), sums)


def _facets(row: Summed | None, calendar: Calendar) -> list[_Facet]:
    if row is None:
        return []
    found = _received(row, calendar), _happened(row, calendar), _decided(row, calendar)
    return [facet for facet in found if facet is not None]


_KEYED: Final = ", ".join(KEY)
_VALUE: Final = f"({', '.join('?' * len(KEY))}, {{}})"


def _add(connection: Connection, signed: Iterable[tuple[_Facet, int]]) -> None:
    """Add (or take) facets: rows that change alike in one statement, of the columns it touches."""
    changes = defaultdict[Key, Counter[str]](Counter)
    for facet, sign in signed:
        for key in facet.keys:
            for name, n in facet.sums.items():
                changes[key][name] += sign * n
    alike = defaultdict[tuple[tuple[str, int], ...], list[Key]](list)
    for key, change in changes.items():
        alike[tuple((name, n) for name, n in change.items() if n)].append(key)
    for amounts, keys in alike.items():
        if amounts:
            _add_alike(connection, keys, dict(amounts))


def _add_alike(connection: Connection, keys: list[Key], amounts: Sums) -> None:
    value = _VALUE.format(", ".join("?" * len(amounts)))
    run(
        connection,
        f"INSERT INTO day_sums ({_KEYED}, {', '.join(amounts)}) "
        f"VALUES {', '.join([value] * len(keys))} ON CONFLICT ({_KEYED}) DO UPDATE SET "
        + ", ".join(f"{name} = {name} + excluded.{name}" for name in amounts),
        [each for key in keys for each in (*key, *amounts.values())],
    )


def move(
    connection: Connection,
    calendar: Calendar,
    pk: int,
    before: Summed | None,
    after: Summed | None,
) -> None:
    """Take a report out of some sums and into others (None: it was or is not there)."""
    if before == after:
        return
    old, new = _facets(before, calendar), _facets(after, calendar)
    gone = [(facet, -1) for facet in old if facet not in new]
    _add(connection, [*gone, *((facet, 1) for facet in new if facet not in old)])
    if before is None or after is None or before[:3] != after[:3]:
        for citation in find_standing(connection, pk):
            _move_citation(connection, calendar, citation, (before, after))


class Standing(NamedTuple):
    """A citation that stands: when it was issued and its amount."""

    issued_ms: int
    amount_minor: int


def find_standing(connection: Connection, report_pk: int) -> list[Standing]:
    """Return a report's citations that stand."""
    rows = fetch_all(
        connection,
        "SELECT issued_ms, amount_minor FROM citations WHERE report_pk = ? AND status = 'issued'",
        (report_pk,),
    )
    return [Standing(*row) for row in rows]


def _move_citation(
    connection: Connection,
    calendar: Calendar,
    citation: Standing,
    rows: tuple[Summed | None, Summed | None],
) -> None:
    day = calendar.day_of(citation.issued_ms)
    sums = dict(zip(CITED, (1, citation.amount_minor), strict=True))
    for row, sign in zip(rows, (-1, 1), strict=True):
        if row is not None:
            _add(connection, [(_Facet(_keys(row, day, by_officer=True), sums), sign)])


def recount_citations(
    connection: Connection, calendar: Calendar, report_pk: int, before: list[Standing]
) -> None:
    """Bring the sums from the citations that stood before to those that stand now."""
    after = find_standing(connection, report_pk)
    found = fetch_all(
        connection,
        f"SELECT {SUMMED} FROM reports WHERE pk = ? AND deleted_ms IS NULL",
        (report_pk,),
    )
    row = Summed._make(found[0]) if found else None
    for citation in before:
        _move_citation(connection, calendar, citation, (row, None))
    for citation in after:
        _move_citation(connection, calendar, citation, (None, row))


_ADD_ALL: Final = (
    f"INSERT INTO day_sums ({_KEYED}, {', '.join(COUNTS)}) "
    f"VALUES ({', '.join('?' * (len(KEY) + len(COUNTS)))}) ON CONFLICT ({_KEYED}) DO UPDATE SET "
    + ", ".join(f"{name} = {name} + excluded.{name}" for name in COUNTS)
)


_PLACES: Final = {name: place for place, name in enumerate(COUNTS)}


def count(connection: Connection, calendar: Calendar, rows: Iterable[Summed], sign: int) -> None:
    """Add many reports without citations (or with -1 take them): equal days are added up first."""
    found = defaultdict[Key, list[int]](lambda: [0] * len(COUNTS))
    for row in rows:
        for keys, sums in _facets(row, calendar):
            amounts = [(_PLACES[name], sign * n) for name, n in sums.items()]
            for key in keys:
                kept = found[key]
                for place, n in amounts:
                    kept[place] += n
    run_each(connection, _ADD_ALL, [(*key, *found[key]) for key in sorted(found)])


def put(connection: Connection, sums: Mapping[Key, Sums]) -> None:
    """Add sums to those that are kept, in the order of the table."""
    run_each(connection, _ADD_ALL, list(_full_rows(sums)))


def _full_rows(sums: Mapping[Key, Sums]) -> Iterator[tuple[object, ...]]:
    for key in sorted(sums):
        of = sums[key]
        yield (*key, *(of.get(name, 0) for name in COUNTS))
