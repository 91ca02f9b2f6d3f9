"""The road between a desk and its server: open, closed, or leading nowhere."""

import socket
import threading
from contextlib import suppress
from enum import StrEnum
from urllib.parse import urlsplit


class Way(StrEnum):
    """What becomes of what a desk sends: it arrives, is turned back, or is never heard of."""

    OPEN = "open"
    CLOSED = "closed"
    NOWHERE = "nowhere"


class Road:
    """Forwards connections to a server; ``set`` decides what becomes of all of them."""

    def __init__(self, server_url: str) -> None:
        parts = urlsplit(server_url)
        assert parts.hostname is not None
        self._server = (parts.hostname, parts.port)
        self._way = Way.OPEN
        self._lock = threading.Lock()
        self._sockets = set[socket.socket]()
        self.lost = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def set(self, way: Way) -> None:
        """Open or close the road, also for what is on it."""
        with self._lock:
            self._way = way
            self.lost.clear()
            if way is Way.CLOSED:
                self._hang_up()

    def close(self) -> None:
        """Take the road away."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with self._lock:
            self._way = Way.CLOSED
            self._hang_up()

    def _hang_up(self) -> None:
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._sockets.clear()

    def _accept(self) -> None:
        while True:
            try:
                came, _ = self._listening.accept()
            except OSError:
                return
            with self._lock:
                if self._way is Way.CLOSED:
                    came.close()
                    continue
                self._sockets.add(came)
            threading.Thread(target=self._carry, args=(came,), daemon=True).start()

    def _carry(self, came: socket.socket) -> None:
        with suppress(OSError), came, socket.create_connection(self._server) as server:
            with self._lock:
                self._sockets.add(server)
            back = threading.Thread(target=self._pump, args=(server, came), daemon=True)
            back.start()
            self._pump(came, server)
            back.join()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                if self._way is Way.NOWHERE:
                    self.lost.set()
                    continue
                target.sendall(piece)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
