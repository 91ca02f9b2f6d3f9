"""A server of version 1 as it was: it answers what was recorded, whatever else is asked of it.

Nothing of the recording is ever changed: every later desk must understand this server. What differs
each time are the ids of the operations that are pushed.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

RECORDED: dict[str, Any] = json.loads((Path(__file__).parent / "server.json").read_text("utf-8"))
ANSWERS: dict[str, dict[str, Any]] = {each["name"]: each for each in RECORDED["answers"]}
_NAMES = {
    "/api/v1/devices/enrol": "enrol",
    "/api/v1/auth/sign-in": "sign-in",
    "/api/v1/auth/refresh": "refresh",
    "/api/v1/sync/hello": "hello",
    "/api/v1/sync/history": "history",
    "/api/v1/sync/receipt": "receipt",
    "/api/v1/media": "announce",
}
# What it says of a kind of record that came after it.
_NO_SUCH_KIND: dict[str, Any] = {
    "status": 404,
    "headers": {"content-type": "application/problem+json"},
    "body": '{"type":"about:blank","title":"Not Found","status":404,"code":"not_found",'
    '"detail":"There is no such kind of record."}',
}


class OldServer(ThreadingHTTPServer):
    """Answers on this machine; ``push`` names the recorded answer to the next push."""

    daemon_threads = True
    push = "push"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def answer(self, method: str, target: str, body: bytes) -> dict[str, Any]:
        """Return the answer that was recorded to such a request."""
        parts, query = urlsplit(target), parse_qs(urlsplit(target).query)
        self.asked.append(f"{method} {parts.path}")
        if parts.path == "/api/v1/sync/push":
            return self._pushed(json.loads(body))
        if parts.path == "/api/v1/sync/snapshot":
            return ANSWERS.get(f"snapshot-{query['entity'][0]}", _NO_SUCH_KIND)
        if parts.path == "/api/v1/sync/changes":
            return ANSWERS[f"changes-{query['after'][0]}"]
        if method == "PATCH":
            return ANSWERS["piece"]
        return ANSWERS[_NAMES[parts.path]]

    def _pushed(self, request: dict[str, Any]) -> dict[str, Any]:
        answer = json.loads(ANSWERS[self.push]["body"])
        sent = [each["op_id"] for each in request["operations"]]
        answer["outcomes"] = [
            outcome | {"op_id": op_id}
            for op_id, outcome in zip(sent, answer["outcomes"], strict=False)
        ]
        return ANSWERS[self.push] | {"body": json.dumps(answer)}


class _Handler(BaseHTTPRequestHandler):
    server: OldServer
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        told = self.server.answer(self.command, self.path, body)
        content = told["body"].encode()
        self.send_response(told["status"])
        for name, value in told["headers"].items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = _answer  # noqa: N815 - named by the library

    def log_message(self, *_: object) -> None:
        """Be still."""


@contextmanager
def old_server() -> Iterator[OldServer]:
    """Let a server of version 1 run for the length of the block."""
    server = OldServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
