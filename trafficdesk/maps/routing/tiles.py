"""The routing tiles of a pack: one tar file that the engine maps into memory, and its facts.

They lie in the pack's folder as ``roads.tar`` and ``roads.json``; a pack without them has a map
and no ways by road.
"""

import hashlib
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import msgspec

TILES_FILE = "roads.tar"
FACTS_FILE = "roads.json"
_CHUNK = 1024 * 1024


class RoadFacts(msgspec.Struct, frozen=True):
    """What roads.json says of roads.tar; ``engine`` is the version that built it."""

    engine: str
    size_bytes: int
    sha256: str
    made_at: datetime


class RoadsDamagedError(Exception):
    """A pack's routing tiles are not what was built."""


def save_tiles(folder: Path, built: Path, engine: str) -> None:
    """Put the tiles that the engine built under ``built`` into a pack's folder.

    Raises:
        FileNotFoundError: nothing was built.
    """
    tiles = sorted(built.rglob("*.gph"))
    if not tiles:
        raise FileNotFoundError(built)
    target = folder / TILES_FILE
    with tarfile.open(target, "w", format=tarfile.USTAR_FORMAT) as tar:
        for tile in tiles:
            tar.add(tile, tile.relative_to(built).as_posix(), filter=_nobodys)
    facts = RoadFacts(engine, target.stat().st_size, _sha256(target), datetime.now(UTC))
    (folder / FACTS_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(facts)) + b"\n")


def _nobodys(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def find_tiles(folder: Path) -> RoadFacts | None:
    """Return the facts of a pack's routing tiles, None if it has none; nothing is hashed.

    Raises:
        RoadsDamagedError: a file is missing, unreadable or of another size.
    """
    tiles, facts_file = folder / TILES_FILE, folder / FACTS_FILE
    if not tiles.exists() and not facts_file.exists():
        return None
    try:
        facts = msgspec.json.decode(facts_file.read_bytes(), type=RoadFacts)
        size = tiles.stat().st_size
    except (OSError, msgspec.DecodeError) as fault:
        raise RoadsDamagedError(str(fault)) from fault
    if size != facts.size_bytes:
        raise RoadsDamagedError(f"{tiles} has {size} bytes instead of {facts.size_bytes}")
    return facts


def prove_tiles(folder: Path) -> RoadFacts:
    """Return the facts of a pack's routing tiles once every byte is what was built.

    The engine must not read others: it crashes on them or, worse, finds ways that are wrong.

    Raises:
        RoadsDamagedError: they are missing or damaged.
    """
    facts = find_tiles(folder)
    if facts is None:
        raise RoadsDamagedError(f"{folder} has no routing tiles")
    try:
        is_whole = _sha256(folder / TILES_FILE) == facts.sha256
    except OSError as fault:
        raise RoadsDamagedError(str(fault)) from fault
    if not is_whole:
        raise RoadsDamagedError(f"{folder / TILES_FILE} is not what was built")
    return facts


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
