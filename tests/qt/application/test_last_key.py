"""A decision made an instant before the desk is locked is written before the keys are wiped."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from trafficdesk.domain.records import NewReport, Place
from trafficdesk.domain.vocabulary import ReportStatus, Severity, Violation
from trafficdesk.profile import Profile
from trafficdesk.qt.application import DeskApplication
from trafficdesk.qt.furnishing import furnish
from trafficdesk.qt.review.workspace import ReviewWorkspace
from trafficdesk.qt.unlock.screen import UnlockScreen
from trafficdesk.services.intake import file_report
from trafficdesk.services.session import Session
from trafficdesk.store import facts, reports

PASSWORD = "a long password"
REPORTS = 4


@pytest.fixture
def application(
    make_session: Callable[..., Session], profile: Profile, qtbot: QtBot
) -> Iterator[DeskApplication]:
    session = make_session()
    with session.store.reading() as connection:
        home = facts.home_city_id(connection), facts.home_station_id(connection)
    for i in range(REPORTS):
        at = session.clock() - timedelta(minutes=REPORTS - i)
        place = Place(76.9674, 11.0183)
        kinds = (Violation.SIGNAL_JUMP,)
        filed = file_report(session, NewReport(kinds, Severity.SEVERE, place, at, at, *home))
        assert filed.outcome.is_done
    running = DeskApplication(profile, furnish)
    running.start()
    qtbot.waitUntil(lambda: isinstance(_gate(running), UnlockScreen), timeout=10_000)
    running.window.activateWindow()
    yield running
    running.window.close()
    QApplication.processEvents()


def _gate(running: DeskApplication) -> object:
    return running.gate.screen_shown() if running.gate else None


def _unlock(running: DeskApplication, qtbot: QtBot) -> ReviewWorkspace:
    screen = _gate(running)
    assert isinstance(screen, UnlockScreen)
    QTest.keyClicks(screen.password.field.edit, PASSWORD)
    with qtbot.waitSignal(running.unlocked, timeout=20_000):
        QTest.keyClick(screen.password.field.edit, Qt.Key.Key_Return)
    assert running.window.desk is not None
    review = running.window.desk.find_made("review")
    assert isinstance(review, ReviewWorkspace)
    return review


def _press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifier)


def _statuses(running: DeskApplication) -> list[ReportStatus]:
    assert running.sitting is not None
    with running.sitting.session.store.reading() as connection:
        return [reports.get(connection, pk).status for pk in range(1, REPORTS + 1)]


@pytest.mark.parametrize("decisions", [1, 3])
def test_a_decision_and_the_lock_in_one_breath_are_both_done(
    application: DeskApplication, qtbot: QtBot, decisions: int
) -> None:
    review = _unlock(application, qtbot)
    qtbot.waitUntil(lambda: review.subject() != "", timeout=10_000)
    with qtbot.waitSignal(application.locked, timeout=20_000):
        for _ in range(decisions):
            _press(Qt.Key.Key_A)
        _press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        assert review.deciding.pending == decisions, "nothing was written before the lock"
        assert application.sitting is None
    qtbot.waitUntil(lambda: isinstance(_gate(application), UnlockScreen), timeout=10_000)
    _unlock(application, qtbot)
    assert _statuses(application).count(ReportStatus.APPROVED) == decisions
