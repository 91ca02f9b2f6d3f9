"""The metrics are for this machine, or for whoever has the token."""

import io
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import requests

from tests.server.live import Live, running, settings_for


def test_with_a_token_set_nobody_reads_the_metrics_without_it(
    database_url: str, tmp_path: Path
) -> None:
    settings = settings_for(database_url, tmp_path, metrics_token="a-long-token-77")
    with running(settings) as live:
        url = f"{live.url}/metrics"
        assert requests.get(url, timeout=10).status_code == 404
        for token, status in (("a-long-token-78", 404), ("a-long-token-77", 200)):
            headers = {"Authorization": f"Bearer {token}"}
            assert requests.get(url, headers=headers, timeout=10).status_code == status


def test_what_a_proxy_hands_on_is_not_of_this_machine(database_url: str, tmp_path: Path) -> None:
    forwarded = {"X-Forwarded-For": "203.0.113.9"}
    trusting = {"trusted_proxies": ("127.0.0.1",)}
    cases: list[tuple[dict[str, object], dict[str, str], int]] = [
        ({}, {}, 200),
        ({}, forwarded, 404),
        ({"behind_tls_proxy": True}, {}, 404),
        ({"behind_tls_proxy": True, **trusting}, {}, 200),
        ({"behind_tls_proxy": True, **trusting}, forwarded, 404),
    ]
    for changes, headers, status in cases:
        with running(settings_for(database_url, tmp_path, **changes)) as live:
            answer = requests.get(f"{live.url}/metrics", headers=headers, timeout=10)
            assert answer.status_code == status, (changes, headers)


def test_a_server_whose_database_is_away_says_so_and_stays_up(tmp_path: Path) -> None:
    url = "postgresql://owner@/desk?host=/nowhere"
    with running(settings_for(url, tmp_path)) as live:
        assert requests.get(f"{live.url}/health", timeout=10).ok
        found = requests.get(f"{live.url}/health/db", timeout=30)
        assert (found.status_code, found.json()["status"]) == (503, "unavailable")
        answer = requests.post(
            f"{live.url}/api/v1/auth/sign-in",
            data=b'{"login": "x", "password": "y"}',
            headers={"Content-Type": "application/json"},
            timeout=30,
        )
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert int(answer.headers["Retry-After"]) > 0


def test_methods_that_strangers_make_up_are_one_and_stand_in_no_log(
    live: Live, lines: io.StringIO
) -> None:
    place = urlsplit(live.url)
    for made_up in ("SECRET1", "SECRET2", "Get"):
        with socket.create_connection((place.hostname, place.port), timeout=20) as line:
            line.sendall(f"{made_up} /secret HTTP/1.1\r\nHost: desk\r\n\r\n".encode())
            assert line.recv(4096).startswith(b"HTTP/1.1 404")
    deadline_s = time.monotonic() + 20
    while lines.getvalue().count('"method": "_OTHER"') < 3:  # a line follows its answer
        assert time.monotonic() < deadline_s, lines.getvalue()
        time.sleep(0.005)
    page = requests.get(f"{live.url}/metrics", timeout=10).text
    assert 'method="_OTHER"' in page
    for told in (page, lines.getvalue()):
        assert "SECRET" not in told
