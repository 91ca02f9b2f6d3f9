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
from trafficdesk.wire.live import FeedGrown

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
