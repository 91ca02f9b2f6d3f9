"""Child process: reads an OpenStreetMap extract with osmium, writes one GeoJSON file per layer.

``python -m trafficdesk.maps.extract FILE FOLDER`` writes ``<layer>.geojsonl`` for each layer of
``trafficdesk.maps.schema`` and ``names.jsonl`` for the gazetteer, and prints the extract's
``box WEST SOUTH EAST NORTH`` if it is known and ``done N`` now and then. It runs apart from the
desk because osmium brings native libraries of its own.
Exit codes: 0 done, 3 no OpenStreetMap data.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

import osmium

from trafficdesk.maps.osm_tags import (
    area_layer,
    line_layer,
    names_in,
    place_of,
    poi_of,
    road_zoom,
)
from trafficdesk.maps.road_names import RoadNames
from trafficdesk.maps.schema import LAYERS

NOT_OSM_EXIT = 3
_TELL_EVERY = 20_000
_MIN_LINE = 2
_LABELLED = {"water": "lake", "green": "green"}
_DIGITS = 6  # of a degree: 11 cm

Coordinates = list[list[float]]


class Writer:
    """The open files of one extraction."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._files: dict[str, TextIO] = {}
        for layer in LAYERS:
            path = folder / f"{layer}.geojsonl"
            self._files[layer] = stack.enter_context(path.open("w", encoding="utf-8"))
        self._names = stack.enter_context((folder / "names.jsonl").open("w", encoding="utf-8"))
        self._streets = RoadNames()
        self._postal: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])

    def feature(self, layer: str, tags: dict[str, Any], zoom: int, geometry: Any) -> None:  # noqa: ANN401 - any GeoJSON geometry
        """Write one feature that appears from ``zoom`` on."""
        told = {
            "type": "Feature",
            "properties": tags,
            "geometry": geometry,
            "tippecanoe": {"minzoom": zoom},
        }
        self._files[layer].write(json.dumps(told, ensure_ascii=False) + "\n")

    def name(self, kind: str, class_: str, names: dict[str, str], points: Coordinates) -> None:
        """Write one name for the gazetteer; a street's points are its line, else there is one."""
        told = {"kind": kind, "class": class_, "names": names, "points": points}
        self._names.write(json.dumps(told, ensure_ascii=False) + "\n")

    def street(self, class_: str, names: dict[str, str], line: Coordinates) -> None:
        """Take a named way of a street; the tiles get the street's name once all are known."""
        self.name("street", class_, names, line)
        tags = _tile_names(names)
        if tags:
            self._streets.add(class_, tags, line)

    def close_streets(self) -> None:
        """Write the names of streets, each along its ways joined."""
        for class_, names, line in self._streets.joined():
            geometry = {"type": "LineString", "coordinates": line}
            self.feature("road_name", {"class": class_, **names}, road_zoom(class_), geometry)

    def postal(self, tags: Any, lon: float, lat: float) -> None:  # noqa: ANN401 - osmium's own tag list
        """Count an address towards the middle of its postal locality."""
        code = tags.get("addr:postcode")
        if code:
            total = self._postal[code, tags.get("addr:city", "")]
            total[0] += lon
            total[1] += lat
            total[2] += 1

    def close_postal(self) -> None:
        """Write the postal localities that were counted."""
        for (code, city), (lon, lat, count) in sorted(self._postal.items()):
            names = {"": f"{code} {city}".strip()}
            self.name("postal", "postal", names, [[lon / count, lat / count]])


def _point(location: Any) -> list[float]:  # noqa: ANN401 - osmium's own type
    return [round(location.lon, _DIGITS), round(location.lat, _DIGITS)]


def _runs(way: Any) -> Iterator[Coordinates]:  # noqa: ANN401 - osmium's own type
    """Yield the stretches of a way whose nodes are in the file; clipped extracts lack some."""
    run: Coordinates = []
    for node in way.nodes:
        try:
            run.append(_point(node))
        except osmium.InvalidLocationError:
            if len(run) >= _MIN_LINE:
                yield run
            run = []
    if len(run) >= _MIN_LINE:
        yield run


