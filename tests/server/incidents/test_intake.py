"""Incidents reported over the API: one crash is one incident, whoever tells of it."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import requests

from sync_server.db.engine import Crossing
from tests.server.dispatching import Desk
from tests.server.incidents.conftest import SignedIn
from tests.server.media.photos import bring, digest_of, facts, picture
from tests.server.minutes import await_room_in_the_minute
from tests.server.world import Client, World, code_of
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.domain.vocabulary import Role

LON, LAT = 76.97, 11.02
METRE = 1 / 111_195  # of latitude
MINUTE_MS = 60_000


def now_ms() -> int:
    return to_ms(utc_now())


def report(client: Client, **facts: object) -> requests.Response:
    return client.post("/incidents", {"type": "car_crash", "lon": LON, "lat": LAT, **facts})


def filed(answer: requests.Response, status: int = 201) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.json()["success"] is True
    return dict(answer.json()["data"])


def whole(client: Client, incident_id: str) -> dict[str, Any]:
    answer = client.get(f"/incidents/{incident_id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["data"])


def test_an_incident_is_taken_in_and_comes_to_the_desks_with_their_next_pull(
    world: World, desk: Desk, signed_in: SignedIn
) -> None:
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        (ward,) = connection.execute(
            "INSERT INTO wards (tenant_id, city_id, id, name, geometry) VALUES (%s, %s, "
            'gen_random_uuid(), \'Ward 1\', \'{"type": "Polygon", "coordinates": '
            "[[[76.9,11],[77,11],[77,11.1],[76.9,11.1],[76.9,11]]]}') RETURNING id",
            [world.tenant_id, world.city_id],
        ).fetchall()
    told = filed(
        report(signed_in(Role.CITIZEN), vehicle_count=2, injury_count=1, needs={"ambulance": 1})
    )
    assert (told["is_new"], told["severity_score"], told["report_count"]) == (True, 50, 1)
    page = desk.client.get(f"/sync/changes?city={world.city_id}&after=0&own=false").json()
    (record,) = (each for each in page["records"] if each["entity"] == "incident")
    assert (record["id"], record["version"]) == (told["id"], 1)
    row = record["row"]
    assert (row["reference"], row["injuries"], row["source"]) == (told["reference"], True, "app")
    assert (row["station_id"], row["ward_id"]) == (str(world.station_id), str(ward["id"]))
    (event,) = (each for each in page["events"] if each["entity"] == "incident")
    assert (event["action"], event["actor_id"]) == ("file", row["reporter_id"])


def test_a_second_report_near_by_and_soon_after_is_of_the_same_incident(
    desk: Desk, signed_in: SignedIn
) -> None:
    first = filed(
        report(
            signed_in(Role.CITIZEN),
            occurred_ms=now_ms() - 5 * MINUTE_MS,
            vehicle_count=3,
            lanes_blocked="partial",
            needs={"police": 2},
        )
    )
    second = filed(
        report(
            signed_in(Role.SERVICE),
            lat=LAT + 95 * METRE,
            occurred_ms=now_ms() - MINUTE_MS,
            severity=4,
            injuries=True,
            lanes_blocked="all",
            needs={"police": 1, "tow": 1},
            description="A bus, too",
        ),
        200,
    )
    assert (second["id"], second["is_new"], second["report_count"]) == (first["id"], False, 2)
    assert second["severity_score"] == 10 * 3 + 30 + 25 + 5
    found = whole(desk.client, first["id"])
    assert (found["severity"], found["vehicle_count"], found["lanes_blocked"]) == (4, 3, "all")
    assert (found["needs"], found["version"]) == ({"police": 2, "tow": 1}, 2)
    (account,) = found["accounts"]
    assert (account["text"], account["source"]) == ("A bus, too", "api")
    third = report(signed_in(Role.CITIZEN), occurred_ms=now_ms())  # five minutes after the second
    assert filed(third, 200)["report_count"] == 3


@pytest.mark.parametrize(
    "other",
    [
        {"lat": LAT + 105 * METRE},
        {"occurred_ms": 6 * MINUTE_MS},
    ],
    ids=["farther than 100 m", "longer ago than 5 min"],
)
def test_what_is_farther_or_older_is_another_incident(
    signed_in: SignedIn, other: dict[str, Any]
) -> None:
    first = filed(report(signed_in(Role.CITIZEN)))
    if "occurred_ms" in other:
        other = {"occurred_ms": now_ms() - other["occurred_ms"]}
    second = filed(report(signed_in(Role.CITIZEN), **other))
    assert second["id"] != first["id"]
    assert second["reference"] != first["reference"]


def test_reports_on_both_sides_of_the_date_line_are_of_one_incident(
    world: World, signed_in: SignedIn
) -> None:
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute(
            "UPDATE cities SET lon = 180, west = -180, east = 180 WHERE id = %s", [world.city_id]
        )
    first = filed(report(signed_in(Role.CITIZEN), lon=179.9998))
    second = filed(report(signed_in(Role.SERVICE), lon=-179.9998), 200)  # 44 m farther east
    assert (second["id"], second["report_count"]) == (first["id"], 2)
    back = filed(report(signed_in(Role.CITIZEN), lon=179.9997), 200)
    assert (back["id"], back["report_count"]) == (first["id"], 3)
    assert filed(report(signed_in(Role.CITIZEN), lon=-179.9987))["id"] != first["id"]  # 164 m


def test_the_nearest_of_two_incidents_is_told_again(signed_in: SignedIn) -> None:
    client = signed_in(Role.SERVICE)
    near = filed(report(client, lat=LAT + 80 * METRE))
    filed(report(client, lat=LAT - 60 * METRE))
    assert filed(report(client, lat=LAT + 30 * METRE), 200)["id"] == near["id"]


def test_a_cleared_incident_takes_no_further_report(desk: Desk, signed_in: SignedIn) -> None:
    first = filed(report(signed_in(Role.CITIZEN)))
    cleared = desk.push("incident", UUID(first["id"]), "clear", cleared_ms=now_ms())
    assert cleared["result"] == "applied"
    assert filed(report(signed_in(Role.CITIZEN)))["id"] != first["id"]


def test_a_desks_own_incident_is_told_again_like_any_other(desk: Desk, signed_in: SignedIn) -> None:
    incident_id = desk.make("incident", lon=LON, lat=LAT, occurred_ms=now_ms())
    assert filed(report(signed_in(Role.CITIZEN)), 200)["id"] == str(incident_id)


def test_a_report_that_is_sent_again_counts_once(signed_in: SignedIn) -> None:
    client = signed_in(Role.SERVICE)
    first, second = ({"id": str(uuid4())} for _ in range(2))
    told = filed(report(client, **first))
    assert filed(report(client, **first), 200) == {**told, "is_new": False}
    merged = filed(report(client, **second), 200)
    assert filed(report(client, **second), 200) == merged
    assert merged["report_count"] == 2
    client.desk = None
    dispatcher = signed_in(Role.DISPATCHER)
    assert dispatcher.delete(f"/incidents/{told['id']}").status_code == 204
    assert filed(report(client, **first), 200)["id"] == told["id"]


def test_a_number_that_a_desk_has_given_is_not_given_again(desk: Desk, signed_in: SignedIn) -> None:
    year = (utc_now() + timedelta(hours=5, minutes=30)).year  # the city's
    desk.make("incident", lon=76.9, reference=f"INC-{year}-S-000001")
    told = filed(report(signed_in(Role.CITIZEN)))
    own = f"INC-{year}-S-000001-{told['id'][-4:].upper()}"
    assert told["reference"] == whole(desk.client, told["id"])["reference"] == own
    other = filed(report(signed_in(Role.CITIZEN), lat=LAT + 0.01))
    assert other["reference"] == f"INC-{year}-S-000002"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"occurred_ms": 4_000_000_000_000}, "occurred_ms"),
        ({"occurred_ms": 1}, "occurred_ms"),
        ({"lon": 80.0}, "lon"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(
    signed_in: SignedIn, facts: dict[str, object], field: str
) -> None:
    answer = report(signed_in(Role.CITIZEN), **facts)
    assert (answer.status_code, code_of(answer)) == (400, "bad_request")
    assert answer.json()["field"] == field


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"lat": 91}, "$.lat"),
        ({"type": "flood"}, "$.type"),
        ({"vehicle_count": 0}, "$.vehicle_count"),
        ({"needs": {"navy": 1}}, "$.needs"),
        ({"description": "a\x00b"}, "$.description"),
        ({"description": "x" * 2001}, "$.description"),
    ],
)
def test_a_field_that_is_none_is_named(
    signed_in: SignedIn, facts: dict[str, object], said: str
) -> None:
    answer = report(signed_in(Role.CITIZEN), **facts)
    assert (answer.status_code, code_of(answer)) == (400, "bad_request")
    assert said in answer.json()["detail"]


def test_a_citizen_reports_five_times_a_minute(signed_in: SignedIn) -> None:
    citizen, service = signed_in(Role.CITIZEN), signed_in(Role.SERVICE)
    await_room_in_the_minute()
    for number in range(5):
        assert report(citizen, lat=LAT + number / 100).ok
    slowed = report(citizen)
    assert (slowed.status_code, code_of(slowed)) == (429, "too_many_requests")
    assert int(slowed.headers["Retry-After"]) > 0
    assert report(service).ok


def everything(world: World) -> str:
    """Return all that is kept of an agency's incidents, as one text."""
    tables = ("incidents", "incident_verifications", "incident_numbers", "unit_positions")
    queries = [f"SELECT t::text FROM {table} t WHERE tenant_id = %s" for table in tables]
    queries += [
        f"SELECT t::text FROM {table} t WHERE tenant_id = %s AND entity = 'incident'"
        for table in ("events", "operations")
    ]
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        return str(
            [connection.execute(query.encode(), [world.tenant_id]).fetchall() for query in queries]
        )


