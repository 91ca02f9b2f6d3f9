"""Takes a pack that was built at another machine: its folder, with names and routing tiles."""

from pathlib import Path

from trafficdesk.maps.archives import open_archive
from trafficdesk.maps.faults import PackFault, PackRefused, PackRefusedError
from trafficdesk.maps.packs import (
    FACTS_FILE,
    PLACES_FILE,
    TILE_FILES,
    Cancelled,
    Pack,
    Progress,
    load_facts,
    never,
    no_progress,
    pack_name,
    staged,
)
from trafficdesk.maps.routing import tiles as roads

_CHUNK = 4 * 1024 * 1024
_FILES = (FACTS_FILE, PLACES_FILE, *TILE_FILES, roads.TILES_FILE, roads.FACTS_FILE)


def import_pack_folder(
    source: Path,
    folder: Path,
    *,
    progress: Progress = no_progress,
    cancelled: Cancelled = never,
) -> Pack | PackRefused:
    """Copy a pack's folder into ``folder``, wholly or not at all; of other files nothing is taken.

    ``progress`` gets bytes done and in all.
    """
    try:
        name = _checked(source)
        with staged(folder, name) as part:
            _copy(source, part, progress, cancelled)
    except PackRefusedError as fault:
        return fault.refusal
    return Pack(folder / name)


def _checked(source: Path) -> str:
    """Return a sound pack's name.

    Raises:
        PackRefusedError: it is no pack, or its tiles or routing tiles are damaged.
    """
    load_facts(source)
    found = [source / name for name in TILE_FILES if (source / name).is_file()]
    if not found:
        raise PackRefusedError(PackFault.DAMAGED, source)
    open_archive(found[0]).close()
    try:
        if roads.find_tiles(source) is not None:
            roads.prove_tiles(source)
    except roads.RoadsDamagedError as fault:
        raise PackRefusedError(PackFault.DAMAGED, source, str(fault)) from fault
    return pack_name(source.resolve().name)


def _copy(source: Path, part: Path, progress: Progress, cancelled: Cancelled) -> None:
    files = [source / name for name in _FILES if (source / name).is_file()]
    total, done = sum(file.stat().st_size for file in files), 0
    for file in files:
        with file.open("rb") as read, (part / file.name).open("wb") as write:
            while chunk := read.read(_CHUNK):
                if cancelled():
                    raise PackRefusedError(PackFault.CANCELLED, source)
                write.write(chunk)
                done += len(chunk)
                progress(done, total)
