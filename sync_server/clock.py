"""Whether this machine's clock was set while the program ran: leases and sign-ins go by it."""

import threading
import time
from collections.abc import Callable
from typing import Final

JUMP_S: Final = 5.0
_TOLD_S: Final = 600.0


def _steady_s() -> float:
    """Return seconds that nobody can set; where there is such a clock, sleep counts as well."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class ClockWatch:
    """Compares the clock on the wall with a steady one from look to look."""

    def __init__(
        self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = _steady_s
    ) -> None:
        self._wall, self._steady = wall, steady
        self._lock = threading.Lock()
        self._offset_s = wall() - steady()
        self._jumped_at_s: float | None = None
        self._by_s = 0.0

    def look(self) -> float:
        """Return by how many seconds the clock jumped in the last ten minutes, 0 if it did not."""
        with self._lock:
            now_s = self._steady()
            by_s = self._wall() - now_s - self._offset_s
            if abs(by_s) > JUMP_S:
                self._offset_s += by_s
                self._jumped_at_s, self._by_s = now_s, by_s
            if self._jumped_at_s is None or now_s - self._jumped_at_s > _TOLD_S:
                return 0.0
            return self._by_s
