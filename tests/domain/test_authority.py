"""What each action needs, may touch, and where it may take a report, for every one there is."""

import pytest

from trafficdesk.domain.authority import (
    is_creation,
    is_step,
    may_touch,
    needs_note,
    permission_for,
    settling_permission,
)
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.vocabulary import Entity, ReportStatus
from trafficdesk.wire.fields import FIELDS, WRITABLE

HOLDING = {"status", "assignee_id", "lease_until_ms"}
DECIDING = HOLDING | {
    "reviewer_id",
    "decision_note",
    "rejection_reason",
    "duplicate_of",
    "decided_ms",
}
FACTS = {"severity", "plate", "vehicle_type", "vehicle_text", "address", "area"} | {
    *("lon", "lat", "ward_id", "score")
}
REPORT_FIELDS = set(FIELDS[Entity.REPORT])
R, C, G, X = Entity.REPORT, Entity.CITATION, Entity.GEOFENCE, Entity.CONFLICT
N, A, U = Entity.INCIDENT, Entity.ASSIGNMENT, Entity.UNIT
SEEN = {"type", "severity", "lon", "lat", "address", "area", "ward_id", "vehicle_count"} | {
    *("injuries", "injury_count", "lanes_blocked", "needs", "description", "weather"),
    "traffic_volume",
}
TIMES = {"assigned_ms", "acknowledged_ms", "en_route_ms", "arrived_ms", "cleared_ms"}
P = Permission

# Every action that a desk writes into its outbox.
ACTIONS: list[tuple[Entity, str, Permission, set[str]]] = [
    (R, "file", P.REPORT_FILE, REPORT_FIELDS),
    (R, "undo_file", P.REPORT_FILE, {"deleted_ms"}),
    (R, "import", P.REPORT_IMPORT, REPORT_FIELDS),
    (R, "undo_import", P.REPORT_IMPORT, {"deleted_ms"}),
    (R, "claim", P.REPORT_REVIEW, DECIDING),
    (R, "release", P.REPORT_REVIEW, DECIDING),
    (R, "approve", P.REPORT_REVIEW, DECIDING),
    (R, "undo_approve", P.REPORT_REVIEW, DECIDING),
    (R, "reject", P.REPORT_REVIEW, DECIDING),
    (R, "mark_duplicate", P.REPORT_REVIEW, DECIDING),
    (R, "ask_info", P.REPORT_REVIEW, DECIDING),
    (R, "answer", P.REPORT_REVIEW, DECIDING),
    (R, "cite", P.REPORT_CITE, DECIDING),
    (R, "close", P.REPORT_CITE, DECIDING),
    (R, "reopen", P.REPORT_REOPEN, DECIDING),
    (R, "assign", P.REPORT_ASSIGN, HOLDING),
    (R, "undo_assign", P.REPORT_ASSIGN, HOLDING),
    (R, "lease_ended", P.REPORT_REVIEW, HOLDING),
    (R, "officer_left", P.OFFICER_MANAGE, HOLDING),
    (R, "escalate", P.REPORT_ESCALATE, {"escalated"}),
    (R, "calm", P.REPORT_ESCALATE, {"escalated"}),
    (R, "want_second_look", P.REPORT_REVIEW, {"second_look"}),
    (R, "close_second_look", P.REPORT_REVIEW, {"second_look"}),
    (R, "second_approve", P.REPORT_REOPEN, {"second_look"}),
    (R, "second_reject", P.REPORT_REOPEN, {"second_look"}),
    (R, "second_duplicate", P.REPORT_REOPEN, {"second_look"}),
    (R, "correct", P.REPORT_REVIEW, FACTS),
    (R, "undo_correct", P.REPORT_REVIEW, FACTS),
    (C, "issue", P.REPORT_CITE, set(FIELDS[C])),
    (C, "undo_issue", P.REPORT_CITE, {"status"}),
    (C, "cancel", P.REPORT_REOPEN, {"status"}),
    (C, "undo_cancel", P.REPORT_REOPEN, {"status"}),
    (G, "draw", P.GEOFENCE_EDIT, set(FIELDS[G])),
    (G, "rename", P.GEOFENCE_EDIT, {"name"}),
    (G, "reshape", P.GEOFENCE_EDIT, {"geometry"}),
    (G, "remove", P.GEOFENCE_EDIT, {"deleted_ms"}),
    (N, "file", P.INCIDENT_FILE, set(FIELDS[N])),
    (N, "undo_file", P.INCIDENT_FILE, {"deleted_ms"}),
    (N, "call_for_help", P.INCIDENT_RESPOND, set(FIELDS[N])),
    (N, "correct", P.INCIDENT_FILE, SEEN | {"media"}),
    (N, "verify", P.INCIDENT_FILE, {"verifications"}),
    (N, "acknowledge", P.INCIDENT_RESPOND, {"acknowledged_ms", "acknowledged_by"}),
    (N, "escalate", P.INCIDENT_DISPATCH, {"escalated_ms"}),  # the server alone
    (N, "clear", P.INCIDENT_RESPOND, {"cleared_ms"}),
    (N, "reopen", P.INCIDENT_DISPATCH, {"cleared_ms"}),
    (N, "absorb", P.INCIDENT_DISPATCH, SEEN | {"accounts", "media", "verifications"}),
    (N, "merge", P.INCIDENT_DISPATCH, {"merged_into", "cleared_ms"}),
    (N, "remove", P.INCIDENT_DISPATCH, {"deleted_ms"}),
    (A, "dispatch", P.INCIDENT_DISPATCH, set(FIELDS[A])),
    (A, "undo_dispatch", P.INCIDENT_DISPATCH, {"withdrawn_ms"}),
    (A, "acknowledge", P.INCIDENT_RESPOND, {"acknowledged_ms"}),
    (A, "set_out", P.INCIDENT_RESPOND, {"en_route_ms"}),
    (A, "arrive", P.INCIDENT_RESPOND, {"arrived_ms"}),
    (A, "undo_arrive", P.INCIDENT_RESPOND, {"arrived_ms"}),
    (A, "finish", P.INCIDENT_RESPOND, {"cleared_ms"}),
    (A, "withdraw", P.INCIDENT_DISPATCH, {"withdrawn_ms"}),
    (A, "correct_times", P.INCIDENT_DISPATCH, TIMES),
    (A, "move", P.INCIDENT_DISPATCH, {"incident_id"}),
    (U, "enlist", P.UNIT_MANAGE, set(FIELDS[U])),
    (U, "edit", P.UNIT_MANAGE, {"call_sign", "kind", "crew", "skills", "station_id"}),
    (U, "set_duty", P.INCIDENT_RESPOND, {"duty"}),
    (U, "send", P.INCIDENT_DISPATCH, {"assignment_id"}),
    (U, "free", P.INCIDENT_RESPOND, {"assignment_id"}),
    (U, "check_in", P.INCIDENT_RESPOND, {"checked_ms"}),
    (U, "retire", P.UNIT_MANAGE, {"deleted_ms"}),
    (
        X,
        "settle",
        P.REPORT_READ,
        {"status", "choices", "settle_note", "settled_by", "settled_ms"},
    ),
    (
        X,
        "undo_settle",
        P.REPORT_READ,
        {"status", "choices", "settle_note", "settled_by", "settled_ms"},
    ),
]


