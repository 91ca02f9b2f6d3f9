"""HTTP connections that one thread can cut while another waits on them."""

import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
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
            for each in list(self._sockets):
                _shut(each)


def _shut(opened: socket.socket) -> None:
    with suppress(OSError):
        # Not TLS's own shutdown, which another thread may be reading through.
        socket.socket.shutdown(opened, socket.SHUT_RDWR)


class CuttableAdapter(HTTPAdapter):
    """The adapter of ``requests`` whose connections tell of their sockets."""

    def __init__(self, sockets: OpenSockets) -> None:
        super().__init__()
        self._plain, self._secure = _telling(sockets.note)

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


def _telling(note: Note) -> tuple[type[HTTPConnection], type[HTTPSConnection]]:
    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            note(self.sock)

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            note(self.sock)

    return Plain, Secure
