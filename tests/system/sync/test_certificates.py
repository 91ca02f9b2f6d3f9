"""A server that cannot prove who it is hears nothing; the work waits until it can."""

import ssl
from datetime import timedelta
from pathlib import Path

import pytest

from tests.server.world import World
from tests.sync.test_tls import NOW, Authority
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from tests.system.sync.laws import check_laws
from tests.system.sync.liar import Liar
from tests.system.sync.told import exchange
from trafficdesk.qt.sync.words import contact_words
from trafficdesk.sync.line import Line, ServerAddress

NOT_TRUSTED = "The server cannot prove that it is the right one."
HERE, ELSEWHERE = "127.0.0.1", "127.0.0.2"


def certified(authority: Authority, folder: Path, name: str, days: int) -> ssl.SSLContext:
    """Return a server's context with a certificate for an address that ends in some days."""
    folder.mkdir()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.issue(folder, name, NOW + timedelta(days=days)))
    return context


def ask_at(desk: SyncedDesk, url: str, authority: Authority) -> None:
    desk.engine.access.line.close()
    address = ServerAddress(url, ca_pem=authority.pem.decode())
    desk.engine.access.line = Line(address)


@pytest.mark.parametrize(
    ("is_ours", "name", "days"),
    [(True, HERE, -1), (True, ELSEWHERE, 5), (False, HERE, 5)],
    ids=["expired", "of another host", "of another authority"],
)
def test_a_server_that_cannot_prove_itself_hears_nothing_and_is_believed_when_it_can(
    add_desk: AddDesk, world: World, tmp_path: Path, *, is_ours: bool, name: str, days: int
) -> None:
    desk, pinned = add_desk(), Authority()
    desk.file()
    issuer = pinned if is_ours else Authority()
    with Liar(world.live.url, certified(issuer, tmp_path / "bad", name, days)) as bad:
        ask_at(desk, bad.url, pinned)
        for _ in range(2):
            assert contact_words(exchange(world, desk))[0] == NOT_TRUSTED
        assert bad.asked == []
    assert sum(desk.counts()) == 1
    with Liar(world.live.url, certified(pinned, tmp_path / "good", HERE, 5)) as good:
        ask_at(desk, good.url, pinned)
        assert exchange(world, desk) == ""
        desk.engine.access.line.close()
    assert sum(desk.counts()) == 0
    check_laws(world, [desk])
