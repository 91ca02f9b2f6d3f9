"""Requests that no honest client writes: one answer at most, nothing of the server's, no fault."""

import re
import socket
from urllib.parse import urlsplit

import pytest

from tests.server.live import Live
from tests.server.world import API

POST = f"POST {API}/auth/sign-in HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\n"
HIDDEN = "GET /health HTTP/1.1\r\nHost: d\r\n\r\n"  # smuggled behind what ends earlier than it says
LAST = "Host: d\r\nConnection: close\r\n\r\n"


def answers(live: Live, raw: str) -> tuple[list[int], bytes]:
    """Send bytes and read until the server hangs up; return all statuses, and what was told."""
    place, told = urlsplit(live.url), b""
    with socket.create_connection((place.hostname, place.port), timeout=20) as line:
        try:
            line.sendall(raw.encode("latin-1"))
            while piece := line.recv(65536):
                told += piece
        except ConnectionError:
            pass
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d+)", told)], told


@pytest.mark.parametrize(
    "raw",
    [
        f"{POST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{HIDDEN}",
        f"{POST}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n{HIDDEN}",
        f"{POST}Content-Length: 0\r\nContent-Length: 40\r\n\r\n{HIDDEN}",
        f"{POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{HIDDEN}",
        f"{POST}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{HIDDEN}",
        f"{POST}Content-Length: -1\r\n\r\n{HIDDEN}",
        f"{POST}X-Turn: a\x00b\r\n\r\n{HIDDEN}",
        f"GET /health HTTP/1.1\r\nX-Turn: {'a' * 200_000}\r\n{LAST}",
        f"GET /health HTTP/1.1\r\nHost: a\r\n{LAST}",
    ],
)
def test_a_request_with_two_meanings_is_refused_and_nothing_after_it_is_heard(
    live: Live, raw: str
) -> None:
    statuses, told = answers(live, raw)
    assert statuses in ([400], [])  # where it hangs up on what is still being sent
    assert b"ok" not in told


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (f"{API}/media/..%2f..%2fkeys%2ftokens.key", 404),
        (f"{API}/media/uploads/..%2f..%2f..%2fetc%2fpasswd", 404),
        (f"{API}/media/%00", 401),
        (f"{API}/../../metrics/../keys", 404),
        (f"{API}/users/%ff%fe%00/sessions", 401),
        (f"//health/db/..;/{API}/users", 404),
        ("http://elsewhere/health", 404),
    ],
)
def test_a_path_leads_nowhere_else(live: Live, target: str, status: int) -> None:
    head = f"GET {target} HTTP/1.1\r\nAuthorization: Bearer \xe9.\xe9.\xe9\r\n"
    statuses, told = answers(live, head + LAST)
    assert statuses == [status]
    assert b"application/problem+json" in told
