"""A duplicate is marked beside its original."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.qt.review.conftest import OpenDesk, reread, words_in
from trafficdesk.domain.records import Report
from trafficdesk.domain.vocabulary import ReportStatus
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
