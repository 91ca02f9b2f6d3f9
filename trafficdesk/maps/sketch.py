"""The hand-made sketch of a city: its source, its wards, its tiles and its installation as a pack.

``python -m trafficdesk.maps.sketch`` makes ``wards.geojson``, ``local_streets.geojson`` and
``tiles.pmtiles`` anew (half a minute) from the hand-made files in
``resources/basemaps/coimbatore``; what it makes is committed beside them.
"""

import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trafficdesk.domain.records import Bounds, Place
from trafficdesk.maps.archives import PmtilesArchive
from trafficdesk.maps.faults import PackRefused, PackRefusedError
from trafficdesk.maps.local_streets import Ground, LocalStreet, RoadsNear, local_streets
from trafficdesk.maps.packs import PLACES_FILE, Pack, PackFacts, save_facts, staged
from trafficdesk.maps.places_file import NamedPlace, NamedStreet, save_places
from trafficdesk.maps.planar import Plane, Point, voronoi
from trafficdesk.maps.schema import OWN_MAX_ZOOM, OWN_MIN_ZOOM, Schema
from trafficdesk.maps.tiler import make_tiles
from trafficdesk.shipped import shipped

SKETCH_CREDIT = "Sketch, not for navigation"
CITY = "coimbatore"
MADE_AT = datetime(2026, 11, 22, tzinfo=UTC)
_DIGITS = 5  # of a degree: 1 m, finer than a sketch can claim
_ROAD_ZOOMS = {"motorway": 5, "trunk": 6, "primary": 8, "secondary": 10, "minor": 12}
_AREA_RANKS = {"commercial": 5, "transport": 5, "old_town": 5, "residential": 6, "industrial": 7}
_NOBODY_BUILDS = ("campus", "forest", "park", "airfield")


@dataclass(frozen=True, slots=True)
class Area:
    """One area of areas.json. ``spread_m`` is how far it reaches, ``weight`` how busy it is."""

    name: str
    name_ta: str
    place: Place
    kind: str
    roads: tuple[str, ...]
    spread_m: float
    weight: float


@dataclass(frozen=True, slots=True)
class Sketch:
    """The hand-made source; features are GeoJSON objects."""

    folder: Path
    areas: tuple[Area, ...]
    roads: tuple[dict[str, Any], ...]
    local_streets: tuple[dict[str, Any], ...]
    rail: tuple[dict[str, Any], ...]
    water: tuple[dict[str, Any], ...]
    green: tuple[dict[str, Any], ...]
    limit: dict[str, Any]


def load_sketch(folder: Path | None = None) -> Sketch:
    """Load the hand-made source, by default that of Coimbatore."""
    folder = folder or shipped("basemaps", CITY)

    def features(name: str) -> tuple[dict[str, Any], ...]:
        text = (folder / f"{name}.geojson").read_text(encoding="utf-8")
        return tuple(json.loads(text)["features"])

    areas = tuple(
        Area(
            told["name"],
            told["name_ta"],
            Place(told["lon"], told["lat"]),
            told["kind"],
            tuple(told["roads"]),
            told["spread_m"],
            told["weight"],
        )
        for told in json.loads((folder / "areas.json").read_text(encoding="utf-8"))
    )
    return Sketch(
        folder=folder,
        areas=areas,
        roads=features("roads"),
        local_streets=features("local_streets"),
        rail=features("rail"),
        water=features("water"),
        green=features("green"),
        limit=features("limit")[0],
    )


@dataclass(frozen=True, slots=True)
class Cut:
    """The plane of a sketch and, per area, its part of the city."""

    plane: Plane
    cells: tuple[tuple[Point, ...], ...]


def cut_city(sketch: Sketch) -> Cut:
    """Cut the city's outline into the part nearest to each area's centre."""
    plane = Plane(sketch.areas[0].place)
    outline = [plane.flat(Place(*at)) for at in sketch.limit["geometry"]["coordinates"][0][:-1]]
    cells = voronoi(outline, [plane.flat(area.place) for area in sketch.areas])
    return Cut(plane, tuple(tuple(cell) for cell in cells))


