"""A workspace that takes long to load is loaded beside the screen, which goes on meanwhile."""

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.qt.shell.conftest import Shown
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.shell.coming_page import ComingPage
from trafficdesk.qt.shell.desk import DeskView
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
# A module that is there, and one that it needs and that is not.
WHOLE, PART = "whole_of_a_test", "part_of_a_test"


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


def _coming(page: QWidget) -> ComingPage:
    assert isinstance(page, ComingPage)
    return page


def _let_load(qtbot: QtBot) -> None:
    GATE.set()
    qtbot.waitUntil(lambda: hasattr(sys.modules.get(NAME), "thread"))


def test_it_stands_there_when_it_is_loaded_and_has_the_keyboard(late: Shown, qtbot: QtBot) -> None:
    desk = late.desk
    assert isinstance(desk.open_workspace("late"), ComingPage)
    assert desk.find_made("late") is None
    desk.open_workspace("late")  # asked for once more: loaded once
    _let_load(qtbot)
    qtbot.waitUntil(lambda: desk.pages.currentWidget() is desk.find_made("late") is not None)
    assert desk.find_made("late") is QApplication.focusWidget()
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
def test_what_could_not_be_made_says_so_and_is_tried_again_when_it_is_opened_again(
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
    coming = _coming(desk.open_workspace("frail"))
    _let_load(qtbot)
    qtbot.waitUntil(lambda: faults == [RuntimeError] and coming.has_failed)
    assert tries == [0]
    assert desk.pages.currentWidget() is coming
    desk.open_workspace("frail")
    qtbot.waitUntil(lambda: isinstance(desk.find_made("frail"), QLabel))


@dataclass
class Broken:
    """A workspace one of whose parts is missing on the disk until ``mend`` puts it there."""

    desk: DeskView
    mend: Callable[[], object]
    faults: list[str]

    def open(self, qtbot: QtBot) -> ComingPage:
        """Open it and return the page that says what happened."""
        coming = _coming(self.desk.open_workspace("broken"))
        qtbot.waitUntil(lambda: coming.has_failed)
        return coming

    def wait_until_made(self, qtbot: QtBot) -> None:
        """Wait until it is on screen."""
        desk = self.desk
        qtbot.waitUntil(lambda: desk.pages.currentWidget() is desk.find_made("broken") is not None)


@pytest.fixture
def broken(
    shown: Shown, equipment: Equipment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Broken:
    (tmp_path / f"{WHOLE}.py").write_text(f"import {PART}\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    for name in (WHOLE, PART):
        monkeypatch.delitem(sys.modules, name, raising=False)
    faults: list[str] = []
    equipment.lanes.failed.connect(lambda error: faults.append(type(error).__name__))

    def make() -> QWidget:
        made = QLabel("whole")
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return made

    shown.desk.add_workspace(Workspace("broken", "Broken", "map", "Ctrl+9", make, modules=(WHOLE,)))
    part = tmp_path / f"{PART}.py"
    return Broken(shown.desk, lambda: part.write_text("there = True\n", encoding="utf-8"), faults)


def test_what_cannot_be_loaded_says_so_in_place_and_enter_tries_again(
    broken: Broken, tmp_path: Path, qtbot: QtBot
) -> None:
    desk = broken.desk
    coming = broken.open(qtbot)
    assert desk.pages.currentWidget() is coming
    assert "Broken could not be opened" in coming.accessibleName()
    assert not coming.busy.is_busy()
    again = coming.again
    assert again.isVisible()
    assert QApplication.focusWidget() is again, "the keyboard is where it goes on"
    assert broken.faults == ["ModuleNotFoundError"], "it is kept as any other fault"

    QTest.keyClick(again, Qt.Key.Key_Return)
    assert not coming.has_failed
    assert coming.busy.is_busy()
    assert not again.isVisible()
    qtbot.waitUntil(lambda: coming.has_failed)
    assert broken.faults == ["ModuleNotFoundError"] * 2
    assert QApplication.focusWidget() is again

    broken.mend()
    QTest.keyClick(again, Qt.Key.Key_Return)
    broken.wait_until_made(qtbot)
    assert QApplication.focusWidget() is desk.find_made("broken")
    line = "not_opened workspace=broken error=ModuleNotFoundError"
    journal = tmp_path / "journal.log"
    qtbot.waitUntil(lambda: journal.is_file() and journal.read_text("ascii").count(line) == 2)


def test_a_click_tries_again_and_what_was_to_be_done_there_is_done(
    broken: Broken, qtbot: QtBot
) -> None:
    done: list[str] = []
    broken.desk.act_in("broken", lambda: done.append("shown"))
    coming = broken.open(qtbot)
    broken.mend()
    QTest.mouseClick(coming.again, Qt.MouseButton.LeftButton)
    broken.wait_until_made(qtbot)
    qtbot.waitUntil(lambda: done == ["shown"])


def test_who_comes_back_to_what_could_not_be_loaded_has_it_tried_without_the_old_errand(
    broken: Broken, qtbot: QtBot
) -> None:
    desk, done = broken.desk, list[str]()
    desk.act_in("broken", lambda: done.append("in vain"))
    broken.open(qtbot)
    desk.open_workspace("review")
    broken.mend()
    desk.act_in("broken", lambda: done.append("anew"))
    broken.wait_until_made(qtbot)
    qtbot.waitUntil(lambda: done == ["anew"])


@pytest.mark.parametrize("size", [QSize(1280, 720), QSize(800, 500)])
def test_what_it_says_fits_the_page(
    broken: Broken, find_cut_off: Callable[[QWidget], list[str]], size: QSize, qtbot: QtBot
) -> None:
    coming = broken.open(qtbot)
    coming.window().resize(size)
    assert find_cut_off(coming) == []


def test_the_failed_page_in_every_look(
    broken: Broken, screenshots: Callable[[QWidget, str], list[Path]], qtbot: QtBot
) -> None:
    coming = broken.open(qtbot)
    assert len(screenshots(coming.window(), "not-opened")) == 4
