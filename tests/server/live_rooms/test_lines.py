"""Lines that are slow, dead or hostile cost the server little, and the others nothing."""

import asyncio
import base64
import io
import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
import pytest
import requests

from sync_server import serving
from sync_server.db.engine import Crossing
from sync_server.live.authority import Listener
from sync_server.live.hall import Hall
from sync_server.live.hints import DatabaseHints
from sync_server.live.member import MOST_WAITING, Member, framed
from sync_server.private_cluster import PrivateCluster
from tests.server.live import Live, running, settings_for
from tests.server.live_rooms.listening import HEARD_S, Dispatcher, listening, wait_until
from tests.server.world import Client, World
from tests.system.sync.fault_proxy import Road, Way
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import Role
from trafficdesk.wire.live import (
    LIVE,
    Close,
    FeedGrown,
    IncidentTold,
    Missed,
    RoomKind,
    cell_of,
    room_of,
)

CITY = new_id()


@dataclass
class Gate:
    """A line that takes nothing until it is opened."""

    is_free: bool = False
    written: list[bytes] = field(default_factory=list)
    code: int = 0

    def write(self, frame: bytes) -> None:
        self.written.append(frame)

    def end(self, code: int) -> None:
        self.code = code


class NoBatches:
    """No unit has moved."""

    def after(self, _city_id: UUID, mark: int) -> tuple[bytes, int]:
        return b"", mark


def somebody(session_id: UUID | None = None, user_id: UUID | None = None) -> Listener:
    return Listener(
        new_id(), session_id or new_id(), user_id or new_id(), Role.OFFICER, frozenset({CITY}), None
    )


def feed(seq: int) -> bytes:
    return framed(FeedGrown(city=CITY, seq=seq))


def test_what_waits_for_a_slow_caller_is_bounded_and_they_are_told() -> None:
    async def be_slow() -> Gate:
        gate = Gate()
        member = Member(somebody(), gate, NoBatches())
        for number in range(10_000):
            member.offer(CITY, b"event %d" % number)
            member.offer_feed(CITY, number, feed(number))
        gate.is_free = True
        member.go_on()
        member.offer(CITY, b"later")
        return gate

    gate = asyncio.run(be_slow())
    assert len(gate.written) <= MOST_WAITING + 3
    assert gate.written[-3:] == [framed(Missed(city=CITY)), feed(9_999), b"later"]
    assert b"event 9999" in gate.written


def test_whoever_asks_and_does_not_read_is_given_up() -> None:
    async def ask() -> Gate:
        gate = Gate()
        Member(somebody(), gate, NoBatches()).answer(FeedGrown(city=CITY, seq=1))
        return gate

    assert asyncio.run(ask()).code == Close.TOO_SLOW


def test_who_lost_access_while_being_proved_is_not_admitted() -> None:
    hall, user_id = Hall(), new_id()
    changes = hall.changes
    hall.note_change(user_id)
    gates = [Gate(is_free=True) for _ in range(3)]
    one, other, third = (
        Member(somebody(user_id=who), gate, NoBatches())
        for who, gate in zip((user_id, new_id(), new_id()), gates, strict=True)
    )
    assert not hall.admit(one, changes)
    assert hall.admit(other, changes)
    assert hall.admit(one, hall.changes), "proved again since"
    changes = hall.changes
    hall.note_gap()
    assert not hall.admit(third, changes)


@dataclass
class Heads:
    """Hears where cities stand, and nothing else."""

    heard: list[dict[UUID, int]] = field(default_factory=list)

    def hear_feed(self, city_id: UUID, seq: int) -> None:
        raise AssertionError((city_id, seq))

    def hear_access(self, changed_id: UUID) -> None:
        raise AssertionError(changed_id)

    def hear_positions(self, city_id: UUID) -> None:
        raise AssertionError(city_id)

    def hear_again(self, heads: Mapping[UUID, int]) -> None:
        self.heard.append(dict(heads))


