"""Reports: inserting, reading whole, and changing fields under an expected revision."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Row
from sqlalchemy.exc import NoResultFound

from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.records import Lease, Place, Report
from trafficdesk.domain.times import from_ms
from trafficdesk.domain.vocabulary import (
    RejectionReason,
    ReportStatus,
    Severity,
    Source,
    SyncState,
    VehicleType,
)
from trafficdesk.store import fulltext, report_counts
from trafficdesk.store.rows import fetch_all


class _ReportRow(NamedTuple):
    """The columns a whole report is read from."""

    pk: int
    id: bytes
    version: int
    revision: int
    reference: str
    status: str
    severity: int
    violation: str
    more_violations: int
    lon: float
    lat: float
    accuracy_m: float | None
    address: str
    area: str
    ward_id: bytes | None
    city_id: bytes
    station_id: bytes
    occurred_ms: int
    reported_ms: int
    plate: str
    vehicle_type: str
    vehicle_text: str
    description: str
    source: str
    reporter_id: bytes | None
    reviewer_id: bytes | None
    decided_ms: int | None
    decision_note: str
    rejection_reason: str | None
    duplicate_of: bytes | None
    score: int
    escalated: int
    second_look: int
    assignee_id: bytes | None
    lease_until_ms: int | None
    sync_state: int
    created_ms: int
    updated_ms: int
    deleted_ms: int | None
    assignee_name: str | None


_SELECT = f"""
SELECT {", ".join(f"r.{name}" for name in _ReportRow._fields[:-1])}, o.name
FROM reports r LEFT JOIN officers o ON o.id = r.assignee_id
"""
# Every field an operation may change, and whether its value is an id.
CHANGEABLE: Mapping[str, bool] = {
    "status": False,
    "severity": False,
    "lon": False,
    "lat": False,
    "address": False,
    "area": False,
    "ward_id": True,
    "station_id": True,
    "plate": False,
    "vehicle_type": False,
    "vehicle_text": False,
    "description": False,
    "reviewer_id": True,
    "decided_ms": False,
    "decision_note": False,
    "rejection_reason": False,
    "duplicate_of": True,
    "score": False,
    "escalated": False,
    "second_look": False,
    "assignee_id": True,
    "lease_until_ms": False,
    "deleted_ms": False,
}


class ReportInsert(NamedTuple):
    """A row of ``reports`` as it is first written; ids as 16 bytes, times in epoch ms."""

    id: bytes
    version: int
    reference: str
    status: str
    severity: int
    violation: str
    more_violations: int
    lon: float
    lat: float
    accuracy_m: float | None
    address: str
    area: str
    ward_id: bytes | None
    city_id: bytes
    station_id: bytes
    occurred_ms: int
    reported_ms: int
    plate: str
    vehicle_type: str
    vehicle_text: str
    description: str
    source: str
    reporter_id: bytes | None
    score: int
    created_ms: int
    updated_ms: int
    reviewer_id: bytes | None = None
    decided_ms: int | None = None
    decision_note: str = ""
    rejection_reason: str | None = None
    duplicate_of: bytes | None = None
    escalated: int = 0
    second_look: int = 0
    assignee_id: bytes | None = None
    lease_until_ms: int | None = None
    sync_state: int = SyncState.NOT_SENT


_FIELDS = ReportInsert._fields
INSERT = (
    f"INSERT INTO reports ({', '.join(_FIELDS)}, geom) "
    f"VALUES ({', '.join(f'?{i + 1}' for i in range(len(_FIELDS)))}, "
    f"MakePoint(?{_FIELDS.index('lon') + 1}, ?{_FIELDS.index('lat') + 1}, 4326))"
)


def insert(connection: Connection, row: ReportInsert, violations: tuple[str, ...]) -> int:
    """Write a new report with its violations and text; return its number (pk).

    The caller counts it with ``report_counts.recount``.
    """
    done = connection.exec_driver_sql(INSERT, row)
    pk = int(done.lastrowid)
    connection.exec_driver_sql(
        "INSERT INTO report_violations (report_pk, position, code) VALUES (?, ?, ?)",
        [(pk, position, code) for position, code in enumerate(violations)],
    )
    fulltext.index_report(connection, pk, _text(row))
    return pk


def _text(row: "ReportInsert | Row[tuple[object, ...]]") -> fulltext.ReportText:
    address = f"{row.address} {row.area}".strip()
    return fulltext.ReportText(row.description, address, row.plate, row.reference)


class ReportUpdate(NamedTuple):
    """Field values to write over a report that must still stand at ``expected_revision``."""

    pk: int
    expected_revision: int
    values: Mapping[str, object]
    at_ms: int


def update(connection: Connection, calendar: Calendar, change: ReportUpdate) -> int | None:
    """Write the values; return the new revision, or None when the report has moved on.

    ``values`` are JSON values by field of ``CHANGEABLE`` (ids as text).

    Raises:
        KeyError: a field is not one that an operation may change.
    """
    before = report_counts.counted(connection, change.pk)
    columns = {name: _column_value(name, value) for name, value in change.values.items()}
    assignments = ", ".join(f"{name} = ?" for name in columns)
    changed = fetch_all(
        connection,
        f"UPDATE reports SET {assignments}, revision = revision + 1, updated_ms = ?, "
        f"sync_state = ? WHERE pk = ? AND revision = ? RETURNING {report_counts.COLUMNS}",
        (
            *columns.values(),
            change.at_ms,
            int(SyncState.NOT_SENT),
            change.pk,
            change.expected_revision,
        ),
    )
    if not changed:
        return None
    _follow(connection, change)
    now = report_counts.of_row(change.pk, changed[0])
    report_counts.move(connection, calendar, change.pk, (before, now))
    return change.expected_revision + 1


def _follow(connection: Connection, change: ReportUpdate) -> None:
    """Keep the geometry and the text index with the columns they are made from."""
    if {"lon", "lat"} & change.values.keys():
        connection.exec_driver_sql(
            "UPDATE reports SET geom = MakePoint(lon, lat, 4326) WHERE pk = ?", (change.pk,)
        )
    if {"description", "address", "area", "plate"} & change.values.keys():
        row = connection.exec_driver_sql(
            "SELECT description, address, area, plate, reference FROM reports WHERE pk = ?",
            (change.pk,),
        ).one()
        fulltext.reindex_report(connection, change.pk, _text(row))


def _column_value(name: str, value: object) -> object:
    if CHANGEABLE[name]:
        return None if value is None else UUID(str(value)).bytes
    return int(value) if isinstance(value, bool) else value


def get(connection: Connection, pk: int) -> Report:
    """Return the report with this number.

    Raises:
        sqlalchemy.exc.NoResultFound: there is none.
    """
    found = find(connection, pk)
    if found is None:
        raise NoResultFound(f"there is no report {pk}")
    return found


def find(connection: Connection, pk: int) -> Report | None:
    """Return the report with this number, also a deleted one, if this desk has it."""
    return _find(connection, "r.pk = ?", pk)


def find_by_id(connection: Connection, report_id: UUID) -> Report | None:
    """Return the report with this id, if this desk has it."""
    return _find(connection, "r.id = ?", report_id.bytes)


def _find(connection: Connection, where: str, value: object) -> Report | None:
    rows = fetch_all(connection, f"{_SELECT} WHERE {where}", (value,))
    return _report(connection, _ReportRow._make(rows[0])) if rows else None


def find_pk(connection: Connection, reference: str) -> int | None:
    """Return the number of the report with this reference."""
    pk = connection.exec_driver_sql(
        "SELECT pk FROM reports WHERE reference = ? AND deleted_ms IS NULL", (reference,)
    ).scalar_one_or_none()
    return None if pk is None else int(pk)


def find_pks_of_plate(connection: Connection, plate: str, limit: int = 50) -> list[int]:
    """Return the reports of a vehicle, the latest occurrence first; [] for no plate."""
    rows = connection.exec_driver_sql(
        "SELECT pk FROM reports WHERE plate = ? AND plate <> '' AND deleted_ms IS NULL "
        "ORDER BY occurred_ms DESC, pk DESC LIMIT +?",
        (plate, limit),
    )
    return [int(row[0]) for row in rows]


def _violations(connection: Connection, row: _ReportRow) -> tuple[str, ...]:
    if not row.more_violations:
        return (str(row.violation),)
    rows = connection.exec_driver_sql(
        "SELECT code FROM report_violations WHERE report_pk = ? ORDER BY position", (row.pk,)
    )
    return tuple(str(code) for (code,) in rows)


def _lease(row: _ReportRow) -> Lease | None:
    if row.lease_until_ms is None or row.assignee_id is None:
        return None
    name = row.assignee_name or ""
    return Lease(UUID(bytes=row.assignee_id), name, from_ms(row.lease_until_ms))


def _id(raw: bytes | None) -> UUID | None:
    return None if raw is None else UUID(bytes=raw)


def _report(connection: Connection, row: _ReportRow) -> Report:
    return Report(
        pk=row.pk,
        id=UUID(bytes=row.id),
        version=row.version,
        revision=row.revision,
        reference=row.reference,
        status=ReportStatus(row.status),
        severity=Severity(row.severity),
        violations=_violations(connection, row),
        place=Place(row.lon, row.lat),
        accuracy_m=row.accuracy_m,
        address=row.address,
        area=row.area,
        ward_id=_id(row.ward_id),
        city_id=UUID(bytes=row.city_id),
        station_id=UUID(bytes=row.station_id),
        occurred_at=from_ms(row.occurred_ms),
        reported_at=from_ms(row.reported_ms),
        plate=row.plate,
        vehicle_type=VehicleType(row.vehicle_type),
        vehicle_text=row.vehicle_text,
        description=row.description,
        source=Source(row.source),
        reporter_id=_id(row.reporter_id),
        reviewer_id=_id(row.reviewer_id),
        decision_note=row.decision_note,
        rejection_reason=RejectionReason(row.rejection_reason) if row.rejection_reason else None,
        duplicate_of=_id(row.duplicate_of),
        score=row.score,
        escalated=bool(row.escalated),
        second_look=bool(row.second_look),
        assignee_id=_id(row.assignee_id),
        lease=_lease(row),
        sync_state=SyncState(row.sync_state),
        created_at=from_ms(row.created_ms),
        updated_at=from_ms(row.updated_ms),
        deleted_at=None if row.deleted_ms is None else from_ms(row.deleted_ms),
        decided_at=None if row.decided_ms is None else from_ms(row.decided_ms),
    )


def find_expired_leases(connection: Connection, now_ms: int) -> list[int]:
    """Return the reports under review whose lease has run out."""
    rows = connection.exec_driver_sql(
        "SELECT pk FROM reports WHERE status = ? AND lease_until_ms <= ? "
        "AND assignee_id IS NOT NULL AND deleted_ms IS NULL",
        (str(ReportStatus.UNDER_REVIEW), now_ms),
    )
    return [int(row[0]) for row in rows]


def find_assigned(connection: Connection, officer_id: UUID) -> list[int]:
    """Return the undecided reports that lie with an officer."""
    rows = connection.exec_driver_sql(
        "SELECT pk FROM reports WHERE assignee_id = ? AND deleted_ms IS NULL ORDER BY pk",
        (officer_id.bytes,),
    )
    return [int(row[0]) for row in rows]
