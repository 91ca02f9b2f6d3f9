"""What the tests of the map share: the engine's flags come before any application is made."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.qt.picking import Picker
from trafficdesk.domain.records import NewReport, Place
from trafficdesk.domain.vocabulary import Severity, Violation
from trafficdesk.journal import Journal
from trafficdesk.maps.answers import MapAnswers
from trafficdesk.maps.sources import StoreSources
from trafficdesk.qt.changes import Changes
from trafficdesk.qt.commands import Commands
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.map.map_view import MapView, load_channel_script
from trafficdesk.qt.map.scheme import register_scheme
from trafficdesk.qt.map.web_engine import prepare_web_engine
from trafficdesk.qt.map.workspace import MapWorkspace
from trafficdesk.qt.settings import SettingsFile
from trafficdesk.qt.tasks import Lanes
from trafficdesk.qt.theme.palette import Appearance
from trafficdesk.services.intake import file_report
from trafficdesk.services.session import Session
from trafficdesk.store import facts

prepare_web_engine()
register_scheme()  # before any test makes a profile of the engine, whichever comes first

CENTRE = Place(76.9558, 11.0168)
FileAt = Callable[..., int]
AskPage = Callable[[MapView, str], Any]
WaitPage = Callable[[MapView, str], None]
ClickPage = Callable[..., None]
MakeMap = Callable[..., MapWorkspace]
# What the engine says where there is no GPU, on every start.
_ENGINE_NOISE = ("QRhiGles2: Failed", "Failed to create RHI", "GPUInfo not initialized")
# What the platform without a screen says to every menu that opens.
_MENU_NOISE = ("does not support raise", "does not support grabbing the keyboard")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the engine say that there is no GPU, and the platform that there is no screen."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore(*_ENGINE_NOISE, *_MENU_NOISE))


@pytest.fixture
def file_at(session: Session) -> FileAt:
    """Return a way to file a report at a place, so many days ago."""

    def file(lon: float, lat: float, severity: Severity = Severity.MINOR, days_ago: int = 0) -> int:
        with session.store.reading() as connection:
            city_id, station_id = facts.home_city_id(connection), facts.home_station_id(connection)
        at = session.clock() - timedelta(days=days_ago, minutes=5)
        report = NewReport(
            (Violation.NO_HELMET,),
            severity,
            Place(lon, lat),
            at,
            at,
            city_id,
            station_id,
            plate="TN 37 BZ 4412",
            area="Gandhipuram",
        )
        filed = file_report(session, report)
        assert filed.pk, filed
        return filed.pk

    return file


@pytest.fixture
def map_view(session: Session, lanes: Lanes, qtbot: QtBot) -> Iterator[MapView]:
    """Return the bare map over the test desk's store, ready and looking at the city."""
    answers = MapAnswers((), StoreSources(session.store, session.clock), load_channel_script())
    view = MapView(answers, lanes)
    complaints: list[str] = []
    view.complained.connect(complaints.append)
    view.resize(900, 640)
    with qtbot.waitSignal(view.ready):
        view.show()
    view.run("setWords", {})
    view.run("setBase", "world")
    view.run("setView", CENTRE.lon, CENTRE.lat, 12)
    yield view
    view.tear_down()
    view.close()
    view.deleteLater()
    assert not [said for said in complaints if "Content Security Policy" not in said]


@pytest.fixture
def ask_page(qtbot: QtBot) -> AskPage:
    """Return a way to ask what a script of the page comes to."""

    def ask(view: MapView, script: str) -> Any:  # noqa: ANN401 - whatever JSON the page gives
        answers: list[str] = []
        view.page.runJavaScript(f"JSON.stringify({script})", 0, answers.append)
        qtbot.waitUntil(lambda: bool(answers))
        return json.loads(answers[0] or "null")

    return ask


@pytest.fixture
def wait_page(ask_page: AskPage, qtbot: QtBot) -> WaitPage:
    """Return a way to wait until a script of the page comes to something true."""

    def wait(view: MapView, script: str) -> None:
        qtbot.waitUntil(lambda: bool(ask_page(view, script)))

    return wait


@pytest.fixture
def click_page(ask_page: AskPage) -> ClickPage:
    """Return a way to click the middle of the first element that fits, with a real mouse event."""

    def click(
        view: MapView, selector: str, button: Qt.MouseButton = Qt.MouseButton.LeftButton
    ) -> None:
        x, y = ask_page(
            view,
            "(r => [r.x + r.width / 2, r.y + r.height / 2])"
            f"(document.querySelector({json.dumps(selector)}).getBoundingClientRect())",
        )
        at = QPoint(round(x), round(y))
        QTest.mouseClick(view.web_widget(), button, Qt.KeyboardModifier.NoModifier, at)

    return click


@pytest.fixture
def equipment(
    lanes: Lanes,
    commands: Commands,
    settings_file: SettingsFile,
    appearance: Appearance,
    journal: Journal,
) -> Equipment:
    return Equipment(lanes, Changes(), commands, settings_file, appearance, journal)


@pytest.fixture
def faults(lanes: Lanes) -> list[Exception]:
    """Collect what went wrong on the lanes."""
    found: list[Exception] = []
    lanes.failed.connect(found.append)
    return found


@pytest.fixture
def make_map(
    equipment: Equipment, faults: list[Exception], tmp_path: Path, qtbot: QtBot
) -> Iterator[MakeMap]:
    """Make a map workspace that looks closely at the middle of the city."""
    made: list[MapWorkspace] = []
    complaints: list[str] = []

    def make(session: Session, size: tuple[int, int] = (1216, 672)) -> MapWorkspace:
        workspace = MapWorkspace(session, equipment, Picker(tmp_path))
        made.append(workspace)
        workspace.view.complained.connect(complaints.append)
        workspace.resize(*size)
        equipment.commands.activate("map")
        with qtbot.waitSignal(workspace.view.ready):
            workspace.show()
        qtbot.waitUntil(lambda: workspace.seen is not None)
        workspace.view.run("setView", CENTRE.lon, CENTRE.lat, 15)
        qtbot.waitUntil(lambda: workspace.look() is not None and workspace.look().zoom == 15)  # type: ignore[union-attr]  # just asked
        workspace.activateWindow()
        workspace.view.setFocus()
        return workspace

    yield make
    for workspace in made:
        workspace.tear_down()
        workspace.close()
        workspace.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert complaints == []
    assert faults == []


@dataclass
class Hand:
    """What an officer does and sees: keys, clicks, the page, and waiting for it."""

    ask: AskPage
    wait: WaitPage
    click: ClickPage
    bot: QtBot

    def press(self, key: Qt.Key) -> None:
        """Press a key where the keyboard is."""
        focused = QApplication.focusWidget()
        assert focused is not None, "nothing has the focus"
        QTest.keyClick(focused, key)


@pytest.fixture
def hand(ask_page: AskPage, wait_page: WaitPage, click_page: ClickPage, qtbot: QtBot) -> Hand:
    return Hand(ask_page, wait_page, click_page, qtbot)
