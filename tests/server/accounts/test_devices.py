"""Devices are enrolled once, prove themselves at every request, and are revoked for good."""

import base64
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync_server.accounts.service import Device, take_turn
from sync_server.accounts.service.guard import authenticate_device
from sync_server.accounts.service.people import SignedRequest
from sync_server.db.engine import Crossing
from sync_server.problems import RefusedError
from tests.server.live import Live
from tests.server.world import API, Client, World, code_of, enrol_request
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import Role
from trafficdesk.wire.accounts import Enrolled, RefreshRequest, SignInRequest
from trafficdesk.wire.codes import Code
from trafficdesk.wire.signing import SIGNATURE_HEADER, TURN_HEADER

PUSH = f"{API}/sync/push"


@pytest.fixture
def world(live: Live) -> World:
    return World(live)


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do several things at the same moment, each in a thread with a connection of its own."""
    ready, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(number: int) -> None:
        ready.wait()
        results[number] = deeds[number]()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def change(world: World, query: str, *values: object) -> None:
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        connection.execute(query.encode(), values)


def proved(client: Client, body: bytes = b"{}", turn: str | None = None) -> Device:
    """Return the device as a push route gets it. Raises ``RefusedError``."""
    desk = client.desk
    assert desk is not None
    desk.turn = desk.turn if turn is None else turn
    headers = desk.signed("POST", PUSH, body)
    request = SignedRequest(
        method="POST",
        target=PUSH,
        body=body,
        token=client.token,
        device_id=str(desk.id),
        turn=desk.turn,
        signature=headers[SIGNATURE_HEADER],
    )
    return authenticate_device(_live(client).server, request, pushes=True)[1]


_lives: dict[str, Live] = {}


def _live(client: Client) -> Live:
    return _lives[client.url]


@pytest.fixture(autouse=True)
def _know_the_server(live: Live) -> None:
    _lives[live.url] = live


def push(client: Client, body: bytes = b"{}", turn: str | None = None) -> str:
    """Do what a push does with its turn; return the next turn, or the code of the refusal."""
    try:
        device = proved(client, body, turn)
        with _live(client).server.database.transaction(device.tenant_id, []) as connection:
            return take_turn(connection, device)
    except RefusedError as refused:
        return refused.code


def test_an_enrolled_device_knows_its_place_and_the_server(world: World, live: Live) -> None:
    desk = world.enrol()
    given = desk.enrolled
    assert (given.device_id, given.tenant_id) == (desk.id, world.tenant_id)
    assert (given.home_city_id, given.home_station_id) == (world.city_id, world.station_id)
    assert given.scope.city_ids == [world.city_id]
    assert given.server_public_key == live.server.keys.public_key
    assert (given.desk_code, world.enrol().enrolled.desk_code) == ("D1", "D2")


def test_a_token_is_read_however_it_was_typed(world: World) -> None:
    token = world.token().replace("-", " ").lower()
    asked = enrol_request(token, new_id(), Ed25519PrivateKey.generate())
    assert world.client().post("/devices/enrol", asked).status_code == 200


def test_a_token_enrols_one_device_alone(world: World) -> None:
    token = world.token()
    first = enrol_request(token, new_id(), Ed25519PrivateKey.generate())
    second = enrol_request(token, new_id(), Ed25519PrivateKey.generate())
    assert world.client().post("/devices/enrol", first).status_code == 200
    assert code_of(world.client().post("/devices/enrol", second)) == "not_permitted"


def test_of_two_devices_that_use_a_token_at_once_one_is_enrolled(world: World) -> None:
    for _ in range(5):
        token = world.token()
        asked = [enrol_request(token, new_id(), Ed25519PrivateKey.generate()) for _ in range(2)]
        answers = at_once(*(partial(world.client().post, "/devices/enrol", one) for one in asked))
        assert sorted(answer.status_code for answer in answers) == [200, 403]


def test_a_lost_answer_to_an_enrolment_is_given_again_until_the_first_push(world: World) -> None:
    key, desk_id = Ed25519PrivateKey.generate(), new_id()
    asked = enrol_request(world.token(), desk_id, key)
    first, second = (world.client().post("/devices/enrol", asked) for _ in range(2))
    assert first.json() == second.json()
    thief = msgspec.structs.replace(
        asked, public_key=Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    )
    assert code_of(world.client().post("/devices/enrol", thief)) == "not_permitted"
    change(world, "UPDATE devices SET last_turn = 'x' WHERE id = %s", desk_id)
    assert code_of(world.client().post("/devices/enrol", asked)) == "not_permitted"


def test_an_expired_token_enrols_nobody(world: World) -> None:
    token = world.token()
    change(
        world, "UPDATE enrol_tokens SET expires_at = now() WHERE tenant_id = %s", world.tenant_id
    )
    asked = enrol_request(token, new_id(), Ed25519PrivateKey.generate())
    assert code_of(world.client().post("/devices/enrol", asked)) == "not_permitted"


def test_a_device_id_is_enrolled_once_and_the_token_then_stays_good(world: World) -> None:
    desk, token = world.enrol(), world.token()
    asked = enrol_request(token, desk.id, Ed25519PrivateKey.generate())
    assert code_of(world.client().post("/devices/enrol", asked)) == "taken"
    asked = enrol_request(token, new_id(), Ed25519PrivateKey.generate())
    assert world.client().post("/devices/enrol", asked).status_code == 200


@pytest.mark.parametrize("change_it", [{"public_key": b"x"}, {"name": " "}, {"name": "n" * 121}])
def test_an_enrolment_that_makes_no_sense_is_refused(
    world: World, change_it: dict[str, object]
) -> None:
    asked = enrol_request(world.token(), new_id(), Ed25519PrivateKey.generate())
    wrong = msgspec.structs.replace(asked, **change_it)
    assert code_of(world.client().post("/devices/enrol", wrong)) == "bad_request"


def test_an_administrator_makes_tokens_for_stations_of_the_own_city(world: World) -> None:
    admin = world.sign_in(world.person(Role.ADMIN))
    made = admin.post("/devices/tokens", {"station_id": str(world.station_id)})
    assert made.status_code == 201
    asked = enrol_request(made.json()["token"], new_id(), Ed25519PrivateKey.generate())
    enrolled = world.client().post("/devices/enrol", asked)
    assert msgspec.json.decode(enrolled.content, type=Enrolled).home_city_id == world.city_id
    elsewhere = {"station_id": str(World(world.live).station_id)}
    assert code_of(admin.post("/devices/tokens", elsewhere)) == "not_found"


def test_a_device_session_counts_only_from_its_device(world: World) -> None:
    client = world.desk_of()
    assert client.get("/auth/sessions").ok
    assert code_of(Client(client.url, client.token).get("/auth/sessions")) == "sign_in_needed"
    other = Client(client.url, client.token, world.enrol())
    assert code_of(other.get("/auth/sessions")) == "sign_in_needed"


@pytest.mark.parametrize("part", ["method", "target", "body", "turn", "key", "garbage"])
def test_a_signature_covers_everything_that_is_asked(world: World, part: str) -> None:
    client = world.desk_of()
    desk = client.desk
    assert desk is not None
    method, target, body = "GET", f"{API}/auth/sessions", b""
    if part == "key":
        desk.key = Ed25519PrivateKey.generate()
    other = {"method": ("POST", target, body), "target": (method, f"{target}?a=1", body)}
    signed = desk.signed(*other.get(part, (method, target, b"x" if part == "body" else body)))
    if part == "turn":
        signed[TURN_HEADER] = "another"
    if part == "garbage":
        signed[SIGNATURE_HEADER] = base64.b64encode(b"x").decode()
    bare = Client(client.url, client.token, headers=signed)
    assert code_of(bare.get("/auth/sessions")) == "sign_in_needed"


def test_a_revoked_device_is_told_so_with_its_key_and_its_sessions_end(world: World) -> None:
    client, admin = world.desk_of(), world.sign_in(world.person(Role.ADMIN))
    assert client.desk is not None
    assert admin.delete(f"/devices/{client.desk.id}").status_code == 204
    answer = client.get("/auth/sessions")
    assert (answer.status_code, code_of(answer)) == (403, "device_revoked")
    assert "it_public_key" in answer.json()
    assert code_of(admin.delete(f"/devices/{client.desk.id}")) == "not_found"


def test_a_device_the_server_never_saw_must_be_enrolled_anew(world: World) -> None:
    client = world.desk_of()
    assert client.desk is not None
    client.desk.id = new_id()
    assert code_of(client.get("/auth/sessions")) == "device_copied"


def test_devices_are_listed_for_whoever_manages_officers(world: World) -> None:
    desk = world.enrol()
    admin = world.sign_in(world.person(Role.ADMIN))
    listed = admin.get("/devices").json()
    assert [(one["id"], one["desk_code"]) for one in listed] == [(str(desk.id), "D1")]
    assert "public_key" not in listed[0]


def test_each_push_hands_out_the_next_turn(world: World) -> None:
    client = world.desk_of()
    first = push(client, b"1")
    second = push(client, b"2", first)
    assert len({first, second}) == 2
    assert push(client, b"3", second) not in set(Code)


def test_a_push_repeated_after_a_lost_answer_gets_the_turn_it_was_given(world: World) -> None:
    client = world.desk_of()
    assert client.desk is not None
    shown = client.desk.turn
    given = push(client, b"1", shown)
    assert push(client, b"1", shown) == given
    assert push(client, b"1", shown) == given
    assert push(client, b"2", given) not in set(Code)


def test_the_last_turn_with_another_body_is_a_copy(world: World) -> None:
    client = world.desk_of()
    assert client.desk is not None
    shown = client.desk.turn
    push(client, b"1", shown)
    assert push(client, b"2", shown) == "device_copied"


def test_an_older_turn_is_a_copy_whatever_it_asks(world: World) -> None:
    client = world.desk_of()
    assert client.desk is not None
    shown = client.desk.turn
    push(client, b"2", push(client, b"1", shown))
    assert push(client, b"1", shown) == "device_copied"
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        query = "SELECT action FROM audit WHERE chain = %s ORDER BY seq DESC LIMIT 1"
        found = connection.execute(query, [world.tenant_id]).fetchone()
    assert found == {"action": "device.copied"}


def test_of_two_copies_that_push_at_once_one_is_found_out(world: World) -> None:
    for _ in range(5):
        client = world.desk_of()
        device = [proved(client, body) for body in (b"mine", b"theirs")]

        def take(which: int, device: list[Device] = device) -> str:
            try:
                with world.live.server.database.transaction(world.tenant_id, []) as connection:
                    return take_turn(connection, device[which])
            except RefusedError as refused:
                return refused.code

        results = at_once(lambda: take(0), lambda: take(1))
        assert sum(result == "device_copied" for result in results) == 1


def test_a_push_sent_twice_at_once_gets_one_turn(world: World) -> None:
    for _ in range(5):
        client = world.desk_of()
        device = proved(client, b"mine")

        def take(device: Device = device) -> str:
            with world.live.server.database.transaction(world.tenant_id, []) as connection:
                return take_turn(connection, device)

        assert len(set(at_once(take, take))) == 1


def test_of_a_refresh_token_used_twice_at_once_both_answers_are_the_same(world: World) -> None:
    for _ in range(5):
        desk = world.enrol()
        token = world.tokens(world.person(), desk).refresh_token
        asked = RefreshRequest(refresh_token=token)
        deed = partial(Client(world.live.url, desk=desk).post, "/auth/refresh", asked)
        answers = at_once(deed, deed)
        assert len({answer.json()["refresh_token"] for answer in answers}) == 1


def test_many_passwords_tried_at_once_are_five_tries(world: World) -> None:
    login = world.person().login
    asked = SignInRequest(login=login, password="wrong-password")
    answers = at_once(*[partial(world.client().post, "/auth/sign-in", asked)] * 20)
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 15
