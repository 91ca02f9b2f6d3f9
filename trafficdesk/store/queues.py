"""Pages and counts of report lists: keyset pages over covering indexes, never a full sort."""

from itertools import product
from typing import NamedTuple

from sqlalchemy import Connection

from trafficdesk.domain.geometry import boxes_of
from trafficdesk.domain.plates import plate_token
from trafficdesk.domain.queues import ReportFilter, Sort, SortKey
from trafficdesk.domain.records import QueueRow
from trafficdesk.store import walks
from trafficdesk.store.fulltext import match_expression
from trafficdesk.store.rows import fetch_as
from trafficdesk.store.walks import Walk

_ORDER: dict[Sort, tuple[tuple[str, ...], str]] = {
    Sort.NEWEST: (("reported_ms", "pk"), "DESC"),
    Sort.OLDEST: (("reported_ms", "pk"), "ASC"),
    Sort.WORST: (("severity", "reported_ms", "pk"), "DESC"),
    Sort.BEST_EVIDENCE: (("score", "pk"), "DESC"),
}
_ROW = """
r.pk, r.reference, r.revision, r.status, r.severity, r.violation, r.more_violations,
CASE WHEN r.address <> '' THEN r.address ELSE r.area END, r.plate, r.occurred_ms, r.reported_ms,
r.score, r.sync_state, r.escalated, coalesce(o.initials, ''), r.lon, r.lat
"""
_NAMES = "LEFT JOIN officers o ON o.id = r.assignee_id"


class PageRequest(NamedTuple):
    """Which rows of a list: ``limit`` rows after ``after`` (None: the start), ``skip`` left out.

    ``backwards`` walks towards the start; its rows come nearest first.
    """

    filter: ReportFilter
    sort: Sort = Sort.NEWEST
    after: SortKey | None = None
    skip: int = 0
    limit: int = 50
    backwards: bool = False


class _Conditions:
    """Collects SQL conditions and the values bound to them."""

    def __init__(self) -> None:
        self.sql: list[str] = ["r.deleted_ms IS NULL"]
        self.values: list[object] = []

    def add(self, sql: str, *values: object) -> None:
        self.sql.append(sql)
        self.values.extend(values)

    def any_of(self, column: str, values: frozenset[str] | frozenset[int]) -> None:
        if len(values) == 1:
            self.add(f"{column} = ?", *values)
        elif values:
            marks = ", ".join("?" * len(values))
            self.add(f"{column} IN ({marks})", *sorted(values))


def _conditions(wanted: ReportFilter) -> _Conditions:
    """Return every condition of a filter but those on status, severity and text."""
    found = _Conditions()
    found.any_of("r.violation", wanted.violations)
    if wanted.unassigned:
        found.add("r.assignee_id IS NULL")
    for column in ("escalated", "second_look"):
        if getattr(wanted, column):
            found.add(f"r.{column} = 1")
    for column in ("assignee_id", "station_id", "ward_id", "city_id", "reviewer_id"):
        if (owner := getattr(wanted, column)) is not None:
            found.add(f"r.{column} = ?", owner.bytes)
    if token := plate_token(wanted.plate):
        if wanted.is_whole_plate:
            found.add("r.plate = ? AND r.plate <> ''", token)
        else:
            found.add("r.plate >= ? AND r.plate < ? AND r.plate <> ''", token, token + "~")
    _add_ranges(found, wanted)
    return found


def _add_ranges(found: _Conditions, wanted: ReportFilter) -> None:
    if wanted.min_score:
        found.add("r.score >= ?", wanted.min_score)
    for column, from_ms, to_ms in (
        ("reported_ms", wanted.from_ms, wanted.to_ms),
        ("decided_ms", wanted.decided_from_ms, wanted.decided_to_ms),
        ("occurred_ms", wanted.occurred_from_ms, wanted.occurred_to_ms),
    ):
        if from_ms is not None:
            found.add(f"r.{column} >= ?", from_ms)
        if to_ms is not None:
            found.add(f"r.{column} < ?", to_ms)
    if (at := wanted.week_hour) is not None:
        column = "r.decided_ms" if at.is_decided else "r.reported_ms"
        # The first hour of 1970 was the 73rd of its week.
        hour = f"(({column} + ?) / 3600000 + 72) % 168"
        found.add(f"{hour} = ?", at.offset_ms, at.weekday * 24 + at.hour)
    if wanted.bounds is not None:
        boxes = boxes_of(wanted.bounds)
        within = " OR ".join(["r.lon BETWEEN ? AND ?"] * len(boxes))
        found.add(f"({within})", *(at for box in boxes for at in (box.west, box.east)))
        found.add("r.lat BETWEEN ? AND ?", wanted.bounds.south, wanted.bounds.north)


