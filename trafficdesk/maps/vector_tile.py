"""Reads Mapbox Vector Tiles (version 2.1 of their specification) without any native library."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

TagValue = str | float | int | bool
Part = tuple[tuple[int, int], ...]

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_MAX_VARINT_BITS = 63
_MOVE, _LINE, _CLOSE = 1, 2, 7
_DEFAULT_EXTENT = 4096
_MIN_RING = 3
_MIN_LINE = 2
_WORD_BITS = 32


class TileDamagedError(ValueError):
    """The bytes are no vector tile."""


class GeometryKind(IntEnum):
    """The three kinds of geometry; the numbers are the specification's."""

    POINT = 1
    LINE = 2
    POLYGON = 3


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing on a tile.

    ``parts`` are in tile units (0 to the layer's extent, y downwards, a margin outside): each part
    is a line, a ring without its closing point, or all points of a point feature.
    """

    id: int
    kind: GeometryKind
    parts: tuple[Part, ...]
    tags: dict[str, TagValue]


@dataclass(frozen=True, slots=True)
class Layer:
    """A named set of features; ``extent`` is the width of the tile in tile units."""

    name: str
    extent: int
    features: tuple[Feature, ...]


def decode_tile(tile: bytes) -> dict[str, Layer]:
    """Return the layers of an uncompressed tile by name.

    Raises:
        TileDamagedError: the bytes break the specification.
    """
    try:
        layers = [
            _read_layer(body)
            for field, wire, body in _fields(tile)
            if field == 3 and wire == _BYTES and isinstance(body, bytes)  # noqa: PLR2004 - layer
        ]
    except (IndexError, struct.error, UnicodeDecodeError, OverflowError) as fault:
        raise TileDamagedError("the tile's bytes end or break in the middle") from fault
    return {layer.name: layer for layer in layers}


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 - the top bit says that more follows
            return value, at
        shift += 7
        if shift > _MAX_VARINT_BITS:
            raise TileDamagedError("a number is longer than 64 bits")


def _fields(data: bytes) -> Iterator[tuple[int, int, int | bytes]]:
    at, end = 0, len(data)
    while at < end:
        key, at = _varint(data, at)
        field, wire = key >> 3, key & 7
        if wire == _VARINT:
            number, at = _varint(data, at)
            yield field, wire, number
            continue
        if wire == _BYTES:
            size, at = _varint(data, at)
        elif wire == _FIXED64:
            size = 8
        elif wire == _FIXED32:
            size = 4
        else:
            raise TileDamagedError(f"wire type {wire} is not used by vector tiles")
        if at + size > end:
            raise TileDamagedError("a field reaches past the end of the tile")
        yield field, wire, data[at : at + size]
        at += size


def _read_layer(data: bytes) -> Layer:
    name, extent = "", _DEFAULT_EXTENT
    keys: list[str] = []
    values: list[TagValue] = []
    bodies: list[bytes] = []
    for field, _, body in _fields(data):
        match field, body:
            case 1, bytes():
                name = body.decode()
            case 2, bytes():
                bodies.append(body)
            case 3, bytes():
                keys.append(body.decode())
            case 4, bytes():
                values.append(_read_value(body))
            case 5, int():
                extent = body
    if not 0 < extent < 1 << 20:
        raise TileDamagedError(f"a layer's extent of {extent} makes no sense")
    features = (_read_feature(body, keys, values) for body in bodies)
    return Layer(name, extent, tuple(feature for feature in features if feature is not None))


def _read_value(data: bytes) -> TagValue:
    value: TagValue = ""
    for field, _, body in _fields(data):
        match field, body:
            case 1, bytes():
                value = body.decode()
            case 2, bytes():
                value = float(struct.unpack("<f", body)[0])
            case 3, bytes():
                value = float(struct.unpack("<d", body)[0])
            case 4, int():
                value = body - (1 << 64) if body >> 63 else body
            case 5, int():
                value = body
            case 6, int():
                value = _zigzag(body)
            case 7, int():
                value = bool(body)
    return value


def _read_feature(data: bytes, keys: list[str], values: list[TagValue]) -> Feature | None:
    ident = kind = 0
    pairs: list[int] = []
    commands: list[int] = []
    for field, _, body in _fields(data):
        match field, body:
            case 1, int():
                ident = body
            case 2, bytes():
                pairs = _packed(body)
            case 3, int():
                kind = body
            case 4, bytes():
                commands = _packed(body)
    if kind not in (1, 2, 3):  # UNKNOWN may be left out, says the specification
        return None
    tags = {keys[k]: values[v] for k, v in zip(pairs[::2], pairs[1::2], strict=True)}
    return Feature(ident, GeometryKind(kind), _read_parts(GeometryKind(kind), commands), tags)


def _packed(data: bytes) -> list[int]:
    numbers: list[int] = []
    at, end = 0, len(data)
    while at < end:
        number, at = _varint(data, at)
        numbers.append(number)
    return numbers


def _zigzag(number: int) -> int:
    return (number >> 1) ^ -(number & 1)


def _read_parts(kind: GeometryKind, commands: list[int]) -> tuple[Part, ...]:
    parts: list[list[tuple[int, int]]] = []
    x = y = at = 0
    while at < len(commands):
        command, count = commands[at] & 7, commands[at] >> 3
        at += 1
        if command == _CLOSE:
            continue
        if command not in (_MOVE, _LINE):
            raise TileDamagedError(f"geometry command {command} does not exist")
        if at + 2 * count > len(commands):
            raise TileDamagedError("a geometry ends in the middle")
        if command == _MOVE and (kind is not GeometryKind.POINT or not parts):
            parts.append([])
        if not parts:
            raise TileDamagedError("a geometry draws before it moves")
        for pair in range(at, at + 2 * count, 2):
            x += _zigzag(commands[pair])
            y += _zigzag(commands[pair + 1])
            if max(abs(x), abs(y)) >> _WORD_BITS:
                raise TileDamagedError("a geometry leaves the tile's number range")
            parts[-1].append((x, y))
        at += 2 * count
    least = {GeometryKind.POINT: 1, GeometryKind.LINE: _MIN_LINE, GeometryKind.POLYGON: _MIN_RING}
    return tuple(tuple(part) for part in parts if len(part) >= least[kind])
