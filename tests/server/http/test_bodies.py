"""Bodies are read up to a limit, unpacked up to another, and answered packed if wished."""

import socket
import time
from urllib.parse import urlsplit

import pytest
import requests
import zstandard

from tests.server.live import Live
from tests.server.world import API, World, code_of
from trafficdesk.domain.vocabulary import Role

SIGN_IN = f"{API}/auth/sign-in"


def post(live: Live, body: bytes, **headers: str) -> requests.Response:
    sent = {"Content-Type": "application/json"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return requests.post(live.url + SIGN_IN, data=body, headers=sent, timeout=30)


def test_a_body_whose_stated_length_is_too_much_is_not_read(live: Live) -> None:
    place = urlsplit(live.url)
    with socket.create_connection((place.hostname, place.port), timeout=20) as line:
        line.sendall(
            f"POST {SIGN_IN} HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\n"
            f"Content-Length: {4 * 2**30}\r\n\r\n{{".encode()
        )
        answer = line.recv(4096)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"connection: close" in answer.lower()


def test_a_body_without_a_stated_length_is_read_up_to_the_limit(live: Live) -> None:
    place, sent = urlsplit(live.url), 0
    chunk = b"10000\r\n" + b"x" * 2**16 + b"\r\n"
    with socket.create_connection((place.hostname, place.port), timeout=20) as line:
        line.sendall(
            f"POST {SIGN_IN} HTTP/1.1\r\nHost: desk\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        started_s = time.monotonic()
        try:
            while sent < 2**32 and time.monotonic() - started_s < 60:
                line.sendall(chunk)
                sent += 2**16
        except OSError:
            pass  # it hung up on us
    assert sent < 4 * live.server.settings.max_body_bytes


def test_a_small_body_that_unpacks_to_gigabytes_is_refused(live: Live) -> None:
    packer = zstandard.ZstdCompressor().compressobj()
    packed = b"".join(packer.compress(bytes(2**20)) for _ in range(1024)) + packer.flush()
    assert len(packed) < live.server.settings.max_body_bytes
    answer = post(live, packed, Content_Encoding="zstd")
    assert (answer.status_code, code_of(answer)) == (413, "too_large")


def test_a_packed_body_is_read_as_a_plain_one(live: Live) -> None:
    world = World(live)
    person = world.person()
    body = f'{{"login": "{person.login}", "password": "lamp-river-42"}}'.encode()
    assert post(live, zstandard.compress(body), Content_Encoding="zstd").status_code == 200


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", {}),
        (b"{", {}),
        (b"[]", {}),
        (b'{"login": 1, "password": "x"}', {}),
        (b'{"login": "x"}', {}),
        (b"\xff", {}),
        (b"[" * 100_000, {}),
        (b"{}", {"Content_Encoding": "gzip"}),
        (b"{}", {"Content_Encoding": "zstd"}),
        (b'{"login": "x", "password": "y"}', {"Content_Type": "text/plain"}),
    ],
)
def test_a_body_that_cannot_be_understood_is_a_bad_request(
    live: Live, body: bytes, headers: dict[str, str]
) -> None:
    assert code_of(post(live, body, **headers)) == "bad_request"


def test_text_that_the_database_cannot_keep_is_a_bad_request(live: Live) -> None:
    body = b'{"login": "x\\u0000y", "password": "lamp-river-42"}'
    assert code_of(post(live, body)) == "bad_request"


def test_a_long_answer_is_packed_for_who_takes_zstd(live: Live) -> None:
    world = World(live)
    admin = world.sign_in(world.person(Role.ADMIN))
    for _ in range(8):
        world.person()
    plain = admin.send("GET", "/users", **{"Accept-Encoding": "gzip, zstd;q=0"})
    packed = admin.send("GET", "/users", **{"Accept-Encoding": "gzip, zstd"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "zstd"
    # Neither desk nor test leaves the unpacking to what a library happens to have.
    assert zstandard.decompress(packed.content) == plain.content
