"""What the API tells of incidents, how they are verified and removed."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.server.dispatching import Desk, desk_in
from tests.server.incidents.conftest import SignedIn
from tests.server.world import World, code_of
from trafficdesk.domain.vocabulary import Role

REPORTED = 1_794_990_000_000
ASSIGNED = 1_795_000_000_000


def listed(desk: Desk, query: str = "") -> list[str]:
    answer = desk.client.get(f"/incidents{query}")
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["data"]]


def whole(desk: Desk, incident_id: UUID) -> dict[str, Any]:
    return dict(desk.client.get(f"/incidents/{incident_id}").json()["data"])


def test_an_incident_is_told_with_its_units_and_how_long_it_took(desk: Desk) -> None:
    incident_id, units = desk.make("incident"), [desk.make("unit") for _ in range(2)]
    assert whole(desk, incident_id)["status"] == "active"
    sent = [desk.send(unit, incident_id) for unit in units]
    assert whole(desk, incident_id)["status"] == "dispatched"
    desk.push("assignment", sent[0], "arrive", arrived_ms=ASSIGNED + 60_000)
    desk.push("assignment", sent[1], "withdraw", withdrawn_ms=ASSIGNED + 1)
    told = whole(desk, incident_id)
    assert (told["status"], told["arrived_ms"]) == ("on_scene", ASSIGNED + 60_000)
    assert [each["step"] for each in told["assignments"]] == ["arrived", "withdrawn"]
    assert told["to_dispatch_s"] == (ASSIGNED - REPORTED) / 1000
    assert told["to_arrival_s"] == (ASSIGNED - REPORTED) / 1000 + 60
    desk.push("incident", incident_id, "clear", cleared_ms=ASSIGNED + 90_000)
    assert "to_clear_s" not in whole(desk, incident_id)
    desk.push("assignment", sent[0], "finish", cleared_ms=ASSIGNED + 90_000)
    told = whole(desk, incident_id)
    assert (told["status"], told["to_clear_s"]) == ("cleared", (ASSIGNED - REPORTED) / 1000 + 90)


def test_the_open_ones_are_listed_and_all_where_asked(desk: Desk) -> None:
    going_on, over = desk.make("incident"), desk.make("incident", reported_ms=REPORTED + 1)
    desk.push("incident", over, "clear", cleared_ms=ASSIGNED)
    assert listed(desk) == [str(going_on)]
    assert listed(desk, "?status=all") == [str(over), str(going_on)]
    desk.send(desk.make("unit"), over)  # a unit is out for it: it goes on
    assert listed(desk) == [str(over), str(going_on)]
    assert listed(desk, f"?since={REPORTED + 1}") == [str(over)]


def test_a_list_is_read_page_by_page_and_by_its_rectangle(desk: Desk) -> None:
    made = [
        desk.make("incident", lon=76.9 + number / 100, reported_ms=REPORTED + number // 2)
        for number in range(5)
    ]
    read, cursor = list[str](), ""
    while True:
        page = desk.client.get(f"/incidents?limit=2&cursor={cursor}").json()
        read += [each["id"] for each in page["data"]]
        cursor = page["meta"].get("next_cursor", "")
        if not cursor:
            break
    assert read == listed(desk)
    assert set(read) == set(map(str, made))
    assert listed(desk, "?bbox=76.905,10,76.915,12") == [str(made[1])]


@pytest.mark.parametrize(
    "query", ["?bbox=1,2,3", "?bbox=a,b,c,d", "?bbox=0,0,nan,1", "?cursor=AAAA", "?cursor=%00"]
)
def test_a_query_that_is_none_is_refused(desk: Desk, query: str) -> None:
    answer = desk.client.get(f"/incidents{query}")
    assert (answer.status_code, code_of(answer)) == (400, "bad_request")


def test_the_timeline_tells_what_happened_in_its_order(desk: Desk) -> None:
    incident_id = desk.make("incident")
    assignment = desk.send(desk.make("unit"), incident_id)
    desk.push("assignment", assignment, "arrive", arrived_ms=ASSIGNED + 1)
    desk.push("incident", incident_id, "clear", cleared_ms=ASSIGNED + 2)
    page = desk.client.get(f"/incidents/{incident_id}/timeline?limit=3").json()
    rest = desk.client.get(
        f"/incidents/{incident_id}/timeline?cursor={page['meta']['next_cursor']}"
    ).json()
    told = [*page["data"], *rest["data"]]
    assert [each["action"] for each in told] == ["file", "dispatch", "arrive", "clear"]
    assert told[2]["changes"] == {"arrived_ms": [None, ASSIGNED + 1]}
    assert "next_cursor" not in rest.get("meta", {})


def test_each_person_verifies_an_incident_once(desk: Desk, signed_in: SignedIn) -> None:
    incident_id = desk.make("incident")
    people = [signed_in(Role.CITIZEN), signed_in(Role.OFFICER)]
    told = [
        client.post(f"/incidents/{incident_id}/verify").json()["data"]
        for client in (people[0], people[0], people[1])
    ]
    assert [(each["verifications"], each["counted"]) for each in told] == [
        (1, True),
        (1, False),
        (2, True),
    ]
    found = whole(desk, incident_id)
    assert (found["verifications"], found["version"]) == (2, 3)


def test_an_incident_that_is_none_goes_and_its_units_are_free(
    desk: Desk, signed_in: SignedIn
) -> None:
    incident_id, unit_id = desk.make("incident"), desk.make("unit")
    assignment = desk.send(unit_id, incident_id)
    assert signed_in(Role.OFFICER).delete(f"/incidents/{incident_id}").status_code == 403
    assert desk.client.delete(f"/incidents/{incident_id}").status_code == 204
    assert desk.client.delete(f"/incidents/{incident_id}").status_code == 404
    assert listed(desk, "?status=all") == []
    (unit,) = desk.client.get("/units").json()["data"]
    assert (unit["status"], unit.get("assignment_id")) == ("available", None)
    page = desk.client.get(f"/sync/changes?city={desk.world.city_id}&after=0").json()
    rows = {each["id"]: each["row"] for each in page["records"]}
    assert rows[str(incident_id)]["deleted_ms"] is not None
    assert rows[str(assignment)]["withdrawn_ms"] is not None
    actions = [each["action"] for each in page["events"]][-3:]
    assert actions == ["remove", "withdraw", "free"]
    assert len({each["action_id"] for each in page["events"][-3:]}) == 1


def test_nobody_reaches_anothers_incident(world: World, desk: Desk) -> None:
    theirs = desk_in(World(world.live))
    incident_id = theirs.make("incident")
    for target in (incident_id, uuid4()):
        answers = [
            desk.client.get(f"/incidents/{target}"),
            desk.client.get(f"/incidents/{target}/timeline"),
            desk.client.post(f"/incidents/{target}/verify"),
            desk.client.delete(f"/incidents/{target}"),
        ]
        assert {code_of(answer) for answer in answers} == {"not_found"}
    assert listed(desk, "?status=all") == []
    assert whole(theirs, incident_id)["version"] == 1
