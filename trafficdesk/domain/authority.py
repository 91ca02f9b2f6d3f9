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
_MOVES: Final = frozenset(Move)
_CACHED: Final = 4096  # answers kept; desks may name any action

# Actions beside the moves of the lifecycle, whose permission their rule names.
_NEEDS: Final[Mapping[tuple[Entity, str], Permission]] = {
    (Entity.REPORT, "file"): Permission.REPORT_FILE,
    (Entity.REPORT, "import"): Permission.REPORT_IMPORT,
    (Entity.REPORT, "assign"): Permission.REPORT_ASSIGN,
    (Entity.REPORT, "escalate"): Permission.REPORT_ESCALATE,
    (Entity.REPORT, "calm"): Permission.REPORT_ESCALATE,
    (Entity.REPORT, "want_second_look"): Permission.REPORT_REVIEW,
    (Entity.REPORT, "close_second_look"): Permission.REPORT_REVIEW,
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
    # Whoever reads reports may settle; of which records, ``settling_permission`` says.
    (Entity.CONFLICT, "settle"): Permission.REPORT_READ,
}
_CREATING: Final = frozenset({"file", "import", "issue", "draw"})
_HOLDING: Final = frozenset({"status", "assignee_id", "lease_until_ms"})
_DECIDING: Final = _HOLDING | {"reviewer_id", "decision_note", "rejection_reason", "duplicate_of"}
_REMOVING: Final = frozenset({"deleted_ms"})
_SETTLING: Final = frozenset({"status", "choices", "settle_note", "settled_by", "settled_ms"})
# What settling a record's conflict leaves alone: where it belongs, and what it is called.
_FIXED: Final = frozenset(
    {"city_id", "station_id", "reference", "report_id", "number", "source", "reporter_id"}
    | {"created_ms", "updated_ms", "reported_ms", "issued_ms"}
)
_TOUCHES: Final[Mapping[tuple[Entity, str], frozenset[str]]] = {
    (Entity.REPORT, "assign"): _HOLDING,
    (Entity.REPORT, "lease_ended"): _HOLDING,
    (Entity.REPORT, "officer_left"): _HOLDING,
    (Entity.REPORT, "escalate"): frozenset({"escalated"}),
    (Entity.REPORT, "calm"): frozenset({"escalated"}),
    (Entity.REPORT, "want_second_look"): frozenset({"second_look"}),
    (Entity.REPORT, "close_second_look"): frozenset({"second_look"}),
    (Entity.REPORT, "correct"): frozenset(
        {"severity", "plate", "vehicle_type", "vehicle_text", "address", "area"}
        | {"lon", "lat", "ward_id", "score"}
    ),
    (Entity.CITATION, "cancel"): frozenset({"status"}),
    (Entity.GEOFENCE, "rename"): frozenset({"name"}),
    (Entity.GEOFENCE, "reshape"): frozenset({"geometry"}),
    (Entity.GEOFENCE, "remove"): _REMOVING,
    (Entity.CONFLICT, "settle"): _SETTLING,
}
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
        taken_back = {"status"} if entity is Entity.CITATION else _REMOVING
        return action == plain or field in taken_back
    if entity is Entity.REPORT and plain in _MOVES:
        return field in _DECIDING
    if plain == "settle" and entity is not Entity.CONFLICT:
        return field not in _FIXED
    return field in _TOUCHES.get((entity, plain), frozenset())


def is_creation(action: str) -> bool:
    """Tell whether an action makes a record; its undo deletes it."""
    return action in _CREATING


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
