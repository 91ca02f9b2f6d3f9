"""Who asks too much is told to wait; others are not kept waiting for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from sync_server.db.engine import Crossing
from sync_server.limits import network_of
from tests.server.live import Live, running, settings_for
from tests.server.minutes import await_room_in_the_minute
from tests.server.world import World, code_of
from trafficdesk.wire.accounts import SignInRequest

LIMITS = {"public_per_minute": 40, "user_per_minute": 12, "sign_ins_per_minute": 4}
LIMITS |= {"key_per_minute": 18}


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """An agency on a server with small limits."""
    with running(settings_for(database_url, tmp_path, **LIMITS)) as live:
        made = World(live)
        await_room_in_the_minute()
        yield made


def answered(answers: list[requests.Response]) -> int:
    """Return how many were answered before the first that must wait."""
    statuses = [answer.status_code for answer in answers]
    first = statuses.index(429)
    assert set(statuses[first:]) == {429}
    assert code_of(answers[first]) == "too_many_requests"
    assert 1 <= int(answers[first].headers["Retry-After"]) <= 60
    return first


def test_a_user_has_a_limit_that_others_do_not_feel(world: World) -> None:
    one, other = world.sign_in(world.person()), world.sign_in(world.person())
    assert answered([one.get("/auth/sessions") for _ in range(15)]) == 12
    assert other.get("/auth/sessions").ok


def test_another_programs_key_has_a_limit_of_its_own(world: World) -> None:
    person = world.person()
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        connection.execute("UPDATE users SET role = 'service' WHERE id = %s", [person.id])
    key = world.sign_in(person)
    assert answered([key.get("/auth/sessions") for _ in range(20)]) == 18


def test_tries_to_sign_in_are_limited_by_login_and_address(world: World) -> None:
    one, other = world.person(), world.person()
    asked = SignInRequest(login=one.login, password="lamp-river-42")
    tries = [world.client().post("/auth/sign-in", asked) for _ in range(6)]
    assert answered(tries) == 4
    assert world.sign_in(other).token


def test_strangers_are_limited_by_address_wherever_they_knock(world: World) -> None:
    client = world.client()
    client.token = "guessed"
    assert answered([client.get("/auth/sessions") for _ in range(42)]) == 40
    asked = SignInRequest(login="x", password="lamp-river-42")
    assert client.post("/auth/sign-in", asked).status_code == 429
    assert requests.get(f"{client.url}/health", timeout=10).ok


def test_what_was_limited_is_counted(world: World) -> None:
    client = world.sign_in(world.person())
    answered([client.get("/auth/sessions") for _ in range(13)])
    page = requests.get(f"{client.url}/metrics", timeout=10).text
    assert 'trafficdesk_limited_total{limit="user"} 1.0' in page


def test_a_customers_ipv6_addresses_are_one() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1")
    assert network_of("2001:db8:0:1::1") != network_of("2001:db8::1")
    assert network_of("10.0.0.1") != network_of("10.0.0.2")


def test_the_address_is_the_proxys_word_only_if_it_is_trusted(
    database_url: str, tmp_path: Path
) -> None:
    def knock(live: Live) -> list[int]:
        url = f"{live.url}/api/v1/auth/sessions"
        return [
            requests.get(url, headers={"X-Forwarded-For": f"10.0.0.{n}"}, timeout=10).status_code
            for n in range(5)
        ]

    for trusted, last in (((), 429), (("127.0.0.1",), 401)):
        changes = {"public_per_minute": 4, "trusted_proxies": trusted}
        with running(settings_for(database_url, tmp_path, **changes)) as live:
            assert knock(live)[-1] == last
