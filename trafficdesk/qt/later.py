"""Doing something once, a little later; asking again starts the wait anew."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def later(owner: QObject, after_ms: int, act: Callable[[], object]) -> QTimer:
    """Return a stopped timer that calls ``act`` once, ``after_ms`` after its ``start``."""
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(after_ms)
    timer.timeout.connect(act)
    return timer
