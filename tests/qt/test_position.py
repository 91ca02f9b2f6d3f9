"""The system's location service, here one of Qt's own that reads sentences from a socket."""

import json
import math
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QDateTime, QTimeZone
from PySide6.QtPositioning import QGeoCoordinate, QGeoPositionInfo
from pytestqt.qtbot import QtBot
from typer.testing import CliRunner

from tests.position.drives import GANDHIPURAM, QUICK, START, Notes, gga, rmc, watch_of
from trafficdesk.cli.commands import app
from trafficdesk.position.fix import SourceKind
from trafficdesk.position.status import Fault, PositionFault, State, Status
from trafficdesk.qt.position import QtReceiver, fix_of
from trafficdesk.qt.position_words import position_words


class Sender:
    """Sends a second of a drive, over and over, to each who connects, until it is closed."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"socket://127.0.0.1:{self._listening.getsockname()[1]}"
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="sender")
        self._thread.start()

    def _serve(self) -> None:
        second = 0
        while not self._ending.is_set():
            try:
                client, _ = self._listening.accept()
                with client:
                    while not self._ending.wait(0.02):
                        second += 1
                        at = START + timedelta(seconds=second)
                        client.sendall(gga(at) + rmc(at))
            except OSError:
                continue

    def close(self) -> None:
        self._ending.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(30)


@pytest.fixture
def sender() -> Iterator[Sender]:
    made = Sender()
    yield made
    made.close()


def test_what_the_service_tells_becomes_fixes_and_ends_with_the_watch(
    qtbot: QtBot, sender: Sender
) -> None:
    receiver, notes = QtReceiver(plugin="nmea", parameters={"nmea.source": sender.url}), Notes()
    watch = watch_of(receiver, notes)
    watch.start()
    qtbot.waitUntil(lambda: len(notes.fixes) >= 2)
    watch.stop()
    assert notes.fixes[0].source is SourceKind.QT
    assert notes.fixes[0].place == pytest.approx(GANDHIPURAM)
    assert notes.fixes[0].speed_mps == pytest.approx(12.5 * 1852 / 3600)
    assert notes.states()[:2] == [State.SEARCHING, State.FIXED]
    qtbot.waitUntil(lambda: receiver._source is None)
    receiver.deleteLater()


def test_a_system_without_a_service_that_measures_is_a_fault(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trafficdesk.qt.position._SERVICES", ("no such service",))
    receiver, notes = QtReceiver(), Notes()
    watch = watch_of(receiver, notes, QUICK)
    watch.start()
    qtbot.waitUntil(lambda: PositionFault.NO_LOCATION_SERVICE in notes.faults())
    watch.stop()
    receiver.deleteLater()


def test_every_state_and_fault_has_its_words() -> None:
    faults = [Status(State.FAULT, Fault(code)) for code in PositionFault]
    states = [Status(state) for state in State if state is not State.FAULT]
    for status in [*faults, *states]:
        title, advice = position_words(status)
        assert title
        assert bool(advice) is (status.state is not State.FIXED)
    assert len({position_words(status)[0] for status in states}) == len(states)


def info_of(lat: float, lon: float, at: datetime = START) -> QGeoPositionInfo:
    ms = int(at.timestamp() * 1000)
    stamp = QDateTime.fromMSecsSinceEpoch(ms, QTimeZone(QTimeZone.Initialization.UTC))
    return QGeoPositionInfo(QGeoCoordinate(lat, lon), stamp)


def test_what_comes_with_a_place_is_taken_if_it_can_be() -> None:
    info = info_of(11.018, 76.966)
    info.setAttribute(QGeoPositionInfo.Attribute.HorizontalAccuracy, 12.0)
    info.setAttribute(QGeoPositionInfo.Attribute.GroundSpeed, math.nan)
    fix = fix_of(info)
    assert fix is not None
    assert (fix.place, fix.at) == ((76.966, 11.018), START)
    assert (fix.accuracy_m, fix.speed_mps, fix.heading_deg) == (12.0, None, None)


@pytest.mark.parametrize(
    "info",
    [
        QGeoPositionInfo(),
        info_of(91.0, 76.966),
        info_of(0.0, 0.0),
        info_of(11.018, 76.966, datetime(2007, 4, 6, tzinfo=UTC)),
    ],
)
def test_what_is_no_position_is_no_fix(info: QGeoPositionInfo) -> None:
    assert fix_of(info) is None


@pytest.mark.usefixtures("qapp")
def test_it_is_told_what_the_systems_service_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trafficdesk.qt.position._SERVICES", ("no such service",))
    monkeypatch.setenv("TRAFFICDESK_HOME", str(tmp_path))
    (tmp_path / "settings.json").write_text('{"position": {"source": "qt"}}', encoding="utf-8")
    done = CliRunner().invoke(app, ["position", "--seconds", "2", "--json"])
    assert json.loads(done.stdout)["code"] == PositionFault.NO_LOCATION_SERVICE
