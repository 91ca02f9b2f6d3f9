"""Packs that were built at one machine and taken to another."""

import shutil
from pathlib import Path

import pytest

from trafficdesk.domain.records import Place
from trafficdesk.maps.faults import PackFault, PackRefused
from trafficdesk.maps.gazetteer import nearest_street
from trafficdesk.maps.pack_folder import import_pack_folder
from trafficdesk.maps.packs import Pack, list_packs
from trafficdesk.maps.routing.tiles import TILES_FILE, prove_tiles, save_tiles
from trafficdesk.policy.reading import MachinePolicy
from trafficdesk.policy.schema import BaseMapRules, Policy
from trafficdesk.profile import Profile


@pytest.fixture
def stick(sketch_pack: Pack, tmp_path: Path) -> Path:
    """A pack's folder on a stick, with routing tiles and what else lies about."""
    folder = tmp_path / "stick" / "Old Town"
    shutil.copytree(sketch_pack.folder, folder)
    built = tmp_path / "built"
    built.mkdir()
    (built / "1.gph").write_bytes(b"a tile")
    save_tiles(folder, built, "3.9.1")
    (folder / "autorun.inf").write_text("no part of a pack")
    return folder


def refused(source: Path, folder: Path) -> PackFault:
    refusal = import_pack_folder(source, folder)
    assert isinstance(refusal, PackRefused)
    assert not folder.exists() or not list(folder.iterdir()), "something was left behind"
    return refusal.fault


def test_a_packs_folder_is_taken_with_its_names_and_routing_tiles(
    stick: Path, tmp_path: Path
) -> None:
    seen: list[tuple[int, int]] = []
    pack = import_pack_folder(
        stick, tmp_path / "packs", progress=lambda done, total: seen.append((done, total))
    )
    assert isinstance(pack, Pack)
    assert [found.name for found in list_packs(tmp_path / "packs")] == ["old-town"]
    assert pack.facts.bounds == Pack(stick).facts.bounds
    assert nearest_street(pack, Place(76.9866, 11.0099)) is not None
    assert prove_tiles(pack.folder).engine == "3.9.1"
    assert not (pack.folder / "autorun.inf").exists()
    assert seen[-1][0] == seen[-1][1]
    pack.close()


def test_a_pack_without_routing_tiles_is_taken_as_well(sketch_pack: Pack, tmp_path: Path) -> None:
    pack = import_pack_folder(sketch_pack.folder, tmp_path / "packs")
    assert isinstance(pack, Pack)
    pack.close()


def test_packs_that_it_laid_on_the_machine_are_found_beside_the_profiles_own(
    stick: Path, tmp_path: Path
) -> None:
    rules = Policy(base_maps=BaseMapRules(str(stick.parent)))
    profile = Profile(tmp_path / "profile", MachinePolicy(rules, "policies.json"))
    own = import_pack_folder(stick, profile.packs)
    assert isinstance(own, Pack)
    assert [pack.folder for pack in list_packs(*profile.pack_folders)] == [stick, own.folder]
    own.close()


def test_a_pack_with_a_damaged_part_is_refused(stick: Path, tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    roads = stick / TILES_FILE
    whole = roads.read_bytes()
    roads.write_bytes(b"A" + whole[1:])
    assert refused(stick, packs) is PackFault.DAMAGED
    roads.write_bytes(whole)
    tiles = stick / "tiles.pmtiles"
    tiles.write_bytes(tiles.read_bytes()[:5000])
    assert refused(stick, packs) is PackFault.TRUNCATED
    tiles.unlink()
    assert refused(stick, packs) is PackFault.DAMAGED
    (stick / "pack.json").unlink()
    assert refused(stick, packs) is PackFault.DAMAGED
    assert refused(tmp_path / "gone", packs) is PackFault.DAMAGED


def test_a_copy_that_is_cancelled_leaves_nothing(stick: Path, tmp_path: Path) -> None:
    refusal = import_pack_folder(stick, tmp_path / "packs", cancelled=lambda: True)
    assert isinstance(refusal, PackRefused)
    assert refusal.fault is PackFault.CANCELLED
    assert list((tmp_path / "packs").iterdir()) == []
