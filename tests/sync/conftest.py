"""A server that answers exactly what a test tells it to, over a real socket."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from trafficdesk.sync.line import Line, ServerAddress

Headers = dict[str, str]


class HostileServer:
    """Sends ``status``, ``headers`` and ``pieces`` as they are, then hangs up."""

    def __init__(self) -> None:
        self.status = 200
        self.headers: Headers = {"Content-Type": "application/json"}
        self.pieces: Iterator[bytes] | list[bytes] = [b"{}"]
        self.asked: list[tuple[str, str, bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                outer.asked.append((self.command, self.path, self.rfile.read(length)))
                self.send_response(outer.status)
                for name, value in outer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    for piece in outer.pieces:
                        self.wfile.write(piece)
                except OSError:
                    outer.hung_up_on = True

            do_GET = _answer  # noqa: N815 - http.server's own naming
            do_POST = _answer  # noqa: N815 - http.server's own naming

            def log_message(self, *_args: object) -> None:
                return

        self.hung_up_on = False
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,))
        self._thread.start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


@pytest.fixture
def hostile() -> Iterator[HostileServer]:
    server = HostileServer()
    yield server
    server.close()


@pytest.fixture
def line(hostile: HostileServer) -> Iterator[Line]:
    made = Line(ServerAddress(hostile.url))
    yield made
    made.close()
