"""The live WebSocket on servers that do not keep it, or say what cannot be understood."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
from websockets.sync.server import ServerConnection, serve

from trafficdesk.domain.identity import new_id
from trafficdesk.sync.backoff import Backoff
from trafficdesk.sync.line import ServerAddress
from trafficdesk.sync.live import Ears, Live
from trafficdesk.wire.live import EventName, FeedGrown, FromCaller, IncidentTold, Unsubscribe

WAIT_S = 30.0


@contextmanager
def serving(talk: Callable[[ServerConnection], None]) -> Iterator[str]:
    """Answer every WebSocket in a way; yields the address."""
    with serve(talk, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.socket.getsockname()[1]}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def dropping() -> Iterator[tuple[str, threading.Semaphore]]:
    """Take every WebSocket and let it go at once; yields the address and what counts them."""
    came = threading.Semaphore(0)
    with serving(lambda _: came.release()) as url:
        yield url, came


def test_a_server_that_drops_every_socket_is_asked_ever_more_seldom() -> None:
    told = list[bool]()

    def note(*, connected: bool) -> None:
        told.append(connected)

    ears = Ears(lambda: None, note, lambda _: None, lambda _: None)
    with dropping() as (url, came):
        live = Live(ServerAddress(url), lambda _: {}, dict, ears, Backoff(lambda: 0.0))
        began_s = time.monotonic()
        live.start()
        for _ in range(3):
            assert came.acquire(timeout=WAIT_S)
        waited_s = time.monotonic() - began_s
        live.stop(WAIT_S)
    assert live.backoff.failures >= 2
    assert waited_s >= 0.5 + 1.0
    assert told
    assert not any(told), "nobody was let into a room"


NONSENSE: list[str | bytes] = [
    "", "{}", "null", '{"type":"song"}', '{"type":"feed","city":7}', '{"type":"incident"}', b"\xff",
    '{"type":"positions","city":"x","positions":[{"lon":999}]}',
]  # fmt: skip


def test_what_cannot_be_understood_is_passed_over() -> None:
    changes = threading.Semaphore(0)

    def talk(socket: ServerConnection) -> None:
        for said in NONSENSE:
            socket.send(said)
        socket.send(msgspec.json.encode(FeedGrown(city=new_id(), seq=1)).decode())
        for _ in socket:
            pass

    def note(*, connected: bool) -> None:
        assert connected

    ears = Ears(changes.release, note, lambda _: None, lambda _: None)
    with serving(talk) as url:
        live = Live(ServerAddress(url), lambda _: {}, dict, ears)
        live.start()
        assert changes.acquire(timeout=WAIT_S)
        assert not changes.acquire(timeout=0.1)
        live.stop(WAIT_S)


def wait_until(holds: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < ends_at
        time.sleep(0.01)


def critical() -> IncidentTold:
    return IncidentTold(
        event=EventName.INCIDENT_CREATED,
        city=new_id(),
        seq=1,
        at_ms=1_795_000_000_000,
        id=new_id(),
        reference="INC-1",
        kind="car_crash",
        severity=4,
        score=90,
        status="active",
        lon=76.9,
        lat=11.0,
    )


def test_for_a_locked_desk_the_open_line_tells_of_incidents_alone_and_none_is_opened_again() -> (
    None
):
    """What signs a request is let go of; where units are is not asked for any more."""
    city, said, opened = new_id(), list[FromCaller](), list[int]()
    is_resting, hang_up = threading.Event(), threading.Event()

    def talk(socket: ServerConnection) -> None:
        opened.append(1)
        for _ in range(2):
            said.append(msgspec.json.decode(socket.recv(), type=FromCaller))
        is_resting.wait(WAIT_S)
        said.append(msgspec.json.decode(socket.recv(), type=FromCaller))
        socket.send(msgspec.json.encode(critical()).decode())
        hang_up.wait(WAIT_S)

    def note(*, connected: bool) -> None:
        raise AssertionError(f"told its former owner that it is {connected}")

    def refuse(_heard: object = None) -> None:
        raise AssertionError("told its former owner")

    heard, lost = threading.Semaphore(0), threading.Event()
    ears = Ears(refuse, note, refuse, refuse)
    with serving(talk) as url:
        cities = {city: 1}
        live = Live(ServerAddress(url), lambda _: {}, lambda: cities, ears, Backoff(lambda: 0.0))
        live.start()
        wait_until(lambda: len(said) == 2)
        live.linger(lambda _told: heard.release(), lost.set)
        is_resting.set()
        assert heard.acquire(timeout=WAIT_S)
        hang_up.set()
        assert lost.wait(WAIT_S)
        live.stop(WAIT_S)
    assert said[2] == Unsubscribe(room=f"responders:{city}")
    assert opened == [1]
