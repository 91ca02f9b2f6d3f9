"""The conflict desk in the running program: its key, its badge, and the ways to it."""

from datetime import timedelta
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.qt.conflicts.conftest import MakeConflict
from trafficdesk.app import furnish_desk
from trafficdesk.profile import Profile
from trafficdesk.qt.application import DeskApplication
from trafficdesk.qt.conflicts.workspace import ConflictsWorkspace
from trafficdesk.qt.review.workspace import ReviewWorkspace
from trafficdesk.qt.unlock.screen import UnlockScreen
from trafficdesk.services.session import Session


def _screen(running: DeskApplication) -> object:
    return running.gate.screen_shown() if running.gate else None


def _shown(work: ConflictsWorkspace) -> UUID | None:
    return None if work.page.view is None else work.page.view.detail.conflict.id


def test_the_rail_tells_of_conflicts_and_a_report_leads_to_the_review(
    session: Session,
    profile: Profile,
    conflict: MakeConflict,
    qtbot: QtBot,
) -> None:
    assert not session.key.is_wiped
    now = session.clock()
    opened = conflict({"plate": "TN1"}, {"plate": "TN2"})
    for days in (2, 1):
        conflict({"plate": "TN1"}, {"plate": "TN2"}, at=now - timedelta(days=days))
    running = DeskApplication(profile, furnish_desk)
    running.start()
    try:
        qtbot.waitUntil(lambda: isinstance(_screen(running), UnlockScreen))
        screen = _screen(running)
        assert isinstance(screen, UnlockScreen)
        QTest.keyClicks(screen.password.field.edit, "a long password")
        with qtbot.waitSignal(running.unlocked):
            QTest.keyClick(screen.password.field.edit, Qt.Key.Key_Return)
        assert running.sitting is not None
        view = running.sitting.view
        button = view.rail._buttons["conflicts"]
        qtbot.waitUntil(lambda: button.accessibleName() == "Conflicts, 3 conflicts to settle")
        running.sitting.conflict_wanted.emit(opened.id)
        work = view.find_made("conflicts")
        assert isinstance(work, ConflictsWorkspace)
        qtbot.waitUntil(lambda: _shown(work) == opened.id)
        assert work.column.list.entries.current == opened.id
        view.open_workspace("review")
        QTest.keyClick(running.window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
        assert view.open_id() == "conflicts"
        work.open_report()
        assert view.open_id() == "review"
        assert isinstance(view.find_made("review"), ReviewWorkspace)
    finally:
        running.window.close()
        QApplication.processEvents()
