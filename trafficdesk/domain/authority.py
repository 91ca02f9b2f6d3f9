"""What an operation's actor must be allowed, which fields an action may touch, and its steps.

A desk writes no other actions than these; the server takes no others.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from trafficdesk.domain.lifecycle import RULES, Move
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.vocabulary import Entity, ReportStatus

UNDO: Final = "undo_"
CALL_FOR_HELP: Final = "call_for_help"
ESCALATE: Final = "escalate"
_MOVES: Final = frozenset(Move)
_CACHED: Final = 4096  # answers kept; desks may name any action

# What whoever looks at a decision a second time would have decided; it ends the second look.
SECOND_OPINIONS: Final[Mapping[str, ReportStatus]] = {
    "second_approve": ReportStatus.APPROVED,
    "second_reject": ReportStatus.REJECTED,
    "second_duplicate": ReportStatus.DUPLICATE,
}
# Actions beside the moves of the lifecycle, whose permission their rule names.
_NEEDS: Final[Mapping[tuple[Entity, str], Permission]] = {
    (Entity.REPORT, "file"): Permission.REPORT_FILE,
    (Entity.REPORT, "import"): Permission.REPORT_IMPORT,
    (Entity.REPORT, "assign"): Permission.REPORT_ASSIGN,
    (Entity.REPORT, "escalate"): Permission.REPORT_ESCALATE,
    (Entity.REPORT, "calm"): Permission.REPORT_ESCALATE,
    (Entity.REPORT, "want_second_look"): Permission.REPORT_REVIEW,
    (Entity.REPORT, "close_second_look"): Permission.REPORT_REVIEW,
    **dict.fromkeys(
        ((Entity.REPORT, action) for action in SECOND_OPINIONS), Permission.REPORT_REOPEN
    ),
    (Entity.REPORT, "correct"): Permission.REPORT_REVIEW,
    (Entity.REPORT, "lease_ended"): Permission.REPORT_REVIEW,
    (Entity.REPORT, "officer_left"): Permission.OFFICER_MANAGE,
    (Entity.REPORT, "settle"): Permission.REPORT_REVIEW,
    (Entity.CITATION, "issue"): Permission.REPORT_CITE,
    (Entity.CITATION, "cancel"): Permission.REPORT_REOPEN,
    (Entity.CITATION, "settle"): Permission.REPORT_CITE,
    (Entity.GEOFENCE, "draw"): Permission.GEOFENCE_EDIT,
    (Entity.GEOFENCE, "rename"): Permission.GEOFENCE_EDIT,
    (Entity.GEOFENCE, "reshape"): Permission.GEOFENCE_EDIT,
    (Entity.GEOFENCE, "remove"): Permission.GEOFENCE_EDIT,
    (Entity.GEOFENCE, "settle"): Permission.GEOFENCE_EDIT,
    (Entity.INCIDENT, "file"): Permission.INCIDENT_FILE,
    (Entity.INCIDENT, CALL_FOR_HELP): Permission.INCIDENT_RESPOND,
    (Entity.INCIDENT, "correct"): Permission.INCIDENT_FILE,
    (Entity.INCIDENT, "verify"): Permission.INCIDENT_FILE,
    (Entity.INCIDENT, "acknowledge"): Permission.INCIDENT_RESPOND,
    (Entity.INCIDENT, ESCALATE): Permission.INCIDENT_DISPATCH,
    (Entity.INCIDENT, "clear"): Permission.INCIDENT_RESPOND,
    (Entity.INCIDENT, "reopen"): Permission.INCIDENT_DISPATCH,
    (Entity.INCIDENT, "absorb"): Permission.INCIDENT_DISPATCH,
    (Entity.INCIDENT, "merge"): Permission.INCIDENT_DISPATCH,
    (Entity.INCIDENT, "remove"): Permission.INCIDENT_DISPATCH,
    (Entity.INCIDENT, "settle"): Permission.INCIDENT_DISPATCH,
    (Entity.ASSIGNMENT, "dispatch"): Permission.INCIDENT_DISPATCH,
    (Entity.ASSIGNMENT, "acknowledge"): Permission.INCIDENT_RESPOND,
    (Entity.ASSIGNMENT, "set_out"): Permission.INCIDENT_RESPOND,
    (Entity.ASSIGNMENT, "arrive"): Permission.INCIDENT_RESPOND,
    (Entity.ASSIGNMENT, "finish"): Permission.INCIDENT_RESPOND,
    (Entity.ASSIGNMENT, "withdraw"): Permission.INCIDENT_DISPATCH,
    (Entity.ASSIGNMENT, "correct_times"): Permission.INCIDENT_DISPATCH,
    (Entity.ASSIGNMENT, "move"): Permission.INCIDENT_DISPATCH,
    (Entity.ASSIGNMENT, "settle"): Permission.INCIDENT_DISPATCH,
    (Entity.UNIT, "enlist"): Permission.UNIT_MANAGE,
    (Entity.UNIT, "edit"): Permission.UNIT_MANAGE,
    (Entity.UNIT, "set_duty"): Permission.INCIDENT_RESPOND,
    (Entity.UNIT, "send"): Permission.INCIDENT_DISPATCH,
    (Entity.UNIT, "free"): Permission.INCIDENT_RESPOND,
    (Entity.UNIT, "check_in"): Permission.INCIDENT_RESPOND,
    (Entity.UNIT, "retire"): Permission.UNIT_MANAGE,
    (Entity.UNIT, "settle"): Permission.INCIDENT_DISPATCH,
    # Whoever reads reports may settle; of which records, ``settling_permission`` says.
    (Entity.CONFLICT, "settle"): Permission.REPORT_READ,
}
_CREATING: Final = frozenset(
    {"file", "import", "issue", "draw", CALL_FOR_HELP, "dispatch", "enlist"}
)
_HOLDING: Final = frozenset({"status", "assignee_id", "lease_until_ms"})
_DECIDING: Final = _HOLDING | {
    *("reviewer_id", "decided_ms", "decision_note", "rejection_reason", "duplicate_of")
}
_REMOVING: Final = frozenset({"deleted_ms"})
_FACTS: Final = frozenset(
    {"type", "severity", "lon", "lat", "address", "area", "ward_id", "vehicle_count", "injuries"}
    | {"injury_count", "lanes_blocked", "needs", "description", "weather", "traffic_volume"}
)
_SETTLING: Final = frozenset({"status", "choices", "settle_note", "settled_by", "settled_ms"})
# What settling a record's conflict leaves alone: where it belongs, and what it is called.
_FIXED: Final = frozenset(
    {"city_id", "station_id", "reference", "report_id", "number", "source", "reporter_id"}
    | {"created_ms", "updated_ms", "reported_ms", "issued_ms", "escalated_ms"}
)
_TOUCHES: Final[Mapping[tuple[Entity, str], frozenset[str]]] = {
    (Entity.REPORT, "assign"): _HOLDING,
    (Entity.REPORT, "lease_ended"): _HOLDING,
    (Entity.REPORT, "officer_left"): _HOLDING,
    (Entity.REPORT, "escalate"): frozenset({"escalated"}),
    (Entity.REPORT, "calm"): frozenset({"escalated"}),
    (Entity.REPORT, "want_second_look"): frozenset({"second_look"}),
    (Entity.REPORT, "close_second_look"): frozenset({"second_look"}),
    **dict.fromkeys(
        ((Entity.REPORT, action) for action in SECOND_OPINIONS), frozenset({"second_look"})
    ),
    (Entity.REPORT, "correct"): frozenset(
        {"severity", "plate", "vehicle_type", "vehicle_text", "address", "area"}
        | {"lon", "lat", "ward_id", "score"}
    ),
    (Entity.CITATION, "cancel"): frozenset({"status"}),
    (Entity.GEOFENCE, "rename"): frozenset({"name"}),
    (Entity.GEOFENCE, "reshape"): frozenset({"geometry"}),
    (Entity.GEOFENCE, "remove"): _REMOVING,
    (Entity.INCIDENT, "correct"): _FACTS | {"media"},
    (Entity.INCIDENT, "verify"): frozenset({"verifications"}),
    (Entity.INCIDENT, "acknowledge"): frozenset({"acknowledged_ms", "acknowledged_by"}),
    (Entity.INCIDENT, ESCALATE): frozenset({"escalated_ms"}),
    (Entity.INCIDENT, "clear"): frozenset({"cleared_ms"}),
    (Entity.INCIDENT, "reopen"): frozenset({"cleared_ms"}),
    (Entity.INCIDENT, "absorb"): _FACTS | {"accounts", "media", "verifications"},
    (Entity.INCIDENT, "merge"): frozenset({"merged_into", "cleared_ms"}),
    (Entity.INCIDENT, "remove"): _REMOVING,
    (Entity.ASSIGNMENT, "acknowledge"): frozenset({"acknowledged_ms"}),
    (Entity.ASSIGNMENT, "set_out"): frozenset({"en_route_ms"}),
    (Entity.ASSIGNMENT, "arrive"): frozenset({"arrived_ms"}),
    (Entity.ASSIGNMENT, "finish"): frozenset({"cleared_ms"}),
    (Entity.ASSIGNMENT, "withdraw"): frozenset({"withdrawn_ms"}),
    (Entity.ASSIGNMENT, "correct_times"): frozenset(
        {"assigned_ms", "acknowledged_ms", "en_route_ms", "arrived_ms", "cleared_ms"}
    ),
    (Entity.ASSIGNMENT, "move"): frozenset({"incident_id"}),
    (Entity.UNIT, "edit"): frozenset({"call_sign", "kind", "crew", "skills", "station_id"}),
    (Entity.UNIT, "set_duty"): frozenset({"duty"}),
    (Entity.UNIT, "send"): frozenset({"assignment_id"}),
    (Entity.UNIT, "free"): frozenset({"assignment_id"}),
    (Entity.UNIT, "check_in"): frozenset({"checked_ms"}),
    (Entity.UNIT, "retire"): _REMOVING,
    (Entity.CONFLICT, "settle"): _SETTLING,
}
# A creation is taken back by deleting the record, but for those that nobody deletes.
_TAKEN_BACK: Final[Mapping[Entity, frozenset[str]]] = {
    Entity.CITATION: frozenset({"status"}),
    Entity.ASSIGNMENT: frozenset({"withdrawn_ms"}),
}
# What others know already is corrected with a reason.
_REASONED: Final = frozenset({(Entity.INCIDENT, "correct"), (Entity.ASSIGNMENT, "correct_times")})
# Told of by the server alone: no desk may say that nobody answers.
_SERVERS_OWN: Final = frozenset({(Entity.INCIDENT, ESCALATE)})
# Beside the moves: giving a report to another officer, or taking it from one, ends a lease.
_RELEASING: Final = frozenset({"assign", "lease_ended", "officer_left"})


def plain_action(action: str) -> str:
    """Return what an undo takes back, or the action itself."""
    return action.removeprefix(UNDO)


@lru_cache(_CACHED)
def permission_for(entity: Entity, action: str) -> Permission | None:
    """Return the permission an action needs, or None if no such action is known.

    Who may do a thing may take it back.
    """
    plain = plain_action(action)
    if entity is Entity.REPORT and plain in _MOVES:
        return RULES[Move(plain)].needs
    return _NEEDS.get((entity, plain))


def settling_permission(entity: Entity) -> Permission | None:
    """Return the permission that settling a conflict about such a record needs; None: nobody's."""
    return permission_for(entity, "settle")


