"""The committed sketch of Coimbatore."""

import json
from typing import Any

from trafficdesk.domain.records import Place
from trafficdesk.maps.faults import PackRefused
from trafficdesk.maps.mercator import tiles_over
from trafficdesk.maps.packs import Pack
from trafficdesk.maps.planar import Plane, Point, inside, voronoi
from trafficdesk.maps.sketch import (
    SKETCH_CREDIT,
    install_sketch,
    invent_streets,
    load_sketch,
    named,
    ward_features,
)
from trafficdesk.maps.vector_tile import decode_tile
from trafficdesk.shipped import shipped

FOLDER = shipped("basemaps", "coimbatore")


def committed(name: str) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads((FOLDER / name).read_text(encoding="utf-8"))[
        "features"
    ]
    return features


def test_the_committed_tiles_hold_every_name_of_the_source(sketch_pack: Pack) -> None:
    seen: set[object] = set()
    for x, y in tiles_over(sketch_pack.facts.bounds, 14):
        if tile := sketch_pack.tile(14, x, y):
            for layer in decode_tile(tile).values():
                seen.update(feature.tags.get("name") for feature in layer.features)
    streets, places = named(load_sketch())
    wanted = {street.names[""] for street in streets} | {place.names[""] for place in places}
    assert wanted - seen == set()


def test_the_sketch_says_that_it_is_one(sketch_pack: Pack) -> None:
    assert sketch_pack.facts.sketch
    assert sketch_pack.facts.attribution == SKETCH_CREDIT


def test_the_committed_wards_are_those_that_the_code_cuts() -> None:
    wards = committed("wards.geojson")
    assert wards == ward_features(load_sketch())
    assert len(wards) >= 30


def test_the_invented_streets_are_always_the_same() -> None:
    again = invent_streets(load_sketch(), "Tatabad")
    kept = [s for s in committed("local_streets.geojson") if "Tatabad" in s["properties"]["name"]]
    assert again == kept
    assert len(again) > 5


def test_every_area_lies_in_its_own_ward_and_its_roads_exist() -> None:
    sketch = load_sketch()
    plane = Plane(sketch.areas[0].place)
    roads = {road["properties"]["name"] for road in sketch.roads}
    for area, ward in zip(sketch.areas, ward_features(sketch), strict=True):
        ring = [plane.flat(Place(*at)) for at in ward["geometry"]["coordinates"][0]]
        assert inside(ring, plane.flat(area.place)), area.name
        assert set(area.roads) <= roads


def test_a_square_is_cut_in_halves() -> None:
    square = [Point(0, 0), Point(4, 0), Point(4, 4), Point(0, 4)]
    left, right = voronoi(square, [Point(1, 2), Point(3, 2)])
    assert set(left) == {(0, 0), (2, 0), (2, 4), (0, 4)}
    assert set(right) == {(2, 0), (4, 0), (4, 4), (2, 4)}


def test_what_is_committed_stays_small_and_names_no_machine() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 1_500_000
    tiles = (FOLDER / "tiles.pmtiles").read_bytes()
    assert b"/tmp" not in tiles
    assert b"/home" not in tiles


def test_an_installed_sketch_is_kept(sketch_pack: Pack) -> None:
    before = (sketch_pack.folder / "pack.json").stat().st_mtime_ns
    again = install_sketch(sketch_pack.folder.parent)
    assert not isinstance(again, PackRefused)
    assert (again.folder / "pack.json").stat().st_mtime_ns == before
