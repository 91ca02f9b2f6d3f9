"""A workspace that takes long to load is loaded beside the screen, which goes on meanwhile."""

import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.qt.shell.conftest import Shown
from trafficdesk.qt.shell.coming_page import ComingPage
from trafficdesk.qt.shell.rail import Workspace

NAME = "loaded_late_by_a_test"
# Where the module waits until the test lets it on: as slow as one likes.
SOURCE = f"""
import threading
from {__name__} import GATE
GATE.wait(20)
thread = threading.current_thread().name
"""
GATE = threading.Event()


@pytest.fixture
def late(shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shown:
    GATE.clear()
    (tmp_path / f"{NAME}.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, NAME, raising=False)

    def make() -> QWidget:
        made = QLabel("late")
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return made

    shown.desk.add_workspace(Workspace("late", "Late", "map", "Ctrl+9", make, modules=(NAME,)))
    return shown


def _let_load(qtbot: QtBot) -> None:
    GATE.set()
    qtbot.waitUntil(lambda: hasattr(sys.modules.get(NAME), "thread"))


def test_it_stands_there_when_it_is_loaded_and_has_the_keyboard(late: Shown, qtbot: QtBot) -> None:
    desk = late.desk
    assert isinstance(desk.open_workspace("late"), ComingPage)
    assert desk.find_made("late") is None
    desk.open_workspace("late")  # asked for once more: loaded once
    _let_load(qtbot)
    qtbot.waitUntil(lambda: desk.find_made("late") is not None)
    assert desk.pages.currentWidget() is desk.find_made("late") is QApplication.focusWidget()
    assert sys.modules[NAME].thread.startswith("writer")


def test_whoever_went_elsewhere_meanwhile_stays_there(late: Shown, qtbot: QtBot) -> None:
    desk = late.desk
    desk.open_workspace("late")
    QTest.keyClick(
        QApplication.focusWidget() or desk, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier
    )
    assert desk.open_id() == "review"
    _let_load(qtbot)
    qtbot.waitUntil(lambda: not desk.findChildren(ComingPage))
    assert desk.pages.currentWidget() is desk.find_made("review")
    desk.open_workspace("late")
    assert desk.pages.currentWidget() is desk.find_made("late")
