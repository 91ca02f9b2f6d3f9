"""HTTP connections that one thread can cut while another waits on them."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Final
from weakref import WeakSet

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import ConnectionPool, HTTPConnectionPool, HTTPSConnectionPool

Note = Callable[[object], None]
Verify = bool | str | None  # as requests calls it


class OpenSockets:
    """Every socket of one line; after ``cut`` none of them brings anything any more."""

    def __init__(self) -> None:
        self._lock: Final = threading.Lock()
        self._sockets = WeakSet[socket.socket]()
        self._is_cut = False

    def note(self, opened: object) -> None:
        """Remember a socket that was just connected."""
        if not isinstance(opened, socket.socket):
            return
        with self._lock:
            self._sockets.add(opened)
            if self._is_cut:
                _shut(opened)

    def cut(self) -> None:
        """End what is under way; from any thread, at once, for good."""
        with self._lock:
            self._is_cut = True
        self.drop()

    def drop(self) -> None:
        """End what is under way; the next call may open another connection."""
        with self._lock:
            for each in list(self._sockets):
                _shut(each)

    @contextmanager
    def ending_after(self, whole_s: float) -> Iterator[None]:
        """Drop the connections when the block takes longer, wherever it waits.

        A socket's own time-out begins anew with every byte that trickles in.

        Raises:
            TimeoutError: it did, whatever the block made of its dropped connection.
        """
        has_ended = threading.Event()

        def end() -> None:
            has_ended.set()
            self.drop()

        timer = threading.Timer(whole_s, end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            if has_ended.is_set():
                raise TimeoutError


def _shut(opened: socket.socket) -> None:
    with suppress(OSError):
        # Not TLS's own shutdown, which another thread may be reading through.
        socket.socket.shutdown(opened, socket.SHUT_RDWR)


class CuttableAdapter(HTTPAdapter):
    """The adapter of ``requests`` whose connections tell of their sockets.

    Once connected, a piece may take ``piece_s`` to be sent: urllib3 would give it no longer than
    the connecting.
    """

    def __init__(self, sockets: OpenSockets, piece_s: float) -> None:
        super().__init__()
        self._plain, self._secure = _telling(sockets.note, piece_s)

    def get_connection_with_tls_context(
        self,
        request: PreparedRequest,
        verify: Verify,
        proxies: Mapping[str, str] | None = None,
        cert: tuple[str, str] | str | None = None,
    ) -> ConnectionPool:
        """Return the pool for a request, as ``requests`` asks for it."""
        pool = super().get_connection_with_tls_context(request, verify, proxies, cert)
        if isinstance(pool, HTTPSConnectionPool):
            pool.ConnectionCls = self._secure
        elif isinstance(pool, HTTPConnectionPool):
            pool.ConnectionCls = self._plain
        return pool


def _telling(note: Note, piece_s: float) -> tuple[type[HTTPConnection], type[HTTPSConnection]]:
    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            note(self.sock)
            self.sock.settimeout(piece_s)

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            note(self.sock)
            self.sock.settimeout(piece_s)

    return Plain, Secure
