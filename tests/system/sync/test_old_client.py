"""A desk of version 1, kept as it was, is understood by the present server: for ever."""

from typing import Any

import pytest

from sync_server.bundles.answering import answer
from sync_server.bundles.service import import_request
from sync_server.db.engine import Crossing
from tests.server.live import Live
from tests.server.world import PASSWORD, World
from tests.wire.frozen.v1.client import Client
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import Role

# What the desk was answered when it was recorded; a later server may merge where it applied.
TOOK = {"applied", "merged"}


@pytest.fixture
def world(own_live: Live) -> World:
    """An agency on a database of its own: the recorded ids are the same every time."""
    return World(own_live)


def cast_of(world: World) -> dict[str, str]:
    """Return who and what the recorded names are in an agency."""
    person = world.person(Role.SUPERVISOR)
    return {
        "token": world.token(),
        "device": str(new_id()),
        "tenant": str(world.tenant_id),
        "city": str(world.city_id),
        "station": str(world.station_id),
        "officer": str(person.id),
        "login": person.login,
        "password": PASSWORD,
    }


@pytest.fixture
def client(world: World) -> Client:
    return Client(world.live.url, cast_of(world))


def greeted(client: Client) -> dict[str, Any]:
    """Let the desk be enrolled, sign in and say hello; return its enrolment."""
    enrolled = client.ask("enrol")
    client.ask("sign-in")
    client.ask("refresh")
    welcome = client.ask("hello")
    assert welcome["protocol"] == 1
    assert welcome["heads"].keys() == {client.cast["city"]}
    return enrolled


def test_it_is_enrolled_greeted_and_all_its_operations_are_taken(
    client: Client, world: World
) -> None:
    enrolled = greeted(client)
    assert enrolled["home_city_id"] == client.cast["city"]
    first = client.ask("snapshot")
    assert (first["records"], first["next_after"]) == ([], None)
    outcomes = client.ask("push")["outcomes"]
    assert {each["result"] for each in outcomes} <= TOOK, outcomes
    assert len(outcomes) == 8
    kinds = {"reports": 2, "geofences": 1}
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        for table, wanted in kinds.items():
            found = connection.execute(f"SELECT count(*) AS n FROM {table}".encode()).fetchone()
            assert found == {"n": wanted}


def test_it_reads_back_what_it_sent(client: Client) -> None:
    greeted(client)
    client.ask("push")
    page = client.ask("changes")
    events = {event["action"] for event in page["events"]}
    assert events >= {"file", "claim", "approve", "correct", "reject", "undo_reject", "draw"}
    assert [event["seq"] for event in page["events"]][-1] == page["upto"] == page["head"]
    rows = {each["row"]["plate"]: each for each in page["records"] if each["entity"] == "report"}
    assert rows["TN37BZ4412"]["row"]["status"] == "approved"
    assert rows["TN37BZ4412"]["row"]["description"].endswith("ஹெல்மெட் இல்லை")
    assert rows["TN38BB0002"]["row"]["status"] == "pending"
    assert {"entity", "id", "version", "row"} <= page["records"][0].keys()
    assert client.ask("history")["upto"] == 2
    held = client.ask("receipt")["statement"]["operations"]
    assert {each["result"] for each in held} <= TOOK


def test_its_photo_is_taken_piece_by_piece(client: Client) -> None:
    greeted(client)
    client.ask("push")
    announced = client.send("announce")
    assert announced.status_code == 201, announced.text
    assert announced.headers["Upload-Offset"] == "0"
    client.cast["upload"] = announced.headers["Location"].rpartition("/")[2]
    sent = client.send("piece")
    assert (sent.status_code, sent.headers["Upload-Offset"]) == (204, "155"), sent.text
    again = client.send("announce")
    assert again.headers["Upload-Offset"] == again.headers["Upload-Length"] == "155"


def test_its_bundle_is_taken_in_and_answered(client: Client, world: World) -> None:
    greeted(client)
    server = world.live.server
    imported = import_request(server, client.bundle(server.keys.sealing_public_key))
    assert set(imported.results) <= TOOK
    assert sum(imported.results.values()) == 1
    parts = client.open_answer(answer(server, imported.device.id).content)
    assert [kind for kind, _ in parts][:2] == ["h", "o"]
    assert parts[0][1]["device_id"] == client.cast["device"]
    (outcome,) = parts[1][1]["outcomes"]
    assert outcome["result"] in TOOK
