"""Reports written or taken away some at a time, each time holding the one writer for a moment."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from trafficdesk.domain.calendar import SLOT_MS, Calendar
from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.store import fulltext, sums
from trafficdesk.store.reports import INSERT, ReportInsert
from trafficdesk.store.rows import fetch_all, run_each


class Arrival(NamedTuple):
    """A new report and every violation it names."""

    row: ReportInsert
    violations: tuple[str, ...]


_SPOT = """
INSERT INTO report_view
(pk, west, east, south, north, first_slot, last_slot, lon, lat, status, severity)
VALUES (?1, ?2, ?2, ?3, ?3, ?4, ?4, ?2, ?3, ?5, ?6)
"""
_TEXT = """
INSERT INTO report_text (rowid, description, address, plate, reference) VALUES (?, ?, ?, ?, ?)
"""
_VIOLATION = "INSERT INTO report_violations (report_pk, position, code) VALUES (?, ?, ?)"


def add_part(connection: Connection, calendar: Calendar, part: Sequence[Arrival]) -> None:
    """Write some reports of many; with the same transaction they are found and counted."""
    ((last,),) = fetch_all(connection, "SELECT coalesce(max(pk), 0) FROM reports")
    run_each(connection, INSERT, [arrival.row for arrival in part])
    numbered = list(enumerate(part, int(last) + 1))
    run_each(
        connection,
        _VIOLATION,
        [(pk, i, code) for pk, each in numbered for i, code in enumerate(each.violations)],
    )
    run_each(connection, _TEXT, [(pk, *_text(each.row)) for pk, each in numbered])
    run_each(
        connection,
        _SPOT,
        [
            (pk, r.lon, r.lat, r.occurred_ms // SLOT_MS, r.status, r.severity)
            for pk, (r, _violations) in numbered
        ],
    )
    sums.count(connection, calendar, [sums.Counted.of(arrival.row) for arrival in part], 1)


def _text(row: ReportInsert) -> tuple[str, str, str, str]:
    address = f"{row.address} {row.area}".strip()
    return row.description, address, fulltext.plate_words(row.plate), row.reference


_COUNTED = f"SELECT {sums.COUNTED} FROM reports WHERE pk IN ({{marks}})"


def remove_part(connection: Connection, calendar: Calendar, pks: Sequence[int], at_ms: int) -> None:
    """Mark reports deleted, out of every queue and off the map, each at its next revision."""
    marks = ", ".join("?" * len(pks))
    rows = fetch_all(connection, _COUNTED.format(marks=marks), pks)
    sums.count(connection, calendar, [sums.Counted._make(row) for row in rows], -1)
    run_each(connection, "DELETE FROM report_view WHERE pk = ?", [(pk,) for pk in pks])
    run_each(
        connection,
        "UPDATE reports SET deleted_ms = ?1, updated_ms = ?1, sync_state = ?2, "
        "revision = revision + 1 WHERE pk = ?3",
        [(at_ms, int(SyncState.NOT_SENT), pk) for pk in pks],
    )
