"""Who and what a city is made of, changed on the server, reaches desks that have synced before."""

import msgspec
import pytest

from sync_server.db.engine import Crossing
from sync_server.db.ledger import find_break
from sync_server.sync import directory
from tests.server.world import Client, World
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import Entity, Role
from trafficdesk.services import parked
from trafficdesk.store import officers, places

SQUARE = [[[76.9, 11], [77, 11], [77, 11.1], [76.9, 11]]]


def new_user(world: World, name: str) -> dict[str, str]:
    return {
        "login": f"new-{new_id()}",
        "password": "lamp-river-42",
        "name": name,
        "initials": "LM",
        "rank": "SI",
        "role": "officer",
        "station_id": str(world.station_id),
    }


@pytest.fixture
def admin(world: World) -> Client:
    return world.sign_in(world.person(Role.ADMIN))


def names_on(desk: SyncedDesk) -> dict[str, str]:
    with desk.session.store.reading() as connection:
        return {each.name: f"{each.rank} {each.role}" for each in officers.find_present(connection)}


def test_an_officer_added_changed_and_removed_on_the_server_is_so_on_desks(
    world: World, admin: Client, add_desk: AddDesk
) -> None:
    desk = add_desk()
    desk.sync()
    made = admin.post("/users", new_user(world, "Latha M"))
    assert made.status_code == 201, made.text
    desk.sync()
    assert names_on(desk)["Latha M"] == "SI officer"

    changed = new_user(world, "Latha Mani") | {"rank": "Inspector", "role": "supervisor"}
    path = f"/users/{made.json()['id']}"
    assert admin.send("PUT", path, changed).status_code == 204
    desk.sync()
    assert names_on(desk)["Latha Mani"] == "Inspector supervisor"

    assert admin.delete(path).status_code == 204
    desk.sync()
    assert "Latha Mani" not in names_on(desk)
    with desk.session.store.reading() as connection:
        assert "Latha Mani" in officers.find_names(connection).values()  # for the history
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        assert find_break(connection, world.city_id) is None
        seen = connection.execute(
            "SELECT version, action, actor_id IS NOT NULL AS by FROM events "
            "WHERE entity_id = %s ORDER BY seq",
            [made.json()["id"]],
        ).fetchall()
    assert [(row["version"], row["action"]) for row in seen] == [
        (1, "add"),
        (2, "change"),
        (3, "remove"),
    ]


def test_a_removed_officers_name_stays_and_their_rights_end(
    world: World, admin: Client, add_desk: AddDesk
) -> None:
    gone, here = add_desk(name="Gopal R"), add_desk()
    report = gone.file()
    gone.sync()
    here.sync()
    gone.step(report.id, Move.APPROVE)
    assert admin.delete(f"/users/{gone.session.officer.id}").status_code == 204
    # Somebody else signs in on the desk: the work of who is gone is refused, and kept.
    other = world.person(Role.OFFICER, "Nila S")
    gone.engine.access.sign_in(other.login, "lamp-river-42")
    gone.sync()
    here.sync()
    (refused,) = parked.find_parked(gone.session)
    assert (refused.reason, refused.actor_name) == ("unknown_actor", "Gopal R")
    for desk in (gone, here):
        with desk.session.store.reading() as connection:
            assert officers.is_removed(connection, gone.session.officer.id)
            assert officers.find_names(connection)[gone.session.officer.id] == "Gopal R"
        assert desk.report(report.id).status == "pending"


def test_nobody_changes_their_own_role(world: World) -> None:
    person = world.person(Role.ADMIN)
    answer = world.sign_in(person).send("PUT", f"/users/{person.id}", new_user(world, "Me"))
    assert answer.status_code == 400


def test_a_place_or_word_that_is_changed_reaches_desks(world: World, add_desk: AddDesk) -> None:
    desk = add_desk()
    desk.sync()
    ward_id, word_id = new_id(), new_id()
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        ward = msgspec.json.encode({"type": "Polygon", "coordinates": SQUARE}).decode()
        placed = (world.tenant_id, world.city_id)
        connection.execute(
            "INSERT INTO wards (tenant_id, city_id, id, name, geometry) "
            "VALUES (%s, %s, %s, 'Ward 9', %s)",
            [*placed, ward_id, ward],
        )
        connection.execute(
            "INSERT INTO violation_types (tenant_id, city_id, id, code, name) "
            "VALUES (%s, %s, %s, 'no_helmet', 'Riding bareheaded')",
            [*placed, word_id],
        )
        for table, record_id in (("cities", world.city_id), ("stations", world.station_id)):
            connection.execute(
                f"UPDATE {table} SET name = 'New name', version = version + 1 "
                "WHERE id = %s".encode(),
                [record_id],
            )
        records = (
            (Entity.WARD, ward_id),
            (Entity.VIOLATION_TYPE, word_id),
            (Entity.CITY, world.city_id),
            (Entity.STATION, world.station_id),
        )
        for entity, record_id in records:
            change = directory.Change(
                tenant_id=world.tenant_id, entity=entity, record_id=record_id, action="change"
            )
            directory.announce(connection, change)
    desk.sync()
    with desk.session.store.reading() as connection:
        assert "Ward 9" in {ward.name for ward in places.find_wards(connection)}
        assert places.find_violation_types(connection)["no_helmet"] == "Riding bareheaded"
        assert places.get_city(connection, world.city_id).name == "New name"
        assert [station.name for station in places.find_stations(connection)] == ["New name"]
