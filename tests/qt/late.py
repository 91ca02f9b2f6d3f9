"""A pytest plugin that shows which tests of screens pass on a quick machine alone.

``pytest -p tests.qt.late --late-ms 200 tests/qt`` brings home whatever a lane did that much later,
and lets ``qtbot.waitUntil`` look after each single turn of the event loop: what Qt leaves to the
next turn is not done yet. A test that fails then waits for the wrong thing, or for a while.
"""

import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.exceptions import TimeoutError as WaitedInVain
from pytestqt.qtbot import QtBot

from tests.conftest import PATIENCE_MS
from trafficdesk.qt.tasks import Lanes, Task

_REST_S = 0.001


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take how late results come."""
    parser.addoption("--late-ms", type=float, default=200.0, help="how late results come home")


def pytest_configure(config: pytest.Config) -> None:
    """Make every result late, and every wait as short as it can be, in this process."""
    late_s = config.getoption("--late-ms") / 1000
    send_home = Lanes._send_home

    def send_late(lanes: Lanes, task: Task) -> None:
        time.sleep(late_s)
        send_home(lanes, task)

    patch = pytest.MonkeyPatch()
    patch.setattr(Lanes, "_send_home", send_late)
    patch.setattr(QtBot, "waitUntil", _wait_by_turns)
    config.add_cleanup(patch.undo)


def _wait_by_turns(
    _qtbot: QtBot, is_so: Callable[[], bool | None], *, timeout: int = PATIENCE_MS
) -> None:
    """Wait as ``QtBot.waitUntil`` does, ``timeout`` in ms, and look after every turn."""
    deadline = time.monotonic() + timeout / 1000
    while not _holds(is_so, is_last=time.monotonic() > deadline):
        if time.monotonic() > deadline:
            raise WaitedInVain(f"waited in vain for {timeout} ms")
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        time.sleep(_REST_S)


def _holds(is_so: Callable[[], bool | None], *, is_last: bool) -> bool:
    """Tell whether it is so; what asserts or looks up says so by not failing."""
    try:
        told = is_so()
    except (AssertionError, LookupError):
        if is_last:
            raise
        return False
    return told is None or told
