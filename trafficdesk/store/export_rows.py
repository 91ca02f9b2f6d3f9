"""What of reports goes into files: every fact of them, with the names of what they name."""

from typing import Final, NamedTuple

from sqlalchemy import Connection

from trafficdesk.store.queues import PageRequest, page_statement
from trafficdesk.store.rows import fetch_as
from trafficdesk.store.walks import Walk

_ROW: Final = """
r.reference, r.status, r.severity,
CASE r.more_violations WHEN 0 THEN r.violation ELSE
  (SELECT group_concat(code, ' ') FROM (
     SELECT v.code FROM report_violations v WHERE v.report_pk = r.pk ORDER BY v.position)) END,
r.occurred_ms, r.reported_ms, r.decided_ms, r.lon, r.lat, r.accuracy_m, r.address, r.area,
coalesce(w.name, ''), coalesce(s.name, ''), r.plate, r.vehicle_type, r.vehicle_text, r.description,
r.source, r.score, r.escalated, coalesce(o.name, ''), r.decision_note,
coalesce(r.rejection_reason, ''), r.pk
"""
_NAMES: Final = """
LEFT JOIN wards w ON w.id = r.ward_id LEFT JOIN stations s ON s.id = r.station_id
LEFT JOIN officers o ON o.id = r.reviewer_id
"""


class ExportRow(NamedTuple):
    """A report as it stands, in names; violations are codes with blanks between."""

    reference: str
    status: str
    severity: int
    violations: str
    occurred_ms: int
    reported_ms: int
    decided_ms: int | None
    lon: float
    lat: float
    accuracy_m: float | None
    address: str
    area: str
    ward: str
    station: str
    plate: str
    vehicle_type: str
    vehicle_text: str
    description: str
    source: str
    score: int
    escalated: int
    reviewer: str
    decision_note: str
    rejection_reason: str
    pk: int


def find_page(connection: Connection, request: PageRequest, walk: Walk) -> list[ExportRow]:
    """Return a page of a list in the list's order, along a walk that was chosen for all of it.

    Keys and rows come from one statement: each page of the store is decrypted once.
    """
    statement, values = page_statement(request, walk, _ROW, _NAMES)
    return fetch_as(ExportRow, connection, statement, values)
