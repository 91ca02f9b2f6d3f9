"""A desk that is moved to other stations, cities or days holds what is its to see, and no more."""

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from sync_server.db.engine import Crossing
from sync_server.sync import directory
from tests.server.world import Client, World
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from tests.system.sync.places import add_city, add_station, give_scope
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import Entity, GeofenceKind, Role
from trafficdesk.services import areas, conflicts, parked
from trafficdesk.store import citations, facts, reports
from trafficdesk.sync import link

SQUARE = '{"type":"Polygon","coordinates":[[[76.9,11],[77,11],[77,11.1],[76.9,11.1],[76.9,11]]]}'


@pytest.fixture
def admin(world: World) -> Client:
    return world.sign_in(world.person(Role.ADMIN))


def move_report(world: World, report_id: UUID, station_id: UUID) -> None:
    """Give a report to another station, as the server would."""
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        before = directory.lock(connection, Entity.REPORT, report_id)
        connection.execute(
            "UPDATE reports SET station_id = %s, version = version + 1 WHERE id = %s",
            [station_id, report_id],
        )
        change = directory.Change(
            tenant_id=world.tenant_id,
            entity=Entity.REPORT,
            record_id=report_id,
            action="move",
            before=before,
        )
        directory.announce(connection, change)


def known(desk: SyncedDesk) -> set[UUID]:
    with desk.session.store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT id FROM reports").all()
    return {UUID(bytes=row[0]) for row in rows}


def test_a_desk_moved_to_another_station_notices_at_the_next_page(
    world: World, admin: Client, add_desk: AddDesk
) -> None:
    north = add_station(world, "North")
    whole, moved = add_desk(), add_desk()
    whole.sync()
    here = whole.file()
    there = whole.file(station_id=north)
    whole.sync()
    moved.sync()
    assert known(moved) == {here.id, there.id}

    give_scope(admin, moved, station_ids=[str(north)], home_station_id=str(north))
    moved.sync()
    assert known(moved) == {there.id}
    with moved.session.store.reading() as connection:
        assert facts.home_station_id(connection) == north
        assert link.get_marks(connection).is_scope_swept

    late = whole.file()
    whole.sync()
    moved.sync()
    assert known(moved) == {there.id}

    give_scope(admin, moved)
    moved.sync()
    assert known(moved) == {here.id, there.id, late.id}


def test_work_on_what_left_is_sent_and_answered_and_then_goes(
    world: World, admin: Client, add_desk: AddDesk
) -> None:
    north = add_station(world, "North")
    desk = add_desk()
    report = desk.file()
    desk.sync()
    desk.step(report.id, Move.APPROVE, "clear")
    give_scope(admin, desk, station_ids=[str(north)], home_station_id=str(north))
    desk.sync()
    assert known(desk) == set()
    (refused,) = parked.find_parked(desk.session)
    assert (refused.reason, refused.operation.note) == ("unknown_record", "clear")
    # Moved back, the work goes on by itself.
    give_scope(admin, desk)
    desk.sync()
    desk.sync()
    assert desk.counts() == (0, 0, 0, 0)
    assert desk.report(report.id).status == "approved"


def test_a_conflict_that_left_is_settled_elsewhere_and_waits_for_nobody_here(
    world: World, admin: Client, add_desk: AddDesk
) -> None:
    north = add_station(world, "North")
    one, two = add_desk(role=Role.SUPERVISOR), add_desk()
    report = one.file()
    one.sync()
    two.sync()
    one.step(report.id, Move.APPROVE)
    two.step(report.id, Move.REJECT, "a turban")
    one.sync()
    two.sync()
    assert two.counts().conflict == 1
    give_scope(admin, two, station_ids=[str(north)], home_station_id=str(north))
    two.sync()
    assert two.counts() == (0, 0, 0, 0)
    assert (known(two), conflicts.count_open(two.session)) == (set(), 0)
    one.sync()
    (still_open,) = conflicts.find_open(one.session)
    assert "a turban" in str(still_open.conflict)
    # Back again, it waits here as before.
    give_scope(admin, two)
    two.sync()
    assert two.counts().conflict == 1


def test_a_report_given_to_another_station_leaves_one_desk_and_enters_another(
    world: World, admin: Client, add_desk: AddDesk
) -> None:
    north = add_station(world, "North")
    here, there = add_desk(), add_desk()
    give_scope(admin, here, station_ids=[str(world.station_id)])
    give_scope(admin, there, station_ids=[str(north)], home_station_id=str(north))
    report = here.file()
    here.sync()
    there.sync()
    assert (known(here), known(there)) == ({report.id}, set())
    here.correct(report.id, address="never sent in time")
    move_report(world, report.id, north)
    there.sync()
    assert known(there) == {report.id}
    here.sync()
    assert known(here) == set()
    assert [each.reason for each in parked.find_parked(here.session)] == ["unknown_record"]


def test_a_shorter_window_lets_closed_cases_go_and_a_longer_one_brings_them_back(
    admin: Client, add_desk: AddDesk
) -> None:
    desk = add_desk()
    then = desk.session.clock() - timedelta(days=40)
    old = desk.file(occurred_at=then, reported_at=then)
    still_open = desk.file(occurred_at=then, reported_at=then)
    desk.sync()
    desk.step(old.id, Move.REJECT)
    desk.sync()
    assert known(desk) == {old.id, still_open.id}
    give_scope(admin, desk, window_days=30)
    desk.sync()
    assert known(desk) == {still_open.id}
    give_scope(admin, desk, window_days=90)
    desk.sync()
    assert known(desk) == {old.id, still_open.id}


