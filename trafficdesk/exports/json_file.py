"""JSON: an array of objects, or the features of RFC 7946."""

from pathlib import Path
from typing import Any

import msgspec

from trafficdesk.exports.table import Row, Table, Tick, counted


def write_json(table: Table, path: Path, tick: Tick) -> None:
    """Write a table as an array with an object for each row."""
    names = [column.name for column in table.columns]
    with path.open("wb") as file:
        file.write(b"[")
        before = b"\n"
        for row in counted(table.rows, tick):
            file.write(before + msgspec.json.encode(dict(zip(names, row, strict=True))))
            before = b",\n"
        file.write(b"\n]\n")


def write_geojson(table: Table, path: Path, tick: Tick) -> None:
    """Write a table as a collection of points; a row without a place has no geometry."""
    names = [column.name for column in table.columns]
    notes = msgspec.json.encode(table.notes)
    with path.open("wb") as file:
        file.write(b'{"type":"FeatureCollection","notes":' + notes + b',"features":[')
        before = b"\n"
        for row in counted(table.rows, tick):
            file.write(before + msgspec.json.encode(_feature(table, names, row)))
            before = b",\n"
        file.write(b"\n]}\n")


def _feature(table: Table, names: list[str], row: Row) -> dict[str, Any]:
    here = place_of(table, row)
    return {
        "type": "Feature",
        "geometry": None if here is None else {"type": "Point", "coordinates": here},
        "properties": dict(zip(names, row, strict=True)),
    }


def place_of(table: Table, row: Row) -> tuple[float, float] | None:
    """Return a row's longitude and latitude, if it has a place."""
    if table.place is None:
        return None
    lon, lat = (row[number] for number in table.place)
    if not isinstance(lon, int | float) or not isinstance(lat, int | float):
        return None
    return float(lon), float(lat)
