"""The routing tiles of a pack are whole to the byte, or they are not used."""

import os
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trafficdesk.maps.routing.tiles import (
    FACTS_FILE,
    TILES_FILE,
    RoadsDamagedError,
    find_tiles,
    prove_tiles,
    save_tiles,
)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Lay some tiles into a pack's folder."""
    built, folder = tmp_path / "built", tmp_path / "pack"
    for name in ("2/000/566/949.gph", "0/002/224.gph"):
        tile = built / name
        tile.parent.mkdir(parents=True)
        tile.write_bytes(os.urandom(5000))
    (built / "tile_manifest.json").write_text("{}")
    folder.mkdir()
    save_tiles(folder, built, "3.9.1")
    return folder


def test_the_tiles_lie_in_one_file_that_names_nobody(pack: Path) -> None:
    with tarfile.open(pack / TILES_FILE) as tar:
        entries = tar.getmembers()
    assert [entry.name for entry in entries] == ["0/002/224.gph", "2/000/566/949.gph"]
    assert {(entry.uid, entry.gid, entry.uname, entry.gname) for entry in entries} == {
        (0, 0, "", "")
    }


def test_whole_tiles_are_found_and_proved(pack: Path) -> None:
    facts = find_tiles(pack)
    assert facts is not None
    assert facts.engine == "3.9.1"
    assert facts.made_at <= datetime.now(UTC)
    assert prove_tiles(pack) == facts


def test_a_pack_without_tiles_has_none_and_nothing_is_made_of_nothing(tmp_path: Path) -> None:
    assert find_tiles(tmp_path) is None
    with pytest.raises(RoadsDamagedError):
        prove_tiles(tmp_path)
    with pytest.raises(FileNotFoundError):
        save_tiles(tmp_path, tmp_path, "3.9.1")
    assert list(tmp_path.iterdir()) == []


def test_a_single_byte_that_changed_is_noticed(pack: Path) -> None:
    with (pack / TILES_FILE).open("r+b") as file:
        file.seek(6000)
        byte = file.read(1)
        file.seek(6000)
        file.write(bytes([byte[0] ^ 1]))
    assert find_tiles(pack) is not None
    with pytest.raises(RoadsDamagedError):
        prove_tiles(pack)


@pytest.mark.parametrize("lost", [TILES_FILE, FACTS_FILE])
def test_a_file_that_is_missing_is_damage(pack: Path, lost: str) -> None:
    (pack / lost).unlink()
    with pytest.raises(RoadsDamagedError):
        find_tiles(pack)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"engine": "3.9.1", "size_bytes": "many"}'])
def test_facts_that_cannot_be_read_are_damage(pack: Path, text: str) -> None:
    (pack / FACTS_FILE).write_text(text)
    with pytest.raises(RoadsDamagedError):
        find_tiles(pack)


def test_a_file_that_is_cut_short_is_noticed_without_reading_it(pack: Path) -> None:
    whole = (pack / TILES_FILE).read_bytes()
    (pack / TILES_FILE).write_bytes(whole[:-1])
    with pytest.raises(RoadsDamagedError):
        find_tiles(pack)
