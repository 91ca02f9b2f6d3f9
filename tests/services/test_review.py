"""Decisions on reports: one transaction each, only legal moves, and lost races that say so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from trafficdesk.domain.lifecycle import Barrier, Move
from trafficdesk.domain.queues import QueueName
from trafficdesk.domain.records import Report
from trafficdesk.domain.vocabulary import RejectionReason, ReportStatus, Role
from trafficdesk.services import auditing, board, review, undo
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.review import Step, Target, take_step
from trafficdesk.services.session import Session
from trafficdesk.store import history

FileReport = Callable[..., Report]
Reread = Callable[[Report], Report]
Seen = Callable[[Report], list[Target]]
MakeSession = Callable[..., Session]


def test_an_approval_writes_row_event_operation_and_audit_together(
    session: Session, file: FileReport, reread: Reread, seen: Seen
) -> None:
    report = file()
    outcome = take_step(session, seen(report), Step(Move.APPROVE, note="clear photo"))
    assert outcome.is_done
    after = reread(report)
    assert (after.status, after.reviewer_id) == (ReportStatus.APPROVED, session.officer.id)
    with session.store.reading() as connection:
        events = history.events_of(connection, report.id)
        waiting = history.find_waiting(connection)
    assert [event.action for event in events] == ["file", "approve"]
    assert [operation.action for operation in waiting] == ["approve", "file"]
    assert auditing.verify(session).ok


def test_a_decision_on_a_stale_view_changes_nothing_and_tells_who_was_first(
    session: Session, make_session: MakeSession, file: FileReport, reread: Reread, seen: Seen
) -> None:
    report = file()
    other = make_session(Role.OFFICER, "Dinesh P")
    assert take_step(
        other, seen(report), Step(Move.REJECT, reason=RejectionReason.NO_OFFENCE)
    ).is_done
    outcome = take_step(session, seen(report), Step(Move.APPROVE))
    assert outcome.action_id is None
    (lost,) = outcome.lost
    assert [event.actor_name for event in lost.since] == ["Dinesh P"]
    assert reread(report).status is ReportStatus.REJECTED


def test_an_officer_may_not_decide_what_another_holds_but_a_supervisor_may(
    session: Session, make_session: MakeSession, file: FileReport, reread: Reread, seen: Seen
) -> None:
    report = file()
    take_step(session, seen(report), Step(Move.CLAIM))
    other = make_session(Role.OFFICER, "Dinesh P")
    held = reread(report)
    outcome = take_step(other, seen(held), Step(Move.APPROVE))
    assert [refused.code for refused in outcome.refused] == [Barrier.HELD_BY_OTHER]
    boss = make_session(Role.SUPERVISOR, "Velu R")
    assert take_step(boss, seen(held), Step(Move.APPROVE)).is_done


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (Step(Move.REJECT), Refusal.REASON_MISSING),
        (Step(Move.ASK_INFO), Refusal.QUESTION_MISSING),
        (Step(Move.MARK_DUPLICATE), Refusal.ORIGINAL_MISSING),
    ],
)
def test_a_move_that_lacks_what_it_carries_is_refused(
    session: Session, file: FileReport, seen: Seen, step: Step, code: Refusal
) -> None:
    outcome = take_step(session, seen(file()), step)
    assert [refused.code for refused in outcome.refused] == [code]


def test_one_undo_takes_a_bulk_decision_back_whole(
    session: Session, file: FileReport, reread: Reread
) -> None:
    filed = [file(plate=f"TN 37 AA {i:04d}") for i in range(5)]
    targets = [Target(report.pk, report.revision) for report in filed]
    assert take_step(session, targets, Step(Move.APPROVE)).is_done
    outcome = undo.undo_last(session)
    assert outcome.is_done
    assert len(outcome.changed.reports) == 5
    assert {reread(report).status for report in filed} == {ReportStatus.PENDING}


def test_undo_goes_back_level_after_level(
    session: Session, file: FileReport, reread: Reread, seen: Seen
) -> None:
    report = file()
    take_step(session, seen(report), Step(Move.CLAIM))
    review.set_escalated(session, seen(reread(report)), escalated=True)
    take_step(session, seen(reread(report)), Step(Move.APPROVE))
    undo.undo_last(session)
    assert reread(report).status is ReportStatus.UNDER_REVIEW
    undo.undo_last(session)
    assert not reread(report).escalated
    undo.undo_last(session)
    after = reread(report)
    assert (after.status, after.lease, after.assignee_id) == (ReportStatus.PENDING, None, None)


def test_an_undo_stops_at_what_somebody_changed_since(
    session: Session, make_session: MakeSession, file: FileReport, reread: Reread, seen: Seen
) -> None:
    report = file()
    mine = take_step(session, seen(report), Step(Move.APPROVE))
    boss = make_session(Role.SUPERVISOR, "Velu R")
    take_step(boss, seen(reread(report)), Step(Move.REOPEN))
    assert mine.action_id is not None
    outcome = undo.undo(session, mine.action_id)
    assert len(outcome.lost) == 1
    assert reread(report).status is ReportStatus.PENDING


def test_the_whole_life_of_a_report_writes_and_cancels_its_citation(
    session: Session, make_session: MakeSession, file: FileReport, reread: Reread, seen: Seen
) -> None:
    report = file()
    for move in (Move.CLAIM, Move.APPROVE, Move.CITE):
        assert take_step(session, seen(reread(report)), Step(move)).is_done
    (citation,) = board.get_detail(session, report.pk).citations
    assert (citation.status, citation.amount_minor) == ("issued", 100_000)
    boss = make_session(Role.SUPERVISOR, "Velu R")
    assert take_step(boss, seen(reread(report)), Step(Move.REOPEN)).is_done
    (citation,) = board.get_detail(session, report.pk).citations
    assert citation.status == "cancelled"


def test_queue_counts_follow_every_decision(
    session: Session, file: FileReport, reread: Reread, seen: Seen
) -> None:
    first, second = file(), file()
    assert board.count_queues(session)[QueueName.UNASSIGNED] == 2
    take_step(session, seen(first), Step(Move.CLAIM))
    review.set_escalated(session, seen(second), escalated=True)
    counts = board.count_queues(session)
    assert (counts[QueueName.UNASSIGNED], counts[QueueName.MINE]) == (1, 1)
    assert counts[QueueName.ESCALATED] == 1
    take_step(session, seen(reread(first)), Step(Move.APPROVE))
    assert board.count_queues(session)[QueueName.MINE] == 0


def test_a_lease_that_ran_out_puts_the_report_back(
    session: Session, file: FileReport, reread: Reread, seen: Seen
) -> None:
    report = file()
    take_step(session, seen(report), Step(Move.CLAIM))
    later = replace(session, clock=lambda: report.reported_at + timedelta(hours=2))
    assert review.release_expired_leases(later).changed.reports == {report.pk}
    assert reread(report).status is ReportStatus.PENDING


def test_a_report_given_to_another_is_decided_only_by_who_says_that_they_take_it_over(
    session: Session, make_session: MakeSession, file: FileReport, reread: Reread, seen: Seen
) -> None:
    theirs, mine, free = file(), file(), file()
    other = make_session(Role.OFFICER, "Dinesh P")
    assert review.assign(session, seen(theirs), other.officer.id).is_done
    assert review.assign(session, seen(mine), session.officer.id).is_done
    targets = [*seen(reread(theirs)), *seen(reread(mine)), *seen(free)]
    outcome = take_step(session, targets, Step(Move.APPROVE))
    assert [(r.pk, r.code) for r in outcome.refused] == [(theirs.pk, Barrier.ASSIGNED_TO_OTHER)]
    assert reread(mine).status is reread(free).status is ReportStatus.APPROVED
    for move in (Move.CLAIM, Move.APPROVE):
        refused = take_step(session, seen(reread(theirs)), Step(move)).refused
        assert [r.code for r in refused] == [Barrier.ASSIGNED_TO_OTHER]
    step = Step(Move.APPROVE, takes_over=True)
    assert take_step(session, seen(reread(theirs)), step).is_done
    assert reread(theirs).reviewer_id == session.officer.id


def test_a_supervisor_decides_what_is_given_to_another_without_saying_more(
    session: Session, make_session: MakeSession, file: FileReport, reread: Reread, seen: Seen
) -> None:
    report = file()
    review.assign(session, seen(report), session.officer.id)
    boss = make_session(Role.SUPERVISOR, "Velu R")
    assert take_step(boss, seen(reread(report)), Step(Move.APPROVE)).is_done


@pytest.mark.parametrize("ending", ["expired", "released"])
def test_a_claim_that_ends_gives_the_report_back_to_whom_it_was_assigned(
    session: Session,
    make_session: MakeSession,
    file: FileReport,
    reread: Reread,
    seen: Seen,
    ending: str,
) -> None:
    boss = make_session(Role.SUPERVISOR, "Velu R")
    given, taken, free = file(), file(), file()
    for report in (given, taken):
        review.assign(boss, seen(report), session.officer.id)
    take_step(session, seen(reread(given)), Step(Move.CLAIM))
    take_step(session, seen(reread(taken)), Step(Move.CLAIM))
    take_step(boss, seen(reread(taken)), Step(Move.CLAIM))
    take_step(boss, seen(free), Step(Move.CLAIM))
    pks = {each.pk for each in (given, taken, free)}
    if ending == "released":
        targets = [target for each in (given, taken, free) for target in seen(reread(each))]
        assert take_step(boss, targets, Step(Move.RELEASE)).is_done
    else:
        later = replace(boss, clock=lambda: free.reported_at + timedelta(hours=2))
        assert review.release_expired_leases(later).changed.reports == pks
    for report in (given, taken, free):
        assert reread(report).status is ReportStatus.PENDING
        assert reread(report).lease is None
    assert reread(given).assignee_id == reread(taken).assignee_id == session.officer.id
    assert reread(free).assignee_id is None


def test_a_reopened_report_carries_no_old_decision(
    session: Session, make_session: MakeSession, file: FileReport, reread: Reread, seen: Seen
) -> None:
    report = file()
    reject = Step(Move.REJECT, "no red lamp", RejectionReason.NO_OFFENCE)
    take_step(session, seen(report), reject)
    boss = make_session(Role.SUPERVISOR, "Velu R")
    assert take_step(boss, seen(reread(report)), Step(Move.REOPEN, "new photo")).is_done
    after = reread(report)
    assert (after.decision_note, after.rejection_reason, after.reviewer_id) == ("", None, None)
    events = board.get_detail(session, report.pk).events
    assert [event.note for event in events] == ["", "no red lamp", "new photo"]
    undo.undo_last(boss)
    assert reread(report).decision_note == "no red lamp"
