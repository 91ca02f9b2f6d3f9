"""Doing something once, a little later: when asking has paused, or soon though it never does."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Slot

# As much time has what was begun to come home: a newer reading makes the one before it worthless.
_REST_MS: Final = 400


def later(owner: QObject, after_ms: int, act: Callable[[], object]) -> QTimer:
    """Return a stopped timer that calls ``act`` once, ``after_ms`` after its ``start``.

    Asking again starts the wait anew, so whoever never stops asking waits for ever: for what
    changes by itself there is ``Soon``.
    """
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(after_ms)
    timer.timeout.connect(act)
    return timer


class Soon(QObject):
    """Calls ``act`` for all that was asked since, ``after_ms`` after the first ask of them.

    It does so however fast asks follow one another, but not before ``rest_ms`` have passed since
    the last time.
    """

    def __init__(
        self,
        owner: QObject,
        after_ms: int,
        act: Callable[[], object],
        rest_ms: int = _REST_MS,
    ) -> None:
        super().__init__(owner)
        self._after_ms, self._rest_ms = after_ms, rest_ms
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._rest)
        self._timer.timeout.connect(act)

    @Slot()
    def _rest(self) -> None:
        self._since.start()

    def stop(self) -> None:
        """Leave undone what was asked for."""
        self._timer.stop()

    def start(self) -> None:
        """Ask for it."""
        if self._timer.isActive():
            return
        rest_ms = self._rest_ms - self._since.elapsed() if self._since.isValid() else 0
        self._timer.start(max(self._after_ms, rest_ms))
