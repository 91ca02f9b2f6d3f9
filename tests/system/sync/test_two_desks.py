"""Two desks and a server: what one does, the other sees; what clashes becomes a conflict."""

from uuid import UUID

import pytest

from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.conflicts import Side
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import ReportStatus, SyncState
from trafficdesk.services import conflicts, undo
from trafficdesk.services.conflicts import Settling
from trafficdesk.store import history
from trafficdesk.sync.errors import Fault, LineError
from trafficdesk.sync.line import Call, Line
from trafficdesk.sync.pushing import PUSH


def test_what_one_desk_files_and_decides_the_other_sees(add_desk: AddDesk) -> None:
    one, two = add_desk(), add_desk()
    report = one.file()
    one.sync()
    assert one.report(report.id).sync_state is SyncState.CONFIRMED
    two.sync()
    assert two.report(report.id).reference == report.reference
    two.step(report.id, Move.APPROVE, "clear photo")
    two.sync()
    one.sync()
    seen = one.report(report.id)
    assert (seen.status, seen.decision_note) == (ReportStatus.APPROVED, "clear photo")
    assert (seen.version, two.report(report.id).version) == (2, 2)
    assert one.counts() == two.counts() == (0, 0, 0, 0)


def test_changes_of_different_fields_are_merged(add_desk: AddDesk) -> None:
    one, two = add_desk(), add_desk()
    report = one.file()
    one.sync()
    two.sync()
    one.correct(report.id, plate="TN38AA0001")
    two.correct(report.id, address="Avinashi Road")
    one.sync()
    two.sync()
    one.sync()
    for desk in (one, two):
        seen = desk.report(report.id)
        assert (seen.plate, seen.address) == ("TN38AA0001", "Avinashi Road")
        assert seen.sync_state is SyncState.CONFIRMED


def _shown(desk: SyncedDesk, report_id: UUID, move: Move) -> SyncState:
    """Return how far the desk says that its latest move of a kind has come."""
    with desk.session.store.reading() as connection:
        events = history.events_of(connection, report_id)
    return next(each.sync_state for each in reversed(events) if each.action == move)


def test_opposite_decisions_become_a_conflict_that_is_settled_and_reopened(
    add_desk: AddDesk,
) -> None:
    one, two = add_desk(), add_desk()
    report = one.file()
    one.sync()
    two.sync()
    one.step(report.id, Move.APPROVE, "helmet missing")
    two.step(report.id, Move.REJECT, "a turban")
    one.sync()
    two.sync()
    assert two.counts() == (0, 0, 0, 1)
    assert two.report(report.id).status is ReportStatus.APPROVED
    (found,) = conflicts.find_open(two.session)
    conflict = found.conflict
    assert {each.field for each in conflict.in_question} >= {"status"}
    choices = conflicts.keep_side(conflict, Side.MINE)
    settled = conflicts.settle(
        two.session, [Settling(conflict.id, conflict.revision, choices, "looked again")]
    )
    assert settled.is_done, settled
    mine = two.report(report.id)
    assert (mine.status, mine.decision_note) == (ReportStatus.REJECTED, "a turban")
    two.sync()
    one.sync()
    for desk in (one, two):
        assert desk.report(report.id).status is ReportStatus.REJECTED
        assert desk.counts() == (0, 0, 0, 0)
        assert conflicts.count_open(desk.session) == 0
    assert _shown(two, report.id, Move.REJECT) is SyncState.NOT_TAKEN  # the settlement was
    assert undo.undo_last(two.session).is_done
    assert two.counts().conflict == 1  # at once, not only when the server has heard of it
    assert _shown(two, report.id, Move.REJECT) is SyncState.CONFLICT
    two.sync()
    one.sync()
    for desk in (one, two):
        assert desk.report(report.id).status is ReportStatus.APPROVED
        assert conflicts.count_open(desk.session) == 1


class LosingLine(Line):
    """Loses the answer to the next push, which the server has taken."""

    is_losing = True

    def fetch(self, call: Call) -> bytes:
        answer = super().fetch(call)
        if self.is_losing and call.target == PUSH:
            self.is_losing = False
            raise LineError(Fault.CUT_OFF)
        return answer


def test_a_batch_whose_answer_was_lost_is_answered_the_same(add_desk: AddDesk) -> None:
    one, two = add_desk(), add_desk()
    report = one.file()
    one.sync()
    one.step(report.id, Move.APPROVE)
    one.engine.access.line = LosingLine(one.engine.access.line.address)
    with pytest.raises(LineError):
        one.sync()
    assert one.counts().sent == 1
    one.sync()
    two.sync()
    assert one.counts() == (0, 0, 0, 0)
    assert two.report(report.id).version == one.report(report.id).version == 2
