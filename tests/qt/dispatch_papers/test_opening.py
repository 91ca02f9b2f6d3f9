"""The papers open by their keys over any workspace of the running desk, and end with it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.conftest import MakeSession
from tests.qt.running_desk import close, lock, start, unlock
from trafficdesk.profile import Profile
from trafficdesk.qt.application import DeskApplication
from trafficdesk.qt.dispatch_papers.handover_page import HandoverPage
from trafficdesk.qt.dispatch_papers.patrol_page import PatrolPage
from trafficdesk.qt.furnishing import furnish
from trafficdesk.qt.sitting import Sitting

BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def running(profile: Profile, make_session: MakeSession, qtbot: QtBot) -> Iterator[DeskApplication]:
    """Start the program on a desk that was set up."""
    make_session().close()
    application = start(profile, furnish, qtbot)
    yield application
    close(application)


def press(key: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, BOTH)


def shown(sitting: Sitting) -> object:
    return sitting.view.overlays.current()


def test_each_paper_opens_by_its_key_and_reads(running: DeskApplication, qtbot: QtBot) -> None:
    sitting = unlock(running, qtbot)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    press(Qt.Key.Key_O)
    sheet = shown(sitting)
    assert isinstance(sheet, HandoverPage)
    qtbot.waitUntil(lambda: sheet.log is not None)
    QTest.keyClick(sheet.view, Qt.Key.Key_Escape)
    assert shown(sitting) is None
    running.equipment.commands.run("papers.patrol")
    plan = shown(sitting)
    assert isinstance(plan, PatrolPage)
    qtbot.waitUntil(lambda: plan.plan is not None)


def test_a_lock_takes_an_open_paper_away(running: DeskApplication, qtbot: QtBot) -> None:
    sitting = unlock(running, qtbot)
    running.equipment.commands.run("papers.handover")
    assert isinstance(shown(sitting), HandoverPage)
    lock(running, qtbot)
    assert running.sitting is None
