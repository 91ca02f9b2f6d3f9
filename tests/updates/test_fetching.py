"""A source brings bytes or says why not; what it says about itself is not believed."""

import os
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.sync.test_tls import NOW, Authority
from trafficdesk.updates import fetching
from trafficdesk.updates.errors import (
    CUT_OFF,
    NOT_TRUSTED,
    UNREACHABLE,
    MissingError,
    UpdateError,
)
from trafficdesk.updates.fetching import FolderSource, ServerSource

BODY = bytes(range(256)) * 4096
Answer = Callable[[BaseHTTPRequestHandler], None]


class QuietServer(ThreadingHTTPServer):
    """Says nothing of callers that hang up on it."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


class Stranger:
    """A server over TLS that answers as a test says."""

    def __init__(self, folder: Path) -> None:
        self.authority = Authority()
        self.ca_file = folder / "ca.pem"
        self.ca_file.write_bytes(self.authority.pem)
        self.answer: Answer = whole
        self.asked: list[str] = []
        stranger = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                stranger.asked.append(self.path)
                stranger.answer(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = QuietServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issued = self.authority.issue(folder, "127.0.0.1", NOW + timedelta(days=5))
        context.load_cert_chain(issued)
        self.server.socket = context.wrap_socket(
            self.server.socket, server_side=True, do_handshake_on_connect=False
        )
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"https://127.0.0.1:{self.server.server_address[1]}"


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: object) -> None:
    handler.send_response(status)
    for name, value in {"content_length": len(body), **headers}.items():
        handler.send_header(name.replace("_", "-"), str(value))
    handler.end_headers()
    handler.wfile.write(body)


def whole(handler: BaseHTTPRequestHandler) -> None:
    send(handler, 200, BODY)


def ranged(handler: BaseHTTPRequestHandler) -> None:
    start = int(handler.headers["Range"].removeprefix("bytes=").rstrip("-"))
    told = f"bytes {start}-{len(BODY) - 1}/{len(BODY)}"
    send(handler, 206, BODY[start:], content_range=told)


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[Stranger]:
    made = Stranger(tmp_path)
    yield made
    made.server.shutdown()
    made.server.server_close()


def fetch(stranger: Stranger, start: int = 0, ca_file: Path | None = None) -> bytes:
    source = ServerSource(f"{stranger.url}/", ca_file or stranger.ca_file)
    try:
        return b"".join(source.pieces("metadata/timestamp.json", start))
    finally:
        source.close()


def refused(stranger: Stranger, answer: Answer, start: int = 0) -> str:
    stranger.answer = answer
    with pytest.raises(UpdateError) as raised:
        fetch(stranger, start)
    return raised.value.code


def test_only_the_pinned_authority_is_believed(stranger: Stranger, tmp_path: Path) -> None:
    assert fetch(stranger) == BODY
    assert stranger.asked == ["/updates/metadata/timestamp.json"]
    other = tmp_path / "other.pem"
    other.write_bytes(Authority().pem)
    with pytest.raises(UpdateError) as raised:
        fetch(stranger, ca_file=other)
    assert raised.value.code == NOT_TRUSTED


@pytest.mark.parametrize("start", [0, 1, 300_000, len(BODY) - 1])
@pytest.mark.parametrize("answer", [whole, ranged])
def test_a_file_is_had_from_a_place_on_from_every_server(
    stranger: Stranger, start: int, answer: Answer
) -> None:
    stranger.answer = answer if start else whole
    assert fetch(stranger, start) == BODY[start:]


def test_another_part_than_was_asked_for_is_not_taken(stranger: Stranger) -> None:
    def other(handler: BaseHTTPRequestHandler) -> None:
        send(handler, 206, BODY[5:], content_range=f"bytes 5-{len(BODY) - 1}/{len(BODY)}")

    assert refused(stranger, other, start=3) == CUT_OFF


def test_nobody_is_sent_elsewhere(stranger: Stranger) -> None:
    def elsewhere(handler: BaseHTTPRequestHandler) -> None:
        send(handler, 302, b"", location=f"{stranger.url}/evil")

    assert refused(stranger, elsewhere) == UNREACHABLE
    assert "/evil" not in stranger.asked


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_has_no_time_is_asked_again_another_day(
    stranger: Stranger, status: int
) -> None:
    assert refused(stranger, lambda handler: send(handler, status, b"")) == UNREACHABLE


def test_a_file_that_is_not_there_is_told_from_a_server_that_is_not(stranger: Stranger) -> None:
    stranger.answer = lambda handler: send(handler, 404, b"")
    with pytest.raises(MissingError):
        fetch(stranger)
    stranger.server.shutdown()
    stranger.server.server_close()
    with pytest.raises(UpdateError) as raised:
        fetch(stranger)
    assert raised.value.code == UNREACHABLE
    assert not isinstance(raised.value, MissingError)


def test_an_answer_that_ends_early_is_none(stranger: Stranger) -> None:
    assert (
        refused(stranger, lambda handler: send(handler, 200, BODY[:9], content_length=10))
        == CUT_OFF
    )


def test_a_line_that_trickles_is_no_line(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "PATIENCE_S", 0.0)
    monkeypatch.setattr(fetching, "LEAST_BYTES_PER_S", 10**15)

    def trickle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b" ")
        except OSError:
            pass  # it hung up

    assert refused(stranger, trickle) == CUT_OFF


def test_a_pipe_on_a_stick_is_no_file(tmp_path: Path) -> None:
    """Nobody would ever write to it, and whoever reads would wait for ever."""
    (tmp_path / "metadata").mkdir()
    os.mkfifo(tmp_path / "metadata" / "timestamp.json")
    with pytest.raises(MissingError):
        list(FolderSource(tmp_path).pieces("metadata/timestamp.json"))
