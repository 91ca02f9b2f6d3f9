"""Photos on bad roads: pauses, sizes of pieces, and answers that cannot be believed."""

import pytest

from tests.sync.conftest import HostileServer
from trafficdesk.store.media_transfers import DOWN, UP, Transfer
from trafficdesk.sync.errors import Fault, LineError, RefusedError
from trafficdesk.sync.line import Call, Line, Reply
from trafficdesk.sync.transferring_down import MAX_FILE_BYTES, _size_of
from trafficdesk.sync.transferring_road import MAX_PIECE_BYTES, MIN_PIECE_BYTES, Road
from trafficdesk.sync.transferring_up import _offset_of

GET = Call("GET", "/x")


def waiting(name: str, tries: int = 1) -> Transfer:
    return Transfer(name, bytes(16), UP, "waiting", 100, 0, "", "", tries)


@pytest.fixture
def now() -> list[float]:
    """A clock that stands still."""
    return [1000.0]


@pytest.fixture
def road(now: list[float]) -> Road:
    return Road(lambda: now[0])


def test_a_file_that_pauses_lets_the_others_pass(road: Road, now: list[float]) -> None:
    one, other = waiting("a"), waiting("b")
    road.pause(one)
    assert road.find_due([one, other]) is other
    assert road.find_due([one]) is None
    wait_s = road.wait_s(UP, [one])
    assert wait_s is not None
    now[0] += wait_s
    assert road.find_due([one, other]) is one


def test_each_pause_of_a_file_is_longer_until_a_piece_came_through(
    road: Road, now: list[float]
) -> None:
    one, waits = waiting("a"), []
    for _ in range(12):
        road.pause(one)
        waits.append(road.wait_s(UP, [one]) or 0.0)
        now[0] += waits[-1]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (30, 3600)
    road.went_well(one.key)
    road.pause(one)
    assert road.wait_s(UP, [one]) == 30


def test_what_somebody_asked_for_again_does_not_pause(road: Road) -> None:
    road.pause(waiting("a"))
    assert road.find_due([waiting("a", tries=0)]) is not None


def test_a_broken_line_closes_both_ways_until_it_is_mended(road: Road) -> None:
    road.broke((UP, DOWN), 20)
    assert not road.is_open(UP)
    assert not road.is_open(DOWN)
    road.mended()
    assert road.is_open(UP)
    assert road.is_open(DOWN)


def test_a_full_server_stays_closed_though_the_line_does_well(road: Road, now: list[float]) -> None:
    road.close((UP,), now[0] + 300)
    road.mended()
    assert not road.is_open(UP)
    assert road.is_open(DOWN)
    assert road.wait_s(UP, [waiting("a")]) == 300
    assert road.wait_s(UP, []) is None


def test_pieces_never_leave_their_bounds(road: Road) -> None:
    for _ in range(10):
        road.broke((UP, DOWN), None)
    assert road.piece_bytes == MIN_PIECE_BYTES
    assert road.is_at_its_smallest
    for _ in range(10):
        road.went_well(("a", bytes(16)))
    assert road.piece_bytes == MAX_PIECE_BYTES


@pytest.mark.parametrize("status", [200, 201, 204, 206])
def test_an_exchange_hands_on_status_headers_and_bytes(
    hostile: HostileServer, line: Line, status: int
) -> None:
    hostile.status, hostile.pieces = status, [] if status == 204 else [b"\xff\xd8"]
    hostile.headers = {"Upload-Offset": "7", "Content-Type": "image/jpeg"}
    reply = line.exchange(GET)
    assert (reply.status, reply.headers["upload-offset"]) == (status, "7")
    assert reply.body == b"".join(hostile.pieces)


@pytest.mark.parametrize("status", [400, 404, 409, 460, 507])
def test_a_refused_exchange_brings_its_code(
    hostile: HostileServer, line: Line, status: int
) -> None:
    hostile.status = status
    hostile.headers["Content-Type"] = "application/problem+json"
    hostile.pieces = [b'{"status": 507, "code": "storage_full", "title": "Full"}']
    with pytest.raises(RefusedError) as caught:
        line.exchange(GET)
    assert caught.value.code == "storage_full"


@pytest.mark.parametrize(
    ("status", "headers", "fault"),
    [
        (503, {}, Fault.BUSY),
        (429, {}, Fault.BUSY),
        (500, {}, Fault.SERVER_FAULT),
        (404, {"Content-Type": "text/html"}, Fault.SERVER_FAULT),
        (302, {"Location": "http://elsewhere.invalid/"}, Fault.WRONG_TYPE),
        (200, {"Content-Length": "900"}, Fault.CUT_OFF),
        (200, {"Content-Encoding": "br"}, Fault.WRONG_TYPE),
    ],
)
def test_an_exchange_that_cannot_be_believed_is_a_fault_of_the_line(
    hostile: HostileServer, line: Line, status: int, headers: dict[str, str], fault: Fault
) -> None:
    hostile.status = status
    hostile.headers |= headers
    with pytest.raises(LineError) as caught:
        line.exchange(GET)
    assert caught.value.fault is fault


@pytest.mark.parametrize(
    ("status", "told", "begins"),
    [
        (206, "bytes 0-4/9", 0),
        (206, "bytes 4-8/9", 4),
        (200, "", 0),
    ],
)
def test_the_range_that_was_asked_for_is_taken(status: int, told: str, begins: int) -> None:
    size_bytes = _size_of(Reply(status, {"Content-Range": told}, b"12345"), begins)
    assert size_bytes == (9 if told else 5)


@pytest.mark.parametrize(
    ("status", "told", "begins"),
    [
        (206, "bytes 0-4/9", 5),
        (206, "bytes 0-8/9", 0),
        (206, "bytes 4-8/8", 4),
        (206, f"bytes 0-4/{MAX_FILE_BYTES + 1}", 0),
        (206, "bytes */9", 0),
        (206, "", 0),
        (200, "", 5),
    ],
)
def test_any_other_range_is_not(status: int, told: str, begins: int) -> None:
    with pytest.raises(LineError) as caught:
        _size_of(Reply(status, {"Content-Range": told}, b"12345"), begins)
    assert caught.value.fault is Fault.GARBLED


@pytest.mark.parametrize("told", ["", "-1", "11", "ten", "1e9", "٣"])
def test_an_offset_that_is_none_is_not_believed(told: str) -> None:
    with pytest.raises(LineError):
        _offset_of(Reply(204, {"Upload-Offset": told}, b""), 10)
