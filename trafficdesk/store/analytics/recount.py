"""Counting reports themselves: what tallies must agree with, and the scopes that have none."""

from typing import NamedTuple

from sqlalchemy import Connection

from trafficdesk.domain.analytics.durations import EDGES_MS
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.analytics.sums import Cited, Decided, Received, Vehicles, Workload
from trafficdesk.domain.calendar import DAY_MS, Calendar
from trafficdesk.domain.vocabulary import ReportStatus, Severity
from trafficdesk.store.rows import fetch_all

APPROVED = (ReportStatus.APPROVED, ReportStatus.CITED, ReportStatus.CLOSED)
UNDECIDED = (ReportStatus.PENDING, ReportStatus.UNDER_REVIEW, ReportStatus.NEEDS_INFO)
_OWNER = {Part.STATION: "station_id", Part.WARD: "ward_id", Part.OFFICER: "reviewer_id"}


class Where(NamedTuple):
    """A condition on reports and its values."""

    sql: str
    values: tuple[object, ...]


def where_of(scope: Scope, table: str = "r") -> Where:
    """Return which rows a scope is about, whatever the time."""
    owner = _OWNER.get(scope.part)
    if owner is None or scope.part_id is None:
        return Where("1", ())
    return Where(f"{table}.{owner} = ?", (scope.part_id.bytes,))


def listed(words: tuple[ReportStatus, ...]) -> str:
    """Return statuses as a list of SQL."""
    return ", ".join(f"'{word}'" for word in words)


DECIDED = f"r.decided_ms IS NOT NULL AND r.status NOT IN ({listed(UNDECIDED)})"


def count_received(connection: Connection, calendar: Calendar, scope: Scope) -> Received:
    """Return the reports of a period."""
    where = where_of(scope)
    rows = fetch_all(
        connection,
        "SELECT severity, count(*), sum(score) FROM reports r WHERE deleted_ms IS NULL "
        f"AND reported_ms >= ? AND reported_ms < ? AND {where.sql} GROUP BY severity",
        (*scope.period.span_ms(calendar), *where.values),
    )
    by_severity = {Severity(severity): int(n) for severity, n, _ in rows}
    return Received(by_severity, sum(int(score) for _, _, score in rows))


_BUCKET = "CASE " + " ".join(
    f"WHEN took < {edge} THEN {bucket}" for bucket, edge in enumerate(EDGES_MS)
)


def count_decided(connection: Connection, calendar: Calendar, scope: Scope) -> Decided:
    """Return the decisions of a period."""
    where = where_of(scope)
    span = (*scope.period.span_ms(calendar), *where.values)
    found = (
        f"FROM reports r WHERE deleted_ms IS NULL AND {DECIDED} "
        f"AND decided_ms >= ? AND decided_ms < ? AND {where.sql}"
    )
    by_status = {
        ReportStatus(status): int(n)
        for status, n in fetch_all(connection, f"SELECT status, count(*) {found} GROUP BY 1", span)
    }
    times = [0] * (len(EDGES_MS) + 1)
    for bucket, n in fetch_all(
        connection,
        f"SELECT {_BUCKET} ELSE {len(EDGES_MS)} END, count(*) "
        f"FROM (SELECT decided_ms - reported_ms AS took {found}) GROUP BY 1",
        span,
    ):
        times[bucket] = n
    return Decided(
        sum(by_status.get(status, 0) for status in APPROVED),
        by_status.get(ReportStatus.REJECTED, 0),
        by_status.get(ReportStatus.DUPLICATE, 0),
        tuple(times),
    )


_OFFICERS = {Part.CITY: "1", Part.STATION: "o.station_id = ?", Part.OFFICER: "r.reviewer_id = ?"}


def count_workload(connection: Connection, calendar: Calendar, scope: Scope) -> Workload | None:
    """Return what a scope's officers decided, wherever, and on how many days; None of a ward."""
    which = _OFFICERS.get(scope.part)
    if which is None:
        return None
    join = "JOIN officers o ON o.id = r.reviewer_id" if scope.part is Part.STATION else ""
    rows = fetch_all(
        connection,
        f"SELECT count(*), count(DISTINCT hex(reviewer_id) || ((decided_ms + ?) / {DAY_MS})) "
        f"FROM reports r {join} WHERE deleted_ms IS NULL AND {DECIDED} "
        f"AND reviewer_id IS NOT NULL AND decided_ms >= ? AND decided_ms < ? AND {which}",
        (calendar.offset_ms, *scope.period.span_ms(calendar), *where_of(scope).values),
    )
    return Workload(int(rows[0][0]), int(rows[0][1]))


def count_waiting(connection: Connection, calendar: Calendar, scope: Scope) -> int:
    """Return how many reports were undecided when the period ended: received less decided."""
    _, past_ms = scope.period.span_ms(calendar)
    where = where_of(scope)
    rows = fetch_all(
        connection,
        f"SELECT count(*) FILTER (WHERE reported_ms < ?) - count(*) FILTER (WHERE {DECIDED} "
        f"AND decided_ms < ?) FROM reports r WHERE deleted_ms IS NULL AND {where.sql}",
        (past_ms, past_ms, *where.values),
    )
    return max(0, int(rows[0][0]))


def waiting_by_day(connection: Connection, calendar: Calendar, scope: Scope) -> dict[int, int]:
    """Return how many reports are undecided now by the day they were reported on."""
    _, past_ms = scope.period.span_ms(calendar)
    where = where_of(scope)
    index = "reports_ward" if scope.part is Part.WARD else "reports_status_severity"
    rows = fetch_all(
        connection,
        f"SELECT (reported_ms + ?) / {DAY_MS}, count(*) FROM reports r INDEXED BY {index} "
        f"WHERE deleted_ms IS NULL AND status IN ({listed(UNDECIDED)}) AND reported_ms < ? "
        f"AND {where.sql} GROUP BY 1",
        (calendar.offset_ms, past_ms, *where.values),
    )
    return {int(day): int(n) for day, n in rows}


def count_cited(connection: Connection, calendar: Calendar, scope: Scope) -> Cited:
    """Return the citations of a period that stand."""
    where = where_of(scope)
    rows = fetch_all(
        connection,
        "SELECT count(*), coalesce(sum(c.amount_minor), 0) FROM citations c "
        "JOIN reports r ON r.pk = c.report_pk WHERE r.deleted_ms IS NULL "
        f"AND c.status = 'issued' AND c.issued_ms >= ? AND c.issued_ms < ? AND {where.sql}",
        (*scope.period.span_ms(calendar), *where.values),
    )
    return Cited(int(rows[0][0]), int(rows[0][1]))


def count_vehicles(connection: Connection, calendar: Calendar, scope: Scope) -> Vehicles:
    """Return how many plates were reported in a period, and how many of them repeatedly.

    Every report of the period is read: a year of a desk with a million takes seconds.
    """
    where = where_of(scope)
    rows = fetch_all(
        connection,
        "SELECT count(*), coalesce(sum(n > 1), 0) FROM (SELECT count(*) AS n FROM reports r "
        "WHERE deleted_ms IS NULL AND plate <> '' AND reported_ms >= ? AND reported_ms < ? "
        f"AND {where.sql} GROUP BY plate)",
        (*scope.period.span_ms(calendar), *where.values),
    )
    return Vehicles(int(rows[0][0]), int(rows[0][1]))
