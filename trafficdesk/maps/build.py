"""Makes a pack from an OpenStreetMap extract: layers, tiles, names, and ways where it can."""

import importlib.util
import json
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from trafficdesk.domain.records import Bounds, Place
from trafficdesk.maps.archives import PmtilesArchive
from trafficdesk.maps.faults import PackFault, PackRefused, PackRefusedError
from trafficdesk.maps.packs import (
    PLACES_FILE,
    Cancelled,
    Pack,
    PackFacts,
    Progress,
    never,
    no_progress,
    pack_name,
    save_facts,
    staged,
)
from trafficdesk.maps.places_file import NamedPlace, NamedStreet, save_places
from trafficdesk.maps.routing.building import build_roads, can_build
from trafficdesk.maps.schema import LAYERS, OWN_MAX_ZOOM, OWN_MIN_ZOOM, Schema
from trafficdesk.maps.tiler import make_tiles, python_child, run_child

OSM_ATTRIBUTION = "© OpenStreetMap contributors"
NOT_OSM_EXIT = 3  # what trafficdesk.maps.extract says to a file it cannot read
_EXTRACTED, _TILED, _NAMED, _ALL = 50, 80, 85, 100  # of 100: what share of the work ends where
_BYTES_PER_THING = {".pbf": 9, ".osm": 110}  # measured on two extracts; only moves the bar


def build_pack(
    source: Path,
    folder: Path,
    *,
    with_roads: bool = True,
    progress: Progress = no_progress,
    cancelled: Cancelled = never,
) -> Pack | PackRefused:
    """Build a pack named after ``source`` (.osm.pbf or .osm) in ``folder``, wholly or not at all.

    It gets routing tiles if this machine can make them, unless ``with_roads`` is False.
    ``progress`` gets hundredths done and 100. Stops soon after ``cancelled`` says so and leaves
    nothing behind.
    """
    furthest = 0

    def forwards(done: int, total: int) -> None:  # tippecanoe starts a zoom over now and then
        nonlocal furthest
        furthest = max(furthest, done)
        progress(furthest, total)

    try:
        _check(source)
        name = pack_name(source.name)
        with (
            staged(folder, name) as part,
            tempfile.TemporaryDirectory(prefix="layers-", dir=part.parent) as work,
        ):
            _build(source, part, Path(work), (forwards, cancelled))
            if with_roads and can_build():
                roads = _share(forwards, _NAMED, _ALL)
                build_roads(source, part, Path(work), (roads, cancelled))
            forwards(_ALL, _ALL)
    except PackRefusedError as fault:
        return fault.refusal
    return Pack(folder / name)


def _share(progress: Progress, start: int, end: int) -> Progress:
    """Return a progress that goes from one share of the work to another."""
    return lambda done, total: progress(start + (end - start) * done // total, _ALL)


def _check(source: Path) -> None:
    if getattr(sys, "frozen", False) or importlib.util.find_spec("osmium") is None:
        raise PackRefusedError(PackFault.TOOLS_MISSING, source, "osmium")
    if not source.name.lower().endswith((".osm", ".pbf")):
        raise PackRefusedError(PackFault.NOT_OSM, source)
    try:
        with source.open("rb") as file:
            if not file.read(1):
                raise PackRefusedError(PackFault.NOT_OSM, source)
    except OSError as fault:
        raise PackRefusedError(PackFault.UNREADABLE, source, fault.strerror or "") from fault


def _build(source: Path, part: Path, work: Path, watch: tuple[Progress, Cancelled]) -> None:
    progress, cancelled = watch
    box = _extract(source, work, progress, cancelled)
    layers = {name: work / f"{name}.geojsonl" for name in LAYERS}
    layers = {name: path for name, path in layers.items() if path.stat().st_size}
    if "road" not in layers:
        raise PackRefusedError(PackFault.NO_ROADS, source)
    tiles = part / "tiles.pmtiles"
    make_tiles(
        layers,
        tiles,
        credit=OSM_ATTRIBUTION,
        on_percent=lambda p: progress(_EXTRACTED + int(p * (_TILED - _EXTRACTED) / 100), _ALL),
        cancelled=cancelled,
    )
    progress(_TILED, _ALL)
    names = work / "names.jsonl"
    save_places(part / PLACES_FILE, _streets(names, cancelled), _places(names, cancelled))
    save_facts(
        part,
        PackFacts(
            name=part.name,
            attribution=OSM_ATTRIBUTION,
            bounds=_bounds(tiles, box),
            min_zoom=OWN_MIN_ZOOM,
            max_zoom=OWN_MAX_ZOOM,
            made_at=datetime.now(UTC),
            sketch=False,
            schema=Schema.OWN,
            title=_title(source),
        ),
    )
    progress(_NAMED, _ALL)


def _title(source: Path) -> str:
    """Return a file's name as words, ``tamil-nadu.osm.pbf`` as ``Tamil Nadu``."""
    words = source.name.split(".")[0].replace("-", " ").replace("_", " ").split()
    return " ".join(word[:1].upper() + word[1:] for word in words)


def _extract(source: Path, work: Path, progress: Progress, cancelled: Cancelled) -> Bounds | None:
    """Write the layers; return the box that the extract says it was cut to."""
    things = source.stat().st_size / _BYTES_PER_THING.get(source.suffix.lower(), 50)
    box: Bounds | None = None

    def listen(line: str) -> None:
        nonlocal box
        if line.startswith("box "):
            box = Bounds(*map(float, line.split()[1:]))
        if line.startswith("done "):
            share = min(1.0, int(line.split()[1]) / things)
            progress(int(_EXTRACTED * share), _ALL)

    # The child works in our folder so that it finds this very checkout or installation.
    root = Path(__file__).resolve().parents[2]
    child = python_child(root, "trafficdesk.maps.extract", str(source.resolve()), str(work))
    code, said = run_child(child, source, listen=listen, cancelled=cancelled)
    if code == NOT_OSM_EXIT:
        raise PackRefusedError(PackFault.NOT_OSM, source, said)
    if code != 0:
        raise PackRefusedError(PackFault.TOOL_FAILED, source, said)
    return box


def _bounds(tiles: Path, box: Bounds | None) -> Bounds:
    """Return what the tiles cover, without roads that only lead out of the extract's box."""
    archive = PmtilesArchive(tiles)
    try:
        covered = archive.facts.bounds
    finally:
        archive.close()
    if box is None:
        return covered
    west, south = max(covered.west, box.west), max(covered.south, box.south)
    east, north = min(covered.east, box.east), min(covered.north, box.north)
    return Bounds(west, south, east, north) if west < east and south < north else covered


def _lines(names: Path, cancelled: Cancelled) -> Iterator[dict[str, object]]:
    with names.open(encoding="utf-8") as file:
        for count, line in enumerate(file):
            if count % 1000 == 0 and cancelled():
                raise PackRefusedError(PackFault.CANCELLED, names)
            yield json.loads(line)


def _streets(names: Path, cancelled: Cancelled) -> Iterator[NamedStreet]:
    for told in _lines(names, cancelled):
        match told:
            case {"kind": "street", "class": str(class_), "names": dict(by), "points": list(at)}:
                yield NamedStreet(class_, by, tuple(Place(lon, lat) for lon, lat in at))


def _places(names: Path, cancelled: Cancelled) -> Iterator[NamedPlace]:
    for told in _lines(names, cancelled):
        match told:
            case {"kind": str(kind), "class": str(class_), "names": dict(by), "points": [list(at)]}:
                yield NamedPlace(kind, class_, by, Place(at[0], at[1]))
