"""The nudges' WebSocket on servers that do not keep it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from websockets.sync.server import ServerConnection, serve

from trafficdesk.sync.backoff import Backoff
from trafficdesk.sync.line import ServerAddress
from trafficdesk.sync.nudges import Nudges

WAIT_S = 30.0


@contextmanager
def dropping() -> Iterator[tuple[str, threading.Semaphore]]:
    """Take every WebSocket and let it go at once; yields the address and what counts them."""
    came = threading.Semaphore(0)

    def drop(_socket: ServerConnection) -> None:
        came.release()

    with serve(drop, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.socket.getsockname()[1]}", came
        finally:
            server.shutdown()
            thread.join()


def test_a_server_that_drops_every_socket_is_asked_ever_more_seldom() -> None:
    told = list[bool]()

    def note(*, connected: bool) -> None:
        told.append(connected)

    with dropping() as (url, came):
        nudges = Nudges(ServerAddress(url), lambda _: {}, lambda: None, note, Backoff(lambda: 0.0))
        began_s = time.monotonic()
        nudges.start()
        for _ in range(3):
            assert came.acquire(timeout=WAIT_S)
        waited_s = time.monotonic() - began_s
        nudges.stop(WAIT_S)
    assert nudges.backoff.failures >= 2
    assert waited_s >= 0.5 + 1.0
    assert told[:2] == [True, False]
