"""The fields of every kind of record that travels, and what a JSON value of each must be."""

import math
import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final

from trafficdesk.domain.vocabulary import Entity

_ID_TEXT: Final = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Kind(Enum):
    """What a field's JSON value is, when it is not null."""

    ID = "id"
    TEXT = "text"
    INT = "int"
    FLOAT = "float"
    BOOL = "bool"
    LIST = "list"
    OBJECT = "object"


def _is_id(value: object) -> bool:
    """Tell whether a value is the canonical text of a UUID."""
    return isinstance(value, str) and _ID_TEXT.fullmatch(value) is not None


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value)


_CHECKS: Final[Mapping[Kind, Callable[[object], bool]]] = {
    Kind.ID: _is_id,
    # PostgreSQL keeps no NUL in a text.
    Kind.TEXT: lambda value: isinstance(value, str) and "\x00" not in value,
    Kind.INT: lambda value: isinstance(value, int) and not isinstance(value, bool),
    Kind.FLOAT: _is_number,
    Kind.BOOL: lambda value: isinstance(value, bool),
    Kind.LIST: lambda value: isinstance(value, list),
    Kind.OBJECT: lambda value: isinstance(value, dict),
}

_T, _I, _F, _B, _ID = Kind.TEXT, Kind.INT, Kind.FLOAT, Kind.BOOL, Kind.ID
_PLACED: Final = {"city_id": _ID, "station_id": _ID}

FIELDS: Final[Mapping[Entity, Mapping[str, Kind]]] = {
    Entity.CITY: {
        "code": _T,
        "name": _T,
        "time_zone": _T,
        "lon": _F,
        "lat": _F,
        "west": _F,
        "south": _F,
        "east": _F,
        "north": _F,
    },
    Entity.STATION: {"city_id": _ID, "name": _T, "lon": _F, "lat": _F},
    Entity.WARD: {"city_id": _ID, "name": _T, "geometry": Kind.OBJECT},
    Entity.VIOLATION_TYPE: {"city_id": _ID, "code": _T, "name": _T},
    Entity.OFFICER: {
        **_PLACED,
        "name": _T,
        "initials": _T,
        "rank": _T,
        "role": _T,
        "removed_ms": _I,
    },
    Entity.CITIZEN: {"city_id": _ID, "pseudonym": _T, "decided": _I, "approved": _I},
    Entity.GEOFENCE: {
        **_PLACED,
        "name": _T,
        "kind": _T,
        "geometry": Kind.OBJECT,
        "deleted_ms": _I,
    },
    Entity.REPORT: {
        **_PLACED,
        "reference": _T,
        "status": _T,
        "severity": _I,
        "violations": Kind.LIST,
        "media": Kind.LIST,
        "lon": _F,
        "lat": _F,
        "accuracy_m": _F,
        "address": _T,
        "area": _T,
        "ward_id": _ID,
        "occurred_ms": _I,
        "reported_ms": _I,
        "plate": _T,
        "vehicle_type": _T,
        "vehicle_text": _T,
        "description": _T,
        "source": _T,
        "reporter_id": _ID,
        "reviewer_id": _ID,
        "decided_ms": _I,
        "decision_note": _T,
        "rejection_reason": _T,
        "duplicate_of": _ID,
        "score": _I,
        "escalated": _B,
        "second_look": _B,
        "assignee_id": _ID,
        "lease_until_ms": _I,
        "created_ms": _I,
        "updated_ms": _I,
        "deleted_ms": _I,
    },
    Entity.CITATION: {
        **_PLACED,
        "report_id": _ID,
        "number": _T,
        "offence": _T,
        "amount_minor": _I,
        "currency": _T,
        "status": _T,
        "issued_ms": _I,
    },
    Entity.UNIT: {
        **_PLACED,
        "call_sign": _T,
        "kind": _T,
        "crew": _T,
        "skills": Kind.LIST,
        "duty": _T,
        "assignment_id": _ID,
        "checked_ms": _I,
        "created_ms": _I,
        "deleted_ms": _I,
    },
    Entity.INCIDENT: {
        **_PLACED,
        "reference": _T,
        "type": _T,
        "severity": _I,
        "lon": _F,
        "lat": _F,
        "address": _T,
        "area": _T,
        "ward_id": _ID,
        "vehicle_count": _I,
        "injuries": _B,
        "injury_count": _I,
        "lanes_blocked": _T,
        "needs": Kind.OBJECT,
        "accounts": Kind.LIST,
        "verifications": _I,
        "description": _T,
        "weather": _T,
        "traffic_volume": _T,
        "source": _T,
        "reporter_id": _ID,
        "unit_id": _ID,
        "merged_into": _ID,
        "acknowledged_ms": _I,
        "acknowledged_by": _ID,
        "escalated_ms": _I,
        "media": Kind.LIST,
        "occurred_ms": _I,
        "reported_ms": _I,
        "cleared_ms": _I,
        "created_ms": _I,
        "updated_ms": _I,
        "deleted_ms": _I,
    },
    Entity.ASSIGNMENT: {
        **_PLACED,
        "incident_id": _ID,
        "unit_id": _ID,
        "role": _T,
        "assigned_ms": _I,
        "acknowledged_ms": _I,
        "en_route_ms": _I,
        "arrived_ms": _I,
        "cleared_ms": _I,
        "withdrawn_ms": _I,
    },
    Entity.CONFLICT: {
        **_PLACED,
        "record_entity": _T,
        "record_id": _ID,
        "device_id": _ID,
        "actor_id": _ID,
        "status": _T,
        "fields": Kind.LIST,
        "operations": Kind.LIST,
        "theirs_version": _I,
        "theirs_actor_id": _ID,
        "theirs_at_ms": _I,
        "opened_ms": _I,
        "choices": Kind.OBJECT,
        "settle_note": _T,
        "settled_by": _ID,
        "settled_ms": _I,
    },
}

# A snapshot brings the kinds in this order: what others name comes first.
SNAPSHOT_ORDER: Final = tuple(FIELDS)
# What a desk's operations may change; the rest is the server's to keep.
WRITABLE: Final = frozenset(
    {Entity.REPORT, Entity.CITATION, Entity.GEOFENCE, Entity.CONFLICT}
    | {Entity.UNIT, Entity.INCIDENT, Entity.ASSIGNMENT}
)
# Seen by every desk of their city, whatever its stations: who is sent where is the city's affair.
CITY_WIDE: Final = frozenset({Entity.UNIT, Entity.INCIDENT, Entity.ASSIGNMENT})
# Fields that name another record, which the server must have before. A call for help names its
# unit, too, but waits for nothing.
LINKS: Final[Mapping[Entity, Mapping[str, Entity]]] = {
    Entity.CITATION: {"report_id": Entity.REPORT},
    Entity.UNIT: {"assignment_id": Entity.ASSIGNMENT},
    Entity.INCIDENT: {"merged_into": Entity.INCIDENT},
    Entity.ASSIGNMENT: {"incident_id": Entity.INCIDENT, "unit_id": Entity.UNIT},
}


def is_value_of(entity: Entity, field: str, value: object) -> bool:
    """Tell whether a JSON value may stand in a field; null always may. Unknown fields: KeyError."""
    return value is None or _CHECKS[FIELDS[entity][field]](value)
