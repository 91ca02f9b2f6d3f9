"""Vector tiles read, and junk refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.maps.mercator import tile_at
from trafficdesk.maps.packs import Pack
from trafficdesk.maps.tile_writer import TileWriter
from trafficdesk.maps.vector_tile import GeometryKind, TileDamagedError, decode_tile


def test_what_was_written_is_read_again() -> None:
    writer = TileWriter()
    tags: dict[str, str | float | int | bool] = {
        "name": "காந்திபுரம்",
        "rank": -3,
        "width": 2.5,
        "bridge": True,
    }
    writer.point("place", (0.25, 0.5), tags)
    writer.polygon("land", [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)], {})
    layers = decode_tile(writer.bytes())
    (point,) = layers["place"].features
    assert point.kind is GeometryKind.POINT
    assert point.parts == (((1024, 2048),),)
    assert point.tags == tags
    (ring,) = layers["land"].features[0].parts
    assert set(ring) == {(0, 0), (4096, 0), (4096, 4096), (0, 4096)}


def test_a_tile_of_tippecanoe_holds_the_city_it_shows(sketch_pack: Pack) -> None:
    tile = sketch_pack.tile(14, *tile_at(76.966, 11.018, 14))
    assert tile is not None
    layers = decode_tile(tile)
    roads = layers["road"].features
    assert {"Cross Cut Road", "100 Feet Road"} <= {road.tags.get("name") for road in roads}
    assert all(road.kind is GeometryKind.LINE for road in roads)
    assert all(len(part) > 1 for road in roads for part in road.parts)


def test_nothing_is_an_empty_tile() -> None:
    assert decode_tile(b"") == {}


@given(st.binary(max_size=400))
def test_foreign_bytes_end_in_one_typed_error(junk: bytes) -> None:
    try:
        decode_tile(junk)
    except TileDamagedError:
        return


@given(st.data())
def test_a_damaged_tile_ends_in_one_typed_error(data: st.DataObject) -> None:
    writer = TileWriter()
    writer.polygon("land", [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)], {"name": "x", "n": 1})
    tile = bytearray(writer.bytes())
    at = data.draw(st.integers(0, len(tile) - 1))
    tile[at] = data.draw(st.integers(0, 255))
    try:
        decode_tile(bytes(tile[: data.draw(st.integers(0, len(tile)))]))
    except TileDamagedError:
        return


def test_a_number_without_end_is_refused() -> None:
    with pytest.raises(TileDamagedError):
        decode_tile(b"\xff" * 40)
