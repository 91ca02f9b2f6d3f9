"""Base-map packs: folders with tiles, a gazetteer and a page of facts."""

import errno
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from uuid import uuid4

from trafficdesk.domain.records import Bounds
from trafficdesk.maps.archives import Archive, ArchiveFacts, open_archive
from trafficdesk.maps.faults import PackDamagedError, PackFault, PackRefused, PackRefusedError
from trafficdesk.maps.mercator import tile_at, tiles_over
from trafficdesk.maps.schema import Schema, schema_of
from trafficdesk.maps.tile_names import readable_zoom, save_names_of_tiles
from trafficdesk.maps.vector_tile import TileDamagedError, decode_tile

FACTS_FILE = "pack.json"
PLACES_FILE = "places.db"
TILE_FILES = ("tiles.pmtiles", "tiles.mbtiles")
PART_PREFIX = ".part-"  # a pack on its way in; never listed, swept at the next import
MAX_ZOOM = 24
_COPY_BYTES = 4 * 1024 * 1024

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


def no_progress(_done: int, _total: int) -> None:
    """Tell nobody."""


def never() -> bool:
    """Say that nobody cancelled."""
    return False


@dataclass(frozen=True, slots=True)
class PackFacts:
    """What pack.json says. ``sketch`` maps must be labelled as not for navigation."""

    name: str
    attribution: str
    bounds: Bounds
    min_zoom: int
    max_zoom: int
    made_at: datetime
    sketch: bool
    schema: Schema
    title: str = ""


class Pack:
    """A base map on disk; tiles open at the first use and may be asked for from any thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.facts = load_facts(folder)
        self._archive: Archive | None = None
        self._lock = Lock()

    @property
    def name(self) -> str:
        """The name of its folder, unique among the packs."""
        return self.folder.name

    @property
    def places_file(self) -> Path:
        """Where the gazetteer lies; an imported archive may have none."""
        return self.folder / PLACES_FILE

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Return the vector tile, gunzipped; None where there is none (y from the north).

        Raises:
            PackDamagedError: the file on disk is broken.
        """
        if not (0 <= z <= MAX_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z):
            return None
        return self._opened().tile(z, x, y)

    def _opened(self) -> Archive:
        with self._lock:
            if self._archive is None:
                try:
                    self._archive = open_archive(_tiles_in(self.folder))
                except PackRefusedError as fault:
                    raise PackDamagedError(self.folder) from fault
            return self._archive

    def close(self) -> None:
        """Let go of the files, so that the folder can be removed on every system."""
        with self._lock:
            if self._archive is not None:
                self._archive.close()
                self._archive = None


def _tiles_in(folder: Path) -> Path:
    for name in TILE_FILES:
        if (folder / name).is_file():
            return folder / name
    raise PackRefusedError(PackFault.DAMAGED, folder)


def load_facts(folder: Path) -> PackFacts:
    """Return what pack.json of ``folder`` says.

    Raises:
        PackRefusedError: it is missing or unreadable.
    """
    try:
        told = json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))
        return PackFacts(
            name=folder.name,
            attribution=str(told["attribution"]),
            bounds=Bounds(*(float(edge) for edge in told["bounds"])),
            min_zoom=int(told["min_zoom"]),
            max_zoom=int(told["max_zoom"]),
            made_at=datetime.fromisoformat(told["made_at"]),
            sketch=bool(told["sketch"]),
            schema=Schema(told["schema"]),
            title=str(told.get("title", "")),
        )
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise PackRefusedError(PackFault.DAMAGED, folder) from fault


def save_facts(folder: Path, facts: PackFacts) -> None:
    """Write pack.json into ``folder``."""
    told = {
        "title": facts.title,
        "attribution": facts.attribution,
        "bounds": list(facts.bounds),
        "min_zoom": facts.min_zoom,
        "max_zoom": facts.max_zoom,
        "made_at": facts.made_at.astimezone(UTC).isoformat(timespec="seconds"),
        "sketch": facts.sketch,
        "schema": facts.schema.value,
    }
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    (folder / FACTS_FILE).write_text(text, encoding="utf-8")


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(f for f in folder.iterdir() if f.is_dir() and not f.name.startswith("."))


def list_packs(*folders: Path) -> tuple[Pack, ...]:
    """Return the sound packs under the folders by name; nothing is opened yet.

    Of two with one name the one of the earlier folder is taken.
    """
    found = dict[str, Pack]()
    for folder in folders:
        for pack in map(find_pack, _folders(folder)):
            if isinstance(pack, Pack):
                found.setdefault(pack.name, pack)
    return tuple(found[name] for name in sorted(found))


def list_damaged(*folders: Path) -> tuple[PackRefused, ...]:
    """Return what lies under the folders but cannot be shown."""
    found = (find_pack(each) for folder in folders for each in _folders(folder))
    return tuple(refusal for refusal in found if isinstance(refusal, PackRefused))


def find_pack(folder: Path) -> Pack | PackRefused:
    """Return the pack in ``folder`` itself, or why there is none."""
    try:
        pack = Pack(folder)
        _tiles_in(folder)
    except PackRefusedError as fault:
        return fault.refusal
    return pack


