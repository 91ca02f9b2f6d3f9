"""What comes round on the server: once, by whichever program is first, to each it is for."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sync_server.db.engine import Crossing
from sync_server.problems import RefusedError
from sync_server.reporting import schedule_queries as queries
from sync_server.reporting import schedule_runs, schedules, service, timetable
from sync_server.reporting.timetable import ReportTimetable
from sync_server.server import Server
from tests.delivery.mail_server import PASSWORD, running
from tests.server.live import Live, settings_for
from tests.server.world import World
from trafficdesk.domain.reporting.asked import Form
from trafficdesk.domain.schedules import About, Every, Rhythm, Wish
from trafficdesk.domain.times import to_ms

BEGUN = datetime(2026, 8, 20, 9, tzinfo=UTC)
DUE = datetime(2026, 9, 1, 1, tzinfo=UTC)
MakeServer = Callable[..., Server]


@pytest.fixture
def make_server(database_url: str, tmp_path: Path) -> Iterator[MakeServer]:
    """Return a function that makes a further program on one database."""
    made: list[Server] = []

    def make(**changes: object) -> Server:
        server = Server.of(settings_for(database_url, tmp_path, **changes))
        server.database.open()
        made.append(server)
        return server

    yield make
    for server in made:
        server.database.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "reports"
    made.mkdir()
    return made


def monthly(folder: Path | str, *addresses: str) -> Wish:
    rhythm = Rhythm(Every.MONTH, 360, 1)
    return Wish(
        "monthly-station",
        Form.HTML,
        About.LAST_MONTH,
        rhythm,
        folder=str(folder),
        addresses=addresses,
    )


def begin(server: Server, wish: Wish) -> World:
    """Have a report come round in a city of its own since the twentieth of August."""
    world = World(Live("", server))
    maker = service.Maker(world.tenant_id, world.city_id)
    schedules.add(server, maker, wish)
    with server.database.crossing(Crossing.JOB) as connection:
        connection.execute("UPDATE report_schedules SET looked_ms = %s", [to_ms(BEGUN)])
    return world


def run(server: Server, at: datetime) -> int:
    return schedule_runs.run_all(server, lambda: to_ms(at))


def run_until_made(server: Server, at: datetime) -> None:
    """Plan and make, but bring nothing yet."""
    schedule_runs.plan(server, to_ms(at))
    while schedule_runs.make_next(server, to_ms(at)):
        pass


def told(server: Server) -> list[dict[str, Any]]:
    (found,) = schedules.find(server)
    return found.deliveries


def test_missed_months_are_caught_up_once_masked_and_noted(
    make_server: MakeServer, folder: Path
) -> None:
    server = make_server()
    begin(server, monthly(folder))
    later = datetime(2026, 10, 9, tzinfo=UTC)
    run(server, later)
    names = sorted(each.name for each in folder.iterdir())
    assert names == [
        "monthly-station 2026-08 Coimbatore.html",
        "monthly-station 2026-09 Coimbatore.html",
    ]
    assert "Aug 2026" in (folder / names[0]).read_text(encoding="utf-8")
    assert run(server, later) == 0
    assert len(list(folder.iterdir())) == 2
    with server.database.crossing(Crossing.JOB) as connection:
        found = connection.execute("SELECT action FROM audit ORDER BY seq").fetchall()
        kept = connection.execute("SELECT content FROM report_runs").fetchall()
    actions = [row["action"] for row in found]
    assert actions.count("schedule.make") == actions.count("schedule.deliver") == 2
    assert [row["content"] for row in kept] == [None, None]


def test_the_servers_own_timetable_brings_what_was_missed(
    make_server: MakeServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = make_server()
    begin(server, monthly(folder))
    monkeypatch.setattr(timetable, "LOOK_EVERY", timedelta(seconds=1))

    async def look_once() -> None:
        loop, looked = asyncio.get_running_loop(), asyncio.Event()

        class Told(ReportTimetable):
            def look(self) -> None:
                super().look()
                loop.call_soon_threadsafe(looked.set)

        running_on = asyncio.create_task(Told(server).run())
        await asyncio.wait_for(looked.wait(), 20)
        running_on.cancel()
        with suppress(asyncio.CancelledError):
            await running_on

    asyncio.run(look_once())
    assert len(list(folder.glob("*2026-08*.html"))) == 1


def test_programs_that_look_at_once_make_and_bring_each_report_once(
    make_server: MakeServer, folder: Path, tmp_path: Path
) -> None:
    with running(tmp_path) as mail:
        password = tmp_path / "password"
        password.write_text(PASSWORD, encoding="utf-8")
        named = mail.settings
        settings: dict[str, object] = {
            "mail_host": named.host,
            "mail_port": named.port,
            "mail_sender": named.sender,
            "mail_login": named.login,
            "mail_password_file": password,
            "mail_ca_file": named.ca_file,
        }
        servers = [make_server(**settings) for _ in range(3)]
        addresses = [f"chief-{n}@police.example" for n in range(6)]
        begin(servers[0], monthly(folder, *addresses))
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda server: run_until_made(server, DUE), servers))
            list(pool.map(lambda server: run(server, DUE), servers))
        assert len(list(folder.iterdir())) == 1
        assert sorted(to for to, _ in mail.behaviour.taken) == addresses
    assert {letter["From"] for _, letter in mail.behaviour.taken} == {named.sender}
    assert len({letter["Message-ID"] for _, letter in mail.behaviour.taken}) == 1
    assert {each["state"] for each in told(servers[0])} == {"sent"}


def test_what_cannot_be_brought_is_told_and_tried_again(
    make_server: MakeServer, tmp_path: Path
) -> None:
    server = make_server()
    away = tmp_path / "share"
    begin(server, monthly(away, "chief@police.example"))
    run(server, DUE)
    assert {(each["way"], each["state"], each["fault"]) for each in told(server)} == {
        ("folder", "queued", "folder.missing"),
        ("mail", "queued", "mail.no_server"),
    }
    away.mkdir()
    run(server, DUE + timedelta(minutes=4))
    assert not list(away.iterdir())
    run(server, DUE + timedelta(minutes=6))
    assert len(list(away.iterdir())) == 1


def test_a_report_that_cannot_be_made_is_told_and_the_others_go_on(
    make_server: MakeServer, folder: Path
) -> None:
    server = make_server()
    begin(server, monthly(folder))
    with server.database.crossing(Crossing.JOB) as connection:
        connection.execute(
            "UPDATE report_schedules SET wish = jsonb_set(wish::jsonb, '{template_id}', '\"gone\"')"
        )
    begin(server, monthly(folder))
    run(server, DUE)
    first, second = schedules.find(server)
    assert first.last is not None
    assert (first.last["state"], first.last["fault"]) == (
        "refused",
        "The server makes no such report.",
    )
    assert second.last is not None
    assert second.last["state"] == "made"
    assert len(list(folder.iterdir())) == 1


def test_schedules_lie_behind_the_walls_of_their_city_and_end_whole(
    make_server: MakeServer, tmp_path: Path
) -> None:
    server = make_server()
    world = begin(server, monthly(tmp_path / "away"))
    run(server, DUE)
    other = World(Live("", server))
    with server.database.reading(other.tenant_id, [other.city_id]) as connection:
        assert queries.find_all(connection) == []
        for table in ("report_runs", "report_deliveries"):
            assert connection.execute(f"SELECT FROM {table}".encode()).rowcount == 0
    with server.database.reading(world.tenant_id, [world.city_id]) as connection:
        assert len(queries.find_all(connection)) == 1
    (found,) = schedules.find(server)
    schedules.remove(server, str(found.id)[-40:])
    assert schedules.find(server) == []
    with server.database.crossing(Crossing.JOB) as connection:
        assert connection.execute("SELECT FROM report_deliveries").rowcount == 0


def test_whoever_lists_mail_addresses_leaves_an_entry_and_no_address(
    make_server: MakeServer, folder: Path
) -> None:
    server = make_server(mail_host="mail.example.org", mail_sender="server@example.org")
    world = begin(server, monthly("", "chief@police.example", "deputy@police.example"))
    begin(server, monthly(folder))
    assert len(schedules.read_all(server)) == 2
    with server.database.crossing(Crossing.JOB) as connection:
        found = connection.execute(
            "SELECT chain, detail FROM audit WHERE action = 'address.read'"
        ).fetchall()
    assert found == [{"chain": world.tenant_id, "detail": {"count": 2}}]


def test_what_cannot_come_round_is_refused(make_server: MakeServer, tmp_path: Path) -> None:
    server = make_server()
    world = World(Live("", server))
    maker = service.Maker(world.tenant_id, world.city_id)
    shift = Wish("shift", Form.PDF, About.LAST_MONTH, Rhythm(Every.DAY, 0), folder=str(tmp_path))
    for wish in (monthly(""), monthly("reports"), monthly(tmp_path, "a b"), shift):
        with pytest.raises(RefusedError):
            schedules.add(server, maker, wish)
    assert schedules.find(server) == []
