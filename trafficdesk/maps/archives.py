"""Reads single tiles out of PMTiles and MBTiles files of any size."""

import gzip
import json
import mmap
import zlib
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, Protocol

from pmtiles.tile import (
    Compression,
    HeaderDict,
    SpecVersionUnsupported,
    TileType,
    deserialize_directory,
    deserialize_header,
    find_tile,
    zxy_to_tileid,
)

from trafficdesk.domain.records import Bounds
from trafficdesk.maps.faults import PackDamagedError, PackFault, PackRefusedError
from trafficdesk.store.driver import dbapi2

_PMTILES_HEADER_BYTES = 127
_MAX_DIRECTORY_DEPTH = 4
_GZIP_MAGIC = b"\x1f\x8b"
_SQLITE_MAGIC = b"SQLite format 3\x00"
_MICRO = 1e7
_MAX_TILE_BYTES = 64 * 1024 * 1024  # a tile that unpacks to more is an attack or a mistake
WORLD = Bounds(-180.0, -85.0511, 180.0, 85.0511)


class ArchiveFacts(NamedTuple):
    """What an archive says of itself; ``layers`` are the names of its vector layers."""

    title: str
    attribution: str
    bounds: Bounds
    min_zoom: int
    max_zoom: int
    layers: tuple[str, ...]


class Archive(Protocol):
    """A file of tiles, opened for reading; safe from any thread."""

    facts: ArchiveFacts

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Return the uncompressed tile, None where there is none (y counts from the north)."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


