"""Packs built from OpenStreetMap extracts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from trafficdesk.domain.records import Place
from trafficdesk.maps.build import OSM_ATTRIBUTION, build_pack
from trafficdesk.maps.faults import PackFault, PackRefused
from trafficdesk.maps.gazetteer import nearest_street, search
from trafficdesk.maps.mercator import tile_at
from trafficdesk.maps.packs import Pack, list_packs
from trafficdesk.maps.tiler import find_tippecanoe
from trafficdesk.maps.vector_tile import decode_tile

pytestmark = pytest.mark.skipif(find_tippecanoe() is None, reason="tippecanoe is not installed")

TOWN = """<?xml version="1.0"?><osm version="0.6">
 <node id="1" lat="11.0" lon="77.0"/><node id="2" lat="11.01" lon="77.01"/>
 <node id="3" lat="11.02" lon="77.02"><tag k="place" v="town"/><tag k="name" v="Testpur"/>
 <tag k="name:ta" v="டெஸ்ட்பூர்"/></node>
 <way id="9"><nd ref="1"/><nd ref="2"/><nd ref="404"/><nd ref="405"/>
 <tag k="highway" v="primary"/><tag k="name" v="Long Bazaar"/></way></osm>"""


def refused(path: Path, folder: Path) -> PackRefused:
    refusal = build_pack(path, folder)
    assert isinstance(refusal, PackRefused)
    assert not folder.exists() or not list(folder.iterdir()), "something was left behind"
    return refusal


def test_a_clipped_extract_keeps_the_stretch_of_road_it_holds(tmp_path: Path) -> None:
    source = tmp_path / "Testpur.osm"
    source.write_text(TOWN, encoding="utf-8")
    seen: list[int] = []
    pack = build_pack(source, tmp_path / "packs", progress=lambda done, _all: seen.append(done))
    assert isinstance(pack, Pack)
    assert seen == sorted(seen)
    assert seen[-1] == 100
    assert [p.name for p in list_packs(tmp_path / "packs")] == ["testpur"]
    assert pack.facts.attribution == OSM_ATTRIBUTION
    (found,) = search(pack, "long bazaar")
    assert (found.kind, found.near) == ("street", "Testpur")
    assert [f.name for f in search(pack, "டெஸ்ட்பூர்")] == ["Testpur"]
    tile = pack.tile(14, *tile_at(77.005, 11.005, 14))
    assert tile is not None
    assert decode_tile(tile)["road"].features[0].tags["class"] == "primary"
    assert decode_tile(tile)["road_name"].features[0].tags["name"] == "Long Bazaar"
    assert pack.facts.title == "Testpur"
    pack.close()


def test_a_pack_covers_the_box_its_extract_was_cut_to(tmp_path: Path) -> None:
    source = tmp_path / "old-town.osm"
    box = '<bounds minlat="11.0" minlon="76.99" maxlat="11.005" maxlon="77.02"/>'
    source.write_text(TOWN.replace('version="0.6">', f'version="0.6">{box}', 1), encoding="utf-8")
    pack = build_pack(source, tmp_path / "packs")
    assert isinstance(pack, Pack)
    assert pack.facts.bounds.north == pytest.approx(11.005)
    assert pack.facts.bounds.east <= 77.02
    assert pack.facts.title == "Old Town"
    pack.close()


def test_a_build_that_is_cancelled_leaves_nothing(tmp_path: Path) -> None:
    source = tmp_path / "town.osm"
    source.write_text(TOWN, encoding="utf-8")
    asked: list[bool] = []

    def cancelled() -> bool:
        asked.append(True)
        return len(asked) > 3

    refusal = build_pack(source, tmp_path / "packs", cancelled=cancelled)
    assert isinstance(refusal, PackRefused)
    assert refusal.fault is PackFault.CANCELLED
    assert list((tmp_path / "packs").iterdir()) == []


def test_a_file_that_is_no_extract_is_refused(tmp_path: Path) -> None:
    for name in ("words.osm", "words.osm.pbf"):
        path = tmp_path / name
        path.write_text("no map in here")
        assert refused(path, tmp_path / "packs").fault is PackFault.NOT_OSM
    assert refused(tmp_path / "photo.jpg", tmp_path / "packs").fault is PackFault.NOT_OSM
    assert refused(tmp_path / "gone.osm", tmp_path / "packs").fault is PackFault.UNREADABLE


def test_an_extract_without_a_road_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "desert.osm"
    path.write_text(
        '<osm version="0.6"><node id="1" lat="1" lon="1"><tag k="place" v="town"/>'
        '<tag k="name" v="Alone"/></node></osm>'
    )
    assert refused(path, tmp_path / "packs").fault is PackFault.NO_ROADS


def test_a_truncated_extract_is_refused(extract: Callable[[str], Path], tmp_path: Path) -> None:
    whole = extract("kanyakumari.osm").read_bytes()
    half = tmp_path / "half.osm"
    half.write_bytes(whole[: len(whole) // 2])
    assert refused(half, tmp_path / "packs").fault is PackFault.NOT_OSM


def test_an_indian_town_is_built_with_names_in_its_script(
    extract: Callable[[str], Path], tmp_path: Path
) -> None:
    pack = build_pack(extract("kanyakumari.osm"), tmp_path / "packs")
    assert isinstance(pack, Pack)
    assert search(pack, "629165")[0].kind == "postal"
    street = search(pack, "canal road")[0]
    assert street.kind == "street"
    near = nearest_street(pack, street.place, 60)
    assert near is not None
    assert near.name == "Canal Road"
    pack.close()


def test_a_whole_country_is_built_and_its_capital_found(
    extract: Callable[[str], Path], tmp_path: Path
) -> None:
    pack = build_pack(extract("liechtenstein.osm.pbf"), tmp_path / "packs")
    assert isinstance(pack, Pack)
    tile = pack.tile(14, *tile_at(9.5215, 47.1393, 14))
    assert tile is not None
    layers = decode_tile(tile)
    assert {"road", "building", "place", "water"} <= set(layers)
    names = [found.name for found in search(pack, "Landstrase", near=Place(9.52, 47.14))]
    assert "Landstrasse" in names
    pack.close()
