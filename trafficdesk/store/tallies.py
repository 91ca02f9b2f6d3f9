"""Counts kept with every change, so that a queue's number never needs counting."""

from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection

from trafficdesk.domain.queues import ReportFilter
from trafficdesk.store import queues
from trafficdesk.store.rows import fetch_all, run

NOBODY = b""
_STATEMENTS_KEPT = 256  # the same few queues are counted after every change


class TallyKey(NamedTuple):
    """The facts of a report that queues count by."""

    status: str
    severity: int
    violation: str
    escalated: int
    second_look: int
    assignee_id: bytes


_ADD, _MOVE = (
    f"""
INSERT INTO report_tally (status, severity, violation, escalated, second_look, assignee_id, n)
VALUES {rows}
ON CONFLICT (status, severity, violation, escalated, second_look, assignee_id)
DO UPDATE SET n = n + excluded.n
"""
    for rows in ("(?, ?, ?, ?, ?, ?, ?)", "(?, ?, ?, ?, ?, ?, -1), (?, ?, ?, ?, ?, ?, 1)")
)
_REBUILD = """
INSERT INTO report_tally (status, severity, violation, escalated, second_look, assignee_id, n)
SELECT status, severity, violation, escalated, second_look, coalesce(assignee_id, x''), count(*)
FROM reports WHERE deleted_ms IS NULL GROUP BY 1, 2, 3, 4, 5, 6
"""


def move(connection: Connection, before: TallyKey | None, after: TallyKey | None) -> None:
    """Take a report out of one count and into another (None: it was or is not there)."""
    if before == after:
        return
    if before is not None and after is not None:
        run(connection, _MOVE, (*before, *after))
    elif before is not None:
        run(connection, _ADD, (*before, -1))
    elif after is not None:
        run(connection, _ADD, (*after, 1))


def rebuild(connection: Connection) -> None:
    """Count everything afresh, after a bulk load."""
    connection.exec_driver_sql("DELETE FROM report_tally")
    connection.exec_driver_sql(_REBUILD)


def is_kept(wanted: ReportFilter) -> bool:
    """Tell whether a filter asks only what is tallied."""
    return not (
        wanted.text.strip()
        or wanted.plate
        or wanted.min_score
        or wanted.station_id
        or wanted.ward_id
        or wanted.city_id
        or wanted.bounds
        or wanted.reviewer_id
        or wanted.decided_from_ms is not None
        or wanted.decided_to_ms is not None
        or wanted.occurred_from_ms is not None
        or wanted.occurred_to_ms is not None
        or wanted.week_hour is not None
        or wanted.from_ms is not None
        or wanted.to_ms is not None
    )


@lru_cache(maxsize=_STATEMENTS_KEPT)
def count_statement(wanted: ReportFilter) -> tuple[str, tuple[object, ...]]:
    """Return the SQL that adds up the tallies of a filter, and its values."""
    where, values = ["n <> 0"], list[object]()
    for column, chosen in (
        ("status", [str(s) for s in sorted(wanted.statuses)]),
        ("violation", sorted(wanted.violations)),
        ("severity", [int(s) for s in sorted(wanted.severities)]),
    ):
        if chosen:
            where.append(f"{column} IN ({', '.join('?' * len(chosen))})")
            values += chosen
    if wanted.unassigned:
        where.append("assignee_id = x''")
    if wanted.assignee_id is not None:
        where.append("assignee_id = ?")
        values.append(wanted.assignee_id.bytes)
    where += [f"{name} = 1" for name in ("escalated", "second_look") if getattr(wanted, name)]
    statement = f"SELECT coalesce(sum(n), 0) FROM report_tally WHERE {' AND '.join(where)}"
    return statement, tuple(values)


def count(connection: Connection, wanted: ReportFilter) -> int:
    """Return how many reports a filter has: from the tallies where they know, else counted."""
    if not is_kept(wanted):
        return queues.count_live(connection, wanted)
    statement, values = count_statement(wanted)
    ((n,),) = fetch_all(connection, statement, values)
    return int(n)


@lru_cache(maxsize=_STATEMENTS_KEPT)
def count_by_statement(column: str, wanted: ReportFilter) -> tuple[str, tuple[object, ...]]:
    """Return the SQL that splits the tallies of a filter by a column, and its values.

    Raises:
        ValueError: the column is not one that is tallied.
    """
    if column not in {"status", "violation", "severity"}:
        raise ValueError(f"reports are not tallied by {column}")
    statement, values = count_statement(wanted)
    statement = statement.replace("SELECT", f"SELECT {column},", 1) + f" GROUP BY {column}"
    return statement, values


def count_by(connection: Connection, column: str, wanted: ReportFilter) -> dict[str, int]:
    """Return the tallies of a filter split by ``status``, ``violation`` or ``severity``.

    Raises:
        ValueError: the column is not one that is tallied.
    """
    statement, values = count_by_statement(column, wanted)
    return {str(name): int(n) for name, n in fetch_all(connection, statement, values)}
