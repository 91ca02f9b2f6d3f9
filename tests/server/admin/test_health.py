"""Health says what is so: a database, a disk or a clock that is not well is told."""

import asyncio
from pathlib import Path

import psycopg
import pytest
import requests

from sync_server.admin.service import program_health
from sync_server.clock import JUMP_S, ClockWatch
from tests.server.live import Live, running, settings_for
from tests.server.world import World, code_of
from trafficdesk.domain.vocabulary import Role


def health(live: Live, of: str = "") -> tuple[int, dict[str, object]]:
    """Return status and content of an address."""
    answer = requests.get(f"{live.url}/health{of}", timeout=30)
    return answer.status_code, answer.json()


def test_all_is_well_on_a_good_day(own_live: Live) -> None:
    assert health(own_live) == (200, {"status": "ok"})
    assert health(own_live, "/external") == (
        200,
        {"status": "ok", "services": {"disk": "ok", "clock": "ok"}},
    )


def test_a_full_disk_is_told(database_url: str, tmp_path: Path) -> None:
    settings = settings_for(database_url, tmp_path, media_free_bytes=2**62)
    with running(settings) as live:
        status, told = health(live, "/external")
        assert (status, told["services"]) == (503, {"disk": "full", "clock": "ok"})
        assert health(live)[0] == 200


def test_a_clock_that_was_set_is_told(own_live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = ClockWatch(steady=iter([0.0, 3600.0]).__next__)
    monkeypatch.setattr(own_live.server.clock, "look", moved.look)
    status, told = health(own_live, "/external")
    assert (status, told["services"]) == (503, {"disk": "ok", "clock": "jumped"})


def take_no_writes(live: Live) -> None:
    """Let a server's database be as a standby is, on new connections."""
    with psycopg.connect(live.server.settings.database_url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(
            f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'.encode()
        )
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    while health(live, "/db")[1]["status"] == "unavailable":
        pass  # the pool finds out that its connections are gone


def test_a_database_that_takes_no_writes_is_not_well(own_live: Live) -> None:
    take_no_writes(own_live)
    status, told = health(own_live, "/db")
    assert (status, told["status"]) == (503, "read only")


def test_what_cannot_be_written_for_that_is_to_be_asked_again(own_live: Live) -> None:
    world = World(own_live)
    person, desk = world.sign_in(world.person(Role.ADMIN)), world.desk_of()
    take_no_writes(own_live)
    for client, path in ((person, "/users"), (desk, "/auth/sessions")):
        answer = client.get(path)
        while answer.json().get("detail") == "The database did not answer in time.":
            answer = client.get(path)  # a connection of before
        assert (answer.status_code, code_of(answer)) == (503, "unavailable")
        assert int(answer.headers["Retry-After"]) > 0


def test_a_program_whose_own_work_has_ended_is_not_well() -> None:
    async def fail() -> None:
        raise LookupError

    async def look() -> tuple[str, str]:
        works, ended = asyncio.create_task(asyncio.sleep(600)), asyncio.create_task(fail())
        await asyncio.wait([ended])
        assert isinstance(ended.exception(), LookupError)
        found = program_health([works]).status, program_health([works, ended]).status
        works.cancel()
        return found

    assert asyncio.run(look()) == ("ok", "failing")


class _Clocks:
    """Two clocks that are moved by hand."""

    wall_s = steady_s = 1000.0

    def watch(self) -> ClockWatch:
        return ClockWatch(lambda: self.wall_s, lambda: self.steady_s)


def test_a_clock_that_goes_is_no_jump() -> None:
    clocks = _Clocks()
    watch = clocks.watch()
    for _ in range(5):
        clocks.wall_s += 3600.2
        clocks.steady_s += 3600
        assert watch.look() == 0


@pytest.mark.parametrize("by_s", [-86_400.0, -(JUMP_S + 1), JUMP_S + 1, 3600.0])
def test_a_jump_is_told_for_ten_minutes(by_s: float) -> None:
    clocks = _Clocks()
    watch = clocks.watch()
    clocks.wall_s += by_s
    assert watch.look() == by_s
    for step_s, told in ((599.0, by_s), (2.0, 0.0)):
        clocks.wall_s += step_s
        clocks.steady_s += step_s
        assert watch.look() == told
