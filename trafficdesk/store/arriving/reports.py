"""Reports with their photos and citations, and all that is counted of them, from the server."""

from typing import Final, cast
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.store import facts, fulltext, map_cells, media, tallies
from trafficdesk.store import reports as kept
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
COLUMNS: Final = (
    "version",
    "sync_state",
    "violation",
    "more_violations",
    *TEXTS,
    *IDS,
    *NUMBERS,
    *PLAIN,
)
_INSERT: Final = (
    f"INSERT INTO reports (id, {', '.join(COLUMNS)}, geom) VALUES (?1, "
    f"{', '.join(f'?{i + 2}' for i in range(len(COLUMNS)))}, "
    f"MakePoint(?{COLUMNS.index('lon') + 2}, ?{COLUMNS.index('lat') + 2}, 4326)) "
    "RETURNING pk"
)
_UPDATE: Final = (
    f"UPDATE reports SET {', '.join(f'{name} = ?{i + 2}' for i, name in enumerate(COLUMNS))}, "
    f"geom = MakePoint(?{COLUMNS.index('lon') + 2}, ?{COLUMNS.index('lat') + 2}, 4326), "
    "revision = revision + 1 WHERE id = ?1"
)


def put_report(connection: Connection, arrival: Arrival) -> int:
    """Write a report; return its number, 0 if a later version is here already."""
    found = fetch_all(
        connection, "SELECT pk, version FROM reports WHERE id = ?", (arrival.id.bytes,)
    )
    if found and found[0][1] > arrival.version:
        return 0
    before = kept.counted(connection, found[0][0]) if found else kept.NOT_COUNTED
    values = (arrival.id.bytes, *_values(arrival))
    if found:
        pk = int(found[0][0])
        run(connection, _UPDATE, values)
    else:
        pk = int(fetch_all(connection, _INSERT, values)[0][0])
    _put_violations(connection, pk, cast("list[str]", arrival.row.get("violations") or []))
    media.replace_all(connection, pk, arrival.row.get("media") or [])
    text = fulltext.ReportText(
        arrival.text("description"),
        f"{arrival.text('address')} {arrival.text('area')}".strip(),
        arrival.text("plate"),
        arrival.text("reference"),
    )
    (fulltext.reindex_report if found else fulltext.index_report)(connection, pk, text)
    kept.recount(connection, facts.calendar(connection), before, pk)
    return pk


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
        *(arrival.row.get(name) for name in PLAIN),
    )


def _put_violations(connection: Connection, pk: int, codes: list[str]) -> None:
    run(connection, "DELETE FROM report_violations WHERE report_pk = ?", (pk,))
    run_each(
        connection,
        "INSERT INTO report_violations (report_pk, position, code) VALUES (?, ?, ?)",
        [(pk, position, code) for position, code in enumerate(codes)],
    )


def drop_report(connection: Connection, record_id: UUID) -> int:
    """Remove a report with its photos, citations and counts; its history stays."""
    found = fetch_all(connection, "SELECT pk FROM reports WHERE id = ?", (record_id.bytes,))
    if not found:
        return 0
    pk = int(found[0][0])
    before = kept.counted(connection, pk)
    tallies.move(connection, before.tally, None)
    map_cells.move(connection, facts.calendar(connection), before.spot, None)
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
    run(connection, _PUT_CITATION, values)
    found = fetch_all(connection, "SELECT pk FROM reports WHERE id = ?", (report_id,))
    return int(found[0][0]) if found else 0


def drop_citation(connection: Connection, record_id: UUID) -> int:
    """Remove a citation."""
    run(connection, "DELETE FROM citations WHERE id = ?", (record_id.bytes,))
    return 0
