"""Reports with their photos and citations, and all that is counted of them, from the server."""

import json
from collections.abc import Mapping, Sequence
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.store import citations, facts, fulltext, media, report_counts
from trafficdesk.store.arriving.arrival import Arrival
from trafficdesk.store.rows import fetch_all, run, run_each

TEXTS: Final = (
    "reference",
    "status",
    "address",
    "area",
    "plate",
    "vehicle_type",
    "vehicle_text",
    "description",
    "source",
    "decision_note",
)
IDS: Final = (
    "ward_id",
    "city_id",
    "station_id",
    "reporter_id",
    "reviewer_id",
    "duplicate_of",
    "assignee_id",
)
NUMBERS: Final = (
    "severity",
    "occurred_ms",
    "reported_ms",
    "score",
    "escalated",
    "second_look",
    "lease_until_ms",
    "created_ms",
    "updated_ms",
    "deleted_ms",
)
PLAIN: Final = ("lon", "lat", "accuracy_m", "rejection_reason")
LATER: Final = ("decided_ms",)  # what a server of before does not tell
COLUMNS: Final = (
    "version",
    "sync_state",
    "violation",
    "more_violations",
    *TEXTS,
    *IDS,
    *NUMBERS,
    *PLAIN,
    *LATER,
)
_INSERT: Final = (
    f"INSERT INTO reports (id, {', '.join(COLUMNS)}, geom) VALUES (?1, "
    f"{', '.join(f'?{i + 2}' for i in range(len(COLUMNS)))}, "
    f"MakePoint(?{COLUMNS.index('lon') + 2}, ?{COLUMNS.index('lat') + 2}, 4326)) "
    "RETURNING pk"
)
_PRESENT: Final = f"SELECT pk, {', '.join(COLUMNS)} FROM reports WHERE id = ?"
# What is only written down of a report: nothing that people, queues or searches go by.
_BOOKKEEPING: Final = frozenset({"version", "sync_state", "updated_ms"})
_PLACE: Final = frozenset({"lon", "lat"})
_WORDS: Final = frozenset({"description", "address", "area", "plate", "reference"})
_COUNTED: Final = _PLACE | {
    "status",
    "severity",
    "violation",
    "escalated",
    "second_look",
    "assignee_id",
    "occurred_ms",
    "deleted_ms",
    "station_id",
    "ward_id",
    "reviewer_id",
    "reported_ms",
    "score",
    "decided_ms",
}


def put_report(connection: Connection, arrival: Arrival) -> int:
    """Write a report; return its number, 0 if a later version is here already.

    Only what differs is written: a desk's own work comes back to it, and is mostly there. The
    revision rises with what people can see.
    """
    found = fetch_all(connection, _PRESENT, (arrival.id.bytes,))
    if not found:
        return _add(connection, arrival)
    pk, *present = found[0]
    if present[0] > arrival.version:
        return 0
    coming = _values(arrival)
    changed = {
        name: new for name, old, new in zip(COLUMNS, present, coming, strict=True) if old != new
    }
    before = report_counts.counted(connection, pk) if changed.keys() & _COUNTED else None
    _update(connection, pk, arrival, changed)
    if changed.keys() & _WORDS:
        fulltext.reindex_report(connection, pk, _words(arrival))
    if before is not None:
        report_counts.recount(connection, facts.calendar(connection), before, pk)
    return int(pk)


def find_numbers(connection: Connection, ids: Sequence[UUID]) -> list[int]:
    """Return the numbers of those of the reports that are here."""
    wanted = json.dumps([each.hex for each in ids])
    rows = fetch_all(
        connection,
        "SELECT pk FROM reports WHERE id IN (SELECT unhex(value) FROM json_each(?))",
        (wanted,),
    )
    return [int(pk) for (pk,) in rows]


def _add(connection: Connection, arrival: Arrival) -> int:
    values = (arrival.id.bytes, *_values(arrival))
    pk = int(fetch_all(connection, _INSERT, values)[0][0])
    _put_violations(connection, pk, arrival)
    _put_media(connection, pk, arrival)
    fulltext.index_report(connection, pk, _words(arrival))
    report_counts.recount(connection, facts.calendar(connection), report_counts.NOT_COUNTED, pk)
    return pk


def _update(
    connection: Connection, pk: int, arrival: Arrival, changed: Mapping[str, object]
) -> None:
    """Write the columns that changed, and the lists beside them."""
    is_listed_anew = _put_violations(connection, pk, arrival)
    is_listed_anew |= _put_media(connection, pk, arrival)
    assignments = [f"{name} = ?" for name in changed]
    values = list(changed.values())
    if changed.keys() & _PLACE:
        assignments.append("geom = MakePoint(?, ?, 4326)")
        values += [arrival.row.get("lon"), arrival.row.get("lat")]
    if is_listed_anew or changed.keys() - _BOOKKEEPING:
        assignments.append("revision = revision + 1")
    if assignments:
        run(connection, f"UPDATE reports SET {', '.join(assignments)} WHERE pk = ?", (*values, pk))


