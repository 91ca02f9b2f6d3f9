"""A courier hands a colleague's bundle in: whose it is its signature says, and nothing else."""

import os
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from sync_server.bundles import carrying
from sync_server.bundles.answering import Room
from sync_server.db.engine import Crossing
from sync_server.server import MOST_COURIERS
from tests.server.bundles.sealed import Asking, hand_in
from tests.server.live import Live, running, settings_for
from tests.server.minutes import await_room_in_the_minute
from tests.server.world import API, Client, Desk, World, code_of
from trafficdesk.domain.identity import new_id
from trafficdesk.wire.bundles import MAX_FILE_BYTES, TYPE, BundleFault, CityPlace
from trafficdesk.wire.exchange import Hello


@pytest.fixture
def world(live: Live) -> World:
    """An agency of this test alone on the shared server."""
    return World(live)


@pytest.fixture
def courier(world: World) -> Client:
    """Somebody at a desk that has a line."""
    return world.desk_of()


@pytest.fixture
def asking(world: World) -> Asking:
    """A desk that has none."""
    return Asking(world, world.enrol())


def fault_of(answer: requests.Response) -> str:
    assert (answer.status_code, code_of(answer)) == (422, "bundle_refused"), answer.text
    fault: str = answer.json()["fault"]
    return fault


def audit_of(world: World) -> list[tuple[str, str, str, dict[str, object]]]:
    """Return action, device, subject and detail of what the audit has of bundles."""
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        found = connection.execute(
            "SELECT action, device_id, subject, detail FROM audit WHERE chain = %s "
            "AND action LIKE 'bundle.%%' ORDER BY seq",
            [world.tenant_id],
        ).fetchall()
    return [(r["action"], str(r["device_id"]), r["subject"], r["detail"]) for r in found]


def test_a_courier_gets_the_answer_that_the_other_desk_alone_can_open(
    world: World, courier: Client, asking: Asking
) -> None:
    answer = hand_in(courier, asking.request())
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, TYPE), answer.text
    assert asking.head_of(answer.content).device_id == asking.desk.id
    assert courier.desk is not None
    its_id, couriers_id = str(asking.desk.id), str(courier.desk.id)
    imported, carried = audit_of(world)
    assert imported == ("bundle.imported", its_id, its_id, {"number": 1, "results": {}})
    assert carried == ("bundle.carried", couriers_id, its_id, {"number": 1, "again": False})


def test_the_same_file_is_answered_again_and_taken_in_once(
    world: World, courier: Client, asking: Asking
) -> None:
    bundle = asking.request()
    first, again = hand_in(courier, bundle), hand_in(world.desk_of(), bundle)
    heads = [asking.head_of(each.content) for each in (first, again)]
    assert heads[0].request_id == heads[1].request_id
    actions = [action for action, *_ in audit_of(world)]
    assert actions == ["bundle.imported", "bundle.carried", "bundle.carried"]
    assert audit_of(world)[-1][3] == {"number": 1, "again": True}


def test_couriers_who_come_at_once_with_one_file_have_it_taken_in_once(
    world: World, asking: Asking
) -> None:
    bundle, couriers = asking.request(), [world.desk_of() for _ in range(4)]
    with ThreadPoolExecutor(len(couriers)) as pool:
        answers = list(pool.map(lambda each: hand_in(each, bundle), couriers))
    assert [answer.status_code for answer in answers] == [200] * len(couriers)
    assert len({asking.head_of(answer.content).request_id for answer in answers}) == 1
    actions = [action for action, *_ in audit_of(world)]
    assert actions.count("bundle.imported") == 1
    assert actions.count("bundle.carried") == len(couriers)


def test_an_older_file_and_a_number_that_was_given_twice_are_refused(
    courier: Client, asking: Asking
) -> None:
    older = asking.request(1)
    assert hand_in(courier, asking.request(2)).ok
    assert fault_of(hand_in(courier, older)) == BundleFault.OLDER
    assert fault_of(hand_in(courier, asking.request(2))) == BundleFault.COPIED


