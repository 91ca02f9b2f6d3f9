"""The live WebSocket believes whom the line believes, and goes through the same proxy."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path

import msgspec
from websockets.sync.server import ServerConnection, serve

from tests.sync.test_tls import NOW, Authority, Proxy
from trafficdesk.domain.identity import new_id
from trafficdesk.sync.backoff import Backoff
from trafficdesk.sync.line import ServerAddress
from trafficdesk.sync.live import Ears, Live
from trafficdesk.wire.live import FeedGrown

WAIT_S = 30.0
SOON = NOW + timedelta(days=5)


def _talk(socket: ServerConnection) -> None:
    socket.send(msgspec.json.encode(FeedGrown(city=new_id(), seq=1)).decode())
    for _ in socket:
        pass


@contextmanager
def telling(certificate: Path) -> Iterator[str]:
    """Tell whoever opens a WebSocket that there is something to pull; yields the address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serve(_talk, "127.0.0.1", 0, ssl=context) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"https://127.0.0.1:{server.socket.getsockname()[1]}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def leading() -> Iterator[tuple[str, list[str]]]:
    """Open ways to wherever is asked for; yields the proxy's address and where it led."""
    opened = list[str]()
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), type("Counting", (Proxy,), {"opened": opened}))
    proxy.daemon_threads = True
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{proxy.server_address[1]}", opened
    finally:
        proxy.shutdown()
        proxy.server_close()


def hears(address: ServerAddress) -> bool:
    """Tell whether a desk hears what is told there; else its tries come to nothing."""
    changed, came = threading.Event(), threading.Event()

    def note(*, connected: bool) -> None:
        assert not connected, "nobody was let into a room"
        came.set()

    def change() -> None:
        changed.set()
        came.set()

    ears = Ears(change, note, lambda _: None, lambda _: None)
    live = Live(address, lambda _: {}, dict, ears, Backoff(lambda: 0.0))
    live.start()
    assert came.wait(WAIT_S)
    live.stop(WAIT_S)
    return changed.is_set()


def test_a_private_authority_is_believed_where_it_is_pinned_and_no_other(tmp_path: Path) -> None:
    ours, theirs = Authority(), Authority()
    with telling(ours.issue(tmp_path, "127.0.0.1", SOON)) as url:
        assert hears(ServerAddress(url, ca_pem=ours.pem.decode()))
        assert not hears(ServerAddress(url, ca_pem=theirs.pem.decode()))
        assert not hears(ServerAddress(url))


def test_a_certificate_that_is_over_or_of_another_host_is_not_believed(tmp_path: Path) -> None:
    ours = Authority()
    for name, until in (("127.0.0.1", NOW - timedelta(days=1)), ("127.0.0.2", SOON)):
        with telling(ours.issue(tmp_path, name, until)) as url:
            assert not hears(ServerAddress(url, ca_pem=ours.pem.decode()))


def test_it_goes_through_the_proxy_and_still_asks_for_the_servers_own_certificate(
    tmp_path: Path,
) -> None:
    ours = Authority()
    pem = ours.pem.decode()
    with leading() as (proxy, opened):
        for name in ("127.0.0.1", "127.0.0.2"):
            with telling(ours.issue(tmp_path, name, SOON)) as url:
                is_right = name == "127.0.0.1"
                assert hears(ServerAddress(url, ca_pem=pem, proxy=proxy)) is is_right
                assert opened[-1] == url.removeprefix("https://")
