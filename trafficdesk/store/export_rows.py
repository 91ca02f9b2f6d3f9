"""What of reports goes into files: every fact of them, with the names of what they name."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection

from trafficdesk.store.rows import fetch_as

_SELECT: Final = """
SELECT r.pk, r.reference, r.status, r.severity,
  (SELECT group_concat(code, ' ') FROM (
     SELECT v.code FROM report_violations v WHERE v.report_pk = r.pk ORDER BY v.position)),
  r.occurred_ms, r.reported_ms, r.decided_ms, r.lon, r.lat, r.accuracy_m, r.address, r.area,
  w.name, s.name, r.plate, r.vehicle_type, r.vehicle_text, r.description, r.source, r.score,
  r.escalated, o.name, r.decision_note, r.rejection_reason
FROM json_each(?) k CROSS JOIN reports r ON r.pk = k.value
LEFT JOIN wards w ON w.id = r.ward_id LEFT JOIN stations s ON s.id = r.station_id
LEFT JOIN officers o ON o.id = r.reviewer_id ORDER BY k.key
"""


class ExportRow(NamedTuple):
    """A report as it stands, in names; violations are codes with blanks between."""

    pk: int
    reference: str
    status: str
    severity: int
    violations: str | None
    occurred_ms: int
    reported_ms: int
    decided_ms: int | None
    lon: float
    lat: float
    accuracy_m: float | None
    address: str
    area: str
    ward: str | None
    station: str | None
    plate: str
    vehicle_type: str
    vehicle_text: str
    description: str
    source: str
    score: int
    escalated: int
    reviewer: str | None
    decision_note: str
    rejection_reason: str | None


def find_rows(connection: Connection, pks: Sequence[int]) -> list[ExportRow]:
    """Return reports by their numbers, in that order."""
    wanted = f"[{','.join(map(str, pks))}]"
    return fetch_as(ExportRow, connection, _SELECT, (wanted,))
