"""Whatever a server or a line does, the desk gets a typed fault and reads no more than it must."""

import io
import itertools
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import msgspec
import pytest
import zstandard

from tests.sync.conftest import HostileServer
from trafficdesk.sync import line as lines
from trafficdesk.sync.backoff import FIRST_S, LONGEST_S, Backoff
from trafficdesk.sync.errors import Fault, LineError, RefusedError
from trafficdesk.sync.line import MAX_PACKED_BYTES, Call, Line, ServerAddress, target_of
from trafficdesk.wire.exchange import MAX_BODY_BYTES, MAX_UNPACKED_BYTES

GET = Call("GET", "/x")
FOUR_GB = 4 * 10**9
HANGS_S = 60  # far above every limit that these tests set


class Answer(msgspec.Struct):
    n: int


def _fault(line: Line) -> Fault:
    with pytest.raises(LineError) as caught:
        line.ask(GET, Answer)
    return caught.value.fault


def test_a_good_answer_is_decoded(hostile: HostileServer, line: Line) -> None:
    hostile.pieces = [b'{"n": 7, "unknown member": true}']
    assert line.ask(GET, Answer).n == 7


def test_a_packed_answer_is_unpacked(hostile: HostileServer, line: Line) -> None:
    hostile.headers["Content-Encoding"] = "zstd"
    hostile.pieces = [zstandard.compress(b'{"n": 7}')]
    assert line.ask(GET, Answer).n == 7


@pytest.mark.parametrize(
    ("status", "headers", "body", "fault"),
    [
        (500, {}, b"", Fault.SERVER_FAULT),
        (502, {"Content-Type": "text/html"}, b"<h1>proxy</h1>", Fault.SERVER_FAULT),
        (503, {}, b"", Fault.BUSY),
        (429, {"Retry-After": "soon"}, b"", Fault.BUSY),
        (404, {"Content-Type": "text/html"}, b"no", Fault.SERVER_FAULT),
        (302, {"Location": "http://elsewhere.invalid/"}, b"", Fault.WRONG_TYPE),
        (511, {"Content-Type": "text/html"}, b"<h1>please log in</h1>", Fault.WRONG_TYPE),
        (200, {"Content-Type": "text/html"}, b"<h1>please log in</h1>", Fault.WRONG_TYPE),
        (200, {"Content-Encoding": "br"}, b'{"n": 1}', Fault.WRONG_TYPE),
        (200, {"Content-Encoding": "zstd"}, b'{"n": 1}', Fault.GARBLED),
        (200, {"Content-Length": "4000"}, b'{"n": 1', Fault.CUT_OFF),
        (200, {"Content-Length": str(FOUR_GB)}, b'{"n": 1', Fault.TOO_BIG),
        (200, {}, b'{"n": 1', Fault.GARBLED),
        (200, {}, b'{"n": "one"}', Fault.GARBLED),
        (200, {}, b"\xff\xfe", Fault.GARBLED),
        (200, {}, b"[" * 10**6, Fault.GARBLED),
        (200, {}, b'{"m": ' * 10**5 + b"1" + b"}" * 10**5, Fault.GARBLED),
        (200, {}, b'{"n": 1' + b"0" * 10**5 + b"}", Fault.GARBLED),
        (400, {"Content-Type": "application/problem+json"}, b"[]", Fault.GARBLED),
        (400, {"Content-Type": "application/problem+json"}, b"[" * 10**6, Fault.GARBLED),
    ],
)
def test_what_cannot_be_believed_is_a_fault_of_the_line(
    hostile: HostileServer,
    line: Line,
    status: int,
    headers: dict[str, str],
    body: bytes,
    fault: Fault,
) -> None:
    hostile.status, hostile.pieces = status, [body]
    hostile.headers |= headers
    assert _fault(line) is fault


@pytest.mark.parametrize("status", [200, 302, 404, 500])
def test_an_endless_answer_is_left_when_the_limit_is_reached(
    hostile: HostileServer, line: Line, status: int
) -> None:
    offered = 0

    def endlessly() -> Iterator[bytes]:
        nonlocal offered
        while offered < FOUR_GB:
            offered += 2**16
            yield b" " * 2**16

    hostile.status, hostile.pieces = status, endlessly()
    hostile.headers["Location"] = "http://elsewhere.invalid/"
    tracemalloc.start()
    try:
        fault = _fault(line)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    expected = {200: Fault.TOO_BIG, 302: Fault.WRONG_TYPE}
    assert fault is expected.get(status, Fault.SERVER_FAULT)
    assert peak_bytes < 3 * MAX_PACKED_BYTES
    _wait_until(lambda: hostile.hung_up_on)
    assert offered < 2 * MAX_PACKED_BYTES


