"""One thread that listens to a receiver, weighs what it hears and tells how things stand."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from trafficdesk.position.fix import Fix
from trafficdesk.position.receiving import Heard, Quiet, Receiver, Signal
from trafficdesk.position.sieve import Sieve, Verdict
from trafficdesk.position.status import Fault, PositionFault, SourceError, State, Status


@dataclass(frozen=True, slots=True)
class Listener:
    """Whom the watch tells, from its own thread: each change of status, each fix worth telling."""

    status: Callable[[Status], None]
    fix: Callable[[Fix], None]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the watch waits, in seconds."""

    lost_s: float = 10.0  # receivers speak every second; a bridge is passed in less than ten
    silent_s: float = 15.0  # longer than it takes to try the usual speeds of a serial port
    retry_s: float = 1.0
    longest_retry_s: float = 30.0

    def delay_s(self, failures: int) -> float:
        """Return how long to wait after so many failures in a row, the last one not counted."""
        return min(self.retry_s * 2.0 ** min(failures, 16), self.longest_retry_s)


_PATIENCE: Final = Patience()


class PositionWatch:
    """Runs from ``start`` to ``stop``; a source that fails is opened again, later and later."""

    def __init__(
        self, receiver: Receiver, listener: Listener, *, patience: Patience = _PATIENCE
    ) -> None:
        self.verdicts: Counter[Verdict] = Counter()
        self._receiver = receiver
        self._listener = listener
        self._patience = patience
        self._sieve = Sieve()
        self._status = Status(State.SEARCHING)
        self._told: Status | None = None
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="position", daemon=True)
        self._failures = 0
        self._fixed_at_s: float | None = None
        self._understood_at_s = 0.0
        self._was_understood = self._was_noisy = False

    def start(self) -> None:
        """Begin to listen on a thread of its own."""
        self._thread.start()

    def stop(self, wait_s: float | None = None) -> None:
        """End, and wait for it; with ``wait_s`` of 0 the thread ends by itself a moment later."""
        self._ending.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(wait_s)

    def _run(self) -> None:
        self._tell(self._status)
        while not self._ending.is_set():
            try:
                self._listen()
            except SourceError as error:
                self._tell(Status(State.FAULT, error.fault))
            else:
                return
            self._failures += 1
            self._ending.wait(self._patience.delay_s(self._failures - 1))

    def _listen(self) -> None:
        """Listen until the end.

        Raises:
            SourceError: the source failed, or has said nothing for too long.
        """
        self._understood_at_s = time.monotonic()
        self._was_understood = self._was_noisy = False
        with closing(self._receiver.listen()) as heard:
            for each in heard:
                if self._ending.is_set():
                    return
                self._take(each)
                self._tell(self._standing())
        if not self._ending.is_set():
            self._tell(Status(State.FAULT, Fault(PositionFault.REPLAY_OVER)))

    def _take(self, heard: Heard) -> None:
        now_s = time.monotonic()
        if isinstance(heard, Quiet):
            self._was_noisy |= heard is Quiet.NOISE
            return
        self._understood_at_s, self._was_understood, self._failures = now_s, True, 0
        if isinstance(heard, Signal):
            self._status = Status(self._status.state, self._status.fault, heard.satellites)
            return
        verdict = self._sieve.weigh(heard)
        self.verdicts[verdict] += 1
        if verdict.is_believed:
            self._fixed_at_s = now_s
        if verdict is Verdict.TAKEN:
            self._tell(self._standing())
            self._listener.fix(heard)

    def _standing(self) -> Status:
        """Return how things stand now.

        Raises:
            SourceError: nothing was understood for too long; opening it anew may help.
        """
        now_s = time.monotonic()
        if now_s - self._understood_at_s > self._patience.silent_s:
            noisy = self._was_noisy and not self._was_understood
            raise SourceError(PositionFault.UNREADABLE if noisy else PositionFault.SILENT)
        status = self._status
        if status.fault is not None and not self._was_understood:
            return status  # opened again, and still without a word: it may fail just so again
        if self._fixed_at_s is None:
            return Status(State.SEARCHING, None, status.satellites)
        is_lost = now_s - self._fixed_at_s > self._patience.lost_s
        return Status(State.LOST if is_lost else State.FIXED, None, status.satellites)

    def _tell(self, status: Status) -> None:
        """Note a status, and tell it if it is another one than was told last."""
        self._status = status
        if status != self._told:
            self._told = status
            self._listener.status(status)
