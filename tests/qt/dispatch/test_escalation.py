"""An alert that nobody acknowledges comes again, louder; a crew that is overdue comes likewise."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.qt.dispatch.conftest import EnlistUnit, FileIncident, RunDesk, banner_of, view_of
from tests.services.dispatching import unit
from trafficdesk.domain.dispatch import ESCALATED_AFTER
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Role, Severity
from trafficdesk.qt.application import DeskApplication
from trafficdesk.qt.dispatch.alert import standing
from trafficdesk.qt.dispatch.alerts import Alerts
from trafficdesk.qt.dispatch.lines import lines_of
from trafficdesk.qt.dispatch.workspace import DispatchWorkspace
from trafficdesk.services import dispatch
from trafficdesk.services.dispatch_board import WELFARE_EVERY, board
from trafficdesk.services.session import Session
from trafficdesk.store.rows import run

SendOut = Callable[[UUID, float], None]
SHIFT = Qt.KeyboardModifier.ShiftModifier


def alerts_of(running: DeskApplication) -> Alerts:
    assert running.sitting is not None
    return running.sitting.findChildren(Alerts)[0]


def be_later(running: DeskApplication, by: timedelta) -> None:
    """Let time pass for the desk, and the timer that was set for then run out."""
    assert running.sitting is not None
    session, alerts = running.sitting.session, alerts_of(running)
    assert 0 < alerts.due.remainingTime() <= by / timedelta(milliseconds=1)
    now = session.clock
    session.clock = lambda: now() + by
    alerts.due.start(0)


def strokes(running: DeskApplication) -> list[str]:
    heard = list[str]()
    alerts_of(running).sound.sounded.connect(partial(heard.append, "stroke"))
    return heard


def test_a_desk_alone_escalates_by_itself(
    run_desk: RunDesk, file_incident: FileIncident, qtbot: QtBot
) -> None:
    """After two minutes, with how long nobody has answered; acknowledging ends it."""
    file_incident(severity=Severity.CRITICAL, address="Mill Road")
    worse = file_incident(severity=Severity.CRITICAL, injuries=True, vehicle_count=9)
    running = run_desk()
    banner = banner_of(running)
    qtbot.waitUntil(banner.isVisible)
    assert "Escalated" not in banner.words()
    be_later(running, ESCALATED_AFTER + timedelta(seconds=5))
    qtbot.waitUntil(lambda: "Escalated · critical 100" in banner.words())
    assert "unanswered for 02:" in banner.words()
    assert banner.alert is not None
    assert banner.alert.id == worse
    QTest.keyClick(running.window, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: "Mill Road" in banner.words())
    assert "Escalated" in banner.words()
    QTest.keyClick(running.window, Qt.Key.Key_F8)
    qtbot.waitUntil(banner.isHidden)


def test_the_word_of_the_server_comes_first(
    run_desk: RunDesk, file_incident: FileIncident, session: Session, qtbot: QtBot
) -> None:
    """What it has escalated is so at once, and stands before what is worse."""
    file_incident(severity=Severity.CRITICAL, injuries=True, vehicle_count=9)
    escalated = file_incident(severity=Severity.CRITICAL)
    with session.store.writing() as connection:
        query = "UPDATE incidents SET escalated_ms = ? WHERE id = ?"
        run(connection, query, (to_ms(session.clock()), escalated.bytes))
    banner = banner_of(run_desk())
    qtbot.waitUntil(lambda: "Escalated" in banner.words())
    assert "1 of 2" in banner.words()
    assert banner.alert is not None
    assert banner.alert.id == escalated


@pytest.mark.parametrize(
    ("role", "is_heard"),
    [(Role.DISPATCHER, True), (Role.SUPERVISOR, True), (Role.OFFICER, False)],
)
def test_those_in_charge_hear_it_even_where_alerts_are_not_to_be_heard(
    run_desk: RunDesk, file_incident: FileIncident, qtbot: QtBot, role: Role, *, is_heard: bool
) -> None:
    """Three strokes at a time; others see it, and hear what their setting allows."""
    file_incident(severity=Severity.CRITICAL)
    running = run_desk()
    assert running.sitting is not None
    session = running.sitting.session
    session.officer = replace(session.officer, role=role)
    qtbot.waitUntil(banner_of(running).isVisible)
    running.equipment.settings.change(alert_sound=False)
    heard = strokes(running)
    be_later(running, ESCALATED_AFTER + timedelta(seconds=5))
    qtbot.waitUntil(lambda: "Escalated" in banner_of(running).words())
    if is_heard:
        qtbot.waitUntil(lambda: len(heard) >= 3)
    else:
        alerts_of(running).sound.ring()
        assert not heard
    alerts_of(running).end()
    assert not alerts_of(running).sound.bell.isActive()


@pytest.fixture
def send_out(session: Session, file_incident: FileIncident) -> SendOut:
    """Send a unit to an incident, so many minutes ago."""

    def send(unit_id: UUID, minutes: float) -> None:
        now = session.clock()
        early = replace(session, clock=lambda: now - timedelta(minutes=minutes))
        outcome = dispatch.assign(early, file_incident(), [unit_id])
        assert outcome.is_done, outcome

    return send


def test_an_overdue_crew_is_told_at_the_desks_of_those_in_charge(
    run_desk: RunDesk,
    enlist: EnlistUnit,
    send_out: SendOut,
    session: Session,
    qtbot: QtBot,
) -> None:
    """From any screen; what acknowledges an alert does not say that a crew is well."""
    unit_id = enlist("P12")
    send_out(unit_id, WELFARE_EVERY / timedelta(minutes=1) + 3)
    running = run_desk()
    banner = banner_of(running)
    qtbot.waitUntil(banner.isVisible)
    assert "Crew overdue" in banner.words()
    assert "P12" in banner.words()
    assert "overdue for 03:" in banner.words()
    assert alerts_of(running).sound.bell.isActive()
    QTest.keyClick(running.window, Qt.Key.Key_F8)
    QTest.keyClick(running.window, Qt.Key.Key_F9)
    view = view_of(running)
    qtbot.waitUntil(lambda: view.find_made("dispatch") is not None)
    work = view.find_made("dispatch")
    assert isinstance(work, DispatchWorkspace)
    qtbot.waitUntil(lambda: work.unit is not None and work.unit.id == unit_id)
    assert banner.isVisible()
    assert unit(session, unit_id).checked_at is None
    QTest.keyClick(running.window, Qt.Key.Key_F8, SHIFT)
    qtbot.waitUntil(banner.isHidden)
    assert unit(session, unit_id).checked_at is not None


def test_a_crew_becomes_overdue_while_somebody_looks_at_something_else(
    run_desk: RunDesk, enlist: EnlistUnit, send_out: SendOut, qtbot: QtBot
) -> None:
    """Nothing has to change for it: its time runs out."""
    send_out(enlist("P12"), 5)
    running = run_desk()
    qtbot.waitUntil(alerts_of(running).due.isActive)
    assert not banner_of(running).isVisible()
    be_later(running, WELFARE_EVERY)
    qtbot.waitUntil(banner_of(running).isVisible)
    assert "P12" in banner_of(running).words()


def test_who_is_not_in_charge_is_not_told_of_other_crews(
    enlist: EnlistUnit, send_out: SendOut, session: Session
) -> None:
    """They have their own crew to think of."""
    unit_id = enlist("P12")
    send_out(unit_id, WELFARE_EVERY / timedelta(minutes=1) + 3)
    now = session.lease_clock()
    lines = lines_of(board(session), now)
    assert [alert.id for alert in standing(lines, (), now, with_crews=True)] == [unit_id]
    assert standing(lines, (), now, with_crews=False) == ()
