"""A locked desk says that alerts wait, how many and since when, and nothing else of them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.conftest import MakeSession
from tests.qt import running_desk
from tests.services.dispatching import crash
from trafficdesk.app import furnish_desk
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.domain.vocabulary import Role, Severity
from trafficdesk.profile import Profile
from trafficdesk.qt.application import DeskApplication
from trafficdesk.qt.dispatch.alerts import Alerts
from trafficdesk.qt.unlock.alert_note import AlertNote
from trafficdesk.qt.unlock.alert_watch import AlertWatch
from trafficdesk.qt.unlock.screen import UnlockScreen
from trafficdesk.services import incidents
from trafficdesk.services.session import Session
from trafficdesk.sync.vigil import Vigil
from trafficdesk.wire.live import EventName, IncidentTold


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    return make_session(Role.DISPATCHER, "Divya R")


def file(
    session: Session, severity: Severity, address: str = "Avinashi Road", vehicle_count: int = 2
) -> UUID:
    made = replace(crash(session), severity=severity, address=address, vehicle_count=vehicle_count)
    filed = incidents.file(session, made)
    assert filed.incident_id is not None
    return filed.incident_id


def told(incident_id: UUID, **values: object) -> IncidentTold:
    """Return a critical incident as the server tells of it; ``values`` go over it."""
    critical = IncidentTold(
        event=EventName.INCIDENT_CREATED,
        city=new_id(),
        seq=1,
        at_ms=to_ms(utc_now()),
        id=incident_id,
        reference="INC-2026-00204",
        kind="car_crash",
        severity=4,
        score=90,
        status="active",
        lon=76.9,
        lat=11.0,
        place="Cross Cut Road",
    )
    return msgspec.structs.replace(critical, **values)


@pytest.fixture
def running(session: Session, profile: Profile, qtbot: QtBot) -> Iterator[DeskApplication]:
    assert not session.key.is_wiped
    started = running_desk.start(profile, furnish_desk, qtbot)
    started.window.resize(1280, 720)
    yield started
    running_desk.close(started)


def lock(running: DeskApplication, qtbot: QtBot) -> tuple[UnlockScreen, AlertNote]:
    running_desk.lock(running, qtbot)
    screen = running_desk.wait_for_gate(running, qtbot)
    return screen, screen.findChildren(AlertNote)[0]


def unlock(running: DeskApplication, qtbot: QtBot, alerts: int) -> None:
    sitting = running_desk.unlock(running, qtbot)
    found = sitting.findChildren(Alerts)[0]
    qtbot.waitUntil(lambda: len(found.standing) == alerts)


def watch_of(running: DeskApplication) -> AlertWatch:
    assert running.watch is not None
    return running.watch


def vigil_of(running: DeskApplication) -> Vigil:
    return watch_of(running)._vigil


def words_on(screen: QWidget) -> str:
    """Return everything that is written on a screen, or read aloud."""
    labels = [label.text() for label in screen.findChildren(QLabel)]
    return " ".join(labels + [each.accessibleName() for each in screen.findChildren(QWidget)])


def test_what_stood_at_the_lock_stays_on_the_lock_screen_without_any_detail(
    running: DeskApplication, session: Session, qtbot: QtBot
) -> None:
    """Its count and its time, by the clock on the wall; it is heard, and goes with unlocking."""
    file(session, severity=Severity.CRITICAL, address="Mill Road")
    file(session, severity=Severity.CRITICAL, vehicle_count=9)
    file(session, severity=Severity.MINOR)
    unlock(running, qtbot, alerts=2)
    screen, note = lock(running, qtbot)
    assert note.isVisible()
    assert note.words().startswith("2 alerts wait to be answered  since ")
    for secret in ("Mill", "Avinashi", "INC-", "rash"):
        assert secret not in words_on(screen)
    assert watch_of(running).sound.bell.isActive()
    unlock(running, qtbot, alerts=2)
    assert running.watch is None


def test_nothing_waits_nothing_is_said(
    running: DeskApplication, session: Session, qtbot: QtBot
) -> None:
    file(session, severity=Severity.MINOR)
    unlock(running, qtbot, alerts=0)
    _, note = lock(running, qtbot)
    assert not note.isVisible()
    assert not watch_of(running).sound.bell.isActive()


def test_what_the_open_line_tells_of_is_counted_until_somebody_has_acknowledged_it(
    running: DeskApplication, session: Session, qtbot: QtBot
) -> None:
    known, new = file(session, severity=Severity.CRITICAL), new_id()
    unlock(running, qtbot, alerts=1)
    screen, note = lock(running, qtbot)
    vigil = vigil_of(running)
    vigil.hear(told(new))
    vigil.hear(told(new_id(), severity=1, score=10))
    qtbot.waitUntil(lambda: note.words().startswith("2 alerts wait"))
    assert "Cross Cut" not in words_on(screen)
    vigil.hear(told(new, is_acknowledged=True))
    qtbot.waitUntil(lambda: note.words().startswith("1 alert waits"))
    vigil.hear(told(known, status="cleared"))
    qtbot.waitUntil(lambda: not note.isVisible())
    assert not watch_of(running).sound.bell.isActive()


def test_it_is_escalated_at_a_locked_desk_too(
    running: DeskApplication, session: Session, qtbot: QtBot
) -> None:
    """By its time, or by the server's word; those in charge hear it whatever the setting says."""
    early = utc_now() - timedelta(minutes=3)
    file(session, severity=Severity.CRITICAL)
    unlock(running, qtbot, alerts=1)
    running.equipment.settings.change(alert_sound=False)
    _, note = lock(running, qtbot)
    assert "escalated" not in note.words()
    heard = list[str]()
    watch_of(running).sound.sounded.connect(partial(heard.append, "stroke"))
    vigil_of(running).hear(told(new_id(), is_escalated=True, at_ms=to_ms(early)))
    qtbot.waitUntil(lambda: "escalated · since" in note.words())
    qtbot.waitUntil(lambda: len(heard) >= 3)


def test_a_desk_that_hears_nothing_more_says_so_and_is_silent_in_the_end(
    running: DeskApplication, session: Session, qtbot: QtBot
) -> None:
    """It cannot know who has acknowledged it meanwhile; the note stays."""
    file(session, severity=Severity.CRITICAL)
    unlock(running, qtbot, alerts=1)
    _, note = lock(running, qtbot)
    assert "more is heard only after unlocking" in note.words()
    watch = watch_of(running)
    watch._hush.start(0)
    qtbot.waitUntil(lambda: not watch.sound.bell.isActive())
    assert note.isVisible()


def test_the_strip_is_painted_above_everything(
    running: DeskApplication, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    file(session, severity=Severity.CRITICAL)
    unlock(running, qtbot, alerts=1)
    screen, note = lock(running, qtbot)
    assert note.geometry().topLeft() == screen.rect().topLeft()
    assert note.width() == screen.width()
    picture = screen.grab().toImage()
    assert picture.save(str(tmp_path / "locked.png"))
    assert isinstance(picture, QImage)
    assert picture.pixelColor(4, 20) != picture.pixelColor(4, note.height() + 4)
    tiles = screen.tiles.tiles()
    assert all(tile.isVisible() and not tile.visibleRegion().isEmpty() for tile in tiles)
