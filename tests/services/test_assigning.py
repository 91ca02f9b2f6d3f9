"""Assigning and escalating: only open reports, and never past somebody's lease."""

from collections.abc import Callable

import pytest

from trafficdesk.domain.lifecycle import Barrier, Move
from trafficdesk.domain.queues import QueueName
from trafficdesk.domain.records import Report
from trafficdesk.domain.vocabulary import ReportStatus, Role
from trafficdesk.services import board, review, undo
from trafficdesk.services.outcomes import Outcome
from trafficdesk.services.review import Step, Target, take_step
from trafficdesk.services.session import Session

FileReport = Callable[..., Report]
Reread = Callable[[Report], Report]
Seen = Callable[[Report], list[Target]]
MakeSession = Callable[..., Session]
Change = Callable[[Session, list[Target]], Outcome]


def _assign_to_self(session: Session, targets: list[Target]) -> Outcome:
    return review.assign(session, targets, session.officer.id)


def _escalate(session: Session, targets: list[Target]) -> Outcome:
    return review.set_escalated(session, targets, escalated=True)


def _second_look(session: Session, targets: list[Target]) -> Outcome:
    return review.set_second_look(session, targets, wanted=True)


def _correct(session: Session, targets: list[Target]) -> Outcome:
    return review.correct(session, targets[0], {"area": "Peelamedu"})


def test_what_another_holds_cannot_be_taken_by_assigning_it(
    session: Session, make_session: MakeSession, file: FileReport, reread: Reread, seen: Seen
) -> None:
    report = file()
    take_step(session, seen(report), Step(Move.CLAIM))
    other = make_session(Role.OFFICER, "Dinesh P")
    for change in (_assign_to_self, _correct):
        outcome = change(other, seen(reread(report)))
        assert [refused.code for refused in outcome.refused] == [Barrier.HELD_BY_OTHER]
    assert reread(report).assignee_id == session.officer.id


def test_a_supervisor_gives_a_held_report_to_another_who_has_yet_to_take_it(
    session: Session, make_session: MakeSession, file: FileReport, reread: Reread, seen: Seen
) -> None:
    report = file()
    take_step(session, seen(report), Step(Move.CLAIM))
    other = make_session(Role.OFFICER, "Dinesh P")
    boss = make_session(Role.SUPERVISOR, "Velu R")
    assert review.assign(boss, seen(reread(report)), other.officer.id).is_done
    after = reread(report)
    assert (after.status, after.lease) == (ReportStatus.PENDING, None)
    assert after.assignee_id == other.officer.id
    assert board.count_queues(other)[QueueName.MINE] == 1


def test_a_report_taken_and_then_given_to_nobody_is_back_in_the_queue(
    session: Session, file: FileReport, reread: Reread, seen: Seen
) -> None:
    report = file()
    take_step(session, seen(report), Step(Move.CLAIM))
    assert review.assign(session, seen(reread(report)), None).is_done
    assert board.count_queues(session)[QueueName.UNASSIGNED] == 1
    assert undo.undo_last(session).is_done
    after = reread(report)
    assert (after.status, after.lease is not None) == (ReportStatus.UNDER_REVIEW, True)


@pytest.mark.parametrize("change", [_assign_to_self, _escalate])
def test_a_decided_report_is_neither_assigned_nor_escalated(
    session: Session, file: FileReport, reread: Reread, seen: Seen, change: Change
) -> None:
    report = file()
    take_step(session, seen(report), Step(Move.APPROVE))
    outcome = change(session, seen(reread(report)))
    assert [refused.code for refused in outcome.refused] == [Barrier.WRONG_STATUS]


@pytest.mark.parametrize("change", [_assign_to_self, _escalate, _second_look, _correct])
def test_a_deleted_report_stays_as_it_is(
    session: Session, file: FileReport, reread: Reread, seen: Seen, change: Change
) -> None:
    report = file()
    undo.undo_last(session)
    outcome = change(session, seen(reread(report)))
    assert [refused.code for refused in outcome.refused] == [Barrier.DELETED]


def test_a_report_that_is_not_on_this_desk_is_refused_and_the_others_go_through(
    session: Session, file: FileReport, reread: Reread, seen: Seen
) -> None:
    report = file()
    outcome = take_step(session, [Target(999, 1), *seen(report)], Step(Move.APPROVE))
    assert [(each.pk, each.code) for each in outcome.refused] == [(999, Barrier.DELETED)]
    assert reread(report).status is ReportStatus.APPROVED
