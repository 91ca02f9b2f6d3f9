"""The dispatch workspace on a real encrypted store, with units and incidents to send them to."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.conftest import MakeSession
from tests.qt import running_desk
from tests.qt.review.conftest import ZONE
from trafficdesk.app import furnish_desk
from trafficdesk.domain.records import Incident, NewIncident, Place, Position
from trafficdesk.domain.travel import StraightLine
from trafficdesk.domain.vocabulary import IncidentType, Role, Service, Severity, UnitKind
from trafficdesk.maps.packs import Pack
from trafficdesk.profile import Profile
from trafficdesk.qt.application import DeskApplication
from trafficdesk.qt.changes import Changes
from trafficdesk.qt.commands import Command, Commands
from trafficdesk.qt.dispatch.alert_banner import AlertBanner
from trafficdesk.qt.dispatch.dispatch_commands import CONTEXT
from trafficdesk.qt.dispatch.gear import DispatchGear
from trafficdesk.qt.dispatch.lines import IncidentLine, UnitLine
from trafficdesk.qt.dispatch.workspace import DispatchWorkspace
from trafficdesk.qt.own_unit.calling import help_command
from trafficdesk.qt.shell.desk import DeskView
from trafficdesk.qt.tasks import Lanes
from trafficdesk.services import incidents, units
from trafficdesk.services.session import Session
from trafficdesk.services.units import NewUnit
from trafficdesk.store import unit_positions

NORMAL = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
HERE = Place(76.9674, 11.0183)
FileIncident = Callable[..., UUID]
EnlistUnit = Callable[..., UUID]
RunDesk = Callable[[], DeskApplication]


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    """Sign a dispatcher in: who may send units."""
    return make_session(Role.DISPATCHER, "Divya R")


@pytest.fixture
def file_incident(session: Session) -> FileIncident:
    """File an incident at the test desk and return its id."""

    def make(place: Place = HERE, **values: Any) -> UUID:  # noqa: ANN401 - any field of the record
        given: dict[str, Any] = {
            "type": IncidentType.CAR_CRASH,
            "severity": Severity.SEVERE,
            "occurred_at": session.clock(),
            "vehicle_count": 2,
            "needs": {Service.POLICE: 1},
            "address": "Cross Cut Road",
        }
        filed = incidents.file(session, NewIncident(place=place, **(given | values)))
        assert filed.incident_id is not None, filed
        return filed.incident_id

    return make


@pytest.fixture
def enlist(session: Session) -> EnlistUnit:
    """Enlist a unit, with a position so many metres east of the middle; return its id."""

    def make(
        call_sign: str,
        kind: UnitKind = UnitKind.PATROL_CAR,
        *,
        east_m: float | None = 500,
        age: timedelta = timedelta(),
        **values: Any,  # noqa: ANN401 - any field of the record
    ) -> UUID:
        made = units.enlist(session, NewUnit(call_sign, kind, **values))
        assert made.unit_id is not None, made
        if east_m is not None:
            place = Place(HERE.lon + east_m / 109_000, HERE.lat)
            with session.store.writing() as connection:
                at = session.clock() - age
                unit_positions.put(connection, [Position(made.unit_id, place, at)])
        return made.unit_id

    return make


def _no_pack() -> Pack | None:
    return None


@dataclass
class Desk:
    """The workspace on screen, and hands to work it with."""

    work: DispatchWorkspace
    commands: Commands
    changes: Changes
    session: Session
    qtbot: QtBot
    refused: list[tuple[Command, str]] = field(default_factory=list)

    def press(self, keys: str, modifiers: Qt.KeyboardModifier = NORMAL) -> None:
        """Press letters one after the other, where the keyboard is now."""
        for each in keys:
            QTest.keyClicks(self._focused(), each, modifiers)

    def hit(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NORMAL) -> None:
        """Press a key that is no letter."""
        QTest.keyClick(self._focused(), key, modifiers)

    def _focused(self) -> Any:  # noqa: ANN401 - any widget
        return QApplication.focusWidget() or self.work.incidents.list

    def wait(self, holds: Callable[[], bool]) -> None:
        """Let the screen live until something holds."""
        self.qtbot.waitUntil(holds)

    def wait_for_suggestion(self, count: int = 1) -> None:
        """Wait until so many units are suggested for the chosen incident."""

        def is_there() -> bool:
            found, line = self.work.strip.suggestion, self.work.incident
            is_its = found is not None and line is not None and found.incident_id == line.id
            return is_its and found is not None and len(found.options) >= count

        self.wait(is_there)

    def asks(self) -> bool:
        """Tell whether the strip asks something."""
        return self.work.strip.question is not None

    @property
    def toast(self) -> str:
        """What the note over the map says, if it shows."""
        toast = self.work.middle.toast
        return toast.text() if toast.isVisible() else ""

    def incident(self, incident_id: UUID) -> Incident:
        """Return an incident as it stands in the store."""
        found = incidents.find_incident(self.session, incident_id)
        assert found is not None
        return found

    def line(self, incident_id: UUID) -> IncidentLine:
        """Return an incident as the board shows it."""
        return self.work.lines.by_incident[incident_id]

    def unit(self, unit_id: UUID) -> UnitLine:
        """Return a unit as the board shows it."""
        return self.work.lines.by_unit[unit_id]

    def names(self) -> Mapping[str, UUID]:
        """Return the units' ids by call sign."""
        return {line.unit.call_sign: line.id for line in self.work.lines.units}


OpenDesk = Callable[..., Desk]


@pytest.fixture
def open_desk(
    qtbot: QtBot, lanes: Lanes, commands: Commands, session: Session
) -> Iterator[OpenDesk]:
    """Open dispatch for an officer, 1280 px wide as in the desk's window."""
    opened: list[DispatchWorkspace] = []

    def make(signed_in: Session = session, size: QSize = QSize(1216, 672)) -> Desk:  # noqa: B008 - a constant
        changes = Changes()
        gear = DispatchGear(
            signed_in,
            lanes,
            changes,
            commands,
            ZONE,
            lambda: globals().get("PACK"),
            lambda _: [],
            StraightLine(),
        )
        work = DispatchWorkspace(gear)
        opened.append(work)
        commands.add([help_command(work.asking.ask_for_help, str)], owner=work)
        qtbot.addWidget(work)
        commands.activate(CONTEXT)
        work.resize(size)
        work.show()
        qtbot.waitActive(work).__enter__()
        work.focus_incidents()
        desk = Desk(work, commands, changes, signed_in, qtbot)
        commands.refused.connect(lambda command, why: desk.refused.append((command, why)))
        desk.wait(lambda: work.is_loaded)
        return desk

    yield make
    for work in opened:
        work.hide()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def run_desk(session: Session, profile: Profile, qtbot: QtBot) -> Iterator[RunDesk]:
    """Start the program on the test's profile and unlock it."""
    assert not session.key.is_wiped
    started: list[DeskApplication] = []

    def run() -> DeskApplication:
        running = running_desk.start(profile, furnish_desk, qtbot)
        started.append(running)
        running.window.resize(1280, 720)
        running_desk.unlock(running, qtbot)
        return running

    yield run
    for running in started:
        running_desk.close(running)


def view_of(running: DeskApplication) -> DeskView:
    """Return what an officer sees who has unlocked the desk."""
    assert running.sitting is not None
    return running.sitting.view


def banner_of(running: DeskApplication) -> AlertBanner:
    """Return the strip under the top bar."""
    return view_of(running).findChildren(AlertBanner)[0]
