"""What an undo takes back, what hangs on it, and what it leaves alone."""

import json
from collections.abc import Callable

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import Report
from trafficdesk.domain.vocabulary import GeofenceKind, ReportStatus, Role
from trafficdesk.services import areas, board, review, undo
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.review import Step, Target, take_step
from trafficdesk.services.session import Session
from trafficdesk.store import officers

FileReport = Callable[..., Report]
Reread = Callable[[Report], Report]
Seen = Callable[[Report], list[Target]]
MakeSession = Callable[..., Session]
_SQUARE = json.dumps(
    {"type": "Polygon", "coordinates": [[[76.9, 11], [77, 11], [77, 11.1], [76.9, 11]]]}
)


def _citation_statuses(session: Session, report: Report) -> list[str]:
    return [citation.status for citation in board.get_detail(session, report.pk).citations]


def _make(session: Session, reread: Reread, report: Report, *moves: Move) -> None:
    for move in moves:
        assert take_step(session, [Target(report.pk, reread(report).revision)], Step(move)).is_done


def test_undoing_the_citing_cancels_the_citation(
    session: Session, file: FileReport, reread: Reread
) -> None:
    report = file()
    _make(session, reread, report, Move.APPROVE, Move.CITE)
    assert undo.undo_last(session).is_done
    assert reread(report).status is ReportStatus.APPROVED
    assert _citation_statuses(session, report) == ["cancelled"]


def test_undoing_something_else_of_a_cited_report_leaves_its_citation(
    session: Session, file: FileReport, reread: Reread, seen: Seen
) -> None:
    report = file()
    _make(session, reread, report, Move.APPROVE, Move.CITE)
    assert review.set_second_look(session, seen(reread(report)), wanted=True).is_done
    assert undo.undo_last(session).is_done
    assert reread(report).status is ReportStatus.CITED
    assert _citation_statuses(session, report) == ["issued"]


def test_undoing_a_reopening_brings_the_citation_back(
    session: Session, make_session: MakeSession, file: FileReport, reread: Reread
) -> None:
    report = file()
    _make(session, reread, report, Move.APPROVE, Move.CITE)
    boss = make_session(Role.SUPERVISOR, "Velu R")
    _make(boss, reread, report, Move.REOPEN)
    assert undo.undo_last(boss).is_done
    assert reread(report).status is ReportStatus.CITED
    assert _citation_statuses(session, report) == ["issued"]


def test_an_action_is_taken_back_once(
    session: Session, file: FileReport, reread: Reread, seen: Seen
) -> None:
    report = file()
    approved = take_step(session, seen(report), Step(Move.APPROVE))
    assert approved.action_id is not None
    undone = undo.undo(session, approved.action_id)
    assert undone.action_id is not None
    for action_id in (approved.action_id, undone.action_id, new_id()):
        again = undo.undo(session, action_id)
        assert [refused.code for refused in again.refused] == [Refusal.NOTHING_TO_UNDO]
        assert not again.lost
    assert reread(report).status is ReportStatus.PENDING


def test_nobody_takes_back_what_another_did(
    session: Session, make_session: MakeSession, file: FileReport, reread: Reread, seen: Seen
) -> None:
    report = file()
    approved = take_step(session, seen(report), Step(Move.APPROVE))
    assert approved.action_id is not None
    outcome = undo.undo(make_session(Role.OFFICER, "Dinesh P"), approved.action_id)
    assert [refused.code for refused in outcome.refused] == [Refusal.NOTHING_TO_UNDO]
    assert reread(report).status is ReportStatus.APPROVED


def test_an_undo_that_came_too_late_does_not_bar_the_way_to_those_before(
    session: Session, make_session: MakeSession, file: FileReport, reread: Reread, seen: Seen
) -> None:
    first, second = file(), file()
    take_step(session, seen(first), Step(Move.APPROVE))
    take_step(session, seen(second), Step(Move.APPROVE))
    _make(make_session(Role.SUPERVISOR, "Velu R"), reread, second, Move.REOPEN)
    assert len(undo.undo_last(session).lost) == 1
    assert undo.undo_last(session).is_done
    assert reread(first).status is ReportStatus.PENDING


def test_areas_are_not_on_the_stack_of_what_can_be_taken_back(
    session: Session, file: FileReport, reread: Reread, seen: Seen
) -> None:
    report = file()
    take_step(session, seen(report), Step(Move.APPROVE))
    drawn = areas.draw(session, "School run", GeofenceKind.PATROL_AREA, _SQUARE)
    assert drawn.action_id is not None
    refused = undo.undo(session, drawn.action_id).refused
    assert [each.code for each in refused] == [Refusal.NOTHING_TO_UNDO]
    assert undo.undo_last(session).is_done
    assert reread(report).status is ReportStatus.PENDING
    assert [area.name for area in areas.find_all(session)] == ["School run"]


def test_a_report_does_not_go_back_to_an_officer_who_has_left(
    session: Session, make_session: MakeSession, file: FileReport, reread: Reread, seen: Seen
) -> None:
    report = file()
    leaver = make_session(Role.OFFICER, "Dinesh P")
    take_step(leaver, seen(report), Step(Move.CLAIM))
    boss = make_session(Role.SUPERVISOR, "Velu R")
    _make(boss, reread, report, Move.APPROVE)
    with session.store.writing() as connection:
        officers.mark_removed(connection, leaver.officer.id, 1)
    assert undo.undo_last(boss).is_done
    after = reread(report)
    assert (after.status, after.assignee_id, after.lease) == (ReportStatus.PENDING, None, None)
