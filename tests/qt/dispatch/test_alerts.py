"""A critical incident on every screen of the running program, until somebody acknowledges it."""

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.qt.dispatch.conftest import (
    HERE,
    EnlistUnit,
    FileIncident,
    RunDesk,
    banner_of,
    view_of,
)
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Place, Position
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity, Severity
from trafficdesk.qt.dispatch.alerts import Alerts
from trafficdesk.qt.dispatch.workspace import DispatchWorkspace
from trafficdesk.services.changes import Changed
from trafficdesk.wire.live import EventName, IncidentTold

CONTROL = Qt.KeyboardModifier.ControlModifier


def test_an_alert_stands_over_every_screen_until_it_is_acknowledged(
    run_desk: RunDesk, file_incident: FileIncident, qtbot: QtBot
) -> None:
    """It is there at unlock, counts what waits, and F8 takes one away after the other."""
    file_incident(severity=Severity.CRITICAL, injury_count=2)
    file_incident(severity=Severity.CRITICAL, address="Mill Road")
    file_incident(severity=Severity.MINOR)
    running = run_desk()
    banner = banner_of(running)
    qtbot.waitUntil(banner.isVisible)
    assert "1 of 2" in banner.words()
    assert "no unit for" in banner.words()
    badge = view_of(running).rail._buttons["dispatch"]
    qtbot.waitUntil(lambda: badge.accessibleName() == "Dispatch, 3 need a unit")
    QTest.keyClick(running.window, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: "Mill Road" in banner.words() and "1 of" not in banner.words())
    QTest.keyClick(running.window, Qt.Key.Key_F8)
    qtbot.waitUntil(banner.isHidden)


def test_f9_leads_to_the_incident_from_any_screen(
    run_desk: RunDesk, file_incident: FileIncident, qtbot: QtBot
) -> None:
    """From Review, and from under an open panel, too."""
    incident = file_incident(severity=Severity.CRITICAL)
    running = run_desk()
    view = view_of(running)
    qtbot.waitUntil(banner_of(running).isVisible)
    view.open_outbox()
    panel = view.overlays.current()
    assert panel is not None
    foot = banner_of(running).mapTo(view, QPoint(0, banner_of(running).height()))
    qtbot.waitUntil(lambda: panel.y() == foot.y())
    QTest.keyClick(running.window, Qt.Key.Key_F9)
    assert view.open_id() == "dispatch"
    qtbot.waitUntil(lambda: view.find_made("dispatch") is not None)
    work = view.find_made("dispatch")
    assert isinstance(work, DispatchWorkspace)
    qtbot.waitUntil(lambda: work.incident is not None and work.incident.id == incident)


def test_it_is_heard_until_it_is_acknowledged_or_switched_off(
    run_desk: RunDesk, file_incident: FileIncident, qtbot: QtBot
) -> None:
    """The sound comes again by itself; the speaker and the setting silence it, not the banner."""
    running = run_desk()
    sitting = running.sitting
    assert sitting is not None
    alerts = sitting.findChildren(Alerts)
    heard: list[str] = []
    alerts[0].sound.sounded.connect(partial(heard.append, "beep"))
    file_incident(severity=Severity.CRITICAL)
    running.equipment.changes.tell(Changed(kinds=frozenset({Entity.INCIDENT})))
    qtbot.waitUntil(lambda: len(heard) == 1)
    alerts[0].sound.bell.setInterval(30)
    qtbot.waitUntil(lambda: len(heard) >= 3)
    banner_of(running).sound.click()
    count = len(heard)
    QTest.qWait(150)
    assert len(heard) == count
    assert banner_of(running).isVisible()
    assert not running.equipment.settings.values.alert_sound
    banner_of(running).sound.click()
    qtbot.waitUntil(lambda: len(heard) > count)
    QTest.keyClick(running.window, Qt.Key.Key_F8)
    qtbot.waitUntil(banner_of(running).isHidden)
    count = len(heard)
    QTest.qWait(150)
    assert len(heard) == count


def test_an_alert_is_shown_before_its_record_is_here_and_units_move_on_the_board(
    run_desk: RunDesk, enlist: EnlistUnit, qtbot: QtBot
) -> None:
    """What the server told of stands in the banner at once, and goes when it takes it back."""
    unit = enlist("P12", east_m=100)
    running = run_desk()
    sitting = running.sitting
    assert sitting is not None
    told = IncidentTold(
        event=EventName.INCIDENT_CREATED,
        city=unit,
        seq=1,
        at_ms=to_ms(sitting.session.clock()),
        id=new_id(),
        reference="INC-2026-00204",
        kind="car_crash",
        severity=4,
        score=90,
        status="active",
        lon=HERE.lon,
        lat=HERE.lat,
        place="Cross Cut Road",
    )
    sitting.alerts_told.emit((told,))
    banner = banner_of(running)
    assert banner.isVisible()
    assert "Cross Cut Road" in banner.words()
    assert "on its way" in banner.words()
    sitting.alerts_told.emit(())
    assert banner.isVisible(), "it flickers before the board was read with its record"
    qtbot.waitUntil(lambda: not banner.isVisible())
    view = view_of(running)
    view.open_workspace("dispatch")
    qtbot.waitUntil(lambda: view.find_made("dispatch") is not None)
    work = view.find_made("dispatch")
    assert isinstance(work, DispatchWorkspace)
    qtbot.waitUntil(lambda: unit in work.lines.by_unit)
    there = Place(HERE.lon + 0.02, HERE.lat)
    sitting.moved.emit([Position(unit, there, sitting.session.clock())])
    assert work.lines.by_unit[unit].place == there


def test_dispatch_is_reached_by_its_key_and_leaves_nothing_behind(
    run_desk: RunDesk, file_incident: FileIncident, qtbot: QtBot
) -> None:
    """Ctrl+2 opens it; locking takes it down with its timers."""
    file_incident()
    running = run_desk()
    QTest.keyClick(running.window, Qt.Key.Key_2, CONTROL)
    view = view_of(running)
    assert view.open_id() == "dispatch"
    qtbot.waitUntil(lambda: view.find_made("dispatch") is not None)
    work = view.find_made("dispatch")
    assert isinstance(work, DispatchWorkspace)
    qtbot.waitUntil(lambda: work.is_loaded)
    with qtbot.waitSignal(running.locked):
        QTest.keyClick(running.window, Qt.Key.Key_L, CONTROL)
