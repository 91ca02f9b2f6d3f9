"""A workspace that takes long to load is loaded beside the screen, which goes on meanwhile."""

import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
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


def test_what_was_to_be_done_there_is_done_when_it_is_made(late: Shown, qtbot: QtBot) -> None:
    desk, done = late.desk, list[bool]()

    def act() -> None:
        done.append(desk.pages.currentWidget() is desk.find_made("late"))

    desk.act_in("late", act)
    assert done == []
    _let_load(qtbot)
    qtbot.waitUntil(lambda: done == [True])
    desk.act_in("late", act)
    assert done == [True, True], "it is made: that is done at once"


def test_whoever_went_elsewhere_has_it_left_undone(late: Shown, qtbot: QtBot) -> None:
    desk, done = late.desk, list[str]()
    desk.act_in("late", lambda: done.append("in vain"))
    desk.open_workspace("review")
    _let_load(qtbot)
    qtbot.waitUntil(lambda: not desk.findChildren(ComingPage))
    desk.open_workspace("late")
    assert desk.open_id() == "late"
    assert done == []


def test_a_key_comes_in_between_beginning_making_and_showing(late: Shown, qtbot: QtBot) -> None:
    desk, done = late.desk, list[str]()

    def make() -> QWidget:
        done.append("made")
        return QLabel("slow")

    def begin() -> None:
        done.append("begun")

    desk.add_workspace(
        Workspace("slow", "Slow", "map", "Ctrl+8", make, modules=(NAME,), begin=begin)
    )
    desk.open_workspace("slow")
    beat = QTimer()
    beat.timeout.connect(lambda: done.append("key"))
    beat.start(0)
    _let_load(qtbot)
    qtbot.waitUntil(lambda: desk.pages.currentWidget() is desk.find_made("slow") is not None)
    beat.stop()
    assert "key" in done[done.index("begun") : done.index("made")]
    assert "key" in done[done.index("made") :]


@pytest.mark.qt_no_exception_capture
def test_what_could_not_be_made_is_tried_again_when_it_is_opened_again(
    late: Shown, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    desk, tries, faults = late.desk, list[int](), list[type[BaseException]]()
    monkeypatch.setattr(sys, "excepthook", lambda kind, *_rest: faults.append(kind))

    def make() -> QWidget:
        tries.append(len(tries))
        if len(tries) == 1:
            raise RuntimeError("the first time")
        return QLabel("made")

    desk.add_workspace(Workspace("frail", "Frail", "map", "Ctrl+8", make, modules=(NAME,)))
    desk.open_workspace("frail")
    _let_load(qtbot)
    qtbot.waitUntil(lambda: faults == [RuntimeError] and not desk.findChildren(ComingPage))
    assert tries == [0]
    assert isinstance(desk.open_workspace("frail"), QLabel)
