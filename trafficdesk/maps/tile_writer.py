"""Writes small vector tiles (Mapbox Vector Tile 2.1), the other half of ``vector_tile``."""

import struct
from collections.abc import Sequence

from trafficdesk.maps.vector_tile import GeometryKind, TagValue

EXTENT = 4096
_VERSION = 2
Fraction = tuple[float, float]


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:  # noqa: PLR2004 - seven bits a byte
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _zigzag(value: int) -> bytes:
    return _varint((value << 1) ^ (value >> 63))


def _field(number: int, body: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(body)) + body


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _value(value: TagValue) -> bytes:
    match value:
        case bool():
            return _number(7, int(value))
        case int():
            return _varint(6 << 3) + _zigzag(value)
        case float():
            return _varint(3 << 3 | 1) + struct.pack("<d", value)
        case str():
            return _field(1, value.encode())


class _Layer:
    def __init__(self) -> None:
        self.keys: dict[str, int] = {}
        self.values: dict[tuple[type, TagValue], int] = {}
        self.features: list[bytes] = []

    def add(self, kind: GeometryKind, geometry: bytes, tags: dict[str, TagValue]) -> None:
        pairs = b"".join(
            _varint(self.keys.setdefault(key, len(self.keys)))
            + _varint(self.values.setdefault((type(value), value), len(self.values)))
            for key, value in tags.items()
        )
        self.features.append(_field(2, pairs) + _number(3, kind) + _field(4, geometry))

    def bytes(self, name: str) -> bytes:
        parts = [_number(15, _VERSION), _field(1, name.encode())]
        parts += [_field(2, feature) for feature in self.features]
        parts += [_field(3, key.encode()) for key in self.keys]
        parts += [_field(4, _value(value)) for _, value in self.values]
        parts.append(_number(5, EXTENT))
        return b"".join(parts)


class TileWriter:
    """Collects features; places are fractions of the tile, 0 to 1 from west and north."""

    def __init__(self) -> None:
        self._layers: dict[str, _Layer] = {}

    def point(self, layer: str, at: Fraction, tags: dict[str, TagValue]) -> None:
        """Add a point."""
        geometry = _varint(1 << 3 | 1) + b"".join(_zigzag(round(v * EXTENT)) for v in at)
        self._layer(layer).add(GeometryKind.POINT, geometry, tags)

    def polygon(self, layer: str, ring: Sequence[Fraction], tags: dict[str, TagValue]) -> None:
        """Add a ring, wound as outer rings must be; one that shrinks to nothing is left out."""
        grid = [(round(x * EXTENT), round(y * EXTENT)) for x, y in ring]
        points = [p for i, p in enumerate(grid) if p != grid[i - 1]]
        area = sum(
            a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1], strict=True)
        )
        if area == 0:
            return
        if area < 0:
            points.reverse()
        out, x, y = bytearray(_varint(1 << 3 | 1)), 0, 0
        for i, (px, py) in enumerate(points):
            if i == 1:
                out += _varint((len(points) - 1) << 3 | 2)
            out += _zigzag(px - x) + _zigzag(py - y)
            x, y = px, py
        self._layer(layer).add(GeometryKind.POLYGON, bytes(out + _varint(1 << 3 | 7)), tags)

    def _layer(self, name: str) -> _Layer:
        return self._layers.setdefault(name, _Layer())

    def bytes(self) -> bytes:
        """Return the tile, uncompressed."""
        return b"".join(_field(3, layer.bytes(name)) for name, layer in self._layers.items())
