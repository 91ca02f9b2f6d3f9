"""Photos of incidents between desks: the same road as those of reports, for the whole city."""

from uuid import UUID

from tests.server.world import World
from tests.services.dispatching import crash
from tests.system.sync.albums import exchange, file_of, photo, standing, transfer, want
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from tests.system.sync.laws import check_laws
from tests.system.sync.places import add_station, give_scope
from tests.system.sync.test_media_room import aged
from trafficdesk.domain.records import Media
from trafficdesk.domain.vocabulary import Entity, Role
from trafficdesk.services import incidents, merging, undo
from trafficdesk.services import media as photos
from trafficdesk.services.dispatching import Target
from trafficdesk.services.media import MediaMissing
from trafficdesk.services.pictures import Examined
from trafficdesk.services.sending import overview
from trafficdesk.store import arriving, media, media_transfers


def file(desk: SyncedDesk, *taken: Examined) -> UUID:
    filed = incidents.file(desk.session, crash(desk.session), taken)
    assert filed.incident_id is not None, filed
    return filed.incident_id


def of(desk: SyncedDesk, incident_id: UUID) -> tuple[Media, ...]:
    return photos.find_of_incident(desk.session, incident_id)


def test_a_photo_of_an_incident_is_seen_at_every_desk_of_the_city(
    world: World, add_desk: AddDesk
) -> None:
    one, two = add_desk(), add_desk()
    north = add_station(world, "North")
    admin = world.sign_in(world.person(Role.ADMIN))
    give_scope(admin, two, station_ids=[str(north)], home_station_id=str(north))
    two.sync()
    taken = photo()
    incident_id = file(one, taken)
    assert transfer(one) == 0, "nothing is sent before the server has the incident"
    exchange(one)
    assert standing(one, taken.sha256).state == "sent"
    exchange(two)
    (known,) = of(two, incident_id)
    assert isinstance(photos.load(two.session, known), MediaMissing)
    want(two, known.sha256)
    exchange(two)
    assert photos.load(two.session, known) == taken.content
    assert photos.load(two.session, known, thumbnail=True) == taken.thumbnail
    check_laws(world, [one, two])


def test_the_photos_of_two_incidents_that_are_one_are_those_of_both_everywhere(
    world: World, add_desk: AddDesk
) -> None:
    one, two = add_desk(Role.DISPATCHER, "Divya R"), add_desk()
    two.sync()
    first, second = photo(64), photo(64)
    stays, goes = file(one, first), file(two, second)
    exchange(one)
    exchange(two)
    one.sync()
    assert merging.merge(one.session, stays, goes).is_done
    exchange(one)
    exchange(two)
    for desk in (one, two):
        assert [each.sha256 for each in of(desk, stays)] == [first.sha256, second.sha256]
        want(desk, first.sha256, second.sha256)
        exchange(desk)
        assert photos.load(desk.session, of(desk, stays)[0]) == first.content
        assert photos.load(desk.session, of(desk, stays)[1]) == second.content
    check_laws(world, [one, two])


def test_a_photo_of_an_incident_that_left_is_still_sent_and_then_goes(add_desk: AddDesk) -> None:
    desk = add_desk()
    taken = photo()
    incident_id = file(desk, taken)
    desk.sync()
    with desk.session.store.writing() as connection:
        arriving.drop(connection, Entity.INCIDENT, incident_id)
    aged(desk, taken.sha256, 5)
    assert photos.sweep(desk.session, int(taken.sha256[:2], 16)) == 0
    transfer(desk)
    assert standing(desk, taken.sha256).state == "sent"
    aged(desk, taken.sha256, 5)
    assert photos.sweep(desk.session, int(taken.sha256[:2], 16)) == 1
    assert not file_of(desk, taken.sha256).exists()


def test_a_file_on_its_way_is_listed_by_its_incident(add_desk: AddDesk) -> None:
    desk = add_desk()
    incident_id = file(desk, photo(64))
    listed = overview(desk.session, 0)
    found = incidents.find_incident(desk.session, incident_id)
    assert found is not None
    assert [each.reference for each in listed.files] == [found.reference]
    touched = desk.engine.transfers.step()
    assert touched is None
    desk.sync()
    told = set[Entity]()
    while (touched := desk.engine.transfers.step()) is not None:
        told |= touched.kinds
    assert told == {Entity.INCIDENT}
    assert overview(desk.session, 0).files_count == 0


def test_a_photo_that_was_taken_back_is_not_offered_for_ever(add_desk: AddDesk) -> None:
    desk = add_desk()
    incident_id = file(desk)
    taken = photo(64)
    target = Target(incident_id, 1)
    assert incidents.correct(desk.session, target, {}, photos=(taken,)).is_done
    assert undo.undo_last(desk.session, undo.Scope.DISPATCH).is_done
    exchange(desk)
    waiting = standing(desk, taken.sha256)
    assert (waiting.state, waiting.fault, waiting.tries) == ("waiting", "not_found", 1)
    with desk.session.store.writing() as connection:
        connection.exec_driver_sql("UPDATE media_transfers SET tries = 24")
    desk.engine.transfers._road._pauses.clear()
    transfer(desk)
    with desk.session.store.reading() as connection:
        assert media_transfers.find_of(connection, [taken.sha256]) == []
        assert media.find_known(connection, [taken.sha256]) == set()
