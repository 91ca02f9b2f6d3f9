"""The whole program as tests run it: started at its unlock screen, unlocked, locked, closed."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from trafficdesk.profile import Profile
from trafficdesk.qt.application import DeskApplication, Furnish
from trafficdesk.qt.sitting import Sitting
from trafficdesk.qt.unlock.screen import UnlockScreen

PASSWORD = "a long password"  # of the officer that ``make_session`` makes


def start(profile: Profile, furnish: Furnish, qtbot: QtBot) -> DeskApplication:
    """Start the program and wait for its unlock screen."""
    running = DeskApplication(profile, furnish)
    running.start()
    wait_for_gate(running, qtbot)
    running.window.activateWindow()
    return running


def wait_for_gate(running: DeskApplication, qtbot: QtBot) -> UnlockScreen:
    """Return the unlock screen once it shows."""

    def shown() -> object:
        return running.gate.screen_shown() if running.gate else None

    qtbot.waitUntil(lambda: isinstance(shown(), UnlockScreen))
    screen = shown()
    assert isinstance(screen, UnlockScreen)
    return screen


def unlock(running: DeskApplication, qtbot: QtBot) -> Sitting:
    """Type the password and wait for the desk."""
    edit = wait_for_gate(running, qtbot).password.field.edit
    QTest.keyClicks(edit, PASSWORD)
    with qtbot.waitSignal(running.unlocked):
        QTest.keyClick(edit, Qt.Key.Key_Return)
    assert running.sitting is not None
    return running.sitting


def lock(running: DeskApplication, qtbot: QtBot) -> None:
    """Lock the desk and wait for the unlock screen."""
    with qtbot.waitSignal(running.locked):
        running.lock("lock")
    wait_for_gate(running, qtbot)


def close(running: DeskApplication) -> None:
    """Close the program's window."""
    running.window.close()
    QApplication.processEvents()