def invent_streets(sketch: Sketch, *only: str) -> list[dict[str, Any]]:
    """Return the local streets of the named areas (of all by default) as GeoJSON features."""
    cut = cut_city(sketch)
    flat = [
        [cut.plane.flat(Place(*at)) for at in road["geometry"]["coordinates"]]
        for road in sketch.roads
    ]
    blocked = [
        [cut.plane.flat(Place(*at)) for at in feature["geometry"]["coordinates"][0]]
        for feature in (*sketch.water, *sketch.green)
        if feature["geometry"]["type"] == "Polygon"
        and feature["properties"]["class"] in (*_NOBODY_BUILDS, "lake", "river")
    ]
    roads = RoadsNear(flat)
    streets: list[LocalStreet] = []
    for area, cell in zip(sketch.areas, cut.cells, strict=True):
        if not only or area.name in only:
            ground = Ground(cell, roads, blocked)
            streets += local_streets(area.name, cut.plane.flat(area.place), area.spread_m, ground)
    return [
        _feature(
            {"name": street.name, "class": "minor"},
            {
                "type": "LineString",
                "coordinates": [_degrees(cut.plane, point) for point in street.line],
            },
        )
        for street in streets
    ]


def ward_features(sketch: Sketch) -> list[dict[str, Any]]:
    """Return one GeoJSON polygon per area; a sketch of wards, not their legal limits."""
    cut = cut_city(sketch)
    wards = []
    for number, (area, cell) in enumerate(zip(sketch.areas, cut.cells, strict=True), start=1):
        ring = [_degrees(cut.plane, point) for point in (*cell, cell[0])]
        tags = {"ward": number, "name": area.name, "name:ta": area.name_ta, "sketch": True}
        wards.append(_feature(tags, {"type": "Polygon", "coordinates": [ring]}))
    return wards


def _degrees(plane: Plane, point: Point) -> list[float]:
    place = plane.round(point)
    return [round(place.lon, _DIGITS), round(place.lat, _DIGITS)]


def _feature(
    tags: dict[str, Any], geometry: dict[str, Any], zoom: int | None = None
) -> dict[str, Any]:
    told = {"type": "Feature", "properties": tags, "geometry": geometry}
    return told if zoom is None else {**told, "tippecanoe": {"minzoom": zoom}}


def tile_layers(sketch: Sketch) -> dict[str, list[dict[str, Any]]]:
    """Return the features of each tile layer."""
    layers: dict[str, list[dict[str, Any]]] = {
        "water": [],
        "waterway": [],
        "green": [],
        "road": [],
        "rail": [],
        "place": [],
    }
    for road in (*sketch.roads, *sketch.local_streets):
        tags = road["properties"]
        layers["road"].append(_feature(tags, road["geometry"], _ROAD_ZOOMS[tags["class"]]))
    for drawn in sketch.water:
        layer, zoom = ("water", 8) if drawn["geometry"]["type"] == "Polygon" else ("waterway", 9)
        layers[layer].append(_feature(drawn["properties"], drawn["geometry"], zoom))
    for green in sketch.green:
        layers["green"].append(_feature(green["properties"], green["geometry"], 10))
    for rail in sketch.rail:
        station = rail["geometry"]["type"] == "Point"
        tags = {**rail["properties"], **({"rank": 6} if station else {})}
        place = _feature(tags, rail["geometry"], 13 if station else 8)
        layers["place" if station else "rail"].append(place)
    layers["place"] += _labels(sketch)
    return layers


def _labels(sketch: Sketch) -> list[dict[str, Any]]:
    city = sketch.limit["properties"]
    middle = {"type": "Point", "coordinates": list(sketch.areas[0].place)}
    labels = [_feature({**city, "class": "city", "rank": 1}, middle, 5)]
    for area in sketch.areas:
        rank = _AREA_RANKS[area.kind]
        tags = {"name": area.name, "name:ta": area.name_ta, "class": "suburb", "rank": rank}
        at = {"type": "Point", "coordinates": list(area.place)}
        labels.append(_feature(tags, at, 11 if area.weight > 5 else 12))  # noqa: PLR2004 - busiest
    for drawn in (*sketch.water, *sketch.green):
        tags, geometry = drawn["properties"], drawn["geometry"]
        if geometry["type"] == "Polygon" and tags["class"] != "river":
            class_ = "lake" if tags["class"] == "lake" else "green"
            at = {"type": "Point", "coordinates": _middle(geometry["coordinates"][0])}
            labels.append(_feature({**tags, "class": class_, "rank": 7}, at, 13))
    return labels


