"""Files of incidents: every desk of the city brings and fetches them, and nobody else does."""

from uuid import uuid4

from sync_server.db.engine import Crossing
from sync_server.jobs.proving import check_photos
from tests.server.media.photos import announce, bring, digest_of, facts, file_incident, picture
from tests.server.media.test_downloads import second_station
from tests.server.world import Client, World
from trafficdesk.domain.vocabulary import Role

LARGE = picture("PNG", 500)
STORED = f"/media/{digest_of(LARGE)}"


def test_an_incident_s_photo_is_its_whole_city_s(world: World, desk: Client) -> None:
    elsewhere = world.sign_in(world.person(), world.enrol([second_station(world)]))
    assert announce(world, elsewhere, LARGE).status_code == 404
    file_incident(world, desk, facts(LARGE))
    assert elsewhere.get(STORED).status_code == 404, "whoever has it has not sent it yet"
    assert bring(world, elsewhere, LARGE).status_code == 204
    assert desk.get(STORED).content == LARGE
    assert elsewhere.get(STORED).content == LARGE


def test_another_agency_neither_fetches_nor_brings_an_incident_s_photo(
    world: World, desk: Client
) -> None:
    file_incident(world, desk, facts(LARGE))
    assert bring(world, desk, LARGE).status_code == 204
    stranger = World(world.live).desk_of(Role.ADMIN)
    assert stranger.get(STORED).status_code == 404
    assert announce(world, stranger, LARGE).status_code == 404


def test_an_incident_that_left_the_window_takes_its_files_along(world: World, desk: Client) -> None:
    incident_id = file_incident(world, desk, facts(LARGE), reported_ms=1)
    assert bring(world, desk, LARGE).status_code == 204
    assert desk.get(STORED).status_code == 200, "it goes on"
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        connection.execute("UPDATE incidents SET cleared_ms = 2 WHERE id = %s", [incident_id])
    assert desk.get(STORED).status_code == 404
    # What is late may still come, however old its incident is.
    assert announce(world, desk, LARGE).headers["Upload-Offset"] == str(len(LARGE))


def test_all_photos_of_incidents_that_became_one_are_taken(world: World, desk: Client) -> None:
    many = [facts(uuid4().bytes) for _ in range(30)]
    file_incident(world, desk, *many, facts(LARGE))
    assert bring(world, desk, LARGE).status_code == 204


def test_a_photo_that_an_incident_names_and_nobody_sent_is_told(world: World, desk: Client) -> None:
    def waiting() -> int:
        (told,) = check_photos(world.live.server, quick=True)
        return int(told.what.split("; ")[1].split()[0])

    before = waiting()
    file_incident(world, desk, facts(LARGE))
    assert waiting() == before + 1
    assert bring(world, desk, LARGE).status_code == 204
    assert waiting() == before
