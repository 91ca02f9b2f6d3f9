"""A unit as the API tells of it: its record, and what follows from its assignment."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from sync_server.sync.assignments import assignment_of
from trafficdesk.domain.dispatch import unit_status
from trafficdesk.domain.vocabulary import Duty
from trafficdesk.wire.live import UnitPosition


class UnitTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A unit: what it is, what it is doing, and where it was last."""

    id: UUID
    version: int
    city_id: UUID
    station_id: UUID
    call_sign: str
    kind: str
    crew: str
    skills: list[str]
    duty: str
    status: str
    incident_id: UUID | None = None
    assignment_id: UUID | None = None
    checked_ms: int | None = None
    position: UnitPosition | None = None


def unit_told(found: Mapping[str, Any]) -> UnitTold:
    """Return a unit from its row, its open assignment and its last position."""
    row, sent = found["row"], found["assignment"]
    assignment = None if sent is None else assignment_of(UUID(sent["id"]), sent["row"])
    facts = {
        **row,
        "id": found["id"],
        "version": found["version"],
        "status": unit_status(Duty(row["duty"]), assignment),
        "incident_id": None if assignment is None else assignment.incident_id,
        "assignment_id": None if assignment is None else assignment.id,
        "position": found["position"],
    }
    return msgspec.convert(facts, UnitTold)
