"""The records of the product as frozen values; they cross threads and rooms.

Times are aware UTC, coordinates WGS 84 degrees, lengths metres. ``version`` is the server's (0
until the server has confirmed the record), ``revision`` counts every change this desk has seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from trafficdesk.domain.vocabulary import (
    Duty,
    Entity,
    GeofenceKind,
    IncidentStatus,
    IncidentType,
    LanesBlocked,
    RejectionReason,
    ReportStatus,
    Role,
    Service,
    Severity,
    Source,
    SyncState,
    UnitKind,
    VehicleType,
)


class Place(NamedTuple):
    """A point: longitude and latitude in degrees."""

    lon: float
    lat: float


class Bounds(NamedTuple):
    """A rectangle in degrees; ``west <= east`` and ``south <= north``."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class City:
    """A jurisdiction; ``code`` starts its reference numbers (``CBE-2026-000123``)."""

    id: UUID
    code: str
    name: str
    time_zone: str
    centre: Place
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Station:
    """A police station of a city."""

    id: UUID
    city_id: UUID
    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Officer:
    """A person who signs in at a desk. ``initials`` mark leases (2 or 3 letters)."""

    id: UUID
    name: str
    initials: str
    rank: str
    role: Role
    station_id: UUID


@dataclass(frozen=True, slots=True)
class Ward:
    """An electoral ward; ``geometry`` is GeoJSON text of a Polygon or MultiPolygon."""

    id: UUID
    city_id: UUID
    name: str
    geometry: str


class QueueRow(NamedTuple):
    """What a list shows of a report. Times are epoch milliseconds UTC, so that pages stay cheap."""

    pk: int
    reference: str
    revision: int
    status: str
    severity: int
    violation: str
    more_violations: int
    place: str
    plate: str
    occurred_ms: int
    reported_ms: int
    score: int
    sync_state: int
    escalated: int
    assignee_initials: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Media:
    """A photo or video of a report; the bytes lie sealed under their SHA-256."""

    id: UUID
    sha256: str
    kind: str
    mime: str
    size_bytes: int
    width: int
    height: int
    taken_at: datetime | None
    place: Place | None
    sharpness: float | None
    brightness: float | None
    picture_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """Who holds a report while deciding on it, and until when."""

    officer_id: UUID
    officer_name: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """A traffic violation somebody saw."""

    pk: int
    id: UUID
    version: int
    revision: int
    reference: str
    status: ReportStatus
    severity: Severity
    violations: tuple[str, ...]
    place: Place
    accuracy_m: float | None
    address: str
    area: str
    ward_id: UUID | None
    city_id: UUID
    station_id: UUID
    occurred_at: datetime
    reported_at: datetime
    plate: str
    vehicle_type: VehicleType
    vehicle_text: str
    description: str
    source: Source
    reporter_id: UUID | None
    reviewer_id: UUID | None
    decision_note: str
    rejection_reason: RejectionReason | None
    duplicate_of: UUID | None
    score: int
    escalated: bool
    second_look: bool
    assignee_id: UUID | None
    lease: Lease | None
    sync_state: SyncState
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report as it arrives, before the store gives it a reference, a ward and a score."""

    violations: tuple[str, ...]
    severity: Severity
    place: Place
    occurred_at: datetime
    reported_at: datetime
    city_id: UUID
    station_id: UUID
    accuracy_m: float | None = None
    address: str = ""
    area: str = ""
    plate: str = ""
    vehicle_type: VehicleType = VehicleType.UNKNOWN
    vehicle_text: str = ""
    description: str = ""
    source: Source = Source.OFFICER
    reporter_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What one more person said of an incident that was known already."""

    id: UUID
    at: datetime
    source: Source
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Incident:
    """An accident or hazard happening now.

    ``status``, ``severity_score``, ``report_count``, ``dispatched_at`` and ``arrived_at`` follow
    from the rest and from its assignments (``domain.dispatch``). ``needs`` says how many units of
    each service it takes; ``unit_id`` is a unit that calls for help itself.
    """

    pk: int
    id: UUID
    version: int
    revision: int
    reference: str
    type: IncidentType
    severity: Severity
    severity_score: int
    status: IncidentStatus
    place: Place
    address: str
    area: str
    ward_id: UUID | None
    city_id: UUID
    station_id: UUID
    vehicle_count: int
    injuries: bool
    injury_count: int
    lanes_blocked: LanesBlocked
    needs: Mapping[Service, int]
    accounts: tuple[Account, ...]
    report_count: int
    verifications: int
    description: str
    weather: str
    traffic_volume: str
    source: Source
    reporter_id: UUID | None
    unit_id: UUID | None
    merged_into: UUID | None
    acknowledged_at: datetime | None
    acknowledged_by: UUID | None
    escalated_at: datetime | None
    occurred_at: datetime
    reported_at: datetime
    dispatched_at: datetime | None
    arrived_at: datetime | None
    cleared_at: datetime | None
    sync_state: SyncState
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    photo_count: int = 0


@dataclass(frozen=True, slots=True)
class NewIncident:
    """An incident as it arrives, before the store gives it a reference and a ward."""

    type: IncidentType
    severity: Severity
    place: Place
    occurred_at: datetime
    vehicle_count: int = 1
    injuries: bool = False
    injury_count: int = 0
    lanes_blocked: LanesBlocked = LanesBlocked.NONE
    needs: Mapping[Service, int] = field(default_factory=dict)
    address: str = ""
    area: str = ""
    description: str = ""
    weather: str = ""
    traffic_volume: str = ""
    source: Source = Source.OFFICER


@dataclass(frozen=True, slots=True)
class Unit:
    """A crew or vehicle that can be sent. ``assignment_id`` is where it was sent last, if open.

    ``checked_at`` is when it last said that its crew is well.
    """

    id: UUID
    version: int
    revision: int
    call_sign: str
    kind: UnitKind
    station_id: UUID
    crew: str
    skills: tuple[str, ...]
    duty: Duty
    assignment_id: UUID | None
    checked_at: datetime | None
    sync_state: SyncState
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Assignment:
    """One unit sent to one incident; how far it came are the times that are set."""

    id: UUID
    version: int
    revision: int
    incident_id: UUID
    unit_id: UUID
    role: Service
    assigned_at: datetime
    acknowledged_at: datetime | None
    en_route_at: datetime | None
    arrived_at: datetime | None
    cleared_at: datetime | None
    withdrawn_at: datetime | None
    sync_state: SyncState


@dataclass(frozen=True, slots=True)
class Position:
    """Where a unit was last heard of; ``accuracy_m`` is a radius, ``heading`` degrees."""

    unit_id: UUID
    place: Place
    at: datetime
    accuracy_m: float | None = None
    speed_mps: float | None = None
    heading: float | None = None


@dataclass(frozen=True, slots=True)
class Geofence:
    """An area drawn by an officer; ``geometry`` is GeoJSON text of a Polygon."""

    id: UUID
    revision: int
    name: str
    kind: GeofenceKind
    geometry: str


@dataclass(frozen=True, slots=True)
class CitizenIdentity:
    """Who a citizen is. Every reading of it is written to the audit chain."""

    name: str
    phone: str
    email: str


class FieldChange(NamedTuple):
    """One field's way from an old to a new value, as JSON values."""

    field: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a record; append-only."""

    seq: int
    id: UUID
    entity: Entity
    entity_id: UUID
    revision: int
    action: str
    changes: tuple[FieldChange, ...]
    note: str
    actor_name: str
    at: datetime
    sync_state: SyncState
    action_id: UUID
