"""Listening to the server's nudges: a hint that something is new, never data."""

import secrets
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from trafficdesk.sync.backoff import Backoff
from trafficdesk.sync.errors import SyncError
from trafficdesk.sync.line import ServerAddress

NUDGE: Final = "/api/v1/sync/nudge"
_LISTEN_S: Final = 1.0  # how soon a stop is noticed
_STANDS_S: Final = 60.0  # what breaks off sooner is tried again ever more seldom
_MAX_BYTES: Final = 4096


class NoteConnected(Protocol):
    """Told whether the server tells of changes by itself."""

    def __call__(self, *, connected: bool) -> None:
        """Note it."""


@dataclass(slots=True)
class Nudges:
    """Keeps a WebSocket open on a thread of its own, from ``start`` to ``stop``.

    ``headers`` makes those of a signed request for a target; ``on_nudge`` and ``on_connected``
    are called from that thread.
    """

    address: ServerAddress
    headers: Callable[[str], dict[str, str]]
    on_nudge: Callable[[], None]
    on_connected: NoteConnected
    backoff: Backoff = field(default_factory=lambda: Backoff(secrets.SystemRandom().random))
    monotonic: Callable[[], float] = time.monotonic
    _ending: threading.Event = field(default_factory=threading.Event, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)

    def start(self) -> None:
        """Begin to listen."""
        self._thread = threading.Thread(target=self._run, name="nudges", daemon=True)
        self._thread.start()

    def stop(self, wait_s: float | None = None) -> None:
        """Hang up; wait for the thread, ``wait_s`` at most: it ends by itself soon after."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join(wait_s)

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                self._listen()
            except (OSError, WebSocketException, SyncError, TimeoutError):
                self.on_connected(connected=False)
            self._ending.wait(self.backoff.next_delay_s())

    def _listen(self) -> None:
        url = "ws" + self.address.base_url.removeprefix("http") + NUDGE
        with connect(
            url,
            additional_headers=self.headers(NUDGE),
            ssl=self._ssl(url),
            proxy=self.address.proxy or True,
            max_size=_MAX_BYTES,
            compression=None,
            close_timeout=1,
        ) as socket:
            stands_at = self.monotonic() + _STANDS_S
            self.on_connected(connected=True)
            self.on_nudge()  # whatever came while nobody listened
            while not self._ending.is_set():
                if self.monotonic() >= stands_at:
                    self.backoff.reset()
                try:
                    socket.recv(timeout=_LISTEN_S)
                except TimeoutError:
                    continue
                self.on_nudge()

    def _ssl(self, url: str) -> ssl.SSLContext | None:
        if not url.startswith("wss:"):
            return None
        return ssl.create_default_context(cadata=self.address.ca_pem or None)
