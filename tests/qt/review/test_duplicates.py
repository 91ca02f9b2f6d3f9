"""A duplicate is marked beside its original."""

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.qt.review.conftest import FileReport, OpenDesk, reread, words_in
from trafficdesk.domain.records import Place, Report
from trafficdesk.domain.vocabulary import ReportStatus, Violation
from trafficdesk.qt.review.duplicate_panel import DuplicatePanel
from trafficdesk.services.session import Session

FileMany = Callable[[int], list[Report]]


def test_a_duplicate_is_shown_beside_its_original_and_marked(
    open_desk: OpenDesk, file_many: FileMany, session: Session, qtbot: QtBot
) -> None:
    original, repeated = file_many(2)
    desk = open_desk()
    desk.settle()
    desk.press("d")
    panel = desk.panel()
    assert panel is not None
    qtbot.waitUntil(lambda: not panel.refusal())
    desk.hit(Qt.Key.Key_Return)
    desk.settle()
    found = reread(session, repeated.pk)
    assert (found.status, found.duplicate_of) == (ReportStatus.DUPLICATE, original.id)


def test_an_original_can_be_named_by_its_reference(
    open_desk: OpenDesk, file_many: FileMany, session: Session, qtbot: QtBot
) -> None:
    original, _, repeated = file_many(3)
    desk = open_desk()
    desk.press("d")
    panel = desk.panel()
    assert panel is not None
    panel.reference.setFocus()  # type: ignore[attr-defined]
    desk.press("cbe-0")
    desk.hit(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(panel.reference.error.text()))  # type: ignore[attr-defined]
    panel.reference.clear()  # type: ignore[attr-defined]
    desk.press(original.reference.lower())
    desk.hit(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not panel.reference.text())  # type: ignore[attr-defined]
    desk.settle()
    assert original.reference in words_in(panel)
    desk.hit(Qt.Key.Key_Return)
    desk.settle()
    assert reread(session, repeated.pk).duplicate_of == original.id


def test_why_it_may_be_the_same_event_is_told(
    open_desk: OpenDesk, file: FileReport, session: Session, qtbot: QtBot
) -> None:
    seen_at = session.clock() - timedelta(hours=1)
    original = file(occurred_at=seen_at)
    file(
        occurred_at=seen_at + timedelta(seconds=51),
        plate="TN37BZ44I2",
        violations=(Violation.SPEED,),
    )
    desk = open_desk()
    desk.settle()
    (row,) = [each for each in desk.work.detail.side.candidates.rows if each.isVisible()]
    assert row.accessibleName() == (
        f"{original.reference}, 99 %, Plate nearly the same, another violation, "
        "0 m away, 51 s earlier"
    )
    desk.press("d")
    panel = desk.panel()
    assert isinstance(panel, DuplicatePanel)
    qtbot.waitUntil(lambda: bool(panel.why.text()))
    assert panel.why.text() == (
        "Likely the same event · plate nearly the same, 0 m away, 51 s earlier"
        " · against it: another violation"
    )


def test_what_is_not_likely_is_not_chosen_for_the_officer(
    open_desk: OpenDesk, file: FileReport, session: Session, qtbot: QtBot
) -> None:
    seen_at = session.clock() - timedelta(hours=1)
    original = file(occurred_at=seen_at, plate="")
    repeated = file(
        occurred_at=seen_at + timedelta(minutes=6),
        place=Place(76.9674, 11.0193),
        violations=(Violation.SPEED,),
    )
    desk = open_desk()
    desk.settle()
    assert desk.commands.get("review.merge").disabled_reason
    desk.press("d")
    panel = desk.panel()
    assert isinstance(panel, DuplicatePanel)
    assert panel.refusal()
    desk.press("1")
    qtbot.waitUntil(lambda: not panel.refusal())
    assert panel.why.text().startswith("Perhaps the same event · ")
    desk.hit(Qt.Key.Key_Return)
    desk.settle()
    assert reread(session, repeated.pk).duplicate_of == original.id


def test_one_key_merges_with_the_likeliest_and_undo_splits_again(
    open_desk: OpenDesk, file_many: FileMany, session: Session
) -> None:
    original, repeated = file_many(2)
    desk = open_desk()
    desk.settle()
    desk.press("D", Qt.KeyboardModifier.ShiftModifier)
    desk.settle()
    found = reread(session, repeated.pk)
    assert (found.status, found.duplicate_of) == (ReportStatus.DUPLICATE, original.id)
    desk.press("z")
    desk.wait_for(lambda: reread(session, repeated.pk).duplicate_of is None)
    assert reread(session, repeated.pk).status is ReportStatus.PENDING
