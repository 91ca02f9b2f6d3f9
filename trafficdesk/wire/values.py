"""What a desk may write into a field: closed words, ranges and shapes, beyond the kind of value.

``wire.fields`` says what a value is; here stands what the server can keep, so that no operation
makes a whole batch fail.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from trafficdesk.domain.geometry import MAX_LAT, MAX_LON, is_on_earth
from trafficdesk.domain.records import Place
from trafficdesk.domain.vocabulary import (
    Duty,
    Entity,
    GeofenceKind,
    IncidentType,
    LanesBlocked,
    RejectionReason,
    ReportStatus,
    Service,
    Severity,
    Source,
    UnitKind,
    VehicleType,
)
from trafficdesk.wire.fields import FIELDS, is_value_of

MAX_TEXT: Final = 20_000
MAX_DEPTH: Final = 16
_SHORT: Final = 40
EXACT: Final = 2**53  # the largest whole number that every reader of JSON keeps exact
# What calendars of every program reach, in any time zone: the years 1900 to 9998.
EARLIEST_MS: Final = -2_208_988_800_000
LATEST_MS: Final = 253_370_764_799_999
_SMALL: Final = 2**31  # scores and the like
_RING: Final = 4  # a closed ring has at least four positions
_PAIR: Final = 2  # of longitude and latitude; no heights are kept
_POLYGON: Final = frozenset({"type", "coordinates"})
MAX_NAME: Final = 200
_SERVICES: Final = frozenset(map(str, Service))
_MOST_UNITS: Final = 100  # of one service at one incident
_NAMES: Final = frozenset(
    {"reference", "number", "call_sign"}
)  # found by an index, which holds no long ones

# Fields that may be empty; all others need a value.
NULLABLE: Final[Mapping[Entity, frozenset[str]]] = {
    Entity.REPORT: frozenset(
        {"accuracy_m", "ward_id", "reporter_id", "reviewer_id", "rejection_reason"}
        | {"duplicate_of", "assignee_id", "lease_until_ms", "decided_ms", "deleted_ms"}
    ),
    Entity.CITATION: frozenset(),
    Entity.GEOFENCE: frozenset({"station_id", "deleted_ms"}),
    Entity.UNIT: frozenset({"assignment_id", "checked_ms", "deleted_ms"}),
    Entity.INCIDENT: frozenset(
        {"ward_id", "reporter_id", "unit_id", "merged_into", "acknowledged_ms", "acknowledged_by"}
        | {"escalated_ms", "cleared_ms", "deleted_ms"}
    ),
    Entity.ASSIGNMENT: frozenset(
        {"acknowledged_ms", "en_route_ms", "arrived_ms", "cleared_ms", "withdrawn_ms"}
    ),
    Entity.CONFLICT: frozenset(
        {"station_id", "theirs_actor_id", "theirs_at_ms", "choices", "settled_by", "settled_ms"}
    ),
}
WORDS: Final[Mapping[tuple[Entity, str], frozenset[object]]] = {
    (Entity.REPORT, "status"): frozenset(map(str, ReportStatus)),
    (Entity.REPORT, "severity"): frozenset(map(int, Severity)),
    (Entity.REPORT, "vehicle_type"): frozenset(map(str, VehicleType)),
    (Entity.REPORT, "source"): frozenset(map(str, Source)),
    (Entity.REPORT, "rejection_reason"): frozenset(map(str, RejectionReason)),
    (Entity.GEOFENCE, "kind"): frozenset(map(str, GeofenceKind)),
    (Entity.UNIT, "kind"): frozenset(map(str, UnitKind)),
    (Entity.UNIT, "duty"): frozenset(map(str, Duty)),
    (Entity.INCIDENT, "type"): frozenset(map(str, IncidentType)),
    (Entity.INCIDENT, "severity"): frozenset(map(int, Severity)),
    (Entity.INCIDENT, "lanes_blocked"): frozenset(map(str, LanesBlocked)),
    (Entity.INCIDENT, "source"): frozenset(map(str, Source)),
    (Entity.ASSIGNMENT, "role"): frozenset(map(str, Service)),
    (Entity.CITATION, "status"): frozenset({"issued", "cancelled"}),
    (Entity.CONFLICT, "status"): frozenset({"open", "settled"}),
}
RANGES: Final[Mapping[str, tuple[float, float]]] = {
    **{
        name: (EARLIEST_MS, LATEST_MS)
        for fields in FIELDS.values()
        for name in fields
        if name.endswith("_ms")
    },
    "lon": (-MAX_LON, MAX_LON),
    "lat": (-MAX_LAT, MAX_LAT),
    "accuracy_m": (0, 1e9),
    "score": (-_SMALL, _SMALL - 1),
    "vehicle_count": (1, 20),
    "injury_count": (0, 10_000),
    "verifications": (0, _SMALL - 1),
}


def is_storable(value: object, depth: int = 0) -> bool:
    """Tell whether any JSON value can be kept: no NUL, not too deep, no number out of reach."""
    if isinstance(value, str):
        return "\x00" not in value and len(value) <= MAX_TEXT
    if isinstance(value, list):
        return depth < MAX_DEPTH and all(is_storable(each, depth + 1) for each in value)
    if isinstance(value, dict):
        return depth < MAX_DEPTH and all(
            is_storable(key) and is_storable(each, depth + 1) for key, each in value.items()
        )
    return not isinstance(value, int) or abs(value) <= EXACT


def may_be_found(entity: Entity, field: str, value: object) -> bool:
    """Tell whether a value may be what an operation found. Unknown fields: KeyError."""
    return is_value_of(entity, field, value) and is_storable(value)


def may_be_written(entity: Entity, field: str, value: object) -> bool:
    """Tell whether a desk may write a value into a field. Unknown fields: KeyError."""
    if type(value) is str and len(value) <= _SHORT:
        return _may_text_be_written(entity, field, value)
    return _may_be_written(entity, field, value)


@lru_cache(maxsize=4096)
def _may_text_be_written(entity: Entity, field: str, value: str) -> bool:
    """Keep what was found of short texts: states, ids of people and notes come again and again."""
    return _may_be_written(entity, field, value)


def _may_be_written(entity: Entity, field: str, value: object) -> bool:
    if value is None:
        return field in NULLABLE[entity]
    if field in _NAMES and isinstance(value, str) and len(value) > MAX_NAME:
        return False
    return may_be_found(entity, field, value) and _has_meaning(entity, field, value)


def _has_meaning(entity: Entity, field: str, value: object) -> bool:
    words = WORDS.get((entity, field))
    if words is not None:
        return value in words
    if isinstance(value, int | float) and field in RANGES:
        least, most = RANGES[field]
        return least <= value <= most
    shape = _SHAPES.get(field)
    return shape is None or shape(value)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _are_media(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict | str) for each in value)


def _are_needs(value: object) -> bool:
    """Tell whether a value says how many units of each service it takes."""
    return isinstance(value, dict) and all(
        service in _SERVICES and type(count) is int and 0 < count <= _MOST_UNITS
        for service, count in value.items()
    )


def _is_position(value: object) -> bool:
    if not isinstance(value, list) or len(value) != _PAIR:
        return False
    if any(isinstance(each, bool) or not isinstance(each, int | float) for each in value):
        return False
    return is_on_earth(Place(value[0], value[1]))


def _is_ring(value: object) -> bool:
    if not isinstance(value, list) or len(value) < _RING:
        return False
    return all(map(_is_position, value)) and value[0] == value[-1]


def _is_polygon(value: object) -> bool:
    """Tell whether a value is a GeoJSON Polygon with closed rings, and nothing beside them.

    PostGIS reads more into one: another system of coordinates, and members in any case of letters.
    """
    if not isinstance(value, dict) or set(value) != _POLYGON or value["type"] != "Polygon":
        return False
    rings = value["coordinates"]
    return isinstance(rings, list) and bool(rings) and all(map(_is_ring, rings))


_SHAPES: Final[Mapping[str, Callable[[object], bool]]] = {
    "violations": lambda value: bool(value) and _are_texts(value),
    "media": _are_media,
    "skills": _are_texts,
    "needs": _are_needs,
    "geometry": _is_polygon,
}


_NEEDED: Final[Mapping[Entity, list[str]]] = {
    entity: [name for name in FIELDS[entity] if name not in may_lack]
    for entity, may_lack in NULLABLE.items()
}


def find_missing(entity: Entity, row: Mapping[str, object]) -> str | None:
    """Return a field that a whole record needs and this one has not, or None."""
    for name in _NEEDED[entity]:
        if row.get(name) is None:
            return name
    return None
