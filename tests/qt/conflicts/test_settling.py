"""Conflicts settled by keyboard: field by field, whole, in bulk, taken back, lost."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.qt.conflicts.conftest import FileReport, MakeConflict, OpenDesk
from tests.services.conflict_rows import confirm, settle_elsewhere
from trafficdesk.domain.conflicts import Side
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Officer
from trafficdesk.domain.vocabulary import Entity, ReportStatus, Role, SyncState
from trafficdesk.qt.widgets.buttons import ActionButton
from trafficdesk.services import conflicts
from trafficdesk.services.changes import Changed
from trafficdesk.services.session import Session

MINE = {"plate": "TN38BC1207", "address": "Cross Cut Road"}
THEIRS = {"plate": "TN38BC1201", "address": "Bus stand gate"}
SEEN = Changed(kinds=frozenset({Entity.CONFLICT}))


def test_fields_are_chosen_by_number_and_enter_saves_and_goes_on(
    conflict: MakeConflict, file: FileReport, open_desk: OpenDesk
) -> None:
    report = file()
    first = conflict(MINE, THEIRS, report)
    second = conflict({"plate": "TN1"}, {"plate": "TN2"})
    desk = open_desk()
    desk.wait(lambda: desk.shown == first.id)
    assert [row.is_open for row in desk.rows().values()] == [True, True]
    desk.hit(Qt.Key.Key_Return)
    assert desk.refused[-1][1] == "2 fields left"
    assert desk.current == "plate"
    desk.press("1")
    assert desk.rows()["plate"].result.words == "TN 38 BC 1207"
    assert desk.current == "address"
    desk.press("2")
    assert desk.rows()["address"].result.words == "Bus stand gate"
    desk.hit(Qt.Key.Key_Return)
    desk.wait(lambda: desk.shown == second.id)
    after = desk.report(report.pk)
    assert (after.plate, after.address) == ("TN38BC1207", "Bus stand gate")
    assert desk.work.column.progress.text() == "1 of 2 settled"


def test_a_settlement_is_taken_back_by_z(
    conflict: MakeConflict, file: FileReport, open_desk: OpenDesk
) -> None:
    report = file()
    opened = conflict({"plate": "TN1"}, {"plate": "TN2"}, report)
    desk = open_desk()
    desk.press("1")
    desk.hit(Qt.Key.Key_Return)
    desk.wait_for_open(0)
    assert desk.toast == "Mine kept"
    assert desk.report(report.pk).plate == "TN1"
    desk.press("z")
    desk.wait(lambda: desk.shown == opened.id)
    assert desk.report(report.pk).plate == "TN2"


def test_what_is_right_is_written_by_hand(
    conflict: MakeConflict, file: FileReport, open_desk: OpenDesk
) -> None:
    report = file()
    conflict({"plate": "TN1"}, {"plate": "TN2"}, report)
    desk = open_desk()
    desk.press("3")
    edit = desk.work.page.editor.field.edit
    assert edit.hasFocus()
    edit.clear()
    QTest.keyClicks(edit, "tn 38 bc 12")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert desk.rows()["plate"].side is Side.EDITED
    assert desk.work.page.table.hasFocus()
    desk.hit(Qt.Key.Key_Return)
    desk.wait_for_open(0)
    assert desk.report(report.pk).plate == "TN38BC12"


def test_two_notes_are_joined_to_begin_with(
    conflict: MakeConflict, file: FileReport, open_desk: OpenDesk
) -> None:
    report = file()
    conflict({"decision_note": "two frames"}, {"decision_note": "no answer"}, report)
    desk = open_desk()
    desk.press("3")
    edit = desk.work.page.editor.field.edit
    assert edit.text() == "two frames; no answer"
    QTest.keyClick(edit, Qt.Key.Key_Return)
    desk.hit(Qt.Key.Key_Return)
    desk.wait_for_open(0)
    assert desk.report(report.pk).decision_note == "two frames; no answer"


def test_what_came_along_follows_the_choice(
    conflict: MakeConflict, file: FileReport, open_desk: OpenDesk
) -> None:
    conflict(
        {"status": "approved"},
        {"status": "rejected", "rejection_reason": "no_offence"},
        file(),
        action="approve",
        beside={"decision_note": "two clear frames"},
    )
    desk = open_desk()
    row = desk.rows()["decision_note"]
    assert (row.is_in_question, row.result.words) == (False, "\N{EN DASH}")
    desk.press("1")
    assert desk.rows()["decision_note"].result.words == "two clear frames"
    desk.work.page.table.go_to(0)
    desk.press("2")
    assert desk.rows()["decision_note"].result.words == "\N{EN DASH}"


def test_all_fields_are_shown_and_hidden_again(conflict: MakeConflict, open_desk: OpenDesk) -> None:
    conflict({"plate": "TN1"}, {"plate": "TN2"})
    desk = open_desk()
    assert list(desk.rows()) == ["plate"]
    desk.press("f")
    assert desk.rows()["severity"].before.words == "Severe"
    desk.press("f")
    assert list(desk.rows()) == ["plate"]


def test_a_deleted_report_is_a_plain_question(
    conflict: MakeConflict, file: FileReport, open_desk: OpenDesk
) -> None:
    report = file()
    conflict(
        {"deleted_ms": None},
        {"deleted_ms": 5},
        report,
        action="approve",
        beside={"status": "approved"},
    )
    desk = open_desk()
    question = desk.work.page.deletion
    assert question.isVisible()
    assert not desk.work.page.table.isVisible()
    assert (question.mine.title(), question.theirs.title()) == (
        "Keep the report",
        "Let the deletion stand",
    )
    assert "Status: Approved" in question.mine.accessibleName()
    desk.press("3")
    assert "nothing to write" in desk.refused[-1][1]
    desk.press("2")
    assert question.theirs.is_taken
    desk.press("1")
    assert question.mine.is_taken
    desk.hit(Qt.Key.Key_Return)
    desk.wait_for_open(0)
    after = desk.report(report.pk)
    assert (after.deleted_at, after.status) == (None, ReportStatus.APPROVED)


def test_one_answer_settles_all_that_ask_the_same_and_one_undo_takes_it_back(
    conflict: MakeConflict, file: FileReport, open_desk: OpenDesk
) -> None:
    alike = [file() for _ in range(3)]
    for report in alike:
        conflict({"plate": "TN1"}, {"plate": "TN2"}, report)
    conflict({"address": "A"}, {"address": "B"})
    desk = open_desk()
    assert not desk.work.page.bulk.isVisible()
    desk.press("1")
    assert desk.work.page.bulk.text() == "Take mine for all 3 like this"
    desk.press("l")
    desk.wait_for_open(1)
    assert desk.toast == "3 conflicts settled"
    assert {desk.report(report.pk).plate for report in alike} == {"TN1"}
    desk.press("z")
    desk.wait_for_open(4)
    assert {desk.report(report.pk).plate for report in alike} == {"TN2"}


def test_marked_conflicts_are_settled_together(conflict: MakeConflict, open_desk: OpenDesk) -> None:
    for values in ({"plate": "TN1"}, {"address": "A"}, {"area": "B"}):
        conflict(values, dict.fromkeys(values, "other"))
    desk = open_desk()
    desk.press("J", Qt.KeyboardModifier.ShiftModifier)
    desk.press("x")
    assert desk.work.column.marks.text() == "2 marked · Esc clears"
    desk.press("2")
    assert desk.work.page.bulk.text() == "Take theirs for 2 marked"
    desk.press("l")
    desk.wait_for_open(1)
    assert desk.work.column.marks.text() == ""


def test_a_note_goes_into_the_record(
    conflict: MakeConflict, session: Session, open_desk: OpenDesk
) -> None:
    conflict({"plate": "TN1"}, {"plate": "TN2"})
    desk = open_desk()
    desk.press("2t")
    desk.press("123 looked again")
    assert desk.rows()["plate"].side is Side.THEIRS
    desk.hit(Qt.Key.Key_Return)
    desk.wait_for_open(0)
    (settled,) = conflicts.find_settled(session)
    assert settled.conflict.settle_note == "123 looked again"


def test_a_settled_conflict_says_how_far_it_has_travelled_and_is_reopened(
    conflict: MakeConflict, session: Session, file: FileReport, open_desk: OpenDesk
) -> None:
    report = file()
    opened = conflict({"plate": "TN1"}, {"plate": "TN2"}, report)
    desk = open_desk()
    desk.press("1")
    desk.hit(Qt.Key.Key_Return)
    desk.wait_for_open(0)
    desk.hit(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert "Not sent" in desk.work.page.message.title()
    assert desk.work.column.list.entries.entries[0].state is SyncState.NOT_SENT
    confirm(session, opened)
    desk.changes.tell(SEEN)
    desk.wait(lambda: "Confirmed" in desk.work.page.message.title())
    desk.press("1")
    assert desk.refused[-1][1] == "Choose an open conflict first"
    desk.press("R", Qt.KeyboardModifier.ShiftModifier)
    desk.wait_for_open(1)
    assert desk.report(report.pk).plate == "TN2"


def test_somebody_elses_settlement_is_shown_and_mine_is_not_written(
    conflict: MakeConflict,
    session: Session,
    kumar: Officer,
    file: FileReport,
    open_desk: OpenDesk,
) -> None:
    report = file()
    opened = conflict({"plate": "TN1"}, {"plate": "TN2"}, report)
    other = conflict({"address": "A"}, {"address": "B"})
    desk = open_desk()
    desk.press("1")
    settle_elsewhere(session, opened, kumar.id, {"plate": "theirs"})
    desk.hit(Qt.Key.Key_Return)
    desk.wait(lambda: desk.work.lost == opened.id)
    assert desk.work.page.message.title().startswith("Settled meanwhile by Kumar S")
    assert desk.rows()["plate"].side is Side.THEIRS
    assert desk.report(report.pk).plate == "TN2"
    desk.hit(Qt.Key.Key_Return)
    desk.wait(lambda: desk.shown == other.id)


def test_an_officer_sees_another_desks_conflict_and_why_it_is_not_theirs_to_settle(
    conflict: MakeConflict,
    make_session: Callable[..., Session],
    kumar: Officer,
    open_desk: OpenDesk,
) -> None:
    conflict({"plate": "TN1"}, {"plate": "TN2"}, mine_by=kumar.id, device_id=new_id())
    desk = open_desk()
    assert desk.work.page.message.title() == "You can look at it, not settle it"
    desk.press("1")
    assert "Kumar S's change" in desk.refused[-1][1]
    assert desk.rows()["plate"].is_open
    desk.work.close()
    supervisor = open_desk(make_session(Role.SUPERVISOR, "Anitha R"))
    supervisor.press("1")
    supervisor.hit(Qt.Key.Key_Return)
    supervisor.wait_for_open(0)


def test_what_happened_is_told_the_latest_first(
    conflict: MakeConflict, file: FileReport, open_desk: OpenDesk
) -> None:
    conflict({"plate": "TN1"}, {"plate": "TN2"}, file(), note="seen twice")
    desk = open_desk()
    told = [r for r in desk.work.page.happened.timeline.rows() if r.title != "Report filed"]
    titles = [row.title for row in told]
    assert titles == ["The two changes met", "Changed", "Facts corrected"]
    assert "seen twice" in told[2].detail
    assert told[0].state is told[2].state is SyncState.CONFLICT
    desk.press("1")
    desk.hit(Qt.Key.Key_Return)
    desk.wait_for_open(0)
    desk.hit(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    desk.wait(lambda: desk.work.page.happened.timeline.rows()[0].title == "Settled")


def test_the_report_is_opened_in_the_review(
    conflict: MakeConflict, file: FileReport, open_desk: OpenDesk
) -> None:
    report = file()
    conflict({"plate": "TN1"}, {"plate": "TN2"}, report)
    desk = open_desk()
    desk.press("o")
    assert desk.opened == [report.pk]


def test_a_click_on_a_side_takes_it(conflict: MakeConflict, open_desk: OpenDesk) -> None:
    conflict({"plate": "TN1"}, {"plate": "TN2"})
    desk = open_desk()
    table = desk.work.page.table
    middle = table.visualRect(table.table.index(0, 0)).center()
    middle.setX(round(table.width() * 0.65))
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert desk.rows()["plate"].side is Side.THEIRS


@pytest.mark.parametrize("command", ["conflicts.mine", "conflicts.save"])
def test_buttons_do_what_their_keys_do(
    conflict: MakeConflict, open_desk: OpenDesk, command: str
) -> None:
    conflict({"plate": "TN1"}, {"plate": "TN2"})
    desk = open_desk()
    button = desk.work.bar.buttons[command]
    assert isinstance(button, ActionButton)
    assert button.isEnabled() == (command == "conflicts.mine")
    desk.press("1")
    assert desk.work.bar.buttons["conflicts.save"].isEnabled()


def test_whoever_came_second_with_another_choice_is_told(
    conflict: MakeConflict, open_desk: OpenDesk
) -> None:
    made = conflict(MINE, THEIRS)
    desk = open_desk()
    desk.changes.tell(SEEN)
    assert desk.toast == ""
    desk.changes.tell(Changed(SEEN.reports, SEEN.kinds, outdone=frozenset({made.id})))
    desk.wait(lambda: desk.toast.startswith("Somebody else had settled a conflict otherwise"))
