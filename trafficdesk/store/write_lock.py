"""The lock of the one writer, which tells whether somebody else waits for it."""

import threading
from types import TracebackType


class WriteLock:
    """Held by one thread at a time. Who holds it for long looks at ``is_awaited`` now and then."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counting = threading.Lock()
        self._waiting = 0

    @property
    def is_awaited(self) -> bool:
        """Whether another thread waits."""
        return self._waiting > 0

    def __enter__(self) -> None:
        if not self._lock.acquire(blocking=False):
            self._count(1)
            try:
                self._lock.acquire()
            finally:
                self._count(-1)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lock.release()

    def _count(self, more: int) -> None:
        with self._counting:
            self._waiting += more
