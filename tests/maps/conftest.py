"""What the map tests share: small archives, the installed sketch, and real extracts if present."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from trafficdesk.maps.packs import Pack
from trafficdesk.maps.sketch import install_sketch
from trafficdesk.maps.tile_writer import TileWriter
from trafficdesk.store.driver import dbapi2

_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
MakeMbtiles = Callable[..., Path]


@pytest.fixture(scope="session")
def sketch_pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The committed sketch of Coimbatore, installed."""
    pack = install_sketch(tmp_path_factory.mktemp("packs"))
    assert isinstance(pack, Pack)
    return pack


@pytest.fixture
def make_mbtiles(tmp_path: Path) -> MakeMbtiles:
    """Make an MBTiles file whose one tile, 3/5/2 counted from the north, holds a named point."""

    def make(name: str = "town.mbtiles", tile: bytes | None = None, kind: str = "pbf") -> Path:
        writer = TileWriter()
        writer.point("place", (0.5, 0.5), {"name": "Middle", "class": "town"})
        path = tmp_path / name
        connection = dbapi2.connect(str(path))
        connection.executescript(
            "CREATE TABLE metadata(name TEXT, value TEXT);"
            "CREATE TABLE tiles(zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB);"
        )
        told = {
            "format": kind,
            "name": "A town",
            "attribution": '<a href="https://example.org">Somebody</a>',
            "bounds": "45,40.98,90,66.51",
            "minzoom": "3",
            "maxzoom": "3",
        }
        connection.executemany("INSERT INTO metadata VALUES(?,?)", list(told.items()))
        body = gzip.compress(writer.bytes()) if tile is None else tile
        connection.execute("INSERT INTO tiles VALUES(3,5,5,?)", (body,))
        connection.commit()
        connection.close()
        return path

    return make


@pytest.fixture
def extract() -> Callable[[str], Path]:
    """Find a real OpenStreetMap extract beside the checkout, else skip."""

    def find(name: str) -> Path:
        path = _DATA / "osm" / name
        if not path.is_file():
            pytest.skip(f"{name} is not on this machine")
        return path

    return find