def _middle(ring: list[list[float]]) -> list[float]:
    lons, lats = zip(*ring, strict=True)
    return [round(sum(lons) / len(ring), _DIGITS), round(sum(lats) / len(ring), _DIGITS)]


def draw_tiles(sketch: Sketch, target: Path) -> None:
    """Draw the sketch's tiles with tippecanoe to ``target``.

    Raises:
        PackRefusedError: tippecanoe is missing or failed.
    """
    with tempfile.TemporaryDirectory(prefix="sketch-") as work:
        paths = {}
        for layer, features in tile_layers(sketch).items():
            paths[layer] = Path(work) / f"{layer}.geojsonl"
            lines = (json.dumps(feature, ensure_ascii=False) for feature in features)
            paths[layer].write_text("\n".join(lines) + "\n", encoding="utf-8")
        make_tiles(paths, target, credit=SKETCH_CREDIT)


def named(sketch: Sketch) -> tuple[list[NamedStreet], list[NamedPlace]]:
    """Return what the sketch's gazetteer holds."""
    streets = [
        NamedStreet(
            road["properties"]["class"],
            _names(road["properties"]),
            tuple(Place(*at) for at in road["geometry"]["coordinates"]),
        )
        for road in (*sketch.roads, *sketch.local_streets)
    ]
    places = [
        NamedPlace("place", "suburb", {"": area.name, "ta": area.name_ta}, area.place)
        for area in sketch.areas
    ]
    for drawn in (*sketch.rail, *sketch.water, *sketch.green):
        tags, geometry = drawn["properties"], drawn["geometry"]
        if geometry["type"] == "Point":
            places.append(
                NamedPlace("poi", "station", _names(tags), Place(*geometry["coordinates"]))
            )
        elif geometry["type"] == "Polygon" and tags["class"] != "river":
            middle = Place(*_middle(geometry["coordinates"][0]))
            places.append(NamedPlace("poi", tags["class"], _names(tags), middle))
    return streets, places


def _names(tags: dict[str, Any]) -> dict[str, str]:
    return {
        key.removeprefix("name").removeprefix(":"): text
        for key, text in tags.items()
        if key.split(":")[0] == "name"
    }


def install_sketch(folder: Path) -> Pack | PackRefused:
    """Put the committed sketch into ``folder`` as a pack; one that is there already is kept."""
    if (folder / CITY).is_dir():
        return Pack(folder / CITY)
    sketch = load_sketch()
    try:
        with staged(folder, CITY) as part:
            shutil.copyfile(sketch.folder / "tiles.pmtiles", part / "tiles.pmtiles")
            save_places(part / PLACES_FILE, *named(sketch))
            save_facts(part, _facts(part))
    except PackRefusedError as fault:
        return fault.refusal
    return Pack(folder / CITY)


def _facts(part: Path) -> PackFacts:
    archive = PmtilesArchive(part / "tiles.pmtiles")
    bounds: Bounds = archive.facts.bounds
    archive.close()
    return PackFacts(
        name=CITY,
        attribution=SKETCH_CREDIT,
        bounds=bounds,
        min_zoom=OWN_MIN_ZOOM,
        max_zoom=OWN_MAX_ZOOM,
        made_at=MADE_AT,
        sketch=True,
        schema=Schema.OWN,
        title="Coimbatore",
    )


def _save(path: Path, features: list[dict[str, Any]]) -> None:
    rows = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    path.write_text(
        '{"type":"FeatureCollection","features":[\n' + rows + "\n]}\n", encoding="utf-8"
    )


def main() -> int:
    """Make the committed files anew."""
    folder = shipped("basemaps", CITY)
    _save(folder / "local_streets.geojson", [])
    sketch = load_sketch(folder)
    _save(folder / "wards.geojson", ward_features(sketch))
    _save(folder / "local_streets.geojson", invent_streets(sketch))
    tiles = folder / "tiles.pmtiles"
    tiles.unlink(missing_ok=True)
    draw_tiles(load_sketch(folder), tiles)
    return 0


if __name__ == "__main__":
    sys.exit(main())
