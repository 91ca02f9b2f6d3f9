"""Which way a list is read: along an index in its order, or from the few rows a search leaves."""

import json
from typing import NamedTuple

from sqlalchemy import Connection

from trafficdesk.domain.geometry import boxes_of
from trafficdesk.domain.plates import plate_token
from trafficdesk.domain.queues import ReportFilter, Sort
from trafficdesk.domain.vocabulary import ReportStatus, Severity
from trafficdesk.store.fulltext import match_expression
from trafficdesk.store.rows import fetch_all

# Up to here it is quicker to look at everything found and sort it than to walk an order.
FEW = 8_000

_IN_BOX = "SELECT pk FROM report_view WHERE west <= ? AND east >= ? AND south <= ? AND north >= ?"

# What narrows a list most, and its index for the orders that begin with severity or with score.
_INDEXES: dict[str, tuple[str, str]] = {
    "second_look": ("reports_second_look_severity", "reports_second_look_score"),
    "escalated": ("reports_escalated_severity", "reports_escalated_score"),
    "assignee_id": ("reports_assignee_severity", "reports_assignee_score"),
    "ward_id": ("reports_status_severity", "reports_status_score"),
    "violations": ("reports_status_violation_severity", "reports_status_violation_score"),
    "statuses": ("reports_status_severity", "reports_status_score"),
}
_BY_TIME = frozenset({Sort.NEWEST, Sort.OLDEST})
_WITHOUT_STATUS = frozenset({"reports_newest", "reports_violation"})


class Walk(NamedTuple):
    """Where a list's rows come from.

    ``source`` is the FROM clause with ``r`` for the reports, ``condition`` goes with the filter's
    own; ``values`` belong to whichever has marks. Each of ``statuses`` with each of ``severities``
    is walked by itself (None: all at once): SQLite merges ordered walks as they go, where ``IN``
    would make it sort.
    """

    source: str
    condition: str
    values: tuple[object, ...]
    statuses: tuple[str | None, ...] = (None,)
    severities: tuple[int | None, ...] = (None,)


def choose(connection: Connection, wanted: ReportFilter, sort: Sort) -> Walk:
    """Return the way that reads least: looks at what a search leaves, as far as ``FEW``."""
    for found, values in searches(wanted):
        rows = fetch_all(connection, f"{found} LIMIT +?", (*values, FEW + 1))
        if len(rows) <= FEW:
            numbers = json.dumps([pk for (pk,) in rows], separators=(",", ":"))
            source = "json_each(?) c CROSS JOIN reports r ON r.pk = c.value"
            return Walk(source, "", (numbers,))
    return along_index(wanted, sort)


def along_index(wanted: ReportFilter, sort: Sort) -> Walk:
    """Return the walk along the index that has the list's order."""
    lead = next((name for name in _INDEXES if getattr(wanted, name)), None)
    if lead == "violations" and len(wanted.violations) > 1:
        lead = "statuses" if wanted.statuses else None  # together they are too many to be rare
    if lead is None and sort not in _BY_TIME:
        lead = "statuses"
    index, severities = _index(wanted, sort, lead)
    every = () if index in _WITHOUT_STATUS else tuple(ReportStatus)
    statuses: tuple[str | None, ...] = tuple(sorted(wanted.statuses)) or every or (None,)
    condition, values = "", tuple[object, ...]()
    if wanted.text.strip():
        # The plus keeps the matches from leading: they are looked up, the index gives the order.
        condition = "+r.pk IN (SELECT rowid FROM report_text WHERE report_text MATCH ?)"
        values = (match_expression(wanted.text),)
    return Walk(f"reports r INDEXED BY {index}", condition, values, statuses, severities)


def _index(
    wanted: ReportFilter, sort: Sort, lead: str | None
) -> tuple[str, tuple[int | None, ...]]:
    """Return the index with a list's rows together and in order, and what to merge it from."""
    if sort not in _BY_TIME:
        by_severity, by_score = _INDEXES[lead or "statuses"]
        return (by_severity if sort is Sort.WORST else by_score), (None,)
    if lead is None:
        return "reports_newest", (None,)
    if lead == "ward_id":
        return "reports_ward", (None,)
    if lead == "violations" and not wanted.statuses and not wanted.severities:
        return "reports_violation", (None,)
    # Within one severity the index for the worst has the newest in their order, too.
    return _INDEXES[lead][0], tuple(int(s) for s in sorted(wanted.severities or Severity))


def searches(wanted: ReportFilter) -> list[tuple[str, tuple[object, ...]]]:
    """Return the selects of numbers that a filter's searches make, the sharpest kind first."""
    found: list[tuple[str, tuple[object, ...]]] = []
    if wanted.text.strip():
        match = match_expression(wanted.text)
        found.append(("SELECT rowid FROM report_text WHERE report_text MATCH ?", (match,)))
    if token := plate_token(wanted.plate):
        plates = "SELECT pk FROM reports WHERE plate >= ? AND plate < ? AND plate <> ''"
        # Nothing lies between a plate and itself with the least that could follow it.
        found.append((plates, (token, token + (" " if wanted.is_whole_plate else "~"))))
    if wanted.bounds is not None:
        # UNION, for a box may reach around the globe.
        boxes = boxes_of(wanted.bounds)
        values = tuple(at for box in boxes for at in (box.east, box.west, box.north, box.south))
        found.append((" UNION ".join([_IN_BOX] * len(boxes)), values))
    if wanted.from_ms is not None and wanted.to_ms is not None:
        times = "SELECT pk FROM reports WHERE reported_ms >= ? AND reported_ms < ?"
        found.append((f"{times} AND deleted_ms IS NULL", (wanted.from_ms, wanted.to_ms)))
    return found
