"""Guessing passwords is slow wherever it is done, and keeps nobody else from signing in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from sync_server.db.engine import Crossing
from tests.server.live import running, settings_for
from tests.server.world import PASSWORD, Client, Desk, World
from trafficdesk.domain.vocabulary import Role
from trafficdesk.wire.accounts import SignInRequest


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """An agency on a server that believes whoever says where a request comes from."""
    with running(settings_for(database_url, tmp_path, trusted_proxies=("127.0.0.1",))) as live:
        yield World(live)


def try_in(
    world: World, login: str, password: str, desk: Desk | None = None, address: str = "10.0.0.1"
) -> requests.Response:
    asked = SignInRequest(login=login, password=password)
    client = Client(world.live.url, desk=desk, headers={"X-Forwarded-For": address})
    return client.post("/auth/sign-in", asked)


def guess(world: World, login: str, desk: Desk | None = None, address: str = "10.0.0.1") -> None:
    """Guess until there is a lock-out."""
    guesses = [try_in(world, login, "wrong-password", desk, address) for _ in range(6)]
    assert [answer.status_code for answer in guesses] == [401] * 5 + [429]


def test_a_strangers_guesses_lock_out_the_stranger_alone(world: World) -> None:
    login, desk = world.person().login, world.enrol()
    guess(world, login)
    assert try_in(world, login, PASSWORD).status_code == 429
    assert try_in(world, login, PASSWORD, desk).ok
    assert try_in(world, login, PASSWORD, address="10.0.0.2").ok


def test_guesses_at_one_desk_lock_out_that_desk_alone(world: World) -> None:
    login, desk, other = world.person().login, world.enrol(), world.enrol()
    guess(world, login, desk)
    assert try_in(world, login, PASSWORD, desk).status_code == 429
    assert try_in(world, world.person().login, PASSWORD, desk).ok
    assert try_in(world, login, PASSWORD, other).ok
    assert try_in(world, login, PASSWORD).ok


def test_another_agencys_desk_locks_out_nobody_here(world: World) -> None:
    login, theirs = world.person().login, World(world.live).enrol()
    guess(world, login, theirs)
    assert try_in(world, login, PASSWORD, world.enrol()).ok


def test_a_hundred_guesses_from_anywhere_lock_all_but_the_desks(world: World) -> None:
    login, desk = world.person().login, world.enrol()
    for address in ("10.0.1.1", "10.0.2.1"):
        try_in(world, login, "wrong-password", address=address)
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        connection.execute("UPDATE sign_in_tries SET tries = 99 WHERE tries = 2")
    assert try_in(world, login, "wrong-password", address="10.0.3.1").status_code == 401
    assert try_in(world, login, PASSWORD, address="10.9.9.9").status_code == 429
    assert try_in(world, login, PASSWORD, desk).ok


def test_whether_somebody_has_a_login_is_not_to_be_seen(world: World) -> None:
    """Answers, waits and the second lock-out are the same."""
    told = []
    for login in (world.person().login, "nobody"):
        seen = []
        for _ in range(2):
            answers = [try_in(world, login, "wrong-password") for _ in range(6)]
            seen += [(each.status_code, each.json()["detail"]) for each in answers]
            seen.append((round(int(answers[-1].headers["Retry-After"]), -1), ""))
            with world.live.server.database.crossing(Crossing.JOB) as connection:
                connection.execute("UPDATE sign_in_tries SET locked_until = now()")
        told.append(seen)
    assert told[0] == told[1]
    assert [wait_s for wait_s, detail in told[0] if not detail] == [600, 1200]


def test_unlocking_ends_it_everywhere_in_the_agency(world: World) -> None:
    person, desk = world.person(), world.enrol()
    for place in (desk, None):
        guess(world, person.login, place)
    supervisor = world.sign_in(world.person(Role.SUPERVISOR))
    assert supervisor.post(f"/users/{person.id}/unlock").ok
    for place in (desk, None):
        assert try_in(world, person.login, PASSWORD, place).ok


def test_what_is_kept_of_tries_names_nobody(world: World) -> None:
    guess(world, "a-password-typed-as-login", address="203.0.113.77")
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        rows = connection.execute("SELECT * FROM sign_in_tries").fetchall()
    assert len(rows) == 2
    assert {len(row[name]) for row in rows for name in ("login", "place")} == {32}
    assert all(isinstance(row[name], bytes) for row in rows for name in ("login", "place"))


def test_a_guesser_is_limited_by_address_as_well(database_url: str, tmp_path: Path) -> None:
    settings = settings_for(database_url, tmp_path, public_per_minute=12)
    with running(settings) as live:
        world = World(live)
        logins = [f"login-{number}" for number in range(14)]
        statuses = [try_in(world, login, "wrong-password").status_code for login in logins]
    assert statuses == [401] * 12 + [429] * 2
