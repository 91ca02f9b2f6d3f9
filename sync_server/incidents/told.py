"""An incident as the API tells of it: its record, and what follows from its assignments."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from sync_server.sync.assignments import assignment_of
from trafficdesk.domain.dispatch import incident_status, response_of, severity_score, step_of
from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.domain.vocabulary import LanesBlocked
from trafficdesk.wire.incidents import AccountFacts


class ToldAssignment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A unit sent to an incident: ``step`` is how far it came."""

    id: UUID
    unit_id: UUID
    role: str
    step: str
    assigned_ms: int
    acknowledged_ms: int | None = None
    en_route_ms: int | None = None
    arrived_ms: int | None = None
    cleared_ms: int | None = None
    withdrawn_ms: int | None = None


class ToldIncident(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An incident with its assignments; the times to a step count from the first report."""

    id: UUID
    version: int
    city_id: UUID
    station_id: UUID
    reference: str
    type: str
    status: str
    severity: int
    severity_score: int
    report_count: int
    verifications: int
    lon: float
    lat: float
    address: str
    area: str
    vehicle_count: int
    injuries: bool
    injury_count: int
    lanes_blocked: str
    needs: dict[str, int]
    accounts: list[AccountFacts]
    description: str
    weather: str
    traffic_volume: str
    source: str
    media: list[dict[str, Any]]
    assignments: list[ToldAssignment]
    occurred_ms: int
    reported_ms: int
    updated_ms: int
    ward_id: UUID | None = None
    reporter_id: UUID | None = None
    unit_id: UUID | None = None
    merged_into: UUID | None = None
    acknowledged_ms: int | None = None
    acknowledged_by: UUID | None = None
    escalated_ms: int | None = None
    dispatched_ms: int | None = None
    arrived_ms: int | None = None
    cleared_ms: int | None = None
    to_dispatch_s: float | None = None
    to_arrival_s: float | None = None
    to_clear_s: float | None = None


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a sighting: an incident of its own, or part of one that was known."""

    id: UUID
    reference: str
    severity_score: int
    report_count: int
    is_new: bool


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """How many say that an incident is so; ``counted`` unless the caller had said it before."""

    id: UUID
    verifications: int
    counted: bool


def filed(incident_id: UUID, row: Mapping[str, Any], *, is_new: bool) -> Filed:
    """Return what whoever reported an incident is told."""
    return Filed(
        id=incident_id,
        reference=row["reference"],
        severity_score=score_of(row),
        report_count=1 + len(row["accounts"]),
        is_new=is_new,
    )


def score_of(row: Mapping[str, Any]) -> int:
    """Return how bad an incident is, by its row as it travels."""
    return severity_score(
        vehicles=row["vehicle_count"],
        injuries=row["injuries"],
        lanes=LanesBlocked(row["lanes_blocked"]),
        merged_reports=len(row["accounts"]),
        calls_for_help=row["unit_id"] is not None,
    )


def incident_told(found: Mapping[str, Any]) -> ToldIncident:
    """Return an incident from its row and its assignments'."""
    row = found["row"]
    sent = [assignment_of(UUID(each["id"]), each["row"]) for each in found["assignments"]]
    cleared_at = None if row["cleared_ms"] is None else from_ms(row["cleared_ms"])
    response = response_of(from_ms(row["reported_ms"]), cleared_at, sent)
    facts = {
        **row,
        "id": found["id"],
        "version": found["version"],
        "status": str(incident_status(cleared_at, sent)),
        "severity_score": score_of(row),
        "report_count": 1 + len(row["accounts"]),
        "dispatched_ms": _ms(response.dispatched_at),
        "arrived_ms": _ms(response.arrived_at),
        "to_dispatch_s": _seconds(response.to_dispatch),
        "to_arrival_s": _seconds(response.to_arrival),
        "to_clear_s": _seconds(response.to_clear),
        "assignments": [
            {**each["row"], "id": each["id"], "step": str(step_of(assignment))}
            for each, assignment in zip(found["assignments"], sent, strict=True)
        ],
    }
    return msgspec.convert(facts, ToldIncident)


def _ms(at: datetime | None) -> int | None:
    return None if at is None else to_ms(at)


def _seconds(took: timedelta | None) -> float | None:
    return None if took is None else took.total_seconds()