def ask(world: World, query: str, *values: object) -> dict[str, Any]:
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        (found,) = connection.execute(query.encode(), values).fetchall()
    return found


def test_an_anonymous_report_leads_to_nobody_and_to_no_other(
    world: World, signed_in: SignedIn
) -> None:
    client = signed_in(Role.CITIZEN)
    session_id = client.get("/auth/sessions").json()[0]["id"]
    user_id = str(ask(world, "SELECT user_id FROM sessions WHERE id = %s", session_id)["user_id"])
    before = ask(world, "SELECT count(*) AS n FROM audit WHERE chain = %s", world.tenant_id)
    for number in range(2):  # two of one person, each told again
        place = {"lat": LAT + number / 100}
        told = filed(report(client, anonymous=True, **place))
        filed(report(client, anonymous=True, **place), 200)
        assert client.post(f"/incidents/{told['id']}/verify").ok
    kept = everything(world)
    assert told["id"] in kept
    assert user_id not in kept
    assert session_id not in kept
    query = "SELECT count(DISTINCT person) AS n FROM incident_verifications WHERE tenant_id = %s"
    assert ask(world, query, world.tenant_id)["n"] == 2  # somebody else to each incident
    query = "SELECT count(*) AS n FROM audit WHERE chain = %s"
    assert ask(world, query, world.tenant_id) == before
    filed(report(client, lat=LAT + 3 / 100))
    assert user_id in everything(world)  # as it is of whoever gives their name


