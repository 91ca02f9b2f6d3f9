"""What dispatch did in a shift and handed over, from the records of one city."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Final
from uuid import UUID

from sync_server.db.engine import Connection, rows
from sync_server.incidents.told import score_of
from sync_server.sync.assignments import assignment_of
from sync_server.sync.tables import TABLES
from trafficdesk.domain.dispatch import (
    Response,
    incident_status,
    is_open,
    response_of,
    step_of,
    still_needed,
    unit_status,
)
from trafficdesk.domain.records import Assignment
from trafficdesk.domain.reporting.answers import IncidentLeft, ShiftFound
from trafficdesk.domain.shifts import Span
from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.domain.vocabulary import Duty, Entity, IncidentStatus, Service

_INCIDENT, _ASSIGNMENT = TABLES[Entity.INCIDENT], TABLES[Entity.ASSIGNMENT]
_SENT: Final = (
    f"(SELECT coalesce(json_agg(json_build_object('id', a.id, 'row', {_ASSIGNMENT.row('a')}) "
    "ORDER BY a.assigned_ms, a.id), '[]') FROM assignments a "
    "WHERE a.city_id = i.city_id AND a.incident_id = i.id)"
)
_INCIDENTS: Final = f"""
SELECT i.id, {_INCIDENT.row("i")} AS row, {_SENT} AS sent FROM incidents i
WHERE i.city_id = %s AND i.deleted_ms IS NULL AND i.reported_ms < %s
  AND (i.reported_ms >= %s OR i.cleared_ms IS NULL OR i.cleared_ms >= %s OR EXISTS (
    SELECT FROM assignments a WHERE a.city_id = i.city_id AND a.incident_id = i.id
    AND a.cleared_ms IS NULL AND a.withdrawn_ms IS NULL))
"""
_UNITS: Final = f"""
SELECT u.call_sign, u.duty, a.id, {_ASSIGNMENT.row("a")} AS row, i.reference FROM units u
LEFT JOIN assignments a ON a.city_id = u.city_id AND a.id = u.assignment_id
LEFT JOIN incidents i ON i.city_id = a.city_id AND i.id = a.incident_id
WHERE u.city_id = %s AND u.deleted_ms IS NULL ORDER BY u.call_sign, u.id
"""
# That a unit was sent or is free again is the other half of what its assignment tells.
_DEEDS: Final = """
SELECT e.entity || '.' || e.action AS deed, coalesce(p.name, '') AS name, count(*) AS n
FROM events e LEFT JOIN users p ON p.id = e.actor_id
WHERE e.city_id = %s AND e.entity IN ('incident', 'unit', 'assignment')
  AND e.at_ms >= %s AND e.at_ms < %s
  AND NOT (e.entity = 'unit' AND e.action IN ('send', 'free', 'undo_send', 'undo_free'))
GROUP BY 1, 2
"""


@dataclass(frozen=True)
class _Known:
    """An incident's row as it travels, and who was sent to it."""

    row: Mapping[str, Any]
    sent: list[Assignment]

    @property
    def reported_at(self) -> datetime:
        return from_ms(self.row["reported_ms"])

    @property
    def cleared_at(self) -> datetime | None:
        ms = self.row["cleared_ms"]
        return None if ms is None else from_ms(ms)

    @property
    def is_merged(self) -> bool:
        return self.row["merged_into"] is not None

    @property
    def is_over(self) -> bool:
        return incident_status(self.cleared_at, self.sent) is IncidentStatus.CLEARED

    def is_over_by(self, at: datetime) -> bool:
        """Tell whether it was over before an instant."""
        return self.is_over and self.cleared_at is not None and self.cleared_at < at

    def response(self) -> Response:
        return response_of(self.reported_at, self.cleared_at, self.sent)


def read_shift(connection: Connection, city_id: UUID, span: Span) -> ShiftFound:
    """Return what dispatch did in a span of time; what is out and missing stands as it is now."""
    begin, end = from_ms(span.begin_ms), from_ms(span.end_ms)
    asked = city_id, span.end_ms, span.begin_ms, span.begin_ms
    known = [_known(each) for each in rows(connection, _INCIDENTS, *asked)]
    filed = [each for each in known if each.reported_at >= begin]
    own = [each for each in filed if not each.is_merged]
    over = [e for e in known if not e.is_merged and e.is_over_by(end)]
    units = rows(connection, _UNITS, city_id)
    signs = _call_signs(connection, city_id)
    left = [each for each in known if not each.is_merged and not each.is_over_by(end)]
    left.sort(key=lambda each: (-score_of(each.row), each.reported_at))
    deeds, people = Counter[str](), Counter[str]()
    for row in rows(connection, _DEEDS, city_id, *span):
        deeds[row["deed"]] += row["n"]
        people[row["name"]] += row["n"]
    return ShiftFound(
        *span,
        len(own),
        sum(each.cleared_at is not None and each.cleared_at >= begin for each in over),
        len(filed) - len(own),
        sum(each.row["unit_id"] is not None for each in filed),
        tuple(_took(name, own) for name in ("to_dispatch", "to_arrival", "to_clear")),
        tuple(_left(each, signs) for each in left),
        tuple(map(_unit, units)),
        tuple(deeds.most_common()),
        tuple(people.most_common()),
    )


def _known(found: Mapping[str, Any]) -> _Known:
    sent = [assignment_of(UUID(each["id"]), each["row"]) for each in found["sent"]]
    return _Known(found["row"], sent)


def _call_signs(connection: Connection, city_id: UUID) -> dict[UUID, str]:
    found = rows(connection, "SELECT id, call_sign FROM units WHERE city_id = %s", city_id)
    return {each["id"]: each["call_sign"] for each in found}


def _took(name: str, filed: list[_Known]) -> tuple[str, float | None, float | None, int]:
    lengths = [
        length / timedelta(milliseconds=1)
        for each in filed
        if (length := getattr(each.response(), name)) is not None
    ]
    if not lengths:
        return name, None, None, 0
    return name, median(lengths), max(lengths), len(lengths)


def _left(known: _Known, signs: Mapping[UUID, str]) -> IncidentLeft:
    row = known.row
    needs = {Service(name): count for name, count in row["needs"].items()}
    missing = {} if known.is_over else still_needed(needs, known.sent)
    return IncidentLeft(
        row["reference"],
        row["type"],
        ", ".join(filter(None, (row["address"], row["area"]))),
        to_ms(known.reported_at),
        score_of(row),
        tuple((signs.get(e.unit_id, ""), str(step_of(e))) for e in known.sent if is_open(e)),
        tuple((str(service), n) for service, n in missing.items()),
    )


def _unit(found: Mapping[str, Any]) -> tuple[str, str, str]:
    held = None if found["id"] is None else assignment_of(found["id"], found["row"])
    is_out = held is not None and is_open(held)
    status = unit_status(Duty(found["duty"]), held)
    return found["call_sign"], str(status), (found["reference"] or "") if is_out else ""
