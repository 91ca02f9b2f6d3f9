"""Ways by road in a real country; whatever has no answer there is an estimate that says why."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.maps.routing.test_process import PATIENT
from trafficdesk.domain.geometry import distance_m
from trafficdesk.domain.records import Place
from trafficdesk.domain.travel import Basis, StraightLine, TravelFault, TravelTimes
from trafficdesk.maps.packs import Pack, never, no_progress
from trafficdesk.maps.routing.building import build_roads, can_build
from trafficdesk.maps.routing.by_road import open_travel_times
from trafficdesk.maps.routing.tiles import FACTS_FILE, TILES_FILE

VADUZ, SCHAAN = Place(9.5215, 47.1393), Place(9.5109, 47.1650)
MALBUN = Place(9.6098, 47.1025)  # 8 km from Vaduz by air, behind a mountain
COIMBATORE = Place(76.9558, 11.0168)

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"

needs_engine = pytest.mark.skipif(not can_build(), reason="there is no routing engine here")


def real_extract(name: str) -> Path:
    """Return a real OpenStreetMap extract beside the checkout, else skip."""
    path = DATA / "osm" / name
    if not path.is_file():
        pytest.skip(f"{name} is not on this machine")
    return path


@pytest.fixture(scope="module")
def liechtenstein(tmp_path_factory: pytest.TempPathFactory, sketch_pack: Pack) -> Pack:
    """A pack with the ways of the whole country; its map does not matter."""
    folder = tmp_path_factory.mktemp("liechtenstein")
    shutil.copy(sketch_pack.folder / "pack.json", folder)
    work = tmp_path_factory.mktemp("work")
    build_roads(real_extract("liechtenstein.osm.pbf"), folder, work, (no_progress, never))
    return Pack(folder)


@pytest.fixture(scope="module")
def ways(liechtenstein: Pack) -> Iterator[TravelTimes]:
    """The ways of the country."""
    found = open_travel_times(liechtenstein, PATIENT)
    yield found
    found.close()


@needs_engine
def test_times_follow_the_roads_and_not_the_line(ways: TravelTimes) -> None:
    found = ways.times([VADUZ, SCHAAN], [VADUZ, MALBUN])
    assert found.fault is None
    assert {leg.basis for row in found.legs for leg in row} == {Basis.BY_ROAD}
    (same, up), (near, _) = ([leg.seconds for leg in row] for row in found.legs)
    assert same == 0
    assert near is not None
    assert up is not None
    assert 120 < near < 600
    # Malbun is two and a half times as far as Schaan by air, and much farther up the mountain.
    assert distance_m(VADUZ, MALBUN) < 3 * distance_m(VADUZ, SCHAAN)
    assert up > 3 * near


@needs_engine
def test_a_way_leads_from_one_place_to_the_other_and_takes_as_long_as_it_was_said_to(
    ways: TravelTimes,
) -> None:
    route = ways.route(VADUZ, SCHAAN)
    (leg,) = ways.times([VADUZ], [SCHAAN]).legs[0]
    assert (route.basis, route.fault) == (Basis.BY_ROAD, None)
    assert distance_m(route.line[0], VADUZ) < 100
    assert distance_m(route.line[-1], SCHAAN) < 100
    assert route.seconds == pytest.approx(leg.seconds, abs=2)


@needs_engine
def test_more_can_be_reached_in_more_minutes(ways: TravelTimes) -> None:
    few, many = ways.reach(VADUZ, 3), ways.reach(VADUZ, 10)
    assert (few.basis, few.geometry["type"]) == (Basis.BY_ROAD, "Polygon")
    assert extent(many.geometry) > 2 * extent(few.geometry)


def extent(geometry: dict[str, object]) -> float:
    """Return how far a polygon leads from south to north, in degrees."""
    coordinates = geometry["coordinates"]
    assert isinstance(coordinates, list)
    norths = [float(point[1]) for point in coordinates[0]]
    return max(norths) - min(norths)


@needs_engine
def test_places_off_the_map_get_estimates_beside_the_ways_of_the_others(ways: TravelTimes) -> None:
    found = ways.times([VADUZ, COIMBATORE], [SCHAAN, COIMBATORE])
    assert found.fault is TravelFault.OTHER_PLACE
    assert [[leg.basis for leg in row] for row in found.legs] == [
        [Basis.BY_ROAD, Basis.STRAIGHT_LINE],
        [Basis.STRAIGHT_LINE, Basis.STRAIGHT_LINE],
    ]
    straight = StraightLine()
    assert found.legs[1][0].seconds == straight.seconds(COIMBATORE, SCHAAN)


@needs_engine
def test_a_map_of_another_city_gives_estimates_only(ways: TravelTimes) -> None:
    near = Place(76.97, 11.02)
    straight = StraightLine(TravelFault.OTHER_PLACE)
    assert ways.times([COIMBATORE], [near]) == straight.times([COIMBATORE], [near])
    assert ways.route(COIMBATORE, near) == straight.route(COIMBATORE, near)
    assert ways.reach(COIMBATORE, 5) == straight.reach(COIMBATORE, 5)


@needs_engine
def test_nobody_to_ask_about_is_no_fault(ways: TravelTimes) -> None:
    assert ways.times([], [VADUZ]).legs == ()
    assert ways.times([VADUZ], []).legs == ((),)


@needs_engine
def test_damaged_tiles_are_never_read(liechtenstein: Pack, tmp_path: Path) -> None:
    shutil.copytree(liechtenstein.folder, tmp_path, dirs_exist_ok=True)
    with (tmp_path / TILES_FILE).open("r+b") as file:
        file.seek(100_000)
        file.write(b"\xff" * 1000)
    ways = open_travel_times(Pack(tmp_path), PATIENT)
    found = ways.times([VADUZ], [SCHAAN])
    assert found == replace(StraightLine().times([VADUZ], [SCHAAN]), fault=TravelFault.DAMAGED)
    assert ways.basis is Basis.STRAIGHT_LINE
    ways.close()


@needs_engine
def test_an_extract_that_is_no_pbf_gets_its_ways_too(tmp_path: Path, sketch_pack: Pack) -> None:
    shutil.copy(sketch_pack.folder / "pack.json", tmp_path)
    work = tmp_path / "work"
    work.mkdir()
    seen: list[tuple[int, int]] = []
    watch = (lambda done, total: seen.append((done, total)), never)
    build_roads(real_extract("kanyakumari.osm"), tmp_path, work, watch)
    assert [done / total for done, total in seen] == sorted(d / t for d, t in seen)
    ways = open_travel_times(Pack(tmp_path), PATIENT)
    assert ways.reach(Place(77.33, 8.33), 5).basis is Basis.BY_ROAD
    assert ways.times([VADUZ], [SCHAAN]).fault is TravelFault.OTHER_PLACE
    ways.close()


def test_without_a_map_or_its_ways_there_are_estimates_that_say_so(
    sketch_pack: Pack, tmp_path: Path
) -> None:
    for pack in (None, sketch_pack):
        found = open_travel_times(pack).times([VADUZ], [SCHAAN])
        assert found.fault is TravelFault.NO_TILES
    shutil.copy(sketch_pack.folder / "pack.json", tmp_path)
    (tmp_path / FACTS_FILE).write_text("{}")
    assert open_travel_times(Pack(tmp_path)).route(VADUZ, SCHAAN).fault is TravelFault.DAMAGED
