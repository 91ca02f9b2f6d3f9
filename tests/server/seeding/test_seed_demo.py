"""The demo city on a server: places and people, once; known passwords only in development."""

import psycopg
import pytest
import requests

from tests.server.admin.test_commands import Run, run
from tests.server.live import running, settings_for
from trafficdesk.domain.demo import people
from trafficdesk.domain.demo.units import UNITS
from trafficdesk.domain.vocabulary import Role

__all__ = ["run"]


def _count(url: str, table: str) -> int:
    with psycopg.connect(url) as connection:
        found = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
    assert found is not None
    return int(found[0])


def test_the_city_is_there_with_stations_wards_officers_and_citizens(
    run: Run, database_url: str
) -> None:
    run("migrate")
    done = run("seed-demo", "--json", DEVELOPMENT="true")
    assert (done.code, done.told["is_new"]) == (0, True), done.err
    counts = [_count(database_url, name) for name in ("stations", "users", "citizens", "reports")]
    assert counts == [3, 10, 50, 0]
    told = "events WHERE entity = 'unit' AND action = 'enlist'"
    assert _count(database_url, "units") == _count(database_url, told) == done.told["units"] == 14
    assert _count(database_url, "wards WHERE ST_IsValid(geom)") == done.told["wards"]
    with psycopg.connect(database_url) as connection:
        found = connection.execute(
            "SELECT u.login, s.name FROM users u JOIN stations s ON s.id = u.station_id "
            "WHERE u.role = %s",
            [Role.ADMIN],
        ).fetchall()
    assert found == [("poongodi", "Gandhipuram Traffic")]


def test_a_second_seed_changes_nothing(run: Run, database_url: str) -> None:
    run("migrate")
    run("seed-demo", DEVELOPMENT="true")
    again = run("seed-demo", "--json", DEVELOPMENT="true")
    assert (again.code, again.told["is_new"]) == (0, False)
    assert _count(database_url, "users") == len(people.OFFICERS)
    assert _count(database_url, "units") == len(UNITS)
    assert run("check").code == 0


def test_the_known_password_opens_a_session_only_in_development(
    run: Run, database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run("migrate")
    done = run("seed-demo", "--json")
    assert (done.code, done.told["password_is_known"]) == (0, False)
    assert people.PASSWORD not in run("seed-demo").out
    assert _status_of_sign_in(database_url, tmp_path_factory) == 401


def test_in_development_an_officer_signs_in_with_the_demo_password(
    run: Run, database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run("migrate")
    run("seed-demo", DEVELOPMENT="true")
    assert _status_of_sign_in(database_url, tmp_path_factory) == 200


def _status_of_sign_in(url: str, folders: pytest.TempPathFactory) -> int:
    folder = folders.mktemp("server")
    with running(settings_for(url, folder)) as live:
        body = {"login": "revathi", "password": people.PASSWORD}
        answer = requests.post(f"{live.url}/api/v1/auth/sign-in", json=body, timeout=30)
    return answer.status_code
