"""An assignment's row as the domain reads it: where incidents and units stand follows from it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from trafficdesk.domain.records import Assignment
from trafficdesk.domain.times import from_ms
from trafficdesk.domain.vocabulary import Service, SyncState


def assignment_of(assignment_id: UUID, row: Mapping[str, Any]) -> Assignment:
    """Return an assignment from its row as it travels."""
    return Assignment(
        id=assignment_id,
        version=1,
        revision=1,
        incident_id=UUID(row["incident_id"]),
        unit_id=UUID(row["unit_id"]),
        role=Service(row["role"]),
        assigned_at=from_ms(row["assigned_ms"]),
        acknowledged_at=_at(row["acknowledged_ms"]),
        en_route_at=_at(row["en_route_ms"]),
        arrived_at=_at(row["arrived_ms"]),
        cleared_at=_at(row["cleared_ms"]),
        withdrawn_at=_at(row["withdrawn_ms"]),
        sync_state=SyncState.CONFIRMED,
    )


def _at(ms: int | None) -> datetime | None:
    return None if ms is None else from_ms(ms)