def open_archive(path: Path) -> Archive:
    """Open a tile file by its first bytes, whatever its name.

    Raises:
        PackRefusedError: it is no vector tile archive this desk can show, with the reason.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(16)
    except OSError as fault:
        raise PackRefusedError(PackFault.UNREADABLE, path, str(fault.strerror)) from fault
    if magic.startswith(b"PMTiles"):
        return PmtilesArchive(path)
    if magic == _SQLITE_MAGIC:
        return MbtilesArchive(path)
    raise PackRefusedError(PackFault.NOT_TILES, path)


def _gunzip(data: bytes, path: Path) -> bytes:
    if not data.startswith(_GZIP_MAGIC):
        return data
    try:
        unpacker = zlib.decompressobj(wbits=31)
        plain = unpacker.decompress(data, _MAX_TILE_BYTES)
    except zlib.error as fault:
        raise PackDamagedError(path) from fault
    if not unpacker.eof:
        raise PackDamagedError(path)
    return plain


class PmtilesArchive:
    """A PMTiles version 3 file, mapped into memory and read in slices."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            size = file.seek(0, 2)
            if size < _PMTILES_HEADER_BYTES:
                raise PackRefusedError(PackFault.TRUNCATED, path)
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        try:
            self._header = self._read_header(size)
            self.facts = self._read_facts()
        except PackRefusedError:
            self._bytes.close()
            raise
        self._directory = lru_cache(maxsize=64)(self._read_directory)

    def _read_header(self, size: int) -> HeaderDict:
        try:
            header = deserialize_header(self._bytes[:_PMTILES_HEADER_BYTES])
        except (SpecVersionUnsupported, ValueError) as fault:
            raise PackRefusedError(PackFault.NOT_TILES, self._path) from fault
        ends = (
            header["root_offset"] + header["root_length"],
            header["metadata_offset"] + header["metadata_length"],
            header["leaf_directory_offset"] + header["leaf_directory_length"],
            header["tile_data_offset"] + header["tile_data_length"],
        )
        if max(ends) > size:
            raise PackRefusedError(PackFault.TRUNCATED, self._path)
        if header["tile_type"] != TileType.MVT:
            raise PackRefusedError(PackFault.RASTER, self._path, header["tile_type"].name.lower())
        packings = (header["tile_compression"], header["internal_compression"])
        if any(packing not in (Compression.NONE, Compression.GZIP) for packing in packings):
            raise PackRefusedError(PackFault.COMPRESSION, self._path)
        return header

    def _read_facts(self) -> ArchiveFacts:
        h = self._header
        start = h["metadata_offset"]
        raw = self._bytes[start : start + h["metadata_length"]]
        try:
            told = json.loads(_gunzip(raw, self._path) or b"{}")
        except (ValueError, PackDamagedError) as fault:
            raise PackRefusedError(PackFault.DAMAGED, self._path) from fault
        bounds = Bounds(
            h["min_lon_e7"] / _MICRO,
            h["min_lat_e7"] / _MICRO,
            h["max_lon_e7"] / _MICRO,
            h["max_lat_e7"] / _MICRO,
        )
        layers = tuple(str(layer.get("id", "")) for layer in told.get("vector_layers", ()))
        title, attribution = str(told.get("name", "")), str(told.get("attribution", ""))
        return ArchiveFacts(title, attribution, bounds, h["min_zoom"], h["max_zoom"], layers)

    def _read_directory(self, offset: int, length: int) -> list[Any]:
        # The library unpacks directories with gzip whatever the header says.
        raw = self._bytes[offset : offset + length]
        if self._header["internal_compression"] == Compression.NONE:
            raw = gzip.compress(raw, 0)
        entries: list[Any] = deserialize_directory(raw)
        return entries

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Return the uncompressed tile, None where there is none."""
        h = self._header
        wanted = zxy_to_tileid(z, x, y)
        offset, length = h["root_offset"], h["root_length"]
        for _ in range(_MAX_DIRECTORY_DEPTH):
            try:
                entry = find_tile(self._directory(offset, length), wanted)
            except (OSError, EOFError, IndexError, zlib.error) as fault:
                raise PackDamagedError(self._path) from fault
            if entry is None:
                return None
            if entry.run_length:
                start = h["tile_data_offset"] + entry.offset
                return _gunzip(self._bytes[start : start + entry.length], self._path)
            offset, length = h["leaf_directory_offset"] + entry.offset, entry.length
        raise PackDamagedError(self._path)

    def close(self) -> None:
        """Let go of the file."""
        self._bytes.close()


class MbtilesArchive:
    """An MBTiles 1.3 file: SQLite with tiles counted from the south."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        _refuse_short_sqlite(path)
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._connection = dbapi2.connect(uri, uri=True, check_same_thread=False)
        try:
            self.facts = self._read_facts()
        except dbapi2.DatabaseError as fault:
            self._connection.close()
            raise PackRefusedError(PackFault.NOT_TILES, path) from fault
        except PackRefusedError:
            self._connection.close()
            raise

    def _read_facts(self) -> ArchiveFacts:
        told = {
            str(name): str(value)
            for name, value in self._connection.execute("SELECT name, value FROM metadata")
        }
        first = self._connection.execute("SELECT tile_data FROM tiles LIMIT 1").fetchone()
        if first is None:
            raise PackRefusedError(PackFault.EMPTY, self._path)
        if told.get("format", "pbf") != "pbf":
            raise PackRefusedError(PackFault.RASTER, self._path, told["format"])
        low, high = self._connection.execute(
            "SELECT min(zoom_level), max(zoom_level) FROM tiles"
        ).fetchone()
        try:
            layers = json.loads(told.get("json", "{}")).get("vector_layers", ())
        except ValueError:
            layers = ()
        return ArchiveFacts(
            told.get("name", ""),
            told.get("attribution", ""),
            _bounds_of(told.get("bounds", "")),
            int(told.get("minzoom") or low),
            int(told.get("maxzoom") or high),
            tuple(str(layer.get("id", "")) for layer in layers),
        )

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Return the uncompressed tile, None where there is none."""
        south_up = (1 << z) - 1 - y
        question = "SELECT tile_data FROM tiles WHERE zoom_level=? AND tile_column=? AND tile_row=?"
        try:
            with self._lock:
                row = self._connection.execute(question, (z, x, south_up)).fetchone()
        except dbapi2.DatabaseError as fault:
            raise PackDamagedError(self._path) from fault
        return None if row is None or row[0] is None else _gunzip(bytes(row[0]), self._path)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def _refuse_short_sqlite(path: Path) -> None:
    """Compare the page count of the header with the size on disk (SQLite file format, 1.3)."""
    with path.open("rb") as file:
        head = file.read(100)
        size = file.seek(0, 2)
    page = int.from_bytes(head[16:18], "big")
    page = 65_536 if page == 1 else page
    if size < page * int.from_bytes(head[28:32], "big"):
        raise PackRefusedError(PackFault.TRUNCATED, path)


def _bounds_of(text: str) -> Bounds:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return WORLD
    return Bounds(west, south, east, north)
