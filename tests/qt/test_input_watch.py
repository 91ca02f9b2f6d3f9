"""Keys and touches are seen everywhere, and never by filtering the application."""

import re
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

import trafficdesk.qt
from trafficdesk.qt.input_watch import KeyWatch, TouchWatch


class _Seer(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[QEvent.Type] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        assert watched is not None
        if event.type() in {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress}:
            self.seen.append(event.type())
        return False


def _window(qtbot: QtBot) -> tuple[QWidget, QLineEdit, QPushButton]:
    window, field, button = QWidget(), QLineEdit(), QPushButton("Go")
    column = QVBoxLayout(window)
    column.addWidget(field)
    column.addWidget(button)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    field.setFocus()
    return window, field, button


def test_keys_are_seen_wherever_the_focus_goes_until_the_watch_ends(qtbot: QtBot) -> None:
    seer = _Seer()
    watch = KeyWatch(seer)
    watch.start()
    _, field, button = _window(qtbot)

    QTest.keyClick(field, Qt.Key.Key_A)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_F5)
    assert seer.seen.count(QEvent.Type.KeyPress) >= 2

    watch.stop()
    seer.seen.clear()
    QTest.keyClick(button, Qt.Key.Key_F5)
    assert seer.seen == []


def test_touches_come_in_through_the_windows(qtbot: QtBot) -> None:
    window, _, _ = _window(qtbot)
    seer = _Seer()
    watch = TouchWatch(seer)
    watch.start()
    handle = window.windowHandle()
    assert handle is not None

    QTest.keyClick(handle, Qt.Key.Key_A)
    assert seer.seen == [QEvent.Type.KeyPress]

    watch.stop()
    QTest.keyClick(handle, Qt.Key.Key_A)
    assert seer.seen == [QEvent.Type.KeyPress]
    assert QApplication.instance() is not None


def test_nothing_filters_the_application_for_the_map_would_kill_the_program() -> None:
    folder = Path(trafficdesk.qt.__file__).parent
    faults = [
        path.name
        for path in folder.rglob("*.py")
        if re.search(r"\b(app|instance\(\)|qApp)\.installEventFilter", path.read_text("utf-8"))
    ]
    assert faults == []
