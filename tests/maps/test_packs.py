"""Packs imported, listed, refused and removed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from trafficdesk.domain.records import Bounds, Place
from trafficdesk.maps.faults import PackDamagedError, PackFault, PackRefused
from trafficdesk.maps.gazetteer import nearest_street, search
from trafficdesk.maps.packs import (
    Pack,
    find_pack,
    import_pack,
    list_damaged,
    list_packs,
    pack_name,
    remove_pack,
)
from trafficdesk.maps.schema import Schema
from trafficdesk.maps.tile_names import readable_zoom
from trafficdesk.maps.vector_tile import decode_tile
from trafficdesk.shipped import shipped

SKETCH = shipped("basemaps", "coimbatore", "tiles.pmtiles")


def imported(path: Path, folder: Path) -> Pack:
    pack = import_pack(path, folder)
    assert isinstance(pack, Pack)
    return pack


def refused(path: Path, folder: Path) -> PackFault:
    refusal = import_pack(path, folder)
    assert isinstance(refusal, PackRefused)
    assert not folder.exists() or not list(folder.iterdir()), "something was left behind"
    return refusal.fault


def test_an_mbtiles_file_becomes_a_pack_with_its_rows_turned_north_up(
    make_mbtiles: Callable[..., Path], tmp_path: Path
) -> None:
    pack = imported(make_mbtiles("My Town.mbtiles"), tmp_path / "packs")
    assert pack.name == "my-town"
    assert pack.facts.attribution == "Somebody"
    assert pack.facts.bounds == Bounds(45, 40.98, 90, 66.51)
    tile = pack.tile(3, 5, 2)
    assert tile is not None
    assert decode_tile(tile)["place"].features[0].tags["name"] == "Middle"
    assert pack.tile(3, 5, 5) is None
    pack.close()


def test_a_pmtiles_file_becomes_a_pack(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    pack = import_pack(
        SKETCH, tmp_path / "packs", progress=lambda done, total: seen.append((done, total))
    )
    assert isinstance(pack, Pack)
    assert pack.facts.schema is Schema.OWN
    assert seen[-1] == (SKETCH.stat().st_size, SKETCH.stat().st_size)
    assert [p.name for p in list_packs(tmp_path / "packs")] == ["tiles"]
    assert pack.tile(99, 0, 0) is None
    assert pack.tile(3, -1, 0) is None
    pack.close()


def test_an_imported_archive_can_be_searched(tmp_path: Path) -> None:
    pack = imported(SKETCH, tmp_path / "packs")
    assert search(pack, "avinasi road")[0].name == "Avinashi Road"
    assert search(pack, "காந்திபுரம்")[0].name == "Gandhipuram"
    near = nearest_street(pack, Place(76.9866, 11.0099))
    assert near is not None
    assert (near.name, near.near) == ("Avinashi Road", "Uppilipalayam")
    pack.close()


def test_an_archive_of_a_continent_is_not_read_for_names() -> None:
    assert readable_zoom(Bounds(-180.0, -85.0, 180.0, 85.0), 14) is None
    assert readable_zoom(Bounds(76.8, 10.9, 77.1, 11.1), 15) == 14


def test_an_mbtiles_that_is_no_mbtiles_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "notes.mbtiles"
    text.write_text("These are no tiles at all, only words.")
    assert refused(text, tmp_path / "packs") is PackFault.NOT_TILES


def test_a_database_without_tiles_is_refused(
    make_mbtiles: Callable[..., Path], tmp_path: Path
) -> None:
    from trafficdesk.store.driver import dbapi2

    path = make_mbtiles()
    connection = dbapi2.connect(str(path))
    connection.execute("DROP TABLE tiles")
    connection.commit()
    connection.close()
    assert refused(path, tmp_path / "packs") is PackFault.NOT_TILES


def test_an_archive_without_a_tile_is_refused(
    make_mbtiles: Callable[..., Path], tmp_path: Path
) -> None:
    from trafficdesk.store.driver import dbapi2

    path = make_mbtiles()
    connection = dbapi2.connect(str(path))
    connection.execute("DELETE FROM tiles")
    connection.commit()
    connection.close()
    assert refused(path, tmp_path / "packs") is PackFault.EMPTY


def test_pictures_instead_of_vectors_are_refused(
    make_mbtiles: Callable[..., Path], tmp_path: Path
) -> None:
    assert refused(make_mbtiles(kind="png"), tmp_path / "packs") is PackFault.RASTER


def test_tiles_that_cannot_be_decoded_are_refused(
    make_mbtiles: Callable[..., Path], tmp_path: Path
) -> None:
    assert refused(make_mbtiles(tile=b"\x89PNG junk"), tmp_path / "packs") is PackFault.DAMAGED


@pytest.mark.parametrize("kept", [50, 127, 5000, 200_000])
def test_a_truncated_pmtiles_is_refused(tmp_path: Path, kept: int) -> None:
    short = tmp_path / "short.pmtiles"
    short.write_bytes(SKETCH.read_bytes()[:kept])
    assert refused(short, tmp_path / "packs") is PackFault.TRUNCATED


def test_a_truncated_mbtiles_is_refused(make_mbtiles: Callable[..., Path], tmp_path: Path) -> None:
    path = make_mbtiles()
    path.write_bytes(path.read_bytes()[:-600])
    assert refused(path, tmp_path / "packs") is PackFault.TRUNCATED


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "gone.pmtiles", tmp_path / "packs") is PackFault.UNREADABLE


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    in_the_way = tmp_path / "packs"
    in_the_way.write_text("a file where the folder should be")
    refusal = import_pack(SKETCH, in_the_way)
    assert isinstance(refusal, PackRefused)
    assert refusal.fault is PackFault.UNWRITABLE


def test_cancelling_an_import_leaves_nothing(tmp_path: Path) -> None:
    refusal = import_pack(SKETCH, tmp_path / "packs", cancelled=lambda: True)
    assert isinstance(refusal, PackRefused)
    assert refusal.fault is PackFault.CANCELLED
    assert list((tmp_path / "packs").iterdir()) == []


def test_a_pack_is_never_overwritten(tmp_path: Path) -> None:
    first = imported(SKETCH, tmp_path / "packs")
    refusal = import_pack(SKETCH, tmp_path / "packs")
    assert isinstance(refusal, PackRefused)
    assert refusal.fault is PackFault.NAME_TAKEN
    remove_pack(first)
    assert list_packs(tmp_path / "packs") == ()


def test_a_pack_that_was_damaged_later_is_listed_as_such(tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    pack = imported(SKETCH, packs)
    tiles = pack.folder / "tiles.pmtiles"
    tiles.write_bytes(tiles.read_bytes()[:1000])
    with pytest.raises(PackDamagedError):
        pack.tile(10, 0, 0)
    (pack.folder / "pack.json").write_text("{")
    assert list_packs(packs) == ()
    assert [refusal.fault for refusal in list_damaged(packs)] == [PackFault.DAMAGED]


def test_a_folder_that_is_no_pack_is_not_removed(tmp_path: Path) -> None:
    pack = imported(SKETCH, tmp_path / "packs")
    pack.close()
    (pack.folder / "pack.json").unlink()
    remove_pack(pack)
    assert pack.folder.is_dir()


def test_a_pack_without_tiles_is_refused(tmp_path: Path) -> None:
    pack = imported(SKETCH, tmp_path / "packs")
    pack.close()
    (pack.folder / "tiles.pmtiles").unlink()
    assert isinstance(find_pack(pack.folder), PackRefused)
    shutil.rmtree(pack.folder)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("liechtenstein.osm.pbf", "liechtenstein"),
        ("../../etc/passwd.mbtiles", "etc-passwd"),
        ("சென்னை.pmtiles", "pack"),
        ("A B  C.osm", "a-b-c"),
    ],
)
def test_a_pack_is_named_after_its_file(file: str, name: str) -> None:
    assert pack_name(file) == name