def test_a_file_that_was_changed_anywhere_is_refused_and_noted(
    world: World, courier: Client, asking: Asking
) -> None:
    bundle = asking.request()
    for place in (0, 8, 9, 12, 20, 30, len(bundle) - 1):
        changed = bytearray(bundle)
        changed[place] ^= 1
        assert fault_of(hand_in(courier, bytes(changed)))
    assert fault_of(hand_in(courier, bundle[:-1])) == BundleFault.CUT_SHORT
    assert fault_of(hand_in(courier, b"")) == BundleFault.NOT_A_BUNDLE
    assert {action for action, *_ in audit_of(world)} == {"bundle.refused"}
    assert audit_of(world)[-1][3] == {"fault": "not_a_bundle"}


def test_a_signature_of_the_courier_makes_it_nobodys(
    world: World, courier: Client, asking: Asking
) -> None:
    """Who carries a bundle cannot pass it off as another desk's."""
    assert courier.desk is not None
    posing = Asking(world, Desk(asking.desk.id, courier.desk.key, asking.desk.enrolled, ""))
    assert fault_of(hand_in(courier, posing.request())) == BundleFault.FORGED


def test_desks_of_another_agency_are_not_there(world: World, courier: Client, live: Live) -> None:
    other = World(live)
    theirs = Asking(other, other.enrol())
    assert fault_of(hand_in(courier, theirs.request())) == BundleFault.UNKNOWN_DEVICE
    stranger = Asking(world, Desk(new_id(), theirs.desk.key, theirs.desk.enrolled, ""))
    assert fault_of(hand_in(courier, stranger.request())) == BundleFault.UNKNOWN_DEVICE
    assert audit_of(other) == []
    assert hand_in(other.desk_of(), theirs.request()).ok


def test_a_desk_that_names_another_agency_or_desk_is_refused(
    courier: Client, asking: Asking
) -> None:
    foreign, posing = asking.request(tenant_id=new_id()), asking.request(device_id=new_id())
    assert fault_of(hand_in(courier, foreign)) == BundleFault.OTHER_TENANT
    assert fault_of(hand_in(courier, posing)) == BundleFault.OTHER_DEVICE


def test_of_a_revoked_desk_nothing_is_taken_and_it_gets_nothing(
    world: World, courier: Client, asking: Asking
) -> None:
    bundle = asking.request()
    assert hand_in(courier, bundle).ok
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute("UPDATE devices SET revoked_at = now() WHERE id = %s", [asking.desk.id])
    for again in (bundle, asking.request(2)):
        assert fault_of(hand_in(courier, again)) == BundleFault.REVOKED


@pytest.mark.parametrize("key", [b"", bytes(32), bytes(33)])
def test_an_answer_that_can_be_sealed_to_nobody_is_no_fault_of_the_servers(
    courier: Client, asking: Asking, key: bytes
) -> None:
    assert fault_of(hand_in(courier, asking.request(answer_key=key))) == BundleFault.DAMAGED
    assert hand_in(courier, asking.request()).ok  # the number was not used up


@pytest.mark.parametrize("push", [b'{"x":' + b"[" * 100_000, b"\xff", b"[]", b'{"protocol": 1}'])
def test_a_part_that_its_desk_signed_and_nobody_can_read_is_refused(
    courier: Client, asking: Asking, push: bytes
) -> None:
    assert fault_of(hand_in(courier, asking.request(push=push))) == BundleFault.DAMAGED


@pytest.mark.parametrize(
    "changes",
    [
        *({"number": number} for number in (2**63, -(2**63), 2**70)),
        *({"places": {str(new_id()): CityPlace(after=after)}} for after in (2**63, -(2**63))),
    ],
)
def test_a_number_that_no_desk_gives_is_no_fault_of_the_servers(
    world: World, courier: Client, asking: Asking, changes: dict[str, Any]
) -> None:
    assert fault_of(hand_in(courier, asking.request(**changes))) == BundleFault.DAMAGED
    assert {action for action, *_ in audit_of(world)} == {"bundle.refused"}
    assert hand_in(courier, asking.request()).ok


