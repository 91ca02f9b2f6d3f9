"""Claims across desks: what is held here counts for all only once the server has said so."""

from datetime import timedelta

import pytest

from tests.system.sync.conftest import AddDesk
from trafficdesk.domain.lifecycle import LEASE_LENGTH, Barrier, Move
from trafficdesk.domain.vocabulary import Role, SyncState
from trafficdesk.services import parked, review
from trafficdesk.store import history


def test_a_claim_on_one_desk_is_seen_on_the_other(add_desk: AddDesk) -> None:
    one, two = add_desk(), add_desk(name="Ravi S")
    report = one.file()
    one.sync()
    two.sync()
    one.step(report.id, Move.CLAIM)
    assert one.report(report.id).sync_state is SyncState.NOT_SENT
    one.sync()
    two.sync()
    seen = two.report(report.id)
    assert (seen.status, seen.assignee_id) == ("under_review", one.session.officer.id)
    assert one.report(report.id).sync_state is SyncState.CONFIRMED


def test_a_claim_made_offline_is_not_confirmed_and_loses_to_the_servers(add_desk: AddDesk) -> None:
    one, two = add_desk(), add_desk(name="Ravi S")
    report = one.file()
    one.sync()
    two.sync()
    two.step(report.id, Move.CLAIM)
    held_here = two.report(report.id)
    assert (held_here.assignee_id, held_here.sync_state) == (
        two.session.officer.id,
        SyncState.NOT_SENT,
    )
    one.step(report.id, Move.CLAIM)
    one.sync()
    two.sync()
    for desk in (one, two):
        assert desk.report(report.id).assignee_id == one.session.officer.id
        assert desk.report(report.id).sync_state is SyncState.CONFIRMED
    assert not parked.find_parked(two.session), "nobody has to deal with a lost claim"
    assert two.counts() == (0, 0, 0, 0)
    assert two.overtaken == {two.report(report.id).pk}, "but the officer is told"
    with two.session.store.reading() as connection:
        (claim,) = [
            event
            for event in history.events_of(connection, report.id)
            if event.action == Move.CLAIM and event.sync_state is SyncState.NOT_TAKEN
        ]
    assert claim.actor_name == "Ravi S"


@pytest.mark.parametrize("days_off", [-3000, 3000])
def test_leases_hold_by_the_servers_clock_on_desks_whose_clocks_are_years_off(
    add_desk: AddDesk, days_off: int
) -> None:
    one, two = add_desk(), add_desk(name="Ravi S")
    report = one.file()
    one.sync()
    two.sync()
    one.set_clock(timedelta(days=days_off))
    two.set_clock(timedelta(days=-days_off))
    one.sync()
    two.sync()
    one.step(report.id, Move.CLAIM)
    two.step(report.id, Move.CLAIM)
    one.sync()
    two.sync()
    for desk in (one, two):
        review.release_expired_leases(desk.session)
        desk.sync()
        seen = desk.report(report.id)
        assert (seen.status, seen.assignee_id) == ("under_review", one.session.officer.id)
        assert seen.lease is not None
        left = seen.lease.expires_at - desk.session.lease_clock()
        assert timedelta(0) < left <= LEASE_LENGTH + timedelta(seconds=1)
    refused = review.take_step(
        two.session, (review.Target(seen.pk, seen.revision),), review.Step(Move.APPROVE)
    )
    assert [each.code for each in refused.refused] == [Barrier.HELD_BY_OTHER]


def test_a_desk_whose_clock_jumps_ends_no_lease_that_goes_on(add_desk: AddDesk) -> None:
    one, two = add_desk(), add_desk(name="Ravi S")
    report = one.file()
    one.step(report.id, Move.CLAIM)
    one.sync()
    two.sync()
    two.set_clock(timedelta(hours=2))  # it was not greeted since
    review.release_expired_leases(two.session)
    assert two.report(report.id).status == "pending"
    two.sync()
    one.sync()
    for desk in (one, two):
        seen = desk.report(report.id)
        assert (seen.status, seen.assignee_id) == ("under_review", one.session.officer.id)
    assert two.counts() == (0, 0, 0, 0)


def test_a_lost_claim_says_nothing_of_whose_the_report_was(add_desk: AddDesk) -> None:
    one, two = add_desk(role=Role.SUPERVISOR), add_desk(role=Role.SUPERVISOR, name="Ravi S")
    report = one.file()
    one.sync()
    two.sync()
    target = review.Target(one.report(report.id).pk, one.report(report.id).revision)
    assert review.assign(one.session, (target,), one.session.officer.id).is_done
    one.step(report.id, Move.CLAIM)
    two.step(report.id, Move.CLAIM)
    one.sync()
    two.sync()
    two.step(report.id, Move.RELEASE)
    assert two.report(report.id).assignee_id == one.session.officer.id
