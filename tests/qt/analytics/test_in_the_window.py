"""Analytics in the running program: its key, the reports behind a figure, and the way back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.qt.analytics.conftest import Fill
from tests.qt.running_desk import close, start, unlock
from trafficdesk.app import furnish_desk
from trafficdesk.maps.time_window import Span
from trafficdesk.profile import Profile
from trafficdesk.qt.analytics.overview_page import OverviewPage
from trafficdesk.qt.analytics.workspace import AnalyticsWorkspace
from trafficdesk.qt.map.workspace import MapWorkspace
from trafficdesk.qt.review.workspace import ReviewWorkspace
from trafficdesk.services.session import Session

CONTROL = Qt.KeyboardModifier.ControlModifier


def _press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, modifier)


def test_enter_lists_the_reports_of_a_figure_and_esc_leads_back(
    session: Session, profile: Profile, fill: Fill, qtbot: QtBot
) -> None:
    fill(120, 300)
    assert not session.key.is_wiped
    running = start(profile, furnish_desk, qtbot)
    try:
        view = unlock(running, qtbot).view
        QTest.keyClick(running.window, Qt.Key.Key_4, CONTROL)
        assert view.open_id() == "analytics"
        work = view.find_made("analytics")
        assert isinstance(work, AnalyticsWorkspace)
        qtbot.waitUntil(lambda: work.choice is not None and work.is_settled)
        page = work.pages["overview"]
        assert isinstance(page, OverviewPage)
        page.heat.setFocus()
        day, hour = page.heat.table.most() or (0, 0)
        count = page.heat.table.counts()[day][hour]
        _press(Qt.Key.Key_Return)
        assert view.open_id() == "review"
        review = view.find_made("review")
        assert isinstance(review, ReviewWorkspace)
        model = review.column.model
        qtbot.waitUntil(lambda: model.is_loaded and model.count() == count)
        assert review.way_back.is_open
        _press(Qt.Key.Key_Escape)
        assert view.open_id() == "analytics"
        assert page.heat.table.hasFocus()
        current = page.heat.table.currentIndex()
        assert (current.row(), current.column()) == (day, hour)
        # Another queue chosen by hand leads nowhere back.
        _press(Qt.Key.Key_Return)
        review.column.open_queue(review.column.choice.queue)
        assert not review.way_back.is_open
    finally:
        close(running)


# What the engine says where there is no GPU.
@pytest.mark.qt_log_ignore(
    "QRhiGles2: Failed", "Failed to create RHI", "GPUInfo not initialized", "propagateSizeHints"
)
def test_hotspots_on_the_map_are_those_of_the_days_chosen_here(
    session: Session, profile: Profile, fill: Fill, qtbot: QtBot
) -> None:
    fill(60, 300)
    assert not session.key.is_wiped
    running = start(profile, furnish_desk, qtbot)
    try:
        view = unlock(running, qtbot).view
        QTest.keyClick(running.window, Qt.Key.Key_4, CONTROL)
        work = view.find_made("analytics")
        assert isinstance(work, AnalyticsWorkspace)
        qtbot.waitUntil(lambda: work.choice is not None and work.is_settled)
        assert work.choice is not None
        period = work.choice.period
        _press(Qt.Key.Key_M)
        shown = view.find_made("map")
        assert isinstance(shown, MapWorkspace)
        qtbot.waitUntil(lambda: shown.view.is_ready and shown.seen is not None)
        assert shown.time.span == Span(period.first_day, period.past_day)
        assert shown.layers.layers["hotspots"].isChecked()
    finally:
        close(running)