def photo_facts(content: bytes, **changes: object) -> dict[str, object]:
    return facts(content, **{"taken_ms": now_ms(), "lon": LON, "lat": LAT, **changes})


def test_photos_are_named_with_a_sighting_and_brought_after_it(world: World, desk: Desk) -> None:
    content, other = picture(), picture()
    named = [photo_facts(content), photo_facts(other)]
    told = filed(report(desk.client, media=named))
    (known, _) = whole(desk.client, told["id"])["media"]
    assert (known["sha256"], known["lon"]) == (digest_of(content), LON)
    assert bring(world, desk.client, content).status_code == 204
    assert desk.client.get(f"/media/{digest_of(content)}").content == content


def test_whoever_tells_it_again_adds_their_photos_and_each_stays_once(
    desk: Desk, signed_in: SignedIn
) -> None:
    one, two = photo_facts(b"one"), photo_facts(b"two")
    first = filed(report(desk.client, media=[one]))
    again = {**one, "id": str(uuid4())}
    filed(report(signed_in(Role.CITIZEN), media=[again, two]), 200)
    named = whole(desk.client, first["id"])["media"]
    assert [each["sha256"] for each in named] == [one["sha256"], two["sha256"]]


def test_where_somebody_unknown_took_a_photo_is_not_kept(desk: Desk, signed_in: SignedIn) -> None:
    told = filed(report(signed_in(Role.CITIZEN), anonymous=True, media=[photo_facts(b"seen")]))
    (known,) = whole(desk.client, told["id"])["media"]
    assert (known["lon"], known["lat"]) == (None, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sha256": "../../keys"},
        {"sha256": "A" * 64},
        {"size_bytes": 60 * 2**20},
        {"size_bytes": 0},
        {"kind": "program"},
        {"mime": "text/html\x00"},
        {"width": 0},
        {"lat": 91},
    ],
    ids=str,
)
def test_a_photo_that_cannot_be_is_refused(desk: Desk, wrong: dict[str, object]) -> None:
    answer = report(desk.client, media=[photo_facts(b"seen", **wrong)])
    assert (answer.status_code, code_of(answer)) == (400, "bad_request")


def test_more_photos_than_a_sighting_has_are_refused(desk: Desk) -> None:
    many = [photo_facts(bytes([number])) for number in range(11)]
    assert report(desk.client, media=many).status_code == 400
    assert report(desk.client, media=many[:10]).status_code == 201
