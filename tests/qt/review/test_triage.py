"""Triage by keys: decisions are shown at once, written whole, taken back, and refused in words."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.qt.review.conftest import NORMAL, Desk, OpenDesk, reread, words_in
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.queues import QueueName
from trafficdesk.domain.records import Report
from trafficdesk.domain.vocabulary import RejectionReason, ReportStatus, Role
from trafficdesk.services import review
from trafficdesk.services.review import Step, Target
from trafficdesk.services.session import Session

FileMany = Callable[[int], list[Report]]
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def test_approving_shows_the_next_report_at_once_and_is_written(
    open_desk: OpenDesk, file_many: FileMany, session: Session
) -> None:
    first, second, third = file_many(3)
    desk = open_desk()
    assert desk.current == third.reference
    desk.press("a")
    assert desk.current == second.reference  # before anything was written
    assert desk.listed == [second.reference, first.reference]
    desk.settle()
    assert reread(session, third.pk).status is ReportStatus.APPROVED
    assert desk.toast == "Approved"
    assert desk.listed == [second.reference, first.reference]


def test_ten_reports_are_decided_as_fast_as_keys_are_pressed(
    open_desk: OpenDesk, file_many: FileMany, session: Session
) -> None:
    filed = file_many(12)
    desk = open_desk()
    desk.press("aaaaaaaaaa")
    desk.settle()
    statuses = [reread(session, report.pk).status for report in filed]
    assert statuses == [ReportStatus.PENDING] * 2 + [ReportStatus.APPROVED] * 10
    assert desk.listed == [filed[1].reference, filed[0].reference]


def test_a_tamil_keyboard_decides_by_the_places_of_its_keys(
    open_desk: OpenDesk, file_many: FileMany, session: Session
) -> None:
    (only,) = file_many(1)
    desk = open_desk()
    for letter, scan in (("\N{TAMIL LETTER A}", 0), ("\N{TAMIL VOWEL SIGN OO}", 38)):
        event = QKeyEvent(QEvent.Type.KeyPress, ord(letter), NORMAL, scan, 0, 0, letter)
        QApplication.sendEvent(desk.work.column.list, event)
    desk.settle()
    assert reread(session, only.pk).status is ReportStatus.APPROVED


def test_undo_takes_back_level_after_level_and_returns_to_the_report(
    open_desk: OpenDesk, file_many: FileMany, session: Session
) -> None:
    first, second, third = file_many(3)
    desk = open_desk()
    desk.press("aa")
    desk.settle()
    assert desk.current == first.reference
    desk.press("z")
    desk.settle()
    desk.wait_for(lambda: desk.current == second.reference)
    assert reread(session, second.pk).status is ReportStatus.PENDING
    desk.press("z")
    desk.settle()
    desk.wait_for(lambda: desk.current == third.reference)
    assert desk.listed == [third.reference, second.reference, first.reference]
    for _ in range(4):  # the three that this officer filed, and one more
        desk.press("z")
        desk.settle()
    assert desk.listed == []
    assert desk.work.message.title() == "Nothing left to take back"


def test_rejecting_by_number_note_and_enter_says_what_the_citizen_reads(
    open_desk: OpenDesk, file_many: FileMany, session: Session
) -> None:
    _, second = file_many(2)
    desk = open_desk()
    desk.press("r4")
    panel = desk.panel()
    assert panel is not None
    assert "directing traffic" in panel.letter.text()  # type: ignore[attr-defined]
    desk.press("waved on")
    desk.hit(Qt.Key.Key_Return)
    desk.settle()
    found = reread(session, second.pk)
    assert found.status is ReportStatus.REJECTED
    assert found.rejection_reason is RejectionReason.OFFICER_DIRECTING
    assert found.decision_note == "waved on"
    assert desk.panel() is None


def test_a_rejection_without_a_reason_is_not_made_and_escape_leaves_it(
    open_desk: OpenDesk, file_many: FileMany, session: Session
) -> None:
    (only,) = file_many(1)
    desk = open_desk()
    desk.press("r")
    desk.hit(Qt.Key.Key_Return)
    assert desk.panel() is not None
    desk.hit(Qt.Key.Key_Escape)
    assert desk.panel() is None
    desk.press("r8")
    desk.hit(Qt.Key.Key_Return)  # "other" wants words
    assert desk.panel() is not None
    desk.settle()
    assert reread(session, only.pk).status is ReportStatus.PENDING


def test_letters_typed_into_a_note_decide_nothing(
    open_desk: OpenDesk, file_many: FileMany, session: Session
) -> None:
    (only,) = file_many(1)
    desk = open_desk()
    desk.press("n")
    desk.press("a red car, really?")
    desk.settle()
    assert reread(session, only.pk).status is ReportStatus.PENDING
    desk.hit(Qt.Key.Key_Return)
    desk.settle()
    found = reread(session, only.pk)
    assert found.status is ReportStatus.NEEDS_INFO
    assert found.decision_note == "a red car, really?"


def test_moves_that_are_not_open_are_neither_offered_nor_made(
    open_desk: OpenDesk, file_many: FileMany, session: Session
) -> None:
    (only,) = file_many(1)
    review.take_step(session, [Target(only.pk, only.revision)], Step(Move.APPROVE))
    desk = open_desk()
    desk.press("ga")
    desk.settle()
    assert desk.current == only.reference
    offered = desk.work.bar.offered()
    assert "review.cite" in offered
    assert not {"review.approve", "review.reject", "review.ask_info"} & set(offered)
    desk.press("a")
    assert [why for _, why in desk.refused] == ["Not possible at this stage"]
    assert reread(session, only.pk).status is ReportStatus.APPROVED


def test_an_officer_may_not_reopen_and_is_told_so(
    open_desk: OpenDesk, file_many: FileMany, session: Session
) -> None:
    (only,) = file_many(1)
    review.take_step(session, [Target(only.pk, only.revision)], Step(Move.APPROVE))
    desk = open_desk()
    desk.press("ga")
    desk.settle()
    desk.press("r", SHIFT)
    assert desk.panel() is None
    assert desk.refused[-1][1] == "Your role may not do this"


def test_two_decisions_in_a_row_on_one_report_are_no_lost_race(
    open_desk: OpenDesk, file_many: FileMany, session: Session
) -> None:
    _, second = file_many(2)
    desk = open_desk()
    desk.press("ela")
    desk.settle()
    found = reread(session, second.pk)
    assert (found.escalated, found.second_look) == (True, True)
    assert found.status is ReportStatus.APPROVED
    assert desk.panel() is None


def _race(desk: Desk, other: Session, report: Report, move: Move) -> None:
    """Let a colleague decide first, unseen by the desk."""
    done = review.take_step(
        other,
        [Target(report.pk, report.revision)],
        Step(move, reason=RejectionReason.NO_OFFENCE),
    )
    assert done.is_done
    desk.press("a")
    desk.settle()


def test_a_lost_race_tells_who_changed_what_and_keeping_theirs_changes_nothing(
    open_desk: OpenDesk,
    file_many: FileMany,
    session: Session,
    make_session: Callable[..., Session],
) -> None:
    first, second = file_many(2)
    desk = open_desk()
    _race(desk, make_session(Role.OFFICER, "Kavin S"), second, Move.REJECT)
    panel = desk.panel()
    assert panel is not None
    words = words_in(panel)
    assert f"{second.reference} was changed before you decided" in words
    assert any("Kavin S" in line and "No offence visible" in line for line in words)
    assert "Status" in words
    assert "\N{RIGHTWARDS ARROW} Rejected" in words
    assert panel.refusal() == "Not possible at this stage"  # theirs ended the review
    desk.hit(Qt.Key.Key_Escape)
    desk.settle()
    assert desk.panel() is None
    assert reread(session, second.pk).status is ReportStatus.REJECTED
    assert desk.work.column.choice.queue is QueueName.UNASSIGNED  # triage goes on where it was
    assert desk.current == first.reference


def test_a_lost_race_can_be_decided_anyway_where_the_lifecycle_allows(
    open_desk: OpenDesk,
    file_many: FileMany,
    session: Session,
    make_session: Callable[..., Session],
) -> None:
    _, second = file_many(2)
    desk = open_desk()
    other = make_session(Role.OFFICER, "Kavin S")
    review.set_escalated(
        other, [Target(second.pk, second.revision)], escalated=True, note="please look"
    )
    desk.press("a")
    desk.settle()
    assert desk.panel() is not None
    assert reread(session, second.pk).status is ReportStatus.PENDING
    desk.press("1")
    desk.settle()
    assert desk.panel() is None
    found = reread(session, second.pk)
    assert (found.status, found.escalated) == (ReportStatus.APPROVED, True)


def test_many_are_decided_together_with_one_undo(
    open_desk: OpenDesk, file_many: FileMany, session: Session, qtbot: QtBot
) -> None:
    filed = file_many(5)
    desk = open_desk()
    desk.press("jj", SHIFT)
    assert desk.work.bar.position.text() == "3 marked"
    desk.press("a")
    desk.settle()
    statuses = [reread(session, report.pk).status for report in filed]
    assert statuses == [ReportStatus.PENDING] * 2 + [ReportStatus.APPROVED] * 3
    assert desk.toast == "Approved"
    desk.press("z")
    desk.settle()
    assert {reread(session, r.pk).status for r in filed} == {ReportStatus.PENDING}
    qtbot.waitUntil(lambda: len(desk.listed) == 5)


def test_a_bulk_decision_says_how_many_were_left_and_why(
    open_desk: OpenDesk,
    file_many: FileMany,
    session: Session,
    make_session: Callable[..., Session],
) -> None:
    filed = file_many(4)
    desk = open_desk()
    desk.press("a", CTRL)
    desk.settle()
    assert desk.work.column.list.marked_count() == 4
    other = make_session(Role.OFFICER, "Kavin S")
    review.take_step(other, [Target(filed[0].pk, filed[0].revision)], Step(Move.APPROVE))
    desk.press("a")
    desk.settle()
    assert desk.work.message.title() == "1 report was left as it was"
    assert "It has changed since: 1" in desk.work.message.accessibleName()
    assert {reread(session, r.pk).status for r in filed} == {ReportStatus.APPROVED}


def test_marking_with_the_mouse_marks_records_not_places(
    qtbot: QtBot, open_desk: OpenDesk, file_many: FileMany
) -> None:
    filed = file_many(5)
    desk = open_desk()
    listed, height = desk.work.column.list, desk.work.column.list.row_height()

    def click(place: int, modifiers: Qt.KeyboardModifier) -> None:
        spot = listed.viewport().rect().topLeft()
        spot.setX(60)
        spot.setY(place * height + 10)
        QTest.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, modifiers, spot)

    click(1, Qt.KeyboardModifier.NoModifier)
    click(3, CTRL)
    assert {t.pk for t in listed.marked()} == {filed[3].pk, filed[1].pk}
    click(1, CTRL)
    assert {t.pk for t in listed.marked()} == {filed[1].pk}
    click(0, Qt.KeyboardModifier.NoModifier)
    click(2, SHIFT)
    qtbot.waitUntil(lambda: listed.marked_count() == 3)
    assert {t.pk for t in listed.marked()} == {r.pk for r in filed[2:]}
    desk.hit(Qt.Key.Key_Escape)
    assert listed.marked_count() == 0


def test_a_decision_that_cannot_be_written_comes_back_with_a_message(
    open_desk: OpenDesk,
    file_many: FileMany,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, second = file_many(2)
    desk = open_desk()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(review, "intent", full)
    desk.press("a")
    desk.settle()
    assert desk.work.message.title().startswith("Not saved")
    assert desk.current == second.reference
    assert second.reference in desk.listed
    assert reread(session, second.pk).status is ReportStatus.PENDING


def test_a_report_is_given_to_a_colleague_by_name(
    open_desk: OpenDesk,
    file_many: FileMany,
    session: Session,
    make_session: Callable[..., Session],
) -> None:
    other = make_session(Role.OFFICER, "Kavin S")
    (only,) = file_many(1)
    desk = open_desk()
    desk.press("p")
    panel = desk.panel()
    assert panel is not None
    panel.name.setFocus()  # type: ignore[attr-defined]
    desk.press("kavin")
    desk.hit(Qt.Key.Key_Return)
    desk.settle()
    assert reread(session, only.pk).assignee_id == other.officer.id
    assert desk.listed == []  # no longer unassigned


def test_holding_a_report_says_so_without_promising_more(
    open_desk: OpenDesk, file_many: FileMany, session: Session
) -> None:
    (only,) = file_many(1)
    desk = open_desk()
    desk.press("h")
    desk.settle()
    assert reread(session, only.pk).status is ReportStatus.UNDER_REVIEW
    desk.press("gm")
    desk.settle()
    assert desk.work.detail.head.hold.text() == "Held on this desk"
    desk.press("h", SHIFT)
    desk.settle()
    assert reread(session, only.pk).status is ReportStatus.PENDING
