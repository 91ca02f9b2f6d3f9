"""Claims across desks: what is held here counts for all only once the server has said so."""

from tests.system.sync.conftest import AddDesk
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.services import parked


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
    (refused,) = parked.find_parked(two.session)
    assert (refused.operation.action, refused.reason) == ("claim", "held_by_other")
    two.file()
    two.sync()  # the line moves on
    assert two.counts() == (0, 0, 1, 0)