def _key_statement(request: PageRequest, walk: Walk) -> tuple[str, list[object]]:
    """Return the statement that finds the numbers of a page's rows, in order."""
    columns, direction = _ORDER[request.sort]
    if request.backwards:
        direction = "ASC" if direction == "DESC" else "DESC"
    compare = "<" if direction == "DESC" else ">"
    found = _conditions(request.filter)
    if walk.statuses == (None,):
        found.any_of("r.status", frozenset(str(s) for s in request.filter.statuses))
    if walk.severities == (None,):
        found.any_of("r.severity", frozenset(int(s) for s in request.filter.severities))
    if request.after is not None:
        key = list(zip(columns, request.after, strict=True))
        if columns[0] == "severity" and request.filter.severities == {request.after[0]}:
            del key[0]  # the same in every row: without it the index leads to the very place
        names = ", ".join(f"r.{name}" for name, _ in key)
        found.add(f"({names}) {compare} ({', '.join('?' * len(key))})", *(at for _, at in key))
    picked = ", ".join(f"r.{name}" for name in columns)
    branches: list[str] = []
    values: list[object] = []
    for status, severity in product(walk.statuses, walk.severities):
        where = [*([walk.condition] if walk.condition else []), *found.sql]
        values += [*walk.values, *found.values]
        for column, one in (("status", status), ("severity", severity)):
            if one is not None:
                where.append(f"r.{column} = ?")
                values.append(one)
        branches.append(f"SELECT {picked} FROM {walk.source} WHERE {' AND '.join(where)}")
    order = ", ".join(f"{i + 1} {direction}" for i in range(len(columns)))
    statement = f"{' UNION ALL '.join(branches)} ORDER BY {order} LIMIT +? OFFSET +?"
    return statement, [*values, request.limit, request.skip]


def page_statement(
    request: PageRequest, walk: Walk, row: str = _ROW, joined: str = _NAMES
) -> tuple[str, tuple[object, ...]]:
    """Return the SQL of a page and its values (the benchmark runs it on bare SQLite too).

    ``row`` is what is read of each report ``r``, ``joined`` whatever else that names.
    """
    keys, values = _key_statement(request, walk)
    columns, direction = _ORDER[request.sort]
    if request.backwards:
        direction = "ASC" if direction == "DESC" else "DESC"
    order = ", ".join(f"k.{name} {direction}" for name in columns)
    names = ", ".join(columns)
    statement = (
        f"WITH k ({names}) AS ({keys}) SELECT {row} FROM k CROSS JOIN reports r "
        f"ON r.pk = k.pk {joined} ORDER BY {order}"
    )
    return statement, tuple(values)


def find_page(connection: Connection, request: PageRequest) -> list[QueueRow]:
    """Return a page of a list in the list's order (nearest first when walking backwards)."""
    walk = walks.choose(connection, request.filter, request.sort)
    statement, values = page_statement(request, walk)
    return fetch_as(QueueRow, connection, statement, values)


def find_rows(connection: Connection, pks: frozenset[int]) -> dict[int, QueueRow]:
    """Return the rows of these reports as they are now; missing and deleted ones are left out."""
    marks = ", ".join("?" * len(pks))
    rows = fetch_as(
        QueueRow,
        connection,
        f"SELECT {_ROW} FROM reports r {_NAMES} WHERE r.pk IN ({marks}) AND r.deleted_ms IS NULL",
        tuple(pks),
    )
    return {row.pk: row for row in rows}


def count_live(connection: Connection, wanted: ReportFilter) -> int:
    """Count the reports of a filter one by one (``tallies.count`` knows most without counting)."""
    found = _conditions(wanted)
    found.any_of("r.status", frozenset(str(s) for s in wanted.statuses))
    found.any_of("r.severity", frozenset(int(s) for s in wanted.severities))
    source = "reports r"
    if wanted.text.strip():
        source = "report_text t CROSS JOIN reports r ON r.pk = t.rowid"
        found.sql.insert(0, "report_text MATCH ?")
        found.values.insert(0, match_expression(wanted.text))
    where = " AND ".join(found.sql)
    return int(
        connection.exec_driver_sql(
            f"SELECT count(*) FROM {source} WHERE {where}",
            tuple(found.values),
        ).scalar_one()
    )


def find_position(connection: Connection, request: PageRequest, key: SortKey) -> int:
    """Return how many rows of the list stand before a key."""
    before = request._replace(after=key, skip=0, limit=-1, backwards=not request.backwards)
    walk = walks.choose(connection, before.filter, before.sort)
    statement, values = _key_statement(before, walk)
    return int(
        connection.exec_driver_sql(
            f"SELECT count(*) FROM ({statement})",
            tuple(values),
        ).scalar_one()
    )
