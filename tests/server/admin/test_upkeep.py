"""The server tidies up by itself: one program of several, seen by operators, off by a setting."""

import io
import json
import threading
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from sync_server.db.engine import Crossing
from sync_server.jobs.rounds import Rounds
from sync_server.jobs.upkeep import tidy
from sync_server.server import Server
from tests.server.admin.test_commands import Run, furnished, run
from tests.server.live import Live, settings_for
from tests.server.media.photos import announce, facts, file_report, path_of, picture, send
from tests.server.world import World

__all__ = ["furnished", "run"]
HOUR, AT_ONCE = timedelta(hours=1), timedelta(0)


def change(live: Live, query: str) -> None:
    """Change the database as time would."""
    with live.server.database.crossing(Crossing.JOB) as connection:
        connection.execute(query.encode())


def count(live: Live, table: str) -> int:
    with live.server.database.crossing(Crossing.JOB) as connection:
        found = connection.execute(f"SELECT count(*) AS n FROM {table}".encode()).fetchone()
    assert found is not None
    return int(found["n"])


@pytest.fixture
def littered(own_live: Live) -> Live:
    """A server with half a file, a session and a token that ended long ago, and others at work."""
    world = World(own_live)
    desk = world.desk_of()
    content = picture()
    file_report(world, desk, facts(content))
    send(desk, path_of(announce(world, desk, content)), 0, content[:500])
    world.desk_of()
    world.token()
    change(own_live, "UPDATE media_uploads SET expires_at = now()")
    for table, column in (("sessions", "id"), ("enrol_tokens", "token_hash")):
        change(
            own_live,
            f"UPDATE {table} SET expires_at = now() - interval '31 days' "
            f"WHERE {column} = (SELECT min({column}::text) FROM {table})::{_type(column)}",
        )
    return own_live


def _type(column: str) -> str:
    return "uuid" if column == "id" else "bytea"


def test_what_is_long_over_goes_and_the_rest_stays(littered: Live) -> None:
    sessions, tokens = count(littered, "sessions"), count(littered, "enrol_tokens")
    gone = tidy(littered.server, HOUR)
    assert gone == {"sessions": 1, "tokens": 1, "uploads": 1, "track_points": 0}
    assert (count(littered, "sessions"), count(littered, "enrol_tokens")) == (
        sessions - 1,
        tokens - 1,
    )
    assert not list(littered.server.settings.media_dir.glob("*/uploads/*.part"))


def test_what_ended_lately_stays_for_whoever_looks_into_it(littered: Live) -> None:
    tidy(littered.server, HOUR)
    change(littered, "UPDATE sessions SET ended_at = now(), ended_why = 'signed out'")
    assert tidy(littered.server, AT_ONCE) == {
        "sessions": 0,
        "tokens": 0,
        "uploads": 0,
        "track_points": 0,
    }


def test_upkeep_is_done_once_in_its_time_whichever_program_asks(littered: Live) -> None:
    other = Server.of(littered.server.settings)
    other.database.open()
    try:
        assert tidy(other, HOUR) is not None
        assert tidy(littered.server, HOUR) is None
        change(littered, "UPDATE server_state SET kept_up_at = now() - interval '61 min'")
        assert tidy(littered.server, HOUR) is not None
    finally:
        other.database.close()


def test_while_one_program_tidies_no_other_waits_for_it(littered: Live) -> None:
    with littered.server.database.crossing(Crossing.JOB) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(7310551003)")
        assert tidy(littered.server, HOUR) is None
    assert tidy(littered.server, HOUR) is not None


def test_programs_that_ask_at_the_same_moment_do_it_once(littered: Live) -> None:
    done: list[object] = []
    start = threading.Barrier(4)

    def ask() -> None:
        start.wait()
        done.append(tidy(littered.server, HOUR))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(each is not None for each in done) == 1


def test_a_round_tells_what_it_did_in_logs_and_metrics(littered: Live, lines: io.StringIO) -> None:
    Rounds(littered.server).once()
    (line,) = _told(lines, "upkeep_done")
    assert (line["sessions"], line["tokens"], line["uploads"]) == (1, 1, 1)
    page = requests.get(f"{littered.url}/metrics", timeout=10).text
    assert 'trafficdesk_upkeep_total{what="uploads"} 1.0' in page
    assert float(_sample(page, "trafficdesk_upkeep_age_seconds")) < 600


def test_a_setting_leaves_the_upkeep_to_a_timer(
    littered: Live, lines: io.StringIO, tmp_path: Path
) -> None:
    url = littered.server.settings.database_url
    quiet = Server.of(settings_for(url, tmp_path, upkeep_minutes=0))
    quiet.database.open()
    try:
        Rounds(quiet).once()
    finally:
        quiet.database.close()
    assert _told(lines, "upkeep_done") == []
    assert count(littered, "media_uploads") == 1


def test_a_timer_does_the_same_by_a_command(furnished: Run) -> None:
    done = furnished("upkeep", "--json")
    assert (done.code, done.told["sessions"], done.told["uploads"]) == (0, 0, 0), done.err


def test_a_round_without_the_database_is_told_and_the_next_one_goes_on(
    lines: io.StringIO, tmp_path: Path
) -> None:
    away = Server.of(settings_for("postgresql://owner@/desk?host=/nowhere", tmp_path))
    rounds = Rounds(away)  # its database was never opened
    with pytest.raises(Exception, match="not open"):
        away.database.pool.getconn()
    rounds.once()
    jobs = [line["job"] for line in _told(lines, "job_failed")]
    assert jobs == ["statistics", "upkeep"]
    for job in jobs:
        counted = f'trafficdesk_failed_jobs_total{{job="{job}"}} 1.0'
        assert counted in away.metrics.page().decode()


def _told(lines: io.StringIO, event: str) -> list[dict[str, object]]:
    found = [json.loads(line) for line in lines.getvalue().splitlines()]
    return [line for line in found if line["event"] == event]


def _sample(page: str, name: str) -> str:
    return next(line for line in page.splitlines() if line.startswith(f"{name} ")).split()[1]
