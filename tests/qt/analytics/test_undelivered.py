"""What was not delivered is told on the rail, and one key leads to it, wherever one works."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.qt.running_desk import close, start, unlock
from trafficdesk.app import furnish_desk
from trafficdesk.domain.deliveries import DeliveryState
from trafficdesk.domain.reporting.asked import Form
from trafficdesk.domain.schedules import About, Every, Rhythm, Wish
from trafficdesk.profile import Profile
from trafficdesk.qt.analytics.reports_page import ReportsPage
from trafficdesk.qt.analytics.workspace import AnalyticsWorkspace
from trafficdesk.qt.application import DeskApplication
from trafficdesk.services import schedule_runs, schedules
from trafficdesk.services.session import Session
from trafficdesk.store import deliveries
from trafficdesk.store.deliveries import Came

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def fail_one(session: Session, folder: Path) -> None:
    """Have a report come round to a folder that is not there, and give it up."""
    before = replace(session, clock=lambda: session.clock() - timedelta(days=2))
    rhythm = Rhythm(Every.DAY, 1)
    wish = Wish("city-week", Form.HTML, About.YESTERDAY, rhythm, folder=str(folder))
    assert not isinstance(schedules.add(before, wish), str)
    schedule_runs.run_all(session)
    first, *others = schedules.find_deliveries(session)
    with session.store.writing() as connection:
        deliveries.note(connection, first, Came(DeliveryState.FAILED, 0, "mail.refused"))
        for other in others:
            deliveries.note(connection, other, Came(DeliveryState.SENT, 1))


def _open_by_key(running: DeskApplication, qtbot: QtBot) -> tuple[QWidget, ReportsPage]:
    """Wait until the rail tells of it, and go there by the key; return its button and the page."""
    view = unlock(running, qtbot).view
    button = view.rail._buttons["analytics"]
    told = "Analytics, 1 report was not delivered"
    qtbot.waitUntil(lambda: button.accessibleName() == told)
    QTest.keyClick(running.window, Qt.Key.Key_R, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: _is_shown(view.find_made("analytics")))
    work = view.find_made("analytics")
    assert isinstance(work, AnalyticsWorkspace)
    assert isinstance(work.page, ReportsPage)
    return button, work.page


def test_the_rail_tells_of_it_until_it_was_delivered(
    session: Session, profile: Profile, tmp_path: Path, qtbot: QtBot
) -> None:
    fail_one(session, tmp_path / "gone")
    running = start(profile, furnish_desk, qtbot)
    try:
        button, page = _open_by_key(running, qtbot)
        qtbot.waitUntil(page.again_button.isEnabled)
        (tmp_path / "gone").mkdir()
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_R, SHIFT)
        qtbot.waitUntil(lambda: button.accessibleName() == "Analytics")
        assert len(list((tmp_path / "gone").iterdir())) == 1
    finally:
        close(running)


@pytest.mark.parametrize("by", ["key", "click"])
def test_what_was_seen_is_told_no_more(
    session: Session, profile: Profile, tmp_path: Path, by: str, qtbot: QtBot
) -> None:
    fail_one(session, tmp_path / "gone")
    running = start(profile, furnish_desk, qtbot)
    try:
        button, page = _open_by_key(running, qtbot)
        qtbot.waitUntil(page.seen_button.isEnabled)
        assert page.seen_button.key() == "Shift S"
        if by == "key":
            QTest.keyClick(page.offer.templates, Qt.Key.Key_S, SHIFT)
        else:
            QTest.mouseClick(page.seen_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: button.accessibleName() == "Analytics")
        qtbot.waitUntil(lambda: not page.seen_button.isEnabled())
        assert page.again_button.isEnabled(), "nothing of it is given up"
    finally:
        close(running)


def _is_shown(work: object) -> bool:
    return isinstance(work, AnalyticsWorkspace) and isinstance(work.page, ReportsPage)
