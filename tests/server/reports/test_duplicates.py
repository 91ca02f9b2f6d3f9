"""The server tells what may be of one event by the same score, of what the caller may see."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from sync_server.db.engine import Crossing
from tests.server.live import Live
from tests.server.media.photos import facts, file_report, picture
from tests.server.sync.town import REPORTED_MS
from tests.server.world import Client, World, code_of
from trafficdesk.domain.duplicates import Told, look_at
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Place
from trafficdesk.domain.same_event import find_candidates
from trafficdesk.domain.vocabulary import Role

METRE = 1 / 111_195.0
LAT = 11.02


@pytest.fixture
def world(live: Live) -> World:
    """An agency of this test alone."""
    return World(live)


@pytest.fixture
def desk(world: World) -> Client:
    """An officer at a desk of the whole city."""
    return world.desk_of()


See = Callable[..., UUID]


@pytest.fixture
def see(world: World, desk: Client) -> See:
    """Push a report some metres and seconds from the first one."""

    def file(metres: float = 0, seconds: float = 0, *photos: Any, **values: object) -> UUID:  # noqa: ANN401 - facts of photos
        given = {"lat": LAT + metres * METRE, "occurred_ms": REPORTED_MS + int(seconds * 1000)}
        return file_report(world, desk, *photos, **{**given, **values})

    return file


def same(client: Client, report_id: UUID) -> list[dict[str, Any]]:
    answer = client.get(f"/reports/{report_id}/duplicates")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["data"])


def ids(client: Client, report_id: UUID) -> list[str]:
    return [each["id"] for each in same(client, report_id)]


def test_it_scores_as_the_desk_does(desk: Client, see: See) -> None:
    mine = see(plate="", description="no helmet near Town Hall TN37BZ4412")
    misread = see(40, 51, plate="TN37BZ44I2", description="near town hall")
    see(4, 10, plate="KA01MX9977")
    see(260, 0)
    see(200, 0, lon=76.97 + 200 * METRE)  # in the corner of the box
    see(0, 901)
    (found,) = same(desk, mine)
    told = [
        Told(Place(76.97, LAT), None, 0, ("no_helmet",), "", "near Town Hall TN37BZ4412"),
        Told(Place(76.97, LAT + 40 * METRE), None, 51_000, ("no_helmet",), "TN37BZ44I2", ""),
    ]
    (expected,) = find_candidates(
        look_at(told[0]), [look_at(told[1]._replace(text="near town hall"))]
    )
    assert found["id"] == str(misread)
    assert found["score"] == pytest.approx(expected.score, abs=1e-3)
    assert (found["likely"], found["group"], found["gap_s"]) == (True, 1, 51)
    assert found["distance_m"] == pytest.approx(40, abs=0.2)
    reasons = {each["fact"]: each for each in found["reasons"]}
    assert set(reasons) == {"distance", "gap", "plate", "violation", "landmark"}
    assert reasons["plate"]["value"] == pytest.approx(0.3)
    assert reasons["plate"]["log_odds"] > 5


def change(world: World, report_id: UUID, fields: str, *values: object) -> None:
    """Change a report behind the server's back."""
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        query = f"UPDATE reports SET {fields} WHERE id = %s"
        connection.execute(query.encode(), [*values, report_id])


def test_a_copied_photo_speaks_for_it_and_a_hash_that_is_none_is_not_read(
    world: World, desk: Client, see: See
) -> None:
    content = picture()
    mine = see(0, 0, facts(content, picture_hash="0123456789abcdef"), plate="")
    copy = see(0, 100, facts(content, picture_hash="0123456789abcdee"), plate="")
    spoilt = see(0, 100, plate="")
    change(world, spoilt, "media = %s", '[{"picture_hash": "none at all"}, "an old name"]')
    found = {each["id"]: [r["fact"] for r in each["reasons"]] for each in same(desk, mine)}
    assert "picture" in found[str(copy)]
    assert "picture" not in found[str(spoilt)]


def test_a_duplicate_stands_behind_its_original(world: World, desk: Client, see: See) -> None:
    original, repeat, mine = see(), see(5, 20), see(8, 30)
    change(world, repeat, "status = 'duplicate', duplicate_of = %s", original)
    (found,) = same(desk, mine)
    assert (found["id"], found["group"]) == (str(original), 2)
    assert same(desk, repeat) == []
    assert ids(desk, original) == [str(mine)]


def test_over_the_date_line_it_is_near(world: World, desk: Client, see: See) -> None:
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute("UPDATE cities SET west = -180, east = 180")
    west, east = see(lon=179.9999), see(lon=-179.9999)
    assert ids(desk, west) == [str(east)]
    assert ids(desk, east) == [str(west)]


def test_nobody_is_told_of_what_is_not_theirs(world: World, desk: Client, see: See) -> None:
    mine, elsewhere = see(), see(5, 5)
    other_station = new_id()
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute(
            "INSERT INTO stations (tenant_id, city_id, id, name, lon, lat) "
            "VALUES (%s, %s, %s, 'East', 76.97, 11.02)",
            [world.tenant_id, world.city_id, other_station],
        )
    change(world, elsewhere, "station_id = %s", other_station)
    assert ids(desk, mine) == [str(elsewhere)]
    officer = world.person(Role.OFFICER)
    of_one_station = world.sign_in(officer, world.enrol([world.station_id]))
    assert ids(of_one_station, mine) == []
    for unseen in (elsewhere, uuid4()):
        answer = of_one_station.get(f"/reports/{unseen}/duplicates")
        assert (answer.status_code, code_of(answer)) == (404, "not_found")
    stranger = World(world.live).desk_of()
    assert stranger.get(f"/reports/{mine}/duplicates").status_code == 404