@pytest.mark.parametrize(("entity", "action", "needed", "touched"), ACTIONS)
def test_an_action_needs_its_permission_and_touches_its_fields(
    entity: Entity, action: str, needed: Permission, touched: set[str]
) -> None:
    assert permission_for(entity, action) is needed
    assert {name for name in FIELDS[entity] if may_touch(entity, action, name)} == touched


def test_every_move_is_in_the_table() -> None:
    assert {str(move) for move in Move} <= {action for _, action, _, _ in ACTIONS}


@pytest.mark.parametrize("entity", sorted(set(Entity) - WRITABLE))
def test_what_the_server_keeps_no_desk_may_write(entity: Entity) -> None:
    for _, action, _, _ in ACTIONS:
        assert permission_for(entity, action) is None


def test_settling_changes_what_a_record_says_and_not_where_it_belongs() -> None:
    fixed = {name for name in FIELDS[R] if not may_touch(R, "settle", name)}
    assert fixed == {"city_id", "station_id", "reference", "source", "reporter_id"} | {
        *("created_ms", "updated_ms", "reported_ms")
    }
    assert permission_for(R, "settle") is P.REPORT_REVIEW
    assert not may_touch(C, "settle", "number")
    assert permission_for(C, "settle") is P.REPORT_CITE
    assert permission_for(G, "settle") is P.GEOFENCE_EDIT


def test_a_conflict_is_settled_by_who_may_settle_its_record() -> None:
    needed = {entity: settling_permission(entity) for entity in (R, C, G)}
    assert needed == {R: P.REPORT_REVIEW, C: P.REPORT_CITE, G: P.GEOFENCE_EDIT}
    assert settling_permission(Entity.OFFICER) is None


def test_an_action_that_nobody_knows_needs_what_nobody_has() -> None:
    assert permission_for(R, "polish") is None
    assert not may_touch(R, "polish", "plate")
    assert permission_for(C, "approve") is None


@pytest.mark.parametrize(
    ("action", "old", "new", "allowed"),
    [
        ("file", None, "pending", True),
        ("file", None, "approved", False),
        ("claim", "pending", "under_review", True),
        ("undo_claim", "under_review", "pending", True),
        ("approve", "under_review", "approved", True),
        ("approve", "rejected", "approved", False),
        ("undo_approve", "approved", "under_review", True),
        ("undo_approve", "approved", "rejected", False),
        ("assign", "under_review", "pending", True),
        ("assign", "pending", "approved", False),
        ("lease_ended", "under_review", "pending", True),
        ("undo_assign", "pending", "under_review", True),
        ("escalate", "pending", "approved", False),
        ("settle", "rejected", "approved", True),
        ("settle", "rejected", "gone", False),
    ],
)
def test_a_status_takes_only_steps_of_its_action(
    action: str, old: str | None, new: str, allowed: object
) -> None:
    assert is_step(action, old, new) is allowed


def test_creations_are_those_that_begin_with_nothing() -> None:
    found = {action for _, action, _, _ in ACTIONS if is_creation(action)}
    assert found == {"file", "import", "issue", "draw", "call_for_help", "dispatch", "enlist"}
    assert {str(each) for each in ReportStatus} >= {"pending"}


def test_what_the_server_holds_is_corrected_with_a_reason_and_nothing_else_needs_one() -> None:
    reasoned = {(N, "correct"), (A, "correct_times")}
    for entity, action, *_ in ACTIONS:
        assert needs_note(entity, action, 1) == ((entity, action) in reasoned)
        assert not needs_note(entity, action, 0)
        assert not needs_note(entity, f"undo_{action}", 1)
