"""A file is given whole or by range, and only to desks that see a report which names it."""

import shutil
from uuid import UUID

import pytest

from sync_server.db.engine import Crossing
from tests.server.media.photos import (
    announce,
    bring,
    digest_of,
    facts,
    file_report,
    path_of,
    picture,
    send,
)
from tests.server.world import Client, World, code_of
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import Role

LARGE = picture("PNG", 500)  # three frames of the sealed file


@pytest.fixture
def stored(world: World, desk: Client) -> str:
    """Where a file is that the agency has."""
    file_report(world, desk, facts(LARGE))
    assert bring(world, desk, LARGE).status_code == 204
    return f"/media/{digest_of(LARGE)}"


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-", (0, len(LARGE))),
        ("bytes=262143-262144", (262_143, 262_145)),
        ("bytes=262144-524287", (262_144, 524_288)),
        ("bytes=100-600000", (100, 600_001)),
        ("bytes=700000-999999999", (700_000, len(LARGE))),
        ("bytes=-10", (len(LARGE) - 10, len(LARGE))),
        ("bytes=-99999999", (0, len(LARGE))),
    ],
)
def test_a_range_brings_just_those_bytes(
    desk: Client, stored: str, asked: str, span: tuple[int, int]
) -> None:
    answer = desk.send("GET", stored, Range=asked)
    assert answer.status_code == 206
    assert answer.content == LARGE[slice(*span)]
    assert answer.headers["Content-Range"] == f"bytes {span[0]}-{span[1] - 1}/{len(LARGE)}"


@pytest.mark.parametrize("asked", ["bytes=5-4", "bytes=0-1,3-4", "lines=1-2", "bytes=-", ""])
def test_a_range_that_is_none_brings_the_whole(desk: Client, stored: str, asked: str) -> None:
    answer = desk.send("GET", stored, Range=asked)
    assert (answer.status_code, answer.content) == (200, LARGE)


@pytest.mark.parametrize("asked", [f"bytes={len(LARGE)}-", "bytes=-0"], ids=["past its end", "-0"])
def test_bytes_that_the_file_has_not_are_refused(desk: Client, stored: str, asked: str) -> None:
    answer = desk.send("GET", stored, Range=asked)
    assert (answer.status_code, code_of(answer)) == (416, "wrong_range")
    assert answer.headers["Content-Range"] == f"bytes */{len(LARGE)}"


def test_the_head_of_a_file_tells_its_size(desk: Client, stored: str) -> None:
    told = desk.send("HEAD", stored).headers
    assert (told["Content-Length"], told["Content-Type"]) == (str(len(LARGE)), "image/png")
    assert told["ETag"] == f'"{digest_of(LARGE)}"'


@pytest.mark.parametrize("name", ["../../keys/media.key", "A" * 64, "0" * 63, "0" * 65])
def test_a_name_that_is_no_digest_finds_nothing(desk: Client, name: str) -> None:
    assert desk.get(f"/media/{name}").status_code in {400, 404}


def test_desks_of_the_same_stations_share_their_files(world: World, stored: str) -> None:
    assert world.desk_of().get(stored).content == LARGE


def test_another_agency_neither_fetches_nor_brings(world: World, desk: Client, stored: str) -> None:
    other = World(world.live)
    stranger = other.desk_of(Role.ADMIN)
    assert stranger.get(stored).status_code == 404
    assert announce(world, stranger, LARGE).status_code == 404
    begun = picture()
    file_report(world, desk, facts(begun))
    path = path_of(announce(world, desk, begun))
    assert send(stranger, path, 0, begun).status_code == 404


def test_an_agency_that_knows_a_digest_must_bring_the_file_itself(
    world: World, stored: str
) -> None:
    other = World(world.live)
    stranger = other.desk_of()
    file_report(other, stranger, facts(LARGE))
    assert stranger.get(stored).status_code == 404
    assert announce(other, stranger, LARGE).headers["Upload-Offset"] == "0"
    assert bring(other, stranger, LARGE).status_code == 204
    assert stranger.get(stored).content == LARGE


def second_station(world: World) -> UUID:
    """Add a station to an agency's city and return its id."""
    station_id = new_id()
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute(
            "INSERT INTO stations (tenant_id, city_id, id, name, lon, lat) "
            "VALUES (%s, %s, %s, 'Peelamedu', 77, 11)",
            [world.tenant_id, world.city_id, station_id],
        )
    return station_id


def test_a_desk_of_other_stations_neither_fetches_nor_brings(world: World, stored: str) -> None:
    elsewhere = world.sign_in(world.person(), world.enrol([second_station(world)]))
    assert elsewhere.get(stored).status_code == 404
    assert announce(world, elsewhere, LARGE).status_code == 404


def test_another_desks_upload_is_not_to_be_touched(world: World, desk: Client) -> None:
    content, other = picture(), world.desk_of()
    file_report(world, desk, facts(content))
    path = path_of(announce(world, desk, content))
    assert send(other, path, 0, content).status_code == 404
    assert path_of(announce(world, other, content)) != path


def test_a_report_that_left_the_window_takes_its_files_along(
    world: World, desk: Client, stored: str
) -> None:
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        connection.execute(
            "UPDATE reports SET status = 'rejected', reported_ms = 0 WHERE city_id = %s",
            [world.city_id],
        )
    assert desk.get(stored).status_code == 404
    # What is late may still come: its report is the station's, however old.
    assert announce(world, desk, LARGE).headers["Upload-Offset"] == str(len(LARGE))


def test_a_file_changed_on_the_disk_is_not_given(world: World, desk: Client, stored: str) -> None:
    folder = world.live.server.settings.media_dir / str(world.city_id)
    (file,) = (found for found in folder.glob("??/*") if found.is_file())
    sound = file.read_bytes()
    file.write_bytes(sound[:100] + bytes((sound[100] ^ 1,)) + sound[101:])
    assert code_of(desk.get(stored)) == "fault"
    file.write_bytes(sound[:-1])
    assert desk.send("GET", stored, Range="bytes=0-9").content == LARGE[:10]
    assert code_of(desk.send("GET", stored, Range="bytes=-9")) == "fault"


def test_a_file_in_another_citys_folder_does_not_open(world: World, stored: str) -> None:
    other = World(world.live)
    stranger = other.desk_of()
    file_report(other, stranger, facts(LARGE))
    media = world.live.server.settings.media_dir
    shutil.copytree(media / str(world.city_id), media / str(other.city_id))
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        connection.execute(
            "INSERT INTO media (tenant_id, city_id, sha256, size_bytes, mime) "
            "SELECT %s, %s, sha256, size_bytes, mime FROM media WHERE city_id = %s",
            [other.tenant_id, other.city_id, world.city_id],
        )
    assert code_of(stranger.get(stored)) == "fault"


def test_a_file_that_the_disk_lost_is_taken_again(world: World, desk: Client, stored: str) -> None:
    shutil.rmtree(world.live.server.settings.media_dir / str(world.city_id))
    assert desk.get(stored).status_code == 404
    assert bring(world, desk, LARGE).status_code == 204
    assert desk.get(stored).content == LARGE
