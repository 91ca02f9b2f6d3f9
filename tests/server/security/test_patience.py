"""Whoever sends nothing, or reads nothing, is not waited for; a slow line is."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sync_server.patience import PatientProtocol
from tests.server.live import Live, running, settings_for
from tests.server.world import API

WAIT_S = 30
HEAD = f"POST {API}/auth/sign-in HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\n"


@pytest.fixture
def live(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    """A server that looks at its connections five times a second."""
    monkeypatch.setattr(PatientProtocol, "look_every_s", 0.2)
    monkeypatch.setattr(PatientProtocol, "least_bytes", 16)
    with running(settings_for(database_url, tmp_path)) as started:
        yield started


def line_to(live: Live) -> socket.socket:
    place = urlsplit(live.url)
    return socket.create_connection((place.hostname, place.port), timeout=WAIT_S)


def answer_to(line: socket.socket, begins: bytes) -> None:
    """Read a whole answer in JSON."""
    got = b""
    while not got.endswith(b"}"):
        piece = line.recv(4096)
        assert piece, got
        got += piece
    assert got.startswith(begins)


def is_hung_up(line: socket.socket) -> bool:
    """Wait until the server ends the connection; False if it answers instead."""
    try:
        return line.recv(1) == b""
    except ConnectionError:
        return True


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "GET /health HT",
        "GET /health HTTP/1.1\r\nHost: desk\r\nX-Slow: ",
        f"{HEAD}Content-Length: 1000\r\n\r\n",
        f"{HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nab",
        "GET /health HTTP/1.1\r\nHost: desk\r\n\r\n",
    ],
)
def test_who_stops_in_the_midst_of_a_request_is_hung_up_on(live: Live, sent: str) -> None:
    with line_to(live) as line:
        line.sendall(sent.encode())
        if sent.endswith("desk\r\n\r\n"):  # a whole request, and half of a second one
            answer_to(line, b"HTTP/1.1 200")
            line.sendall(b"GET /hea")
        assert is_hung_up(line)


def pour(line: socket.socket, piece: bytes) -> None:
    """Send the same again and again. Raises ``ConnectionError`` when the other side hangs up."""
    ends_s = time.monotonic() + WAIT_S
    while time.monotonic() < ends_s:
        line.sendall(piece)
        time.sleep(0.02)


def test_who_drips_is_hung_up_on(live: Live) -> None:
    with line_to(live) as line:
        line.sendall(f"{HEAD}Content-Length: 100000\r\n\r\n".encode())
        with pytest.raises(ConnectionError):
            pour(line, b"x")


def test_who_never_reads_is_hung_up_on(live: Live) -> None:
    with line_to(live) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with pytest.raises(ConnectionError):
            pour(line, f"GET {API}/openapi.json HTTP/1.1\r\nHost: desk\r\n\r\n".encode())


def test_a_slow_line_and_one_that_rests_between_requests_are_waited_for(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PatientProtocol, "look_every_s", 0.7)
    body = json.dumps({"login": "x" * 150, "password": "y"}).encode()
    with line_to(live) as line:
        for pause_s in (0.05, 0.0):
            line.sendall(f"{HEAD}Content-Length: {len(body)}\r\n\r\n".encode())
            for start in range(0, len(body), 4):
                line.sendall(body[start : start + 4])
                time.sleep(pause_s)
            answer_to(line, b"HTTP/1.1 401")
            time.sleep(1.5 if pause_s else 0)
