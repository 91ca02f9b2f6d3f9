"""Which way a list is read: along an index in its order, or from the few rows a search leaves."""

import json
from typing import NamedTuple

from sqlalchemy import Connection

from trafficdesk.domain.plates import plate_token
from trafficdesk.domain.queues import ReportFilter, Sort
from trafficdesk.domain.vocabulary import ReportStatus
from trafficdesk.store.fulltext import match_expression
from trafficdesk.store.rows import fetch_all

# Up to here it is quicker to look at everything found and sort it than to walk an order.
FEW = 8_000

# The index that has a list's rows together and in order, by what narrows the list most.
_INDEXES: dict[str, dict[Sort, str]] = {
    "second_look": {
        Sort.NEWEST: "reports_second_look",
        Sort.WORST: "reports_second_look_severity",
        Sort.BEST_EVIDENCE: "reports_second_look_score",
    },
    "escalated": {
        Sort.NEWEST: "reports_escalated",
        Sort.WORST: "reports_escalated_severity",
        Sort.BEST_EVIDENCE: "reports_escalated_score",
    },
    "assignee_id": {
        Sort.NEWEST: "reports_assignee",
        Sort.WORST: "reports_assignee_severity",
        Sort.BEST_EVIDENCE: "reports_assignee_score",
    },
    "ward_id": {
        Sort.NEWEST: "reports_ward",
        Sort.WORST: "reports_status_severity",
        Sort.BEST_EVIDENCE: "reports_status_score",
    },
    "violations": {
        Sort.NEWEST: "reports_status_violation",
        Sort.WORST: "reports_status_violation_severity",
        Sort.BEST_EVIDENCE: "reports_status_violation_score",
    },
    "statuses": {
        Sort.NEWEST: "reports_status",
        Sort.WORST: "reports_status_severity",
        Sort.BEST_EVIDENCE: "reports_status_score",
    },
}


class Walk(NamedTuple):
    """Where a list's rows come from.

    ``source`` is the FROM clause with ``r`` for the reports, ``condition`` goes with the filter's
    own; ``values`` belong to whichever has marks. Each of ``statuses`` is walked by itself (None:
    all at once): SQLite merges ordered walks as they go, where ``IN`` would make it sort.
    """

    source: str
    condition: str
    values: tuple[object, ...]
    statuses: tuple[str | None, ...]


def choose(connection: Connection, wanted: ReportFilter, sort: Sort) -> Walk:
    """Return the way that reads least: looks at what a search leaves, as far as ``FEW``."""
    for found, values in searches(wanted):
        rows = fetch_all(connection, f"{found} LIMIT +?", (*values, FEW + 1))
        if len(rows) <= FEW:
            numbers = json.dumps([pk for (pk,) in rows], separators=(",", ":"))
            source = "json_each(?) c CROSS JOIN reports r ON r.pk = c.value"
            return Walk(source, "", (numbers,), (None,))
    return along_index(wanted, sort)


def along_index(wanted: ReportFilter, sort: Sort) -> Walk:
    """Return the walk along the index that has the list's order."""
    order = Sort.NEWEST if sort is Sort.OLDEST else sort
    lead = next((name for name in _INDEXES if getattr(wanted, name)), None)
    if lead == "violations" and len(wanted.violations) > 1:
        lead = "statuses" if wanted.statuses else None  # together they are too many to be rare
    if lead is None and order is not Sort.NEWEST:
        lead = "statuses"
    index = "reports_newest" if lead is None else _INDEXES[lead][order]
    every = () if lead is None else tuple(ReportStatus)
    statuses: tuple[str | None, ...] = tuple(sorted(wanted.statuses)) or every or (None,)
    condition, values = "", tuple[object, ...]()
    if wanted.text.strip():
        # The plus keeps the matches from leading: they are looked up, the index gives the order.
        condition = "+r.pk IN (SELECT rowid FROM report_text WHERE report_text MATCH ?)"
        values = (match_expression(wanted.text),)
    return Walk(f"reports r INDEXED BY {index}", condition, values, statuses)


def searches(wanted: ReportFilter) -> list[tuple[str, tuple[object, ...]]]:
    """Return the selects of numbers that a filter's searches make, the sharpest kind first."""
    found: list[tuple[str, tuple[object, ...]]] = []
    if wanted.text.strip():
        match = match_expression(wanted.text)
        found.append(("SELECT rowid FROM report_text WHERE report_text MATCH ?", (match,)))
    if token := plate_token(wanted.plate):
        plates = "SELECT pk FROM reports WHERE plate >= ? AND plate < ? AND plate <> ''"
        found.append((plates, (token, token + "~")))
    if wanted.bounds is not None:
        west, south, east, north = wanted.bounds
        view = "SELECT pk FROM report_view WHERE west <= ? AND east >= ? "
        found.append((view + "AND south <= ? AND north >= ?", (east, west, north, south)))
    if wanted.from_ms is not None and wanted.to_ms is not None:
        times = "SELECT pk FROM reports WHERE reported_ms >= ? AND reported_ms < ?"
        found.append((f"{times} AND deleted_ms IS NULL", (wanted.from_ms, wanted.to_ms)))
    return found
