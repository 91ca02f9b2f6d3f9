"""Whatever a server or a line does, the desk gets a typed fault and reads no more than it must."""

import itertools
import socket

import msgspec
import pytest
import zstandard

from tests.sync.conftest import HostileServer
from trafficdesk.sync.backoff import FIRST_S, LONGEST_S, Backoff
from trafficdesk.sync.errors import Fault, LineError, RefusedError
from trafficdesk.sync.line import MAX_PACKED_BYTES, Call, Line, ServerAddress, target_of
from trafficdesk.wire.exchange import MAX_UNPACKED_BYTES

GET = Call("GET", "/x")


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
        (302, {"Location": "http://elsewhere.invalid/"}, b"", Fault.SERVER_FAULT),
        (200, {"Content-Type": "text/html"}, b"<h1>please log in</h1>", Fault.WRONG_TYPE),
        (200, {"Content-Encoding": "br"}, b'{"n": 1}', Fault.WRONG_TYPE),
        (200, {"Content-Encoding": "zstd"}, b'{"n": 1}', Fault.GARBLED),
        (200, {"Content-Length": "4000000000"}, b'{"n": 1', Fault.CUT_OFF),
        (200, {}, b'{"n": 1', Fault.GARBLED),
        (200, {}, b'{"n": "one"}', Fault.GARBLED),
        (200, {}, b"\xff\xfe", Fault.GARBLED),
        (400, {"Content-Type": "application/problem+json"}, b"[]", Fault.GARBLED),
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


def test_an_endless_answer_is_left_when_the_limit_is_reached(
    hostile: HostileServer, line: Line
) -> None:
    hostile.pieces = itertools.repeat(b" " * 65536)
    assert _fault(line) is Fault.TOO_BIG
    assert MAX_PACKED_BYTES < 2**26


def test_a_packed_bomb_is_not_unpacked_past_the_limit(hostile: HostileServer, line: Line) -> None:
    bomb = zstandard.compress(b" " * (MAX_UNPACKED_BYTES + 2))
    assert len(bomb) < 2**16
    hostile.headers["Content-Encoding"] = "zstd"
    hostile.pieces = [bomb]
    assert _fault(line) is Fault.TOO_BIG


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