def pack_name(text: str) -> str:
    """Turn a file's name into a pack's: lower-case letters, digits and dashes."""
    plain = re.sub(r"(\.osm)?\.(pbf|osm|mbtiles|pmtiles)$", "", text.lower())
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48] or "pack"


def import_pack(
    path: Path,
    folder: Path,
    *,
    progress: Progress = no_progress,
    cancelled: Cancelled = never,
) -> Pack | PackRefused:
    """Copy an MBTiles or PMTiles file into ``folder`` as a pack, wholly or not at all.

    ``progress`` gets bytes done and in all. The file itself is never changed.
    """
    try:
        facts, ending = _examine(path)
        with staged(folder, facts.name) as part:
            _copy(path, part / f"tiles.{ending}", progress, cancelled)
            _save_names(part, facts, cancelled)
            save_facts(part, facts)
    except PackRefusedError as fault:
        return fault.refusal
    return Pack(folder / facts.name)


def _examine(path: Path) -> tuple[PackFacts, str]:
    archive = open_archive(path)
    try:
        _refuse_unreadable_tile(archive, path)
        told: ArchiveFacts = archive.facts
    finally:
        archive.close()
    facts = PackFacts(
        name=pack_name(path.name),
        attribution=re.sub(r"<[^>]*>", "", told.attribution),
        bounds=told.bounds,
        min_zoom=told.min_zoom,
        max_zoom=told.max_zoom,
        made_at=datetime.now(UTC),
        sketch=False,
        schema=schema_of(told.layers),
        title=told.title,
    )
    with path.open("rb") as file:
        return facts, "pmtiles" if file.read(7) == b"PMTiles" else "mbtiles"


def _refuse_unreadable_tile(archive: Archive, path: Path) -> None:
    """Decode the tiles in the middle of the bounds, so that junk is refused before the copy."""
    told = archive.facts
    middle = (
        (told.bounds.west + told.bounds.east) / 2,
        (told.bounds.south + told.bounds.north) / 2,
    )
    try:
        for z in range(told.min_zoom, told.max_zoom + 1):
            tile = archive.tile(z, *tile_at(middle[0], middle[1], z))
            if tile:
                decode_tile(tile)
    except (TileDamagedError, PackDamagedError) as fault:
        raise PackRefusedError(PackFault.DAMAGED, path) from fault


def _save_names(part: Path, facts: PackFacts, cancelled: Cancelled) -> None:
    """Write the gazetteer of an archive that is no larger than a city and its surroundings."""
    zoom = readable_zoom(facts.bounds, facts.max_zoom)
    if zoom is None:
        return

    def wanted() -> Iterator[tuple[int, int, int]]:
        for x, y in tiles_over(facts.bounds, zoom):
            if cancelled():
                raise PackRefusedError(PackFault.CANCELLED, part)
            yield zoom, x, y

    archive = open_archive(_tiles_in(part))
    try:
        save_names_of_tiles(part / PLACES_FILE, archive.tile, facts.schema, wanted())
    except (TileDamagedError, PackDamagedError) as fault:
        raise PackRefusedError(PackFault.DAMAGED, part) from fault
    finally:
        archive.close()


def _copy(source: Path, target: Path, progress: Progress, cancelled: Cancelled) -> None:
    total, done = source.stat().st_size, 0
    with source.open("rb") as read, target.open("wb") as write:
        while chunk := read.read(_COPY_BYTES):
            if cancelled():
                raise PackRefusedError(PackFault.CANCELLED, source)
            write.write(chunk)
            done += len(chunk)
            progress(done, total)


class staged:  # noqa: N801 - used as a verb: ``with staged(folder, name) as part``
    """A new pack's folder that appears under its name only if all went well.

    Raises:
        PackRefusedError: the name is taken, the disk is full or the folder cannot be written.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._target = folder, folder / name
        self._part = folder / f"{PART_PREFIX}{uuid4().hex}"

    def __enter__(self) -> Path:
        if self._target.exists():
            raise PackRefusedError(PackFault.NAME_TAKEN, self._target)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._part.mkdir()
        except OSError as fault:
            raise _refusal(fault, self._folder) from fault
        return self._part

    def __exit__(self, kind: object, fault: BaseException | None, trace: object) -> None:
        try:
            if fault is None:
                self._part.rename(self._target)
        except OSError as late:
            raise _refusal(late, self._target) from late
        finally:
            shutil.rmtree(self._part, ignore_errors=True)
        if isinstance(fault, OSError):
            raise _refusal(fault, self._folder) from fault


def _refusal(fault: OSError, path: Path) -> PackRefusedError:
    full = fault.errno in (errno.ENOSPC, errno.EDQUOT)
    return PackRefusedError(
        PackFault.NO_SPACE if full else PackFault.UNWRITABLE, path, fault.strerror or ""
    )


def remove_pack(pack: Pack) -> None:
    """Delete a pack's folder. Only folders that hold a pack.json are touched."""
    pack.close()
    if (pack.folder / FACTS_FILE).is_file():
        shutil.rmtree(pack.folder)