@pytest.mark.parametrize("size_bytes", [MAX_UNPACKED_BYTES + 2, FOUR_GB // 4])
def test_a_packed_bomb_is_not_unpacked_past_the_limit(
    hostile: HostileServer, line: Line, size_bytes: int
) -> None:
    bomb = io.BytesIO()
    with zstandard.ZstdCompressor(level=1).stream_writer(bomb, closefd=False) as packing:
        for _ in range(0, size_bytes, 2**20):
            packing.write(bytes(2**20))
    assert len(bomb.getvalue()) < 2**19
    hostile.headers["Content-Encoding"] = "zstd"
    hostile.pieces = [bomb.getvalue()]
    tracemalloc.start()
    try:
        assert _fault(line) is Fault.TOO_BIG
        assert tracemalloc.get_traced_memory()[1] < 3 * MAX_UNPACKED_BYTES
    finally:
        tracemalloc.stop()


def test_a_frame_that_asks_for_much_memory_is_refused(hostile: HostileServer, line: Line) -> None:
    wide = zstandard.ZstdCompressionParameters(window_log=27)
    packing = zstandard.ZstdCompressor(compression_params=wide).compressobj()
    hostile.headers["Content-Encoding"] = "zstd"
    hostile.pieces = [packing.compress(b'{"n": 7}') + packing.flush()]
    assert _fault(line) is Fault.GARBLED


def _wait_until(condition: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + HANGS_S
    while not condition():
        assert time.monotonic() < ends_at
        time.sleep(0.01)


@contextmanager
def _raw_server(treat: Callable[[socket.socket], None]) -> Iterator[Line]:
    """Give a line to a server that does to a connection whatever it likes."""

    def serve(door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                came, _ = door.accept()
                with came, suppress(OSError):
                    treat(came)

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=serve, args=(door,), daemon=True)
        thread.start()
        line = Line(ServerAddress(f"http://127.0.0.1:{door.getsockname()[1]}"))
        yield line
        line.close()
        door.shutdown(socket.SHUT_RDWR)
        thread.join(HANGS_S)
        assert not thread.is_alive()


def _say_nothing(came: socket.socket) -> None:
    while came.recv(65536):
        pass


def _trickle(*pieces: bytes) -> Callable[[socket.socket], None]:
    """Say the last of the pieces again and again, so that there is always something new."""

    def treat(came: socket.socket) -> None:
        came.recv(65536)
        for piece in itertools.chain(pieces, itertools.repeat(pieces[-1])):
            came.sendall(piece)
            time.sleep(0.02)

    return treat


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
ENDLESS = {
    "silence": _say_nothing,
    "a first line": _trickle(b"H"),
    "headers": _trickle(HEAD + b"X: ", b"X"),
    "always to go on": _trickle(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a body": _trickle(HEAD + b"Content-Length: 90000\r\n\r\n", b" "),
    "chunks": _trickle(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_no_call_outlasts_its_limit_however_the_answer_trickles(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(lines, "READ_TIMEOUT_S", 0.4)
    monkeypatch.setattr(lines, "WHOLE_TIMEOUT_S", 0.8)
    faults = list[Fault]()
    with _raw_server(ENDLESS[kind]) as line:
        asking = threading.Thread(target=lambda: faults.append(_fault(line)), daemon=True)
        asking.start()
        asking.join(HANGS_S)
        assert not asking.is_alive()
    assert faults == [Fault.CUT_OFF]


def _read_slowly(came: socket.socket) -> None:
    """Read a whole request over a second or two, then answer it."""
    content = bytearray()
    while b"\r\n\r\n" not in content:
        content += came.recv(4096)
    head, _, body = bytes(content).partition(b"\r\n\r\n")
    (told,) = [each for each in head.split(b"\r\n") if each.lower().startswith(b"content-length")]
    left = int(told.partition(b":")[2]) - len(body)
    while left > 0:
        left -= len(came.recv(min(left, 2**19)))
        time.sleep(0.08)
    came.sendall(WHOLE)


def _say(content: bytes) -> Callable[[socket.socket], None]:
    def treat(came: socket.socket) -> None:
        came.recv(65536)
        came.sendall(content)

    return treat


WHOLE = HEAD + b'Content-Length: 8\r\n\r\n{"n": 7}'
CUTS = [0, 1, 9, 12, 15, 17, 25, 33, len(HEAD) - 4, len(HEAD), len(HEAD) + 9, len(WHOLE) - 1]


@pytest.mark.parametrize("length", CUTS)
def test_an_answer_that_ends_anywhere_early_is_told_as_broken_off(length: int) -> None:
    with _raw_server(_say(WHOLE[:length])) as line:
        assert _fault(line) in {Fault.CUT_OFF, Fault.NO_ANSWER}


def test_a_body_may_take_long_as_long_as_it_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "CONNECT_TIMEOUT_S", 0.2)
    monkeypatch.setattr(lines, "READ_TIMEOUT_S", 1.0)
    with _raw_server(_read_slowly) as line:
        began_s = time.monotonic()
        assert line.ask(Call("POST", "/x", bytes(MAX_BODY_BYTES)), Answer).n == 7
        assert time.monotonic() - began_s > 1.0  # else this proved nothing


def test_a_server_that_takes_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "READ_TIMEOUT_S", 0.3)
    monkeypatch.setattr(lines, "WHOLE_TIMEOUT_S", HANGS_S)
    done = threading.Event()
    with _raw_server(lambda _: assert_waits(done)) as line:
        with pytest.raises(LineError):
            line.ask(Call("POST", "/x", bytes(MAX_BODY_BYTES)), Answer)
        done.set()


def assert_waits(done: threading.Event) -> None:
    assert done.wait(HANGS_S)


def test_a_proxy_that_takes_no_large_body_says_the_same_as_the_server(
    hostile: HostileServer, line: Line
) -> None:
    hostile.status = 413
    hostile.headers["Content-Type"] = "text/html"
    hostile.pieces = [b"<h1>413 Request Entity Too Large</h1>"]
    with pytest.raises(RefusedError) as caught:
        line.ask(GET, Answer)
    assert caught.value.code == "too_large"


def test_nobody_there_is_no_answer() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        line = Line(ServerAddress(f"http://127.0.0.1:{held.getsockname()[1]}"))
        assert _fault(line) is Fault.NO_ANSWER
        line.close()


def test_a_refusal_brings_its_code(hostile: HostileServer, line: Line) -> None:
    hostile.status = 409
    hostile.headers["Content-Type"] = "application/problem+json"
    hostile.pieces = [b'{"status": 409, "code": "device_copied", "title": "Copied"}']
    with pytest.raises(RefusedError) as caught:
        line.ask(GET, Answer)
    assert caught.value.code == "device_copied"


def test_what_a_busy_server_asks_for_is_handed_on(hostile: HostileServer, line: Line) -> None:
    hostile.status = 503
    hostile.headers["Retry-After"] = "12"
    with pytest.raises(LineError) as caught:
        line.ask(GET, Answer)
    assert caught.value.retry_after_s == 12


def test_a_target_leaves_out_what_is_none() -> None:
    assert target_of("/a", b=1, c=None, d="x y") == "/a?b=1&d=x+y"
    assert target_of("/a", c=None) == "/a"


def test_waiting_doubles_with_jitter_up_to_the_longest() -> None:
    chances = itertools.cycle(n / 64 for n in range(0, 64, 3))
    backoff = Backoff(chances.__next__)
    waits = [backoff.next_delay_s() for _ in range(40)]
    for turn, wait in enumerate(waits):
        whole = min(LONGEST_S, FIRST_S * 2**turn)
        assert whole / 2 <= wait <= whole
    assert len(set(waits[-20:])) == 20
    backoff.reset()
    assert backoff.next_delay_s() <= FIRST_S


def test_what_the_server_asks_is_waited_in_full() -> None:
    assert 30 <= Backoff(lambda: 0.999).next_delay_s(30) <= 37.5


@pytest.mark.parametrize("asked", ["0", "-5", "nan", "0.001"])
def test_a_server_that_asks_for_no_pause_is_not_asked_without_end(
    hostile: HostileServer, line: Line, asked: str
) -> None:
    hostile.status = 503
    hostile.headers["Retry-After"] = asked
    backoff, waits = Backoff(lambda: 0.0), []
    for _ in range(12):
        with pytest.raises(LineError) as caught:
            line.ask(GET, Answer)
        waits.append(backoff.next_delay_s(caught.value.retry_after_s))
    assert waits == [min(LONGEST_S, FIRST_S * 2.0**turn) / 2 for turn in range(12)]
