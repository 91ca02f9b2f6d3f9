"""What the tests of the map share: the engine's flags come before any application is made."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from trafficdesk.domain.records import NewReport, Place
from trafficdesk.domain.vocabulary import Severity, Violation
from trafficdesk.maps.answers import MapAnswers
from trafficdesk.maps.sources import StoreSources
from trafficdesk.qt.map.map_view import MapView, load_channel_script
from trafficdesk.qt.map.scheme import register_scheme
from trafficdesk.qt.map.web_engine import prepare_web_engine
from trafficdesk.qt.tasks import Lanes
from trafficdesk.services.intake import file_report
from trafficdesk.services.session import Session
from trafficdesk.store import facts

prepare_web_engine()
register_scheme()  # before any test makes a profile of the engine, whichever comes first

CENTRE = Place(76.9558, 11.0168)
PAGE_MS = 20_000
FileAt = Callable[..., int]
AskPage = Callable[[MapView, str], Any]
WaitPage = Callable[[MapView, str], None]
ClickPage = Callable[..., None]
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
    with qtbot.waitSignal(view.ready, timeout=PAGE_MS):
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
        qtbot.waitUntil(lambda: bool(answers), timeout=PAGE_MS)
        return json.loads(answers[0] or "null")

    return ask


@pytest.fixture
def wait_page(ask_page: AskPage, qtbot: QtBot) -> WaitPage:
    """Return a way to wait until a script of the page comes to something true."""

    def wait(view: MapView, script: str) -> None:
        qtbot.waitUntil(lambda: bool(ask_page(view, script)), timeout=PAGE_MS)

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
