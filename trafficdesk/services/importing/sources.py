"""The rows of a CSV or GeoJSON file, plain or gzipped, as cells by column name."""

import codecs
import csv
import gzip
import hashlib
import json
from collections.abc import Iterator
from collections.abc import Mapping as Cells
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

from trafficdesk.services.importing.faults import (
    ImportFault,
    RowError,
    RowFault,
    refuse,
)
from trafficdesk.services.importing.mapping import FileRule, Mapping

_CHUNK = 1 << 20
# What a file may unpack to, a line of it, and a file that must be held in memory whole. A row of a
# million reports takes some hundred bytes; whatever is larger was not made to be imported.
LARGEST_BYTES = 4 << 30
LONGEST_LINE = 4 << 20
LARGEST_WHOLE_BYTES = 256 << 20
_WGS84 = ("CRS84", "EPSG::4326", "EPSG:4326")


class SourceRow(NamedTuple):
    """One row: its line in the file (or the feature's number), its cells, a feature's geometry."""

    line: int
    cells: Cells[str, str]
    geometry: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A file that can be read: how it is encoded, the columns it has, the hash of its bytes."""

    path: Path
    is_geojson: bool
    encoding: str
    sha256: str
    columns: tuple[str, ...]
    rule: FileRule


def open_source(path: Path, mapping: Mapping) -> Source:
    """Look a file over and return how it is to be read.

    Raises:
        RefusedError: it cannot be read, is no such file, or lacks columns the mapping names.
    """
    try:
        source = _look_over(path, mapping.file)
    except FileNotFoundError as error:
        raise refuse(ImportFault.FILE_MISSING, path) from error
    except (OSError, EOFError) as error:
        detail = getattr(error, "strerror", None) or str(error)
        raise refuse(ImportFault.FILE_UNREADABLE, path, detail) from error
    if source.is_geojson:
        return source
    missing = [column for column in mapping.needed_columns if column not in source.columns]
    if missing:
        detail = f"{', '.join(missing)} | {', '.join(source.columns)}"
        raise refuse(ImportFault.COLUMNS_MISSING, path, detail)
    return source


def _look_over(path: Path, rule: FileRule) -> Source:
    plain = path.name.lower().removesuffix(".gz")
    is_geojson = rule.format == "geojson" or (
        not rule.format and plain.endswith((".geojson", ".json"))
    )
    decoders = {name: codecs.getincrementaldecoder(name)() for name in rule.encodings}
    digest = hashlib.sha256()
    largest = LARGEST_WHOLE_BYTES if is_geojson else LARGEST_BYTES
    size = 0
    with _open(path) as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            if size > largest:
                raise refuse(ImportFault.FILE_TOO_LARGE, path, str(largest >> 20))
            digest.update(chunk)
            decoders = {n: d for n, d in decoders.items() if _decodes(d, chunk) and 0 not in chunk}
    decoders = {n: d for n, d in decoders.items() if _decodes(d, b"", final=True)}
    if digest.digest() == hashlib.sha256().digest():
        raise refuse(ImportFault.FILE_EMPTY, path)
    if not decoders:
        raise refuse(ImportFault.NOT_TEXT, path, ", ".join(rule.encodings))
    encoding = next(iter(decoders))
    columns = () if is_geojson else _header(path, encoding, rule)
    return Source(path, is_geojson, encoding, digest.hexdigest(), columns, rule)


def _open(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        is_gzip = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if is_gzip else path.open("rb")  # type: ignore[return-value] # a GzipFile is read like a file


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _lines(path: Path, encoding: str, hashed: "hashlib._Hash | None" = None) -> Iterator[str]:
    """Yield the lines of a file. Raises ``RefusedError`` for one that has no end."""
    with _open(path) as file:
        decoder = codecs.getincrementaldecoder(encoding)()
        rest, number = "", 0
        while chunk := file.read(_CHUNK):
            if hashed is not None:
                hashed.update(chunk)
            text = rest + decoder.decode(chunk)
            *lines, rest = text.split("\n")
            number += len(lines)
            if len(rest) > LONGEST_LINE:
                raise refuse(ImportFault.LINE_TOO_LONG, path, str(number + 1))
            for line in lines:
                yield line + "\n"
        if rest := rest + decoder.decode(b"", True):  # noqa: FBT003 - the decoder takes no name
            yield rest


def _header(path: Path, encoding: str, rule: FileRule) -> tuple[str, ...]:
    try:
        first = next(csv.reader(_lines(path, encoding), delimiter=rule.delimiter), [])
    except csv.Error as error:
        raise refuse(ImportFault.NOT_CSV, path, str(error)) from error
    columns = tuple(name.strip() for name in first)
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if not any(columns):
        raise refuse(ImportFault.FILE_EMPTY, path)
    if twice:
        raise refuse(ImportFault.COLUMNS_TWICE, path, ", ".join(twice))
    return columns


def walk(source: Source) -> Iterator[SourceRow | RowError]:
    """Yield every row, or what is wrong with its form.

    Raises:
        RefusedError: the file has changed since it was looked over.
    """
    yield from _walk_geojson(source) if source.is_geojson else _walk_csv(source)


def _walk_csv(source: Source) -> Iterator[SourceRow | RowError]:
    hashed = hashlib.sha256()
    lines = _lines(source.path, source.encoding, hashed)
    reader = csv.reader(lines, delimiter=source.rule.delimiter)
    width = len(source.columns)
    try:
        next(reader)
        for cells in reader:
            if not cells:
                continue
            if len(cells) != width:
                yield RowError(
                    reader.line_num, RowFault.CELLS, value=f"{len(cells)} instead of {width}"
                )
            else:
                yield SourceRow(reader.line_num, dict(zip(source.columns, cells, strict=True)))
    except csv.Error as error:
        yield RowError(reader.line_num, RowFault.UNREADABLE, value=str(error))
        return
    if hashed.hexdigest() != source.sha256:
        raise refuse(ImportFault.FILE_CHANGED, source.path)


def _whole(source: Source, hashed: "hashlib._Hash") -> str:
    """Return all of a file that has been measured; one line of it may be all of it."""
    with _open(source.path) as file:
        content = file.read()
    hashed.update(content)
    return content.decode(source.encoding, "replace")


def _walk_geojson(source: Source) -> Iterator[SourceRow | RowError]:
    hashed = hashlib.sha256()
    text = _whole(source, hashed)
    if hashed.hexdigest() != source.sha256:
        raise refuse(ImportFault.FILE_CHANGED, source.path)
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise refuse(ImportFault.NOT_GEOJSON, source.path, str(error)) from error
    features = told.get("features") if isinstance(told, dict) else None
    if not isinstance(features, list):
        raise refuse(ImportFault.NOT_GEOJSON, source.path, "no FeatureCollection")
    crs = str(told.get("crs") or "")
    if crs and not any(name in crs for name in _WGS84):
        raise refuse(ImportFault.OTHER_CRS, source.path, crs)
    for number, feature in enumerate(features, 1):
        properties = feature.get("properties") or {} if isinstance(feature, dict) else None
        if not isinstance(properties, dict):
            yield RowError(number, RowFault.UNREADABLE, value=str(feature)[:80])
            continue
        geometry = feature.get("geometry")
        cells = {str(name): "" if v is None else str(v) for name, v in properties.items()}
        yield SourceRow(number, cells, geometry if isinstance(geometry, dict) else None)
