"""What a desk is told of incidents, units and assignments: its city's, in its window."""

from typing import Any
from uuid import UUID

import pytest

from tests.server.dispatching import Desk, desk_in
from tests.server.world import World
from tests.system.sync.places import add_station
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.domain.vocabulary import Role

LONG_AGO_MS = 1_700_000_000_000  # outside of every desk's window
LATER_MS = 1_795_000_000_009  # than whatever is sent
KINDS = ("unit", "incident", "assignment")


def narrow_desk(world: World) -> Desk:
    """Enrol a desk of another station, and of that alone."""
    person = world.person(Role.DISPATCHER)
    desk = world.enrol((add_station(world, "North"),))
    return Desk(world, world.sign_in(person, desk), person.id)


@pytest.fixture
def whole(world: World) -> Desk:
    return desk_in(world)


def snapshot(desk: Desk, kind: str) -> set[UUID]:
    page = desk.client.get(f"/sync/snapshot?city={desk.world.city_id}&entity={kind}").json()
    assert page["total"] == len(page["records"])
    return {UUID(each["id"]) for each in page["records"]}


def changes(desk: Desk, after: int = 0) -> dict[str, Any]:
    answer = desk.client.get(f"/sync/changes?city={desk.world.city_id}&after={after}")
    return dict(answer.json())


def told(desk: Desk, after: int = 0) -> set[UUID]:
    return {UUID(each["id"]) for each in changes(desk, after)["records"] if each["entity"] in KINDS}


def test_a_desk_of_one_station_sees_its_whole_citys(world: World, whole: Desk) -> None:
    narrow = narrow_desk(world)
    unit_id, incident_id = whole.make("unit"), whole.make("incident")
    assignment_id = whole.send(unit_id, incident_id)
    ids = (unit_id, incident_id, assignment_id)
    assert told(narrow) == set(ids)
    assert [snapshot(narrow, kind) for kind in KINDS] == [{each} for each in ids]
    events = {each["entity_id"] for each in changes(narrow)["events"]} & set(map(str, ids))
    assert events == set(map(str, ids))
    assert (
        narrow.push("assignment", assignment_id, "arrive", arrived_ms=LATER_MS)["result"]
        == "applied"
    )


def test_a_conflict_about_a_unit_is_the_whole_citys_question(world: World, whole: Desk) -> None:
    narrow, other = narrow_desk(world), desk_in(world)
    unit_id = whole.make("unit")
    incidents = [whole.make("incident") for _ in range(2)]
    whole.send(unit_id, incidents[0])
    named = {"incident_id": str(incidents[1]), "unit_id": str(unit_id)}
    second_id = other.make("assignment", **named)
    clash = other.push("unit", unit_id, "send", assignment_id=str(second_id))
    assert clash["result"] == "conflict"
    conflict_id = UUID(clash["conflict_id"])
    assert snapshot(narrow, "conflict") == snapshot(whole, "conflict") == {conflict_id}
    settled = narrow.push(
        "conflict",
        conflict_id,
        "settle",
        status=("open", "settled"),
        choices={"assignment_id": "theirs"},
        settle_note=("", "The first is nearer"),
    )
    assert settled["result"] == "applied"  # by whoever may dispatch, from any desk


def test_a_conflict_about_a_stations_area_stays_that_stations(world: World, whole: Desk) -> None:
    narrow, area_id = narrow_desk(world), new_id()
    ring = [[76.9, 11.0], [77.0, 11.0], [77.0, 11.1], [76.9, 11.0]]
    drawn = {
        "city_id": str(world.city_id),
        "station_id": str(world.station_id),
        "name": "School",
        "kind": "geofence",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    assert whole.push("geofence", area_id, "draw", **drawn)["result"] == "applied"
    clash = whole.push("geofence", area_id, "rename", name=("Market", "Temple"))
    assert clash["result"] == "conflict", clash
    assert snapshot(whole, "conflict") == {UUID(clash["conflict_id"])}
    assert snapshot(narrow, "conflict") == snapshot(narrow, "geofence") == set()


@pytest.mark.parametrize(
    ("facts", "is_seen"),
    [
        ({}, True),
        ({"cleared_ms": LONG_AGO_MS}, False),
        ({"deleted_ms": LONG_AGO_MS}, False),
        ({"cleared_ms": LONG_AGO_MS, "reported_ms": "now"}, True),
    ],
    ids=["going on", "cleared", "deleted", "of late"],
)
def test_an_incident_is_seen_while_it_goes_on_and_in_the_window(
    whole: Desk, facts: dict[str, Any], *, is_seen: bool
) -> None:
    given = {"reported_ms": LONG_AGO_MS, "occurred_ms": LONG_AGO_MS, **facts}
    if given["reported_ms"] == "now":
        given["reported_ms"] = to_ms(utc_now())
    incident_id = whole.make("incident", **given)
    expected = {incident_id} if is_seen else set[UUID]()
    assert snapshot(whole, "incident") == told(whole) == expected
    gone = {UUID(each["id"]) for each in changes(whole)["left"]}
    assert gone == {incident_id} - expected


def test_an_assignment_is_seen_with_its_incident_and_keeps_it_open(whole: Desk) -> None:
    old = {"reported_ms": LONG_AGO_MS, "occurred_ms": LONG_AGO_MS, "cleared_ms": LONG_AGO_MS}
    unit_id, incident_id = whole.make("unit"), whole.make("incident", **old)
    assert snapshot(whole, "incident") == set()
    assignment_id = whole.send(unit_id, incident_id)
    assert snapshot(whole, "incident") == {incident_id}
    assert snapshot(whole, "assignment") == {assignment_id}
    whole.push("assignment", assignment_id, "finish", cleared_ms=LATER_MS)
    assert snapshot(whole, "incident") == snapshot(whole, "assignment") == set()


def test_an_old_incident_comes_and_goes_with_what_is_sent_to_it(world: World, whole: Desk) -> None:
    other = desk_in(world)
    old = {"reported_ms": LONG_AGO_MS, "occurred_ms": LONG_AGO_MS, "cleared_ms": LONG_AGO_MS}
    unit_id, incident_id = whole.make("unit"), whole.make("incident", **old)
    after = changes(other)["head"]
    assignment_id = whole.send(unit_id, incident_id)
    assert told(other, after) == {unit_id, incident_id, assignment_id}
    after = changes(other)["head"]
    whole.push("assignment", assignment_id, "finish", cleared_ms=LATER_MS)
    gone = {UUID(each["id"]) for each in changes(other, after)["left"]}
    assert gone == {incident_id, assignment_id}
    after = changes(other)["head"]
    whole.push("incident", incident_id, "reopen", cleared_ms=(LONG_AGO_MS, None))
    assert told(other, after) == {incident_id, assignment_id}


def test_retired_units_are_told_too(whole: Desk) -> None:
    unit_id = whole.make("unit")
    whole.push("unit", unit_id, "retire", deleted_ms=1)
    assert snapshot(whole, "unit") == {unit_id}
