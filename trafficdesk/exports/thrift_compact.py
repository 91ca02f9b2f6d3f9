"""Thrift's compact protocol, as far as Parquet's headers need it: written, never read.

Its specification is ``thrift-compact-protocol.md`` of Apache Thrift.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_TRUE, _FALSE, _I32, _I64, _BINARY, _LIST, _STRUCT = 1, 2, 5, 6, 8, 9, 12
_SHORT_LIST: Final = 15
_NEAR: Final = 15
_MORE: Final = 0x80  # the bit of a byte that another one follows


@dataclass(frozen=True, slots=True)
class Long:
    """A whole number of 64 bits; plain ones have 32."""

    value: int


@dataclass(frozen=True, slots=True)
class Struct:
    """Values under the numbers of their fields, in rising order; None is left out."""

    fields: dict[int, "Value"]


Value = bool | int | Long | str | Struct | Sequence[int] | Sequence[str] | Sequence[Struct] | None


def varint(value: int) -> bytes:
    """Return an unsigned number, seven bits to a byte, the lowest first."""
    told = bytearray()
    while value >= _MORE:
        told.append(value % _MORE | _MORE)
        value >>= 7
    told.append(value)
    return bytes(told)


def encoded(struct: Struct) -> bytes:
    """Return a struct's bytes."""
    told, before = bytearray(), 0
    for number, value in struct.fields.items():
        if value is None:
            continue
        kind = _kind_of(value)
        step = number - before
        told += bytes((step << 4 | kind,)) if step <= _NEAR else bytes((kind,)) + _signed(number)
        told += b"" if isinstance(value, bool) else _body(value)
        before = number
    return bytes(told + b"\0")


def _kind_of(value: Value) -> int:
    if isinstance(value, bool):
        return _TRUE if value else _FALSE
    if isinstance(value, int):
        return _I32
    if isinstance(value, Long):
        return _I64
    if isinstance(value, str):
        return _BINARY
    return _STRUCT if isinstance(value, Struct) else _LIST


def _body(value: Value) -> bytes:
    if isinstance(value, int):
        return _signed(value)
    if isinstance(value, Long):
        return _signed(value.value)
    if isinstance(value, str):
        text = value.encode()
        return varint(len(text)) + text
    if isinstance(value, Struct):
        return encoded(value)
    return _listed(value or ())


def _listed(values: Sequence[Value]) -> bytes:
    kind = _kind_of(values[0]) if values else _STRUCT
    if len(values) < _SHORT_LIST:
        head = bytes((len(values) << 4 | kind,))
    else:
        head = bytes((0xF0 | kind,)) + varint(len(values))
    return head + b"".join(map(_body, values))


def _signed(value: int) -> bytes:
    return varint(value << 1 if value >= 0 else (-value << 1) - 1)
