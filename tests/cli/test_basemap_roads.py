"""The list of map packs says truly whether ways by road can be found in them."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from trafficdesk.maps.packs import Pack
from trafficdesk.maps.routing.process import has_engine
from trafficdesk.maps.routing.tiles import TILES_FILE, save_tiles
from trafficdesk.maps.sketch import install_sketch
from trafficdesk.profile import Profile


@pytest.fixture
def pack(run: Run, home: Profile, tmp_path: Path) -> Path:
    """The folder of the one pack of a desk, taken from a stick."""
    sketch = install_sketch(tmp_path / "stick")
    assert isinstance(sketch, Pack)
    assert run("basemap", "import", sketch.folder).code == 0
    return home.packs / sketch.name


def listed(run: Run) -> tuple[str, str]:
    """Return what the list says of the pack: to a program and to people."""
    (told,) = run("basemap", "list", "--json").told["packs"]
    return told["roads"], run("basemap", "list").out


@pytest.mark.usefixtures("pack")
def test_a_pack_without_routing_tiles_is_said_to_give_estimates(run: Run) -> None:
    roads, line = listed(run)
    assert roads == "none"
    assert "without routing tiles: travel times are estimates" in line


def test_routing_tiles_are_ready_where_there_is_an_engine(
    run: Run, pack: Path, tmp_path: Path
) -> None:
    (tmp_path / "1.gph").write_bytes(b"a tile")
    save_tiles(pack, tmp_path, "3.9.1")
    roads, line = listed(run)
    assert roads == ("ready" if has_engine() else "no_engine")
    assert ("there is no routing engine here" in line) is not has_engine()


def test_routing_tiles_of_the_right_size_with_a_wrong_byte_are_damaged(
    run: Run, pack: Path, tmp_path: Path
) -> None:
    (tmp_path / "1.gph").write_bytes(b"a tile")
    save_tiles(pack, tmp_path, "3.9.1")
    whole = (pack / TILES_FILE).read_bytes()
    (pack / TILES_FILE).write_bytes(whole.replace(b"a tile", b"a bile"))
    roads, line = listed(run)
    assert roads == "damaged"
    assert "build the map again" in line
