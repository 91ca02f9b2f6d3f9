"""What the server would not take: sent again, given up, or done anew, alone and together."""

from collections.abc import Callable
from uuid import UUID

import pytest

from tests.services.conftest import FileReport
from tests.services.dispatching import confirm_all, enlist
from tests.services.dispatching import file as file_incident
from trafficdesk.domain.lifecycle import Barrier, Move
from trafficdesk.domain.records import Report
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import ReportStatus, Role
from trafficdesk.services import dispatch, parked, review
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.session import Session
from trafficdesk.store import outbox
from trafficdesk.store.outbox import Settled

Reread = Callable[[Report], Report]


def park(session: Session, report: Report, reread: Reread, *, as_it_was: bool = True) -> UUID:
    """Approve a report, and let the server not take that; its row falls back to what it was."""
    target = review.Target(report.pk, report.revision)
    assert review.take_step(session, (target,), review.Step(Move.APPROVE, "two frames")).is_done
    with session.store.writing() as connection:
        batch = [each for _, each in outbox.find_queued(connection, 50)]
        op_id = next(each.op_id for each in batch if each.action == Move.APPROVE)
        settled = [Settled(each.op_id, outbox.SETTLED, "applied") for each in batch]
        outbox.settle(connection, settled, to_ms(session.clock()))
        refused = Settled(op_id, outbox.PARKED, "rejected", "unknown_actor")
        outbox.settle(connection, [refused], to_ms(session.clock()))
        if as_it_was:
            connection.exec_driver_sql(
                "UPDATE reports SET status = 'pending', decision_note = '' WHERE pk = ?",
                (report.pk,),
            )
    assert reread(report).status is (ReportStatus.PENDING if as_it_was else ReportStatus.APPROVED)
    return op_id


def counts(session: Session) -> outbox.Counts:
    with session.store.reading() as connection:
        return outbox.count(connection)


def test_several_are_sent_again_or_given_up_together(
    session: Session, file: FileReport, reread: Reread
) -> None:
    op_ids = [park(session, file(), reread) for _ in range(3)]
    assert len(parked.retry(session, *op_ids[:2]).reports) == 2
    assert (counts(session).queued, counts(session).parked) == (2, 1)
    assert parked.withdraw(session, *op_ids).reports  # two are not set aside any more
    assert (counts(session).queued, counts(session).parked) == (2, 0)


def test_a_decision_is_done_anew_with_other_words_and_the_old_one_is_given_up(
    session: Session, file: FileReport, reread: Reread
) -> None:
    report = file()
    op_id = park(session, report, reread)
    assert parked.edit(session, op_id, {"decision_note": "three frames"}).is_done
    after = reread(report)
    assert (after.status, after.decision_note) == (ReportStatus.APPROVED, "three frames")
    assert (counts(session).queued, counts(session).parked) == (1, 0)
    again = parked.edit(session, op_id, {})
    assert [each.code for each in again.refused] == [Refusal.MOVED_ON]


def test_what_is_not_open_any_more_is_not_done_anew_and_stays_set_aside(
    session: Session, file: FileReport, reread: Reread
) -> None:
    op_id = park(session, file(), reread, as_it_was=False)
    outcome = parked.edit(session, op_id, {})
    assert [each.code for each in outcome.refused] == [Barrier.WRONG_STATUS]
    assert counts(session).parked == 1


def test_corrected_facts_are_tidied_and_followed(session: Session, file: FileReport) -> None:
    report = file()
    target = review.Target(report.pk, report.revision)
    assert review.correct(session, target, {"plate": "TN 1"}).is_done
    with session.store.writing() as connection:
        op_id = outbox.find_queued(connection, 50)[-1][1].op_id
        refused = Settled(op_id, outbox.PARKED, "rejected", "bad_value", "plate")
        outbox.settle(connection, [refused], to_ms(session.clock()))
    assert parked.edit(session, op_id, {"plate": "tn 38 bc 1207"}).is_done
    with session.store.reading() as connection:
        sent = outbox.find_queued(connection, 9)[-1]
    assert {c.field: c.new for c in sent[1].changes}["plate"] == "TN38BC1207"


@pytest.mark.parametrize("action", [Move.APPROVE, Move.CLAIM])
def test_only_what_decides_or_corrects_can_be_edited(
    session: Session, file: FileReport, action: Move
) -> None:
    report = file()
    target = review.Target(report.pk, report.revision)
    assert review.take_step(session, (target,), review.Step(action)).is_done
    with session.store.reading() as connection:
        operations = [each for _, each in outbox.find_queued(connection, 9)]
    (operation,) = (each for each in operations if each.action == action)
    assert parked.may_be_edited(operation) is (action is Move.APPROVE)


@pytest.fixture
def dispatcher(make_session: Callable[..., Session]) -> Session:
    return make_session(Role.DISPATCHER, "Devi D")


@pytest.mark.parametrize("half", ["dispatch", "send"])
@pytest.mark.parametrize("does", [parked.retry, parked.withdraw])
def test_sending_a_unit_is_sent_again_or_given_up_whole(
    dispatcher: Session, half: str, does: Callable[..., object]
) -> None:
    cars, made = [enlist(dispatcher, name) for name in ("P1", "P2")], file_incident(dispatcher)
    confirm_all(dispatcher)
    assert dispatch.assign(dispatcher, made.id, [each.id for each in cars]).is_done
    with dispatcher.store.writing() as connection:
        batch = [each for _, each in outbox.find_queued(connection, 9)]
        refused = [
            Settled(each.op_id, outbox.PARKED, "rejected", "unknown_record") for each in batch
        ]
        outbox.settle(connection, refused, to_ms(dispatcher.clock()))
    assert [each.action for each in batch] == ["dispatch", "send", "dispatch", "send"]
    wanted = next(each for each in batch[2:] if each.action == half)
    does(dispatcher, wanted.op_id)
    assert [each.operation.op_id for each in parked.find_parked(dispatcher)] == [
        each.op_id for each in batch[:2]
    ]