def _take_node(node: Any, out: Writer) -> None:  # noqa: ANN401 - osmium's own type
    lon, lat = _point(node.location)
    out.postal(node.tags, lon, lat)
    names = names_in(node.tags)
    if not names:
        return
    place = place_of(node.tags)
    if place is not None:
        tags = {"class": place.class_, "rank": place.rank, **_tile_names(names)}
        out.feature("place", tags, place.zoom, {"type": "Point", "coordinates": [lon, lat]})
        kind = "poi" if place.class_ == "station" else "place"
        out.name(kind, place.class_, names, [[lon, lat]])
    elif class_ := poi_of(node.tags):
        out.name("poi", class_, names, [[lon, lat]])


def _take_way(way: Any, out: Writer) -> None:  # noqa: ANN401 - osmium's own type
    drawn = line_layer(way.tags)
    if drawn is None:
        return
    names = names_in(way.tags)
    is_road = drawn.layer == "road"
    tags = drawn.tags if is_road else {**drawn.tags, **_tile_names(names)}
    for run in _runs(way):
        out.feature(drawn.layer, tags, drawn.zoom, {"type": "LineString", "coordinates": run})
        if names and is_road:
            out.street(drawn.tags["class"], names, run)


def _take_area(area: Any, out: Writer, factory: Any) -> None:  # noqa: ANN401 - osmium's own types
    drawn = area_layer(area.tags)
    names = names_in(area.tags)
    poi = poi_of(area.tags) if names else ""
    if drawn is None and not poi and "addr:postcode" not in area.tags:
        return
    try:
        geometry = json.loads(factory.create_multipolygon(area))
    except (osmium.InvalidLocationError, RuntimeError):  # open or missing rings of a clipped area
        return
    ring = geometry["coordinates"][0][0]
    lon = round(sum(p[0] for p in ring) / len(ring), _DIGITS)
    lat = round(sum(p[1] for p in ring) / len(ring), _DIGITS)
    out.postal(area.tags, lon, lat)
    if drawn is not None:
        out.feature(drawn.layer, {**drawn.tags, **_tile_names(names)}, drawn.zoom, geometry)
        if names and drawn.layer in _LABELLED:
            tags = {"class": _LABELLED[drawn.layer], "rank": 7, **_tile_names(names)}
            label = {"type": "Point", "coordinates": [lon, lat]}
            out.feature("place", tags, max(13, drawn.zoom), label)
    if poi:
        out.name("poi", poi, names, [[lon, lat]])


def _tile_names(names: dict[str, str]) -> dict[str, str]:
    return {
        f"name:{language}" if language else "name": text
        for language, text in names.items()
        if language != "ref"  # a road's number is a tag of its own
    }


def _tell_box(source: Path) -> None:
    """Tell the box the extract was cut to, if its maker wrote one."""
    with osmium.io.Reader(str(source)) as reader:
        box = reader.header().box()
        if box.valid():
            edges = (box.bottom_left.lon, box.bottom_left.lat, box.top_right.lon, box.top_right.lat)
            print("box", *edges, flush=True)  # noqa: T201 - the parent reads it


def extract(source: Path, folder: Path) -> None:
    """Write the layers of ``source`` into ``folder``."""
    factory = osmium.geom.GeoJSONFactory()
    _tell_box(source)
    with ExitStack() as stack:
        out = Writer(folder, stack)
        read = osmium.FileProcessor(str(source)).with_locations().with_areas()
        for count, thing in enumerate(read):
            if count % _TELL_EVERY == 0:
                print(f"done {count}", flush=True)  # noqa: T201 - the parent reads it
            if not thing.tags:
                continue
            match thing:
                case osmium.osm.Node():
                    _take_node(thing, out)
                case osmium.osm.Way():
                    _take_way(thing, out)
                case osmium.osm.Area():
                    _take_area(thing, out, factory)
        out.close_streets()
        out.close_postal()


def main(arguments: list[str]) -> int:
    """Run as a child process; see the module's docstring."""
    try:
        extract(Path(arguments[0]), Path(arguments[1]))
    except (RuntimeError, ValueError) as fault:  # osmium's answers to a broken or foreign file
        print(fault, flush=True)  # noqa: T201 - the parent reads it
        return NOT_OSM_EXIT
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
