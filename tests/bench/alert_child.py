"""A real desk in its window, off-screen, that tells when an alert is painted: ``alert``'s child."""

import faulthandler
import sys
from pathlib import Path
from time import monotonic_ns

from tests.bench.desk_child import LIMIT_S, begin, pump, tell, wait_for_supplies
from tests.server.world import PASSWORD
from trafficdesk.profile import Profile
from trafficdesk.qt.application import DeskApplication

# ruff: isort: split
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from trafficdesk.qt.dispatch.alert_banner import AlertBanner
from trafficdesk.qt.first_paint import FirstPaint
from trafficdesk.qt.sitting import Sitting
from trafficdesk.qt.unlock.screen import UnlockScreen

_PLAIN = Qt.KeyboardModifier.NoModifier


class PaintWatch:
    """Tells of each alert when the banner was painted with it, and of each time it went."""

    def __init__(self, banner: AlertBanner) -> None:
        self._banner = banner
        self._shown: set[str] = set()
        FirstPaint(banner).painted.connect(self._note)

    def _note(self) -> None:
        alert = self._banner.alert
        if alert is not None and str(alert.id) not in self._shown:
            self._shown.add(str(alert.id))
            tell(stage="painted", id=str(alert.id), at_ns=monotonic_ns())
            pump(self._banner.isHidden, "the alert to go")
            tell(stage="gone")
        FirstPaint(self._banner).painted.connect(self._note)


def _unlock(desk: DeskApplication) -> Sitting:
    screen = desk.gate.screen_shown() if desk.gate else None
    if not isinstance(screen, UnlockScreen):
        raise TypeError(f"there is no unlock screen but {screen}")
    field = screen.password.field.edit
    field.setFocus()
    field.setText(PASSWORD)
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(field, QKeyEvent(kind, Qt.Key.Key_Return, _PLAIN, "\r"))
    pump(lambda: desk.sitting is not None, "the desk")
    if desk.sitting is None:
        raise TypeError("nobody is signed in")
    return desk.sitting


def _is_told(sitting: Sitting) -> bool:
    return sitting.sync is not None and sitting.sync.is_told


def main() -> None:
    """Stand at the first workspace until the input closes."""
    desk = begin(Profile(Path(sys.argv[2])))
    wait_for_supplies(desk)
    sitting = _unlock(desk)
    watch = PaintWatch(sitting.view.findChildren(AlertBanner)[0])
    pump(lambda: _is_told(sitting), "the live line")
    tell(stage="listening", watching=type(watch).__name__)
    _stay(desk)


def _stay(desk: DeskApplication) -> None:
    """Run Qt's own loop, as the program does, until whoever started it closes the input."""
    from threading import Thread

    def wait() -> None:
        sys.stdin.read()
        desk.lanes.call_home(QApplication.quit)

    Thread(target=wait, name="until-told", daemon=True).start()
    faulthandler.cancel_dump_traceback_later()
    QApplication.exec()
    desk.shut_down()


if __name__ == "__main__":
    faulthandler.dump_traceback_later(LIMIT_S, exit=True)
    main()