def test_a_server_that_came_up_before_its_tables_listens_once_they_are_there(
    cluster: PrivateCluster, lines: io.StringIO
) -> None:
    url, ears = cluster.make_database("early"), Heads()

    async def listen() -> None:
        listening = asyncio.create_task(DatabaseHints(url).run(ears))
        await asyncio.to_thread(
            wait_until, lambda: "listening_lost" in lines.getvalue() or listening.done()
        )
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE feed_counters (city_id uuid, seq bigint)")
            connection.execute("INSERT INTO feed_counters VALUES (%s, 7)", [CITY])
        await asyncio.to_thread(wait_until, lambda: bool(ears.heard) or listening.done())
        assert not listening.done(), listening.exception()
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening

    asyncio.run(listen())
    cluster.drop_database("early")
    assert ears.heard == [{CITY: 7}]


def test_in_a_cell_nobody_hears_of_a_city_outside_their_scope() -> None:
    hall, tenant_id, other_city = Hall(), new_id(), new_id()
    scopes = [frozenset({CITY}), frozenset({other_city}), frozenset({CITY, other_city})]
    members = [
        Member(
            Listener(tenant_id, new_id(), new_id(), Role.OFFICER, scope, None), Gate(), NoBatches()
        )
        for scope in scopes
    ]
    room = cell_of(76.97, 11.02)
    for member in members:
        assert hall.admit(member, hall.changes)
        hall.enter(member, room, ())
    assert {member for member, _ in hall.in_room(CITY, room)} == {members[0], members[2]}


def test_access_that_changed_while_nothing_was_heard_ends_it(own_live: Live) -> None:
    reader = Dispatcher.at(World(own_live))
    with listening(reader.client) as ear:
        ear.enter(room_of(RoomKind.CITY, reader.world.city_id))
        with own_live.server.database.crossing(Crossing.OPERATOR) as connection:
            deaf = connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE "
                "'SELECT city_id, seq FROM feed_counters' AND datname = current_database()"
            )
            assert deaf.rowcount == 1
            query = "UPDATE users SET role = 'officer' WHERE id = %s"
            connection.execute(query, [reader.person.id])
        assert ear.closing_code() == Close.PROVE_AGAIN


def connections(live: Live) -> float:
    page = requests.get(f"{live.url}/metrics", timeout=HEARD_S).text
    (line,) = (
        each for each in page.splitlines() if each.startswith("trafficdesk_live_connections")
    )
    return float(line.split()[1])


def test_a_caller_who_vanished_without_a_word_is_let_go(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "PING_S", 0.5)
    with running(settings_for(database_url, tmp_path)) as live, Road(live.url) as road:
        client = Dispatcher.at(World(live)).client
        client.url = road.url
        with listening(client):
            assert connections(live) == 1
            road.set(Way.NOWHERE)
            wait_until(lambda: connections(live) == 0)


def raw_socket(client: Client) -> socket.socket:
    """Open a live WebSocket and never read what comes."""
    assert client.desk is not None
    headers = {
        "Host": "desk",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        "Authorization": f"Bearer {client.token}",
        **client.desk.signed("GET", LIVE, b""),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    address = urlsplit(client.url)
    made = socket.create_connection((address.hostname, address.port), timeout=HEARD_S)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.sendall(f"GET {LIVE} HTTP/1.1\r\n{lines}\r\n".encode())
    assert made.recv(4096).startswith(b"HTTP/1.1 101")
    return made


PING = b"\x89\xfd" + bytes(4 + 125)
PIECE = b"\x00\x80" + bytes(4)
BEGUN = b"\x01\x80" + bytes(4)


def send_for_ever(flood: socket.socket, what: bytes) -> None:
    for _ in range(10_000):
        flood.sendall(what)


@pytest.mark.parametrize(("first", "again"), [(b"", PING), (BEGUN, PIECE)])
def test_a_flood_of_what_costs_the_sender_nothing_is_cut_off(
    live: Live, first: bytes, again: bytes
) -> None:
    world = World(live)
    reader, writer = Dispatcher.at(world), Dispatcher.at(world)
    with listening(reader.client) as ear, raw_socket(Dispatcher.at(world).client) as flood:
        ear.enter(room_of(RoomKind.CITY, world.city_id))
        flood.sendall(first)
        with pytest.raises(ConnectionError):
            send_for_ever(flood, again * 100)
        writer.file_incident()
        assert ear.hear(IncidentTold)
