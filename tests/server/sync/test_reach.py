"""L8: an enrolled desk tries to reach what is not its to see; it learns and changes nothing.

Every attempt is made twice, with the id of a record that is somebody else's and with one that never
existed: both must be answered the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
import pytest

from sync_server.db.engine import Crossing
from tests.server.live import Live
from tests.server.sync.town import report_changes
from tests.server.world import Client, World
from tests.system.sync.places import add_city, add_station
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import Role

SECRET = "TN99SECRET"
RECORDS = ("reports", "citations", "geofences", "conflicts", "events", "media")


@dataclass
class Desk:
    """An enrolled desk of one station, with whoever is signed in on it."""

    world: World
    client: Client
    actor_id: UUID

    def push(
        self, entity_id: UUID, action: str, changes: object, **frame: object
    ) -> dict[str, Any]:
        """Push one operation; return its outcome without its own id."""
        given: dict[str, object] = {
            "op_id": new_id(),
            "action_id": new_id(),
            "entity": "report",
            "entity_id": entity_id,
            "action": action,
            "base_version": 1,
            "revision": 2,
            "changes": changes,
            "note": "",
            "actor_id": self.actor_id,
            "device_id": self.device_id,
            "at_ms": 1,
            **frame,
        }
        answer = self.client.post("/sync/push", {"protocol": 1, "operations": [given]})
        assert answer.status_code == 200, answer.text
        assert self.client.desk is not None
        self.client.desk.turn = answer.json()["turn"]
        (outcome,) = answer.json()["outcomes"]
        return {name: value for name, value in outcome.items() if name != "op_id"}

    @property
    def device_id(self) -> UUID:
        assert self.client.desk is not None
        return self.client.desk.id


def desk_in(world: World, role: Role = Role.SUPERVISOR, stations: tuple[UUID, ...] = ()) -> Desk:
    person = world.person(role)
    return Desk(world, world.sign_in(person, world.enrol(stations)), person.id)


def file_report(desk: Desk, city_id: UUID, station_id: UUID) -> UUID:
    report_id, changes = new_id(), report_changes(city_id, station_id, plate=SECRET)
    outcome = desk.push(report_id, "file", changes, base_version=0, revision=1)
    assert outcome["result"] == "applied", outcome
    return report_id


@dataclass
class Elsewhere:
    """A report that is not the trying desk's, and where it lies."""

    city_id: UUID
    report_id: UUID


def another_agency(world: World) -> Elsewhere:
    other = World(world.live)
    return Elsewhere(other.city_id, file_report(desk_in(other), other.city_id, other.station_id))


def another_city(world: World) -> Elsewhere:
    city_id, station_id = add_city(world, f"City {new_id()}")
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        report_id = new_id()
        connection.execute(
            "INSERT INTO reports (tenant_id, city_id, station_id, id, version, reference, status, "
            "severity, violations, lon, lat, occurred_ms, reported_ms, source, created_ms, "
            "updated_ms, plate) VALUES (%s, %s, %s, %s, 1, 'X-1', 'pending', 2, '[\"no_helmet\"]', "
            "77, 11, 1, 1, 'officer', 1, 1, %s)",
            [world.tenant_id, city_id, station_id, report_id, SECRET],
        )
    return Elsewhere(city_id, report_id)


def another_station(world: World) -> Elsewhere:
    station_id = add_station(world, "North")
    whole = desk_in(world)
    return Elsewhere(world.city_id, file_report(whole, world.city_id, station_id))


def step(desk: Desk, target: UUID) -> object:
    return desk.push(target, "approve", {"status": ("pending", "approved")})


def correct(desk: Desk, target: UUID) -> object:
    return desk.push(target, "correct", {"plate": ("", "TN01A0001")})


def claim(desk: Desk, target: UUID) -> object:
    changes = {"status": ("pending", "under_review"), "assignee_id": (None, str(desk.actor_id))}
    return desk.push(target, "claim", changes)


def cite(desk: Desk, target: UUID) -> object:
    changes = {
        "report_id": (None, str(target)),
        "number": (None, f"C-{new_id()}"),
        "offence": (None, "no_helmet"),
        "amount_minor": (None, 1),
        "currency": (None, "INR"),
        "status": (None, "issued"),
    }
    return desk.push(new_id(), "issue", changes, entity="citation", base_version=0, revision=1)