def _put_media(connection: Connection, pk: int, arrival: Arrival) -> bool:
    """Write what is known of the report's files; tell whether that changed."""
    return media.replace_all(connection, media.of_report(pk), arrival.row.get("media") or [])


def _words(arrival: Arrival) -> fulltext.ReportText:
    return fulltext.ReportText(
        arrival.text("description"),
        f"{arrival.text('address')} {arrival.text('area')}".strip(),
        arrival.text("plate"),
        arrival.text("reference"),
    )


def _values(arrival: Arrival) -> tuple[object, ...]:
    violations = cast("list[str]", arrival.row.get("violations") or ["other"])
    return (
        arrival.version,
        int(arrival.sync_state),
        violations[0],
        len(violations) - 1,
        *(arrival.text(name) for name in TEXTS),
        *(arrival.id_bytes(name) for name in IDS),
        *(arrival.whole(name) for name in NUMBERS),
        *(arrival.row.get(name) for name in (*PLAIN, *LATER)),
    )


def _put_violations(connection: Connection, pk: int, arrival: Arrival) -> bool:
    """Write the codes in their order; tell whether they changed."""
    codes = cast("list[str]", arrival.row.get("violations") or [])
    present = fetch_all(
        connection,
        "SELECT code FROM report_violations WHERE report_pk = ? ORDER BY position",
        (pk,),
    )
    if [code for (code,) in present] == codes:
        return False
    run(connection, "DELETE FROM report_violations WHERE report_pk = ?", (pk,))
    run_each(
        connection,
        "INSERT INTO report_violations (report_pk, position, code) VALUES (?, ?, ?)",
        [(pk, position, code) for position, code in enumerate(codes)],
    )
    return True


def drop_report(connection: Connection, record_id: UUID) -> int:
    """Remove a report with its photos, citations and counts; its history stays."""
    found = fetch_all(connection, "SELECT pk FROM reports WHERE id = ?", (record_id.bytes,))
    if not found:
        return 0
    pk = int(found[0][0])
    before = report_counts.counted(connection, pk)
    gone = before, report_counts.NOT_COUNTED
    report_counts.move(connection, facts.calendar(connection), pk, gone)
    run(connection, "DELETE FROM report_text WHERE rowid = ?", (pk,))
    for table in ("citations", "media", "report_violations"):
        run(connection, f"DELETE FROM {table} WHERE report_pk = ?", (pk,))
    run(connection, "DELETE FROM seen_reports WHERE report_pk = ?", (pk,))
    run(connection, "DELETE FROM reports WHERE pk = ?", (pk,))
    return pk


_PUT_CITATION: Final = """
INSERT INTO citations
  (id, report_pk, version, number, offence, amount_minor, currency, status, issued_ms)
SELECT ?, pk, ?, ?, ?, ?, ?, ?, ? FROM reports WHERE id = ?
ON CONFLICT (id) DO UPDATE SET version = excluded.version, revision = revision + 1,
  number = excluded.number, offence = excluded.offence, amount_minor = excluded.amount_minor,
  currency = excluded.currency, status = excluded.status, issued_ms = excluded.issued_ms
  WHERE excluded.version >= citations.version
"""


def put_citation(connection: Connection, arrival: Arrival) -> int:
    """Write a citation of a report that is here; return the report's number."""
    report_id = arrival.id_bytes("report_id")
    values = (
        arrival.id.bytes,
        arrival.version,
        arrival.text("number"),
        arrival.text("offence"),
        arrival.whole("amount_minor"),
        arrival.text("currency"),
        arrival.text("status"),
        arrival.whole("issued_ms"),
        report_id,
    )
    found = fetch_all(connection, "SELECT pk FROM reports WHERE id = ?", (report_id,))
    if not found:
        return 0
    pk = int(found[0][0])
    with citations.counting(connection, pk):
        run(connection, _PUT_CITATION, values)
    return pk


def drop_citation(connection: Connection, record_id: UUID) -> int:
    """Remove a citation."""
    rows = fetch_all(connection, "SELECT report_pk FROM citations WHERE id = ?", (record_id.bytes,))
    for (pk,) in rows:
        with citations.counting(connection, pk):
            run(connection, "DELETE FROM citations WHERE id = ?", (record_id.bytes,))
    return 0
