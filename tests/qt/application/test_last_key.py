"""A decision made an instant before the desk is locked is written before the keys are wiped.

One that cannot be written is told to its officer when they unlock again.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.qt.running_desk import close, start, unlock
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import NewReport, Place
from trafficdesk.domain.vocabulary import RejectionReason, ReportStatus, Severity, Violation
from trafficdesk.qt.application import DeskApplication
from trafficdesk.qt.furnishing import furnish
from trafficdesk.qt.review.deciding import escalate_decision, move_decision
from trafficdesk.qt.review.workspace import ReviewWorkspace
from trafficdesk.qt.tasks import Lane
from trafficdesk.services.intake import file_report
from trafficdesk.services.review import Step, Target, take_step
from trafficdesk.services.session import Session
from trafficdesk.store import facts, reports

REPORTS = 4


@pytest.fixture
def beside(make_session: Callable[..., Session]) -> Session:
    """Return the session of another officer at this desk."""
    session = make_session()
    with session.store.reading() as connection:
        home = facts.home_city_id(connection), facts.home_station_id(connection)
    for i in range(REPORTS):
        at = session.clock() - timedelta(minutes=REPORTS - i)
        place = Place(76.9674, 11.0183)
        kinds = (Violation.SIGNAL_JUMP,)
        filed = file_report(session, NewReport(kinds, Severity.SEVERE, place, at, at, *home))
        assert filed.outcome.is_done
    return session


@pytest.fixture
def application(beside: Session, qtbot: QtBot) -> Iterator[DeskApplication]:
    running = start(beside.profile, furnish, qtbot)
    yield running
    close(running)


def _unlock(running: DeskApplication, qtbot: QtBot) -> ReviewWorkspace:
    review = unlock(running, qtbot).view.find_made("review")
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
    qtbot.waitUntil(lambda: review.subject() != "")
    with qtbot.waitSignal(application.locked):
        for _ in range(decisions):
            _press(Qt.Key.Key_A)
        _press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        assert review.deciding.pending == decisions, "nothing was written before the lock"
        assert application.sitting is None
    _unlock(application, qtbot)
    assert _told(application, qtbot) == ""
    assert _statuses(application).count(ReportStatus.APPROVED) == decisions


def _told(running: DeskApplication, qtbot: QtBot) -> str:
    """Return what the banner says once the writer has nothing more to do."""
    done: list[None] = []
    running.lanes.run(Lane.WRITER, lambda: None, done.append)
    qtbot.waitUntil(lambda: bool(done))
    assert running.sitting is not None
    return running.sitting.view.banner.message.title()


def _let_no_report_change(session: Session) -> None:
    with session.store.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full_disk BEFORE UPDATE ON reports"
            " BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )


def _decide_and_lock(running: DeskApplication, qtbot: QtBot, decisions: int) -> None:
    review = _unlock(running, qtbot)
    qtbot.waitUntil(lambda: review.subject() != "")
    with qtbot.waitSignal(running.locked):
        for _ in range(decisions):
            _press(Qt.Key.Key_A)
        _press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize(
    ("decisions", "sentence"),
    [
        (1, "1 decision could not be written when the desk was locked."),
        (2, "2 decisions could not be written when the desk was locked."),
    ],
)
def test_what_could_not_be_written_at_the_lock_is_told_at_the_next_unlocking_and_once(
    application: DeskApplication, beside: Session, qtbot: QtBot, decisions: int, sentence: str
) -> None:
    _let_no_report_change(beside)
    _decide_and_lock(application, qtbot, decisions)
    _unlock(application, qtbot)
    assert _told(application, qtbot) == sentence
    assert ReportStatus.APPROVED not in _statuses(application)
    # It is forgotten in the writer's line, once it was told.
    qtbot.waitUntil(lambda: not beside.profile.untold.exists())
    with qtbot.waitSignal(application.locked):
        application.lock("lock")
    _unlock(application, qtbot)
    assert _told(application, qtbot) == ""


def test_a_race_lost_at_the_lock_is_told_too(
    application: DeskApplication, beside: Session, qtbot: QtBot
) -> None:
    review = _unlock(application, qtbot)
    qtbot.waitUntil(lambda: review.subject() != "")
    row = review.column.list.current_row()
    assert row is not None
    rejecting = Step(Move.REJECT, reason=RejectionReason.NO_OFFENCE)
    assert take_step(beside, [Target(row.pk, row.revision)], rejecting).is_done
    with qtbot.waitSignal(application.locked):
        _press(Qt.Key.Key_A)
        _press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    _unlock(application, qtbot)
    assert _told(application, qtbot).startswith("1 decision could not be written")
    assert application.sitting is not None
    message = application.sitting.view.banner.message
    assert message.accessibleName().endswith(f"Look at them again: {row.reference}")


def test_what_could_not_be_written_when_the_program_was_closed_is_told_when_it_runs_again(
    beside: Session, qtbot: QtBot
) -> None:
    _let_no_report_change(beside)
    running = start(beside.profile, furnish, qtbot)
    review = _unlock(running, qtbot)
    qtbot.waitUntil(lambda: review.subject() != "")
    _press(Qt.Key.Key_A)
    close(running)
    assert beside.profile.untold.exists()
    again = start(beside.profile, furnish, qtbot)
    _unlock(again, qtbot)
    assert _told(again, qtbot).startswith("1 decision could not be written")
    close(again)


def test_a_decision_after_a_refused_one_on_the_same_report_is_written_at_the_lock(
    application: DeskApplication, qtbot: QtBot
) -> None:
    review = _unlock(application, qtbot)
    qtbot.waitUntil(lambda: review.subject() != "")
    targets = [Target(row.pk, row.revision) for row in [review.column.list.current_row()] if row]
    with qtbot.waitSignal(application.locked):
        review.deciding.decide(escalate_decision(escalated=False), targets)
        review.deciding.decide(move_decision(Step(Move.APPROVE)), targets)
        _press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    _unlock(application, qtbot)
    assert _statuses(application).count(ReportStatus.APPROVED) == 1