def point_at(desk: Desk, target: UUID) -> object:
    own = file_report(desk, desk.world.city_id, desk.world.station_id)
    changes = {"status": ("pending", "duplicate"), "duplicate_of": (None, str(target))}
    outcome = desk.push(own, "mark_duplicate", changes)
    return {name: value for name, value in outcome.items() if name != "seq"}


def settle(desk: Desk, target: UUID) -> object:
    changes = {"status": ("open", "settled"), "choices": (None, {"plate": "mine"})}
    return desk.push(target, "settle", changes, entity="conflict")


ATTEMPTS = [step, correct, claim, cite, point_at, settle]
PLACES = [another_agency, another_city, another_station]


def state_of(world: World, elsewhere: Elsewhere) -> str:
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        row = connection.execute(
            "SELECT to_jsonb(r) AS r FROM reports r WHERE id = %s", [elsewhere.report_id]
        ).fetchall()
        touched = connection.execute(
            "SELECT count(*) AS n FROM events WHERE entity_id = %s", [elsewhere.report_id]
        ).fetchone()
    return f"{row} {touched}"


@pytest.fixture
def world(live: Live) -> World:
    return World(live)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_what_is_not_the_desks_is_answered_as_what_never_was(
    world: World,
    attempt: Callable[[Desk, UUID], object],
    place: Callable[[World], Elsewhere],
) -> None:
    elsewhere = place(world)
    desk = desk_in(world, stations=(world.station_id,))
    before = state_of(world, elsewhere)
    met = attempt(desk, elsewhere.report_id)
    assert met == attempt(desk, new_id())
    assert SECRET not in str(met) or attempt is point_at  # its own report carries the same plate
    assert state_of(world, elsewhere) == before


@pytest.mark.parametrize("place", PLACES)
def test_pages_hold_nothing_of_it(world: World, place: Callable[[World], Elsewhere]) -> None:
    elsewhere = place(world)
    client = desk_in(world, stations=(world.station_id,)).client
    for query in (
        f"changes?city={elsewhere.city_id}&after=0",
        *(
            f"snapshot?city={elsewhere.city_id}&entity={entity}"
            for entity in ("report", "citation", "conflict", "geofence", "officer")
        ),
    ):
        answer = client.get(f"/sync/{query}")
        assert SECRET not in answer.text
        if elsewhere.city_id != world.city_id:
            unknown = client.get(f"/sync/{query.replace(str(elsewhere.city_id), str(new_id()))}")
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
            assert answer.json()["detail"] == unknown.json()["detail"]


def test_an_officer_does_not_settle_another_desks_conflict_and_a_supervisor_does(
    world: World,
) -> None:
    one, two = desk_in(world), desk_in(world)
    report_id = file_report(one, world.city_id, world.station_id)
    approve = {"status": ("pending", "approved")}
    reject = {"status": ("pending", "rejected"), "rejection_reason": (None, "no_offence")}
    assert one.push(report_id, "approve", approve)["result"] == "applied"
    conflict = two.push(report_id, "reject", reject)
    assert conflict["result"] == "conflict", conflict
    conflict_id = UUID(str(conflict["conflict_id"]))
    officer = settle(desk_in(world, Role.OFFICER), conflict_id)
    assert isinstance(officer, dict)
    assert (officer["result"], officer["reason"]) == ("rejected", "not_permitted")
    supervisor = settle(one, conflict_id)
    assert isinstance(supervisor, dict)
    assert supervisor["result"] == "applied"


def test_an_operation_of_another_device_is_refused_whoever_sends_it(world: World) -> None:
    one, two = desk_in(world), desk_in(world)
    report_id = file_report(one, world.city_id, world.station_id)
    approve = {"status": ("pending", "approved")}
    outcome = two.push(report_id, "approve", approve, device_id=one.device_id)
    assert outcome["reason"] == "unknown_actor"
    outcome = two.push(report_id, "approve", approve, actor_id=one.actor_id)
    assert outcome["reason"] == "unknown_actor"


def test_a_stolen_token_is_nothing_without_the_desks_key(world: World) -> None:
    client = desk_in(world).client
    body = msgspec.json.encode({"protocol": 1, "operations": []})
    assert Client(client.url, client.token).send("POST", "/sync/push", body).status_code == 401
    thief = Client(client.url, client.token, world.enrol())
    assert thief.send("POST", "/sync/push", body).status_code == 401
    assert client.send("POST", "/sync/push", body).status_code == 200
