"""A server that cannot be believed: the real one's answers, changed on their way to the desk."""

import ssl
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import requests

_JSON = "application/json"
_HOP = frozenset({"content-length", "content-encoding", "transfer-encoding", "connection"})


@dataclass(frozen=True)
class Lie:
    """What is answered in the place of an answer; ``body`` makes it from the true one's.

    The server has done what it was asked for, unless ``is_heard`` is false.
    """

    body: Callable[[bytes], Iterable[bytes]]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": _JSON})
    is_heard: bool = True


class _Handler(BaseHTTPRequestHandler):
    """Asks the true server, and answers as the liar likes."""

    protocol_version = "HTTP/1.1"
    liar: "Liar"
    true_url: str

    def _answer(self) -> None:
        path = urlsplit(self.path).path
        self.liar.asked.append(path)
        lie = self.liar.lies.get(path) or self.liar.lies.get("*")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if lie is not None and not lie.is_heard:
            self._lie(lie, b"")
            return
        headers = {k: v for k, v in self.headers.items() if k.lower() not in _HOP}
        headers["Accept-Encoding"] = "identity"
        true = requests.request(
            self.command, self.true_url + self.path, data=body, headers=headers, timeout=60
        )
        if lie is not None and true.ok:
            self._lie(lie, true.content)
            return
        self._head(true.status_code, true.headers)
        self.send_header("Content-Length", str(len(true.content)))
        self.end_headers()
        self.wfile.write(true.content)

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in _HOP:
                self.send_header(name, value)

    def _lie(self, lie: Lie, true: bytes) -> None:
        self.close_connection = True
        self.liar.offered = 0
        self.send_response(lie.status)
        for name, value in lie.headers.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        with suppress(OSError):
            for piece in lie.body(true):
                self.wfile.write(piece)
                self.liar.offered += len(piece)

    do_GET = _answer  # noqa: N815 - http.server's own naming
    do_POST = _answer  # noqa: N815 - http.server's own naming

    def log_message(self, *_args: object) -> None:
        return


class Liar:
    """Answers on an address of its own, over TLS if given; ``lies`` maps paths to what is said.

    ``asked`` holds every path that was asked for, ``offered`` how many bytes the last lie came to
    before the desk hung up.
    """

    def __init__(self, server_url: str, tls: ssl.SSLContext | None = None) -> None:
        self.lies = dict[str, Lie]()
        self.asked = list[str]()
        self.offered = 0
        handler = type("Handler", (_Handler,), {"liar": self, "true_url": server_url})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        if tls is not None:
            self._http.socket = tls.wrap_socket(
                self._http.socket, server_side=True, do_handshake_on_connect=False
            )
        scheme = "http" if tls is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._http.server_address[1]}"
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
