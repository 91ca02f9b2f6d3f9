"""Incidents, units and who is sent: others' are as what never was, and no value breaks a batch."""

from typing import Any
from uuid import UUID

import pytest

from sync_server.db.engine import Crossing
from tests.server.dispatching import CREATING, Desk, desk_in
from tests.server.live import Live
from tests.server.security.test_hostile_pushes import INJECTIONS
from tests.server.sync.crews import needed
from tests.server.world import World
from tests.system.sync.places import add_city
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import Role

AT_MS = 1_795_000_000_000
ATTEMPTS: list[tuple[str, str, dict[str, object]]] = [
    ("incident", "clear", {"cleared_ms": AT_MS}),
    ("incident", "correct", {"severity": (3, 4)}),
    ("incident", "remove", {"deleted_ms": AT_MS}),
    ("unit", "edit", {"call_sign": "P1"}),
    ("unit", "retire", {"deleted_ms": AT_MS}),
    ("unit", "free", {"assignment_id": (None, None)}),
    ("assignment", "arrive", {"arrived_ms": AT_MS}),
    ("assignment", "withdraw", {"withdrawn_ms": AT_MS}),
]
NAMES = [f"{entity} {action}" for entity, action, _ in ATTEMPTS]


@pytest.fixture(scope="module")
def world(live: Live) -> World:
    return World(live)


@pytest.fixture(scope="module")
def desk(world: World) -> Desk:
    return desk_in(world, Role.ADMIN)


@pytest.fixture(scope="module", params=["agency", "city"])
def others(request: pytest.FixtureRequest, world: World) -> dict[str, UUID]:
    """A unit on its way, of another agency or of another city of this one."""
    if request.param == "agency":
        there = desk_in(World(world.live), Role.ADMIN)
        belongs = {}
    else:
        city_id, station_id = add_city(world, f"City {new_id()}")
        there = desk_in(world, Role.ADMIN)
        assert there.client.desk is not None
        with world.live.server.database.crossing(Crossing.JOB) as connection:
            connection.execute(
                "UPDATE devices SET city_ids = %s WHERE id = %s",
                [[world.city_id, city_id], there.client.desk.id],
            )
        belongs = {"city_id": str(city_id), "station_id": str(station_id)}
    unit_id, incident_id = there.make("unit", **belongs), there.make("incident", **belongs)
    named = {"incident_id": str(incident_id), "unit_id": str(unit_id)}
    assignment_id = there.make("assignment", **named, **belongs)
    return {"unit": unit_id, "incident": incident_id, "assignment": assignment_id}


def without_ids(outcome: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in outcome.items() if name != "op_id"}


def rows_of(world: World, ids: dict[str, UUID]) -> str:
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        return str(
            [
                connection.execute(
                    f"SELECT t::text FROM {entity}s t WHERE id = %s".encode(), [record_id]
                ).fetchall()
                for entity, record_id in ids.items()
            ]
        )


@pytest.mark.parametrize(("entity", "action", "changes"), ATTEMPTS, ids=NAMES)
def test_what_is_not_the_desks_is_answered_as_what_never_was(
    desk: Desk,
    others: dict[str, UUID],
    entity: str,
    action: str,
    changes: dict[str, object],
) -> None:
    before = rows_of(desk.world, others)
    met, never = (
        without_ids(desk.push(entity, record_id, action, **changes))
        for record_id in (others[entity], new_id())
    )
    assert met == never
    assert met["reason"] == "unknown_record"
    assert rows_of(desk.world, others) == before


def test_nobody_is_sent_to_or_from_elsewhere(desk: Desk, others: dict[str, UUID]) -> None:
    own = {"incident_id": str(desk.make("incident")), "unit_id": str(desk.make("unit"))}
    place = {"city_id": str(desk.world.city_id), "station_id": str(desk.world.station_id)}
    facts = {**place, "role": "police", "assigned_ms": AT_MS}
    for field, entity in (("incident_id", "incident"), ("unit_id", "unit")):
        met, never = (
            without_ids(
                desk.push("assignment", new_id(), "dispatch", **{**facts, **own, field: str(named)})
            )
            for named in (others[entity], new_id())
        )
        assert met == never
        assert (met["reason"], met["detail"]) == ("unknown_record", field)
    claim = desk.push("unit", UUID(own["unit_id"]), "send", assignment_id=str(others["assignment"]))
    assert (claim["reason"], claim["detail"]) == ("unknown_record", "assignment_id")


WRONG: list[tuple[str, dict[str, object]]] = [
    ("incident", {"needs": {"navy": 1}}),
    ("incident", {"needs": {"police": 10**9}}),
    ("incident", {"accounts": [{"id": "x"}]}),
    ("incident", {"accounts": [None] * 3}),
    ("incident", {"media": [{"sha256": 5}]}),
    ("incident", {"vehicle_count": 21}),
    ("incident", {"injury_count": -1}),
    ("incident", {"lanes_blocked": "some"}),
    ("incident", {"severity": 9}),
    ("incident", {"reference": "x" * 4000}),
    ("incident", {"lon": 181.0}),
    ("incident", {"cleared_ms": 2**60}),
    ("unit", {"call_sign": "x" * 4000}),
    ("unit", {"skills": [5]}),
    ("unit", {"duty": "asleep"}),
    ("unit", {"kind": "tank"}),
    ("assignment", {"role": "navy"}),
    ("assignment", {"assigned_ms": None}),
]


@pytest.mark.parametrize(("entity", "wrong"), WRONG)
def test_a_value_that_cannot_be_is_set_aside_by_its_field(
    desk: Desk, entity: str, wrong: dict[str, object]
) -> None:
    named = {}
    if entity == "assignment":
        named = {"incident_id": str(desk.make("incident")), "unit_id": str(desk.make("unit"))}
    right = {"city_id": str(desk.world.city_id), "station_id": str(desk.world.station_id)}
    facts = {**right, **needed(entity), **named, **wrong}
    outcome = desk.push(entity, new_id(), CREATING[entity], **facts)
    assert (outcome["reason"], outcome["detail"]) == ("bad_value", next(iter(wrong)))


@pytest.mark.parametrize("text", INJECTIONS)
def test_what_is_said_over_the_api_is_kept_as_it_is_or_refused(desk: Desk, text: str) -> None:
    said = {"description": text[:2000], "address": text[:200], "weather": text[:200]}
    incident = {"type": "other", "lon": 76.97, "lat": 11.02, "id": str(new_id()), **said}
    answer = desk.client.post("/incidents", incident)
    if "\x00" in text:
        assert answer.status_code == 400
        return
    assert answer.ok, answer.text
    told = desk.client.get(f"/incidents/{answer.json()['data']['id']}").json()["data"]
    texts = [told["description"], *(each["text"] for each in told["accounts"])]
    assert said["description"] in texts