@lru_cache(_CACHED)
def may_touch(entity: Entity, action: str, field: str) -> bool:
    """Tell whether an action, or its undo, may change a field. A creation may set them all."""
    plain = plain_action(action)
    if is_creation(plain):
        return action == plain or field in _TAKEN_BACK.get(entity, _REMOVING)
    if entity is Entity.REPORT and plain in _MOVES:
        return field in _DECIDING
    if plain == "settle" and entity is not Entity.CONFLICT:
        return field not in _FIXED
    return field in _TOUCHES.get((entity, plain), frozenset())


def is_servers_own(entity: Entity, action: str) -> bool:
    """Tell whether the server alone does this, or takes it back; a desk that does is refused."""
    return (entity, plain_action(action)) in _SERVERS_OWN


def is_creation(action: str) -> bool:
    """Tell whether an action makes a record; its undo deletes it."""
    return action in _CREATING


def needs_note(entity: Entity, action: str, base_version: int) -> bool:
    """Tell whether an action on a version that the server holds must say why."""
    return base_version > 0 and (entity, action) in _REASONED


def is_step(action: str, old: object, new: object) -> bool:
    """Tell whether an action may take a report's status from ``old`` to ``new``, for anybody.

    An undo goes a move backwards; settling a conflict may end at any status.
    """
    plain = plain_action(action)
    if action != plain:
        old, new = new, old
    if plain == "settle":
        return new in set(ReportStatus)
    if plain in _RELEASING:
        plain = str(Move.RELEASE)
    if is_creation(plain):
        return old is None and new == ReportStatus.PENDING
    if plain not in _MOVES:
        return False
    rule = RULES[Move(plain)]
    return old in rule.starts and new == rule.ends
