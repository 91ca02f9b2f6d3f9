"""Where units are: taken in from desks, told to responders, kept for days."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import psycopg
import pytest
import requests

from sync_server.db.channels import POSITIONS
from sync_server.db.engine import Crossing
from sync_server.units.service import forget_tracks
from tests.server.dispatching import Desk, desk_in
from tests.server.minutes import await_room_in_the_minute
from tests.server.world import World, code_of
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.domain.vocabulary import Role


def now_ms() -> int:
    return to_ms(utc_now())


def position(unit_id: UUID, at_ms: int, **values: object) -> dict[str, object]:
    place = {"lon": 76.97, "lat": 11.02, "speed_mps": 4.5, "heading": 90.0}
    return {"unit_id": str(unit_id), "at_ms": at_ms, **place, **values}


def say(desk: Desk, *positions: dict[str, object]) -> requests.Response:
    return desk.client.post("/units/positions", {"positions": list(positions)})


def told(desk: Desk, query: str = "") -> list[dict[str, object]]:
    answer = desk.client.get(f"/units/positions{query}")
    assert answer.ok, answer.text
    assert answer.json()["success"] is True
    return list(answer.json()["data"])


def track_of(world: World, unit_id: UUID) -> list[int]:
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        query = "SELECT at_ms FROM unit_tracks WHERE unit_id = %s ORDER BY at_ms"
        return [row["at_ms"] for row in connection.execute(query, [unit_id])]


def test_the_last_known_position_of_a_unit_is_told(desk: Desk) -> None:
    unit_id, then = desk.make("unit"), now_ms()
    answer = say(desk, position(unit_id, then - 60_000, lat=11.01), position(unit_id, then))
    assert answer.json()["data"] == {"taken": 1, "doubted": []}
    assert told(desk) == [position(unit_id, then)]
    late = say(desk, position(unit_id, then - 90_000))
    assert late.json()["data"]["doubted"] == [
        {"unit_id": str(unit_id), "at_ms": then - 90_000, "reason": "late"}
    ]
    assert told(desk) == [position(unit_id, then)]
    assert track_of(desk.world, unit_id) == [then - 90_000, then - 60_000, then]


def test_news_alone_is_told_to_whoever_asks_since_when(desk: Desk) -> None:
    units = [desk.make("unit") for _ in range(2)]
    say(desk, position(units[0], now_ms()))
    since = desk.client.get("/units/positions").json()["meta"]["server_time_ms"]
    assert told(desk, f"?since={since + 1}") == []
    say(desk, position(units[1], now_ms()))
    assert [each["unit_id"] for each in told(desk, f"?since={since + 1}")] == [str(units[1])]


def test_units_of_nobody_and_of_others_are_not_placed(world: World, desk: Desk) -> None:
    other = desk_in(World(world.live))
    theirs, nobody, retired = other.make("unit"), uuid4(), desk.make("unit")
    desk.push("unit", retired, "retire", deleted_ms=1)
    answer = say(desk, *(position(each, now_ms()) for each in (theirs, nobody, retired)))
    doubted = answer.json()["data"]["doubted"]
    assert [each["reason"] for each in doubted] == ["unknown_unit"] * 3
    assert told(other) == told(desk) == []


@pytest.mark.parametrize(
    "wrong", [{"lon": 190.0}, {"lat": -91.0}, {"heading": 360.0}, {"speed_mps": -1.0}]
)
def test_a_position_that_is_none_is_refused(desk: Desk, wrong: dict[str, object]) -> None:
    answer = say(desk, position(uuid4(), now_ms(), **wrong))
    assert (answer.status_code, code_of(answer)) == (400, "bad_request")


def test_a_thousand_units_are_one_batch_and_more_are_not(desk: Desk) -> None:
    unit_ids, then = [uuid4() for _ in range(1_001)], now_ms()
    with desk.world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.cursor().executemany(
            "INSERT INTO units (tenant_id, city_id, station_id, id, version, call_sign, kind, "
            "duty, created_ms) VALUES (%s, %s, %s, %s, 1, %s, 'tow', 'on', 1)",
            [
                (desk.world.tenant_id, desk.world.city_id, desk.world.station_id, each, str(each))
                for each in unit_ids
            ],
        )
    batch = [position(each, then) for each in unit_ids]
    assert say(desk, *batch).status_code == 400
    assert say(desk, *batch[:1000]).json()["data"]["taken"] == 1000
    assert len(told(desk)) == 1000


def test_a_flood_from_one_unit_leaves_a_thin_track_and_is_slowed(desk: Desk) -> None:
    unit_id, then = desk.make("unit"), now_ms() // 5_000 * 5_000
    assert say(desk, *(position(unit_id, then - step) for step in range(1_000))).ok
    assert len(track_of(desk.world, unit_id)) <= 2
    limit = desk.world.live.server.settings.positions_per_minute
    await_room_in_the_minute()
    answers = (say(desk, position(unit_id, then)) for _ in range(limit + 1))
    slowed = next(each for each in answers if not each.ok)
    assert (code_of(slowed), slowed.headers.get("Retry-After", "0") > "0") == (
        "too_many_requests",
        True,
    )


def test_tracks_are_forgotten_when_they_are_too_old(desk: Desk) -> None:
    unit_id, then, server = desk.make("unit"), now_ms(), desk.world.live.server
    day_ms = 86_400_000
    days = server.settings.track_days
    aged = [then - days * day_ms - 1_000, then - (days - 1) * day_ms]
    with server.database.crossing(Crossing.OPERATOR) as connection:
        for at_ms in aged:
            connection.execute(
                "INSERT INTO unit_tracks VALUES (%s, %s, %s, %s, 1, 1, %s)",
                [desk.world.tenant_id, desk.world.city_id, unit_id, at_ms, at_ms],
            )
    assert forget_tracks(server) >= 1
    assert track_of(desk.world, unit_id) == aged[1:]
    say(desk, position(unit_id, then - (days + 1) * day_ms))
    assert track_of(desk.world, unit_id) == aged[1:]
    assert len(told(desk)) == 1  # where it was last is known for ever


@contextmanager
def hearing(world: World) -> Iterator[psycopg.Connection]:
    url = world.live.server.settings.database_url
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"LISTEN {POSITIONS}")
        yield connection


def test_other_processes_hear_of_a_city_whose_units_moved(desk: Desk) -> None:
    unit_id, then = desk.make("unit"), now_ms()
    with hearing(desk.world) as connection:
        say(desk, position(unit_id, then))
        say(desk, position(unit_id, then))  # it stands still
        say(desk, position(unit_id, then + 1_000))
        heard = connection.notifies(timeout=10, stop_after=2)
        assert [each.payload for each in heard] == [str(desk.world.city_id)] * 2


def test_a_unit_is_told_with_what_it_does(desk: Desk) -> None:
    unit_id, idle_id, incident_id = desk.make("unit"), desk.make("unit"), desk.make("incident")
    assignment_id = desk.send(unit_id, incident_id)
    say(desk, position(unit_id, now_ms()))
    page = desk.client.get("/units?limit=1").json()
    (first,) = page["data"]
    assert (first["id"], first["status"], first["incident_id"], first["assignment_id"]) == (
        str(unit_id),
        "en_route",
        str(incident_id),
        str(assignment_id),
    )
    assert first["position"]["lon"] == 76.97
    desk.push("assignment", assignment_id, "arrive", arrived_ms=1_795_000_000_001)
    rest = desk.client.get(f"/units?limit=1&cursor={page['meta']['next_cursor']}").json()
    assert [(each["id"], each["status"]) for each in rest["data"]] == [(str(idle_id), "available")]
    assert desk.client.get("/units").json()["data"][0]["status"] == "on_scene"


@pytest.mark.parametrize("role", [Role.CITIZEN, Role.SERVICE])
def test_where_officers_are_is_told_to_those_who_respond_alone(world: World, role: Role) -> None:
    person = world.person()
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        connection.execute("UPDATE users SET role = %s WHERE id = %s", [role, person.id])
    client = world.sign_in(person)
    for answer in (client.get("/units"), client.get("/units/positions")):
        assert (answer.status_code, code_of(answer)) == (403, "not_permitted")
