"""The life of a report: exactly the moves of the specification, for exactly who may make them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.lifecycle import RULES, Barrier, Move, barrier
from trafficdesk.domain.permissions import Permission, may
from trafficdesk.domain.records import Lease, Officer, Place, Report
from trafficdesk.domain.vocabulary import (
    ReportStatus,
    Role,
    Severity,
    Source,
    SyncState,
    VehicleType,
)

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def officer(role: Role) -> Officer:
    return Officer(new_id(), "Meena K", "MK", "SI", role, new_id())


def report(status: ReportStatus) -> Report:
    return Report(
        pk=1,
        id=new_id(),
        version=1,
        revision=1,
        reference="CBE-2026-000001",
        status=status,
        severity=Severity.SEVERE,
        violations=("signal_jump",),
        place=Place(76.97, 11.02),
        accuracy_m=12.0,
        address="",
        area="",
        ward_id=None,
        city_id=new_id(),
        station_id=new_id(),
        occurred_at=NOW,
        reported_at=NOW,
        plate="",
        vehicle_type=VehicleType.CAR,
        vehicle_text="",
        description="",
        source=Source.APP,
        reporter_id=None,
        reviewer_id=None,
        decision_note="",
        rejection_reason=None,
        duplicate_of=None,
        score=50,
        escalated=False,
        second_look=False,
        assignee_id=None,
        lease=None,
        sync_state=SyncState.CONFIRMED,
        created_at=NOW,
        updated_at=NOW,
        deleted_at=None,
    )


# The specification's arrows; a decision on a pending report takes and spends the lease at once.
ARROWS = {
    ("pending", "under_review"),
    ("pending", "approved"),
    ("pending", "rejected"),
    ("pending", "duplicate"),
    ("pending", "needs_info"),
    ("under_review", "under_review"),
    ("under_review", "pending"),
    ("under_review", "approved"),
    ("under_review", "rejected"),
    ("under_review", "duplicate"),
    ("under_review", "needs_info"),
    ("needs_info", "pending"),
    ("approved", "cited"),
    ("cited", "closed"),
    ("approved", "pending"),
    ("rejected", "pending"),
    ("duplicate", "pending"),
    ("cited", "pending"),
    ("closed", "pending"),
}


def test_the_rules_draw_exactly_the_arrows_of_the_specification() -> None:
    drawn = {(str(start), str(rule.ends)) for rule in RULES.values() for start in rule.starts}
    assert drawn == ARROWS


@given(st.sampled_from(ReportStatus), st.sampled_from(Role), st.sampled_from(Move))
def test_a_move_is_open_exactly_when_status_and_role_allow_it(
    status: ReportStatus, role: Role, move: Move
) -> None:
    rule = RULES[move]
    expected = status in rule.starts and may(role, rule.needs)
    assert (barrier(report(status), move, officer(role), NOW) is None) is expected


def open_moves(shown: Report, by: Officer) -> set[Move]:
    return {move for move in Move if barrier(shown, move, by, NOW) is None}


@given(st.sampled_from(ReportStatus), st.sampled_from(Role))
def test_a_deleted_report_offers_nothing(status: ReportStatus, role: Role) -> None:
    gone = replace(report(status), deleted_at=NOW)
    assert open_moves(gone, officer(role)) == set()


@pytest.mark.parametrize("role", [Role.OFFICER, Role.DISPATCHER, Role.CITIZEN])
def test_only_those_who_may_reopen_are_offered_it(role: Role) -> None:
    assert Move.REOPEN not in open_moves(report(ReportStatus.REJECTED), officer(role))
    assert Move.REOPEN in open_moves(report(ReportStatus.REJECTED), officer(Role.SUPERVISOR))


@given(st.integers(min_value=-7200, max_value=7200))
def test_a_lease_holds_until_its_last_second_and_not_longer(seconds: int) -> None:
    lease = Lease(new_id(), "Dinesh P", NOW + timedelta(seconds=seconds))
    held = replace(report(ReportStatus.UNDER_REVIEW), lease=lease, assignee_id=lease.officer_id)
    found = barrier(held, Move.APPROVE, officer(Role.OFFICER), NOW)
    assert found is (Barrier.HELD_BY_OTHER if seconds > 0 else None)


def test_the_holder_keeps_every_decision() -> None:
    me = officer(Role.OFFICER)
    lease = Lease(me.id, me.name, NOW + timedelta(minutes=30))
    held = replace(report(ReportStatus.UNDER_REVIEW), lease=lease, assignee_id=me.id)
    decisions = {Move.APPROVE, Move.REJECT, Move.MARK_DUPLICATE, Move.ASK_INFO}
    assert open_moves(held, me) >= decisions | {Move.CLAIM, Move.RELEASE}


def test_there_are_at_least_fifteen_permissions_and_an_admin_holds_them_all() -> None:
    assert len(Permission) >= 15
    assert all(may(Role.ADMIN, permission) for permission in Permission)
