"""Hints between server processes: a listener that became deaf notices, and listens again."""

import asyncio
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from sync_server.db import channels
from sync_server.live import hints
from sync_server.live.hints import DatabaseHints
from tests.server.live_rooms.listening import wait_until
from tests.system.sync.fault_proxy import Road, Way
from trafficdesk.domain.identity import new_id

CITY = new_id()


@dataclass
class Ears:
    """Hears how far cities' feeds have grown, and how often listening began."""

    begun: int = 0
    seqs: list[int] = field(default_factory=list)

    def hear_feed(self, city_id: UUID, seq: int) -> None:
        assert city_id == CITY
        self.seqs.append(seq)

    def hear_access(self, changed_id: UUID) -> None:
        raise AssertionError(changed_id)

    def hear_positions(self, city_id: UUID) -> None:
        raise AssertionError(city_id)

    def hear_again(self, heads: Mapping[UUID, int]) -> None:
        assert heads == {}
        self.begun += 1


@pytest.fixture
def road(database_url: str) -> Iterator[Road]:
    """A road over TCP to the database."""
    folder = conninfo_to_dict(database_url)["host"]
    with Road(f"unix:{folder}/.s.PGSQL.5432") as made:
        yield made


def by_road(database_url: str, road: Road) -> str:
    name = conninfo_to_dict(database_url)["dbname"]
    return f"postgresql://trafficdesk@{road.url.removeprefix('http://')}/{name}"


def while_listening(url: str, ears: Ears, do: Callable[[], None]) -> None:
    """Listen as long as something is done beside it."""

    async def listen() -> None:
        listening = asyncio.create_task(DatabaseHints(url).run(ears))
        await asyncio.to_thread(wait_until, lambda: ears.begun == 1 or listening.done())
        await asyncio.to_thread(do)
        assert not listening.done(), listening.exception()
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening

    asyncio.run(listen())


def tell(database_url: str, seq: int) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SELECT pg_notify(%s, %s)", [channels.FEED, f"{CITY}:{seq}"])


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hints, "_PROVED_EVERY_S", 0.05)
    monkeypatch.setattr(hints, "_ANSWERED_WITHIN_S", 0.5)


def test_a_connection_that_went_silent_is_noticed_and_made_anew(
    database_url: str, road: Road, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)
    ears = Ears()

    def do() -> None:
        road.set(Way.NOWHERE)  # nobody hangs up: what is sent is never heard of
        assert road.lost.wait(30)
        tell(database_url, 1)
        wait_until(lambda: "listening_lost" in lines.getvalue())
        road.set(Way.OPEN)
        wait_until(lambda: ears.begun > 1)
        tell(database_url, 2)
        wait_until(lambda: bool(ears.seqs))

    while_listening(by_road(database_url, road), ears, do)
    assert ears.seqs == [2]


def test_a_connection_whose_database_ended_it_is_made_anew(database_url: str) -> None:
    ears = Ears()

    def do() -> None:
        with psycopg.connect(database_url, autocommit=True) as connection:
            ended = connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            assert ended.rowcount == 1
        wait_until(lambda: ears.begun == 2)
        tell(database_url, 3)
        wait_until(lambda: ears.seqs == [3])

    while_listening(database_url, ears, do)


def test_nothing_that_is_told_while_the_line_is_proved_is_missed(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)
    monkeypatch.setattr(hints, "_PROVED_EVERY_S", 0.001)
    ears = Ears()

    def do() -> None:
        with psycopg.connect(database_url, autocommit=True) as connection:
            for seq in range(1_000):
                connection.execute("SELECT pg_notify(%s, %s)", [channels.FEED, f"{CITY}:{seq}"])
        wait_until(lambda: len(ears.seqs) == 1_000)

    while_listening(database_url, ears, do)
    assert ears.seqs == list(range(1_000))
    assert ears.begun == 1


def test_a_listener_ends_when_it_is_told_to_also_on_a_silent_line(
    database_url: str, road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)

    def do() -> None:
        road.set(Way.NOWHERE)
        assert road.lost.wait(30)

    while_listening(by_road(database_url, road), Ears(), do)


def test_what_the_address_says_of_the_line_goes_before_what_is_usual() -> None:
    usual = conninfo_to_dict(hints.address_of("postgresql://it@db.example/trafficdesk"))
    assert (usual["keepalives_idle"], usual["connect_timeout"]) == ("20", "10")
    told = "postgresql://it@db.example/trafficdesk?keepalives_idle=5&connect_timeout=3"
    own = conninfo_to_dict(hints.address_of(told))
    assert (own["keepalives_idle"], own["connect_timeout"]) == ("5", "3")
    assert (own["host"], own["dbname"], own["keepalives_count"]) == (
        "db.example",
        "trafficdesk",
        "3",
    )