@pytest.mark.parametrize(
    ("speaks", "fault"), [((0, 0), BundleFault.TOO_OLD), ((9, 9), BundleFault.TOO_NEW)]
)
def test_what_is_wrong_with_the_other_desks_program_is_not_said_of_the_couriers(
    courier: Client, asking: Asking, speaks: tuple[int, int], fault: BundleFault
) -> None:
    bundle = asking.request(hello=Hello(speaks=speaks, program="test"))
    assert fault_of(hand_in(courier, bundle)) == fault


def test_a_body_of_another_type_or_packed_is_not_understood(
    courier: Client, asking: Asking
) -> None:
    bundle = asking.request()
    for headers in ({"Content-Type": "text/plain"}, {"Content-Encoding": "zstd"}):
        answer = courier.send("POST", "/sync/bundles", bundle, **{"Content-Type": TYPE, **headers})
        assert (answer.status_code, code_of(answer)) == (400, "bad_request")


def test_a_bundle_may_be_larger_than_other_bodies_but_not_than_a_bundle(
    world: World, courier: Client
) -> None:
    largest = world.live.server.settings.max_body_bytes + 1
    assert fault_of(hand_in(courier, bytes(largest))) == BundleFault.NOT_A_BUNDLE
    assert announce(courier, MAX_FILE_BYTES + 1).startswith(b"HTTP/1.1 413")


def announce(courier: Client, length: int) -> bytes:
    """Begin to send a body of so many bytes; return how the answer begins that comes at once."""
    place = urlsplit(courier.url)
    with socket.create_connection((place.hostname, place.port), timeout=20) as line:
        line.sendall(
            f"POST {API}/sync/bundles HTTP/1.1\r\nHost: desk\r\nContent-Type: {TYPE}\r\n"
            f"Authorization: Bearer {courier.token}\r\n"
            f"Content-Length: {length}\r\n\r\nx".encode()
        )
        return line.recv(4096)


def test_whoever_is_over_the_limit_has_no_large_body_read(
    database_url: str, tmp_path: Path
) -> None:
    """Also who could hand none in: the body comes before it is known on which desk they are."""
    with running(settings_for(database_url, tmp_path, bundles_per_minute=2)) as live:
        world = World(live)
        person = world.sign_in(world.person())
        await_room_in_the_minute()
        assert [hand_in(person, b"").status_code for _ in range(2)] == [401, 401]
        assert announce(person, MAX_FILE_BYTES).startswith(b"HTTP/1.1 429")


def test_strangers_have_no_large_body_read(live: Live) -> None:
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(512):
            sent += 2**16
            yield os.urandom(2**16)

    began_s = time.monotonic()
    try:
        answer = requests.post(
            f"{live.url}{API}/sync/bundles",
            data=pieces(),
            headers={"Content-Type": TYPE, "Authorization": "Bearer guessed"},
            timeout=30,
        )
        assert answer.status_code == 401
    except requests.ConnectionError:
        pass  # it hung up on us
    assert time.monotonic() - began_s < 30


def test_pages_that_take_too_long_to_gather_come_with_the_next_request(
    world: World, courier: Client, asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = hand_in(courier, asking.request(1)).content
    monkeypatch.setattr(carrying, "CARRIED", Room(gather_s=-1.0))
    part = hand_in(courier, asking.request(2)).content
    assert len(part) < len(whole)
    assert asking.head_of(part).welcome.heads.keys() == {str(world.city_id)}


def test_a_desk_carries_so_many_in_a_minute(database_url: str, tmp_path: Path) -> None:
    with running(settings_for(database_url, tmp_path, bundles_per_minute=3)) as live:
        world = World(live)
        one, other = world.desk_of(), world.desk_of()
        await_room_in_the_minute()
        bundle = Asking(world, world.enrol()).request()
        statuses = [hand_in(one, bundle).status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        assert hand_in(other, bundle).ok


def test_who_comes_while_answers_for_many_are_gathered_is_told_to_come_again(
    world: World, asking: Asking, live: Live
) -> None:
    bundle, courier = asking.request(), world.desk_of()
    for _ in range(MOST_COURIERS):
        assert live.server.couriers.acquire(blocking=False)
    refused = hand_in(courier, bundle)
    for _ in range(MOST_COURIERS):
        live.server.couriers.release()
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert int(refused.headers["Retry-After"]) >= 1
    assert audit_of(world) == []
    assert hand_in(courier, bundle).ok
