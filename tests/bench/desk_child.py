"""The real desk in a process of its own, worked by keys: ``python -m tests.bench.desk_child WHAT``.

It prints a JSON line at each stage; after the last one it lives until its input closes, so that
its memory can be looked at from outside. One that does not come to its end says where it stands.
Up to the painted unlock screen it loads what the program itself loads, and nothing else.
"""

import faulthandler
import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic, monotonic_ns, perf_counter_ns, sleep

import trafficdesk.cli.opening  # noqa: F401 - the program starts there
from trafficdesk.app import furnish_desk
from trafficdesk.profile import Profile
from trafficdesk.qt.application import DeskApplication, make_qt_application
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.unlock.screen import UnlockScreen
from trafficdesk.services.demo.marker import DEMO_PASSWORD

# ruff: isort: split
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

LIMIT_S = 150.0
_SIZE = QSize(1280, 720)
_PLAIN = Qt.KeyboardModifier.NoModifier
_NAP_S = 0.0005
_STEP_LIMIT_S = 60.0


def tell(**what: object) -> None:
    """Print a stage and what belongs to it."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def pump(until: Callable[[], object], what: str) -> None:
    """Let the desk work until something holds. Raises ``TimeoutError`` that says what did not."""
    end = monotonic() + _STEP_LIMIT_S
    while not until():
        QApplication.processEvents()
        # Qt's own loop sleeps between events; a loop that does not takes the readers' time.
        sleep(_NAP_S)
        if monotonic() > end:
            raise TimeoutError(f"waited {_STEP_LIMIT_S:.0f} s in vain for {what}")


def begin(profile: Profile) -> DeskApplication:
    """Start the desk as the program does and tell when its unlock screen is painted."""
    make_qt_application()
    profile.settings.unlink(missing_ok=True)  # an earlier run may have ended at the map
    desk = DeskApplication(profile, furnish_desk)
    desk.window.resize(_SIZE)
    painted: list[int] = []
    desk.painted.connect(lambda: painted.append(monotonic_ns()))
    desk.start()
    pump(lambda: painted, "the painted unlock screen")
    tell(stage="shown", at_ns=painted[0])
    return desk


def wait_for_supplies(desk: DeskApplication) -> None:
    """Wait until what the desk loads behind its unlock screen is there, as behind a slow typist."""
    loaded: list[object] = []
    desk.lanes.run(Lane.WRITER, lambda: None, loaded.append)
    pump(lambda: loaded, "what is loaded behind the unlock screen")
    tell(stage="supplied", at_ns=monotonic_ns())


def sign_in(desk: DeskApplication) -> None:
    """Type the demo's password, press Enter and tell when the first report is painted."""
    screen = desk.gate.screen_shown() if desk.gate else None
    if not isinstance(screen, UnlockScreen):
        raise TypeError(f"there is no unlock screen but {screen}")
    field = screen.password.field.edit
    field.setFocus()
    field.setText(DEMO_PASSWORD)
    started = perf_counter_ns()
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(field, QKeyEvent(kind, Qt.Key.Key_Return, _PLAIN, "\r"))
    pump(lambda: is_report_shown(desk), "the first report")
    desk.window.repaint()
    ms = (perf_counter_ns() - started) / 1e6
    tell(stage="unlocked", ms=ms, at_ns=monotonic_ns())


def is_report_shown(desk: DeskApplication) -> bool:
    """Tell whether the review shows a report."""
    if desk.sitting is None:
        return False
    from trafficdesk.qt.review.workspace import ReviewWorkspace

    made = desk.sitting.view.find_made("review")
    return isinstance(made, ReviewWorkspace) and made.shown_detail() is not None


def show_review(profile: Profile, typing: str) -> None:
    """Unlock, at once or when everything is loaded, and stay at the first report."""
    desk = begin(profile)
    if typing == "later":
        wait_for_supplies(desk)
    sign_in(desk)
    sys.stdin.read()
    desk.shut_down()


def main() -> None:
    """Do what the command line names: review, map or triage."""
    what, folder, detail = sys.argv[1:]
    profile = Profile(Path(folder))
    if what == "review":
        show_review(profile, detail)
        return
    desk = begin(profile)
    wait_for_supplies(desk)
    sign_in(desk)
    from tests.bench import desk_work

    desk_work.WORK[what](desk, int(detail))
    desk.shut_down()


if __name__ == "__main__":
    faulthandler.dump_traceback_later(LIMIT_S, exit=True)
    main()
