"""Locks the desk when nobody has touched a key or the mouse for a while."""

import time
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from trafficdesk.qt.input_watch import TouchWatch
from trafficdesk.security.lock_policy import idle_left_s, idle_minutes

_INPUT: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)
_CHECK_MS: Final = 5_000


class IdleLock(QObject):
    """Emits ``expired`` once when the minutes are over; ``start`` begins anew.

    The clock runs through a suspend where the system's monotonic clock does; waking up is checked
    against the wall clock too, so that a laptop that slept past its time wakes up locked.
    """

    expired = Signal()

    def __init__(self, minutes: int | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._minutes = idle_minutes(minutes)
        self._last_s = time.monotonic()
        self._last_wall_s = time.time()
        self._watch = TouchWatch(self)
        self._timer = QTimer(self)
        self._timer.setInterval(_CHECK_MS)
        self._timer.timeout.connect(self.check)

    @property
    def minutes(self) -> int:
        """After how many minutes the desk locks, 1 to 30."""
        return self._minutes

    def set_minutes(self, minutes: int) -> None:
        """Take another time, within 1 and 30 minutes."""
        self._minutes = idle_minutes(minutes)

    def start(self) -> None:
        """Begin to watch the whole application."""
        self._touch()
        self._watch.start()
        self._timer.start()

    def stop(self) -> None:
        """Stop watching (the desk is locked)."""
        self._watch.stop()
        self._timer.stop()

    def check(self) -> None:
        """Emit ``expired`` if it is time."""
        left_s = min(
            idle_left_s(self._last_s, time.monotonic(), self._minutes),
            self._minutes * 60 - (time.time() - self._last_wall_s),
        )
        if left_s <= 0 and self._timer.isActive():
            self.stop()
            self.expired.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _INPUT and event.spontaneous():
            # A laptop that slept past its time locks on the first touch, before it can act.
            self.check()
            self._touch()
        return False

    def _touch(self) -> None:
        self._last_s = time.monotonic()
        self._last_wall_s = time.time()
