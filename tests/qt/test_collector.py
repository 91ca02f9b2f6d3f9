"""Garbage that holds itself alive is collected on the GUI thread, between two events."""

import gc
import sys
import threading
from collections.abc import Iterator
from types import ModuleType

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from trafficdesk.qt.collector import GuiCollector
from trafficdesk.qt.theme.palette import Appearance, Density, ThemeChoice


class Knot(QWidget):
    """A part without a parent that holds itself alive."""

    def __init__(self) -> None:
        super().__init__()
        self.own = self


@pytest.fixture
def collected_in() -> Iterator[list[str]]:
    """Return the names of the threads that collect from now on."""
    names: list[str] = []

    def note(phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            names.append(threading.current_thread().name)

    gc.callbacks.append(note)
    yield names
    gc.callbacks.remove(note)


@pytest.fixture
def collector(appearance: Appearance) -> Iterator[GuiCollector]:
    running = GuiCollector(appearance)
    thresholds = gc.get_threshold()
    gc.set_threshold(5, 1, 1)
    running.start()
    yield running
    gc.set_threshold(*thresholds)
    running.stop()


def _alive() -> int:
    return sum(isinstance(widget, Knot) for widget in QApplication.topLevelWidgets())


def _tie(count: int) -> None:
    for _ in range(count):
        Knot()


def test_nothing_is_collected_while_qt_lists_its_widgets(
    collector: GuiCollector, collected_in: list[str], appearance: Appearance
) -> None:
    assert collector is not None
    _tie(300)
    appearance.apply(ThemeChoice.LIGHT, 100, Density.COMFORTABLE)
    assert collected_in == []
    assert _alive() == 300


def test_a_threads_garbage_waits_for_the_gui_thread(
    collector: GuiCollector, collected_in: list[str], qtbot: QtBot
) -> None:
    assert collector is not None
    _tie(50)

    def work() -> None:
        for _ in range(10_000):
            knot: list[object] = []
            knot.append(knot)

    other = threading.Thread(target=work)
    other.start()
    other.join()
    assert collected_in == []
    qtbot.waitUntil(lambda: _alive() == 0)
    assert set(collected_in) == {threading.main_thread().name}


def test_the_collecting_is_given_back(appearance: Appearance) -> None:
    was_enabled = gc.isenabled()
    gc.enable()
    running = GuiCollector(appearance)
    running.start()
    assert not gc.isenabled()
    running.leave_out_loaded()
    assert gc.get_freeze_count()
    running.stop()
    assert gc.isenabled()
    assert not gc.get_freeze_count()
    if not was_enabled:
        gc.disable()


def test_a_quiet_desk_is_not_searched(
    collector: GuiCollector, collected_in: list[str], qtbot: QtBot
) -> None:
    assert collector is not None
    gc.set_threshold(1_000_000, 10, 10)
    loop = QEventLoop()
    QTimer.singleShot(2_500, loop.quit)
    loop.exec()
    assert qtbot is not None
    assert collected_in == []


def test_modules_loaded_late_are_left_out_and_what_was_typed_beside_them_is_not(
    collector: GuiCollector,
    collected_in: list[str],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    _tie(10)
    for number in range(30):
        monkeypatch.setitem(sys.modules, f"loaded_late_{number}", ModuleType("late"))
    qtbot.waitUntil(lambda: gc.get_freeze_count() > 0)
    assert collected_in == []
    assert _alive() == 10
    collector.collect_all()
    assert _alive() == 0
    assert gc.get_freeze_count() > 0, "the modules stay left out"
