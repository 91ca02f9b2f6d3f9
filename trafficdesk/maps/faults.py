"""What can be wrong with a base-map pack or its making; screens make the sentences."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class PackFault(StrEnum):
    """Why a file is not taken as a base map. The values are stable codes."""

    NOT_TILES = "pack.not_tiles"  # neither MBTiles nor PMTiles: choose another file
    TRUNCATED = "pack.truncated"  # the file is cut short: copy or fetch it again
    RASTER = "pack.raster"  # pictures instead of vector tiles (detail: the format)
    COMPRESSION = "pack.compression"  # packed by something other than gzip
    EMPTY = "pack.empty"  # an archive without a tile
    DAMAGED = "pack.damaged"  # tiles or pack.json cannot be read: import it again
    UNREADABLE = "pack.unreadable"  # the system does not let us read (detail: its reason)
    UNWRITABLE = "pack.unwritable"  # the packs folder cannot be written (detail: the reason)
    NO_SPACE = "pack.no_space"  # the disk is full
    NAME_TAKEN = "pack.name_taken"  # a pack of that name is there: remove it first
    NOT_OSM = "pack.not_osm"  # neither .osm nor .osm.pbf, or cut short
    NO_ROADS = "pack.no_roads"  # an extract in which nothing can be drawn
    TOOLS_MISSING = "pack.tools_missing"  # osmium or tippecanoe is not installed
    TOOL_FAILED = "pack.tool_failed"  # osmium or tippecanoe stopped (detail: its last words)
    CANCELLED = "pack.cancelled"  # the user stopped it; nothing is left behind


@dataclass(frozen=True, slots=True)
class PackRefused:
    """A file was not taken; nothing was changed."""

    fault: PackFault
    path: Path
    detail: str = ""


class PackRefusedError(Exception):
    """Carries a refusal up to the function that returns it."""

    def __init__(self, fault: PackFault, path: Path, detail: str = "") -> None:
        super().__init__(f"{fault}: {path} {detail}".rstrip())
        self.refusal = PackRefused(fault, path, detail)


class PackDamagedError(Exception):
    """A pack that was sound when it was imported has since been damaged on disk."""

    code = PackFault.DAMAGED

    def __init__(self, path: Path) -> None:
        super().__init__(f"{PackFault.DAMAGED}: {path}")
        self.path = path