def _citations(desk: SyncedDesk, report_id: UUID) -> list[str]:
    with desk.session.store.reading() as connection:
        found = citations.find_of_report(connection, desk.report(report_id).pk)
    return [f"{each.number} {each.status}" for each in found]


def test_an_old_report_that_is_opened_again_comes_back_with_its_citations(
    admin: Client, add_desk: AddDesk
) -> None:
    """Nothing touches the citation itself: it was cancelled long before."""
    one, two = add_desk(role=Role.SUPERVISOR), add_desk()
    then = one.session.clock() - timedelta(days=40)
    report = one.file(occurred_at=then, reported_at=then)
    for move in (Move.APPROVE, Move.CITE, Move.REOPEN, Move.REJECT):
        assert one.step(report.id, move, "the plate is another's").is_done
    one.sync()
    give_scope(admin, two, window_days=30)
    two.sync()
    assert known(two) == set()
    assert one.step(report.id, Move.REOPEN, "seen once more").is_done
    one.sync()
    two.sync()
    assert known(two) == {report.id}
    assert _citations(two, report.id) == _citations(one, report.id) != []


def test_a_report_given_to_another_station_brings_its_citations(
    world: World, admin: Client, add_desk: AddDesk
) -> None:
    north = add_station(world, "North")
    here, there = add_desk(), add_desk()
    give_scope(admin, there, station_ids=[str(north)], home_station_id=str(north))
    report = here.file()
    for move in (Move.APPROVE, Move.CITE):
        assert here.step(report.id, move).is_done
    here.sync()
    there.sync()
    move_report(world, report.id, north)
    there.sync()
    assert _citations(there, report.id) == _citations(here, report.id) != []


def test_a_second_city_comes_and_goes_and_takes_nothing_of_the_first_along(
    world: World, admin: Client, add_desk: AddDesk
) -> None:
    desk = add_desk()
    other, station = add_city(world, "Madurai")
    mine = desk.file()
    assert areas.draw(desk.session, "Market", GeofenceKind.GEOFENCE, SQUARE).is_done
    desk.sync()
    theirs = UUID(int=mine.id.int ^ 1)
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute(
            "INSERT INTO reports (tenant_id, city_id, station_id, id, version, reference, status, "
            "severity, violations, lon, lat, occurred_ms, reported_ms, source, created_ms, "
            "updated_ms) SELECT tenant_id, %s, %s, %s, 1, 'MAD-1', status, severity, violations, "
            "lon, lat, occurred_ms, reported_ms, source, created_ms, updated_ms FROM reports "
            "WHERE id = %s",
            [other, station, theirs, mine.id],
        )
        connection.execute(
            "INSERT INTO geofences (tenant_id, city_id, id, version, name, kind, geometry) "
            "VALUES (%s, %s, %s, 1, 'Temple', 'geofence', %s)",
            [world.tenant_id, other, theirs, SQUARE],
        )
    give_scope(admin, desk, city_ids=[str(world.city_id), str(other)])
    for _ in range(2):
        desk.sync()
        assert known(desk) == {mine.id, theirs}
        assert {area.name for area in areas.find_all(desk.session)} == {"Market", "Temple"}
    give_scope(admin, desk)
    desk.sync()
    assert known(desk) == {mine.id}
    assert {area.name for area in areas.find_all(desk.session)} == {"Market"}
    desk.sync()


def test_what_left_is_not_counted_any_more(world: World, admin: Client, add_desk: AddDesk) -> None:
    north = add_station(world, "North")
    desk = add_desk()
    for _ in range(3):
        desk.file()
    desk.sync()
    give_scope(admin, desk, station_ids=[str(north)], home_station_id=str(north))
    desk.sync()
    with desk.session.store.reading() as connection:
        assert (
            connection.exec_driver_sql("SELECT coalesce(sum(n), 0) FROM report_tally").scalar_one()
            == 0
        )
        assert reports.find_by_id(connection, UUID(int=1)) is None


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"city_ids": []}, 400),
        ({"city_ids": ["nowhere"]}, 400),
        ({"city_ids": "another agency's"}, 404),
        ({"station_ids": "another agency's"}, 404),
        ({"window_days": 0}, 400),
    ],
)
def test_a_scope_that_cannot_be_is_refused_and_changes_nothing(
    world: World, admin: Client, wanted: dict[str, object], status: int
) -> None:
    device, other = world.enrol(), World(world.live)
    body: dict[str, object] = {"city_ids": [str(world.city_id)], **wanted}
    if wanted.get("city_ids") == "another agency's":
        body["city_ids"] = [str(world.city_id), str(other.city_id)]
    if wanted.get("station_ids") == "another agency's":
        body["station_ids"] = [str(other.station_id)]
    answer = admin.send("PUT", f"/devices/{device.id}/scope", msgspec.json.encode(body))
    assert answer.status_code == status, answer.text
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        row = connection.execute(
            "SELECT scope_id FROM devices WHERE id = %s", [device.id]
        ).fetchone()
    assert row == {"scope_id": device.enrolled.scope.id}
