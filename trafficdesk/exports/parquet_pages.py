"""A column's values as Parquet's pages hold them: which are there, and then those.

Encodings are those of ``Encodings.md`` of Apache Parquet: plain, run lengths with packed bits, and
dictionaries, whose numbers are packed to whole bytes; the compression takes what that wastes.
"""

import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from struct import Struct
from typing import TYPE_CHECKING, Final, cast

from trafficdesk.exports.table import Kind, Value
from trafficdesk.exports.thrift_compact import varint

if TYPE_CHECKING:
    from datetime import datetime

PLAIN, RLE, RLE_DICTIONARY = 0, 3, 8
_LENGTH: Final = Struct("<I")
_TRIED: Final = 1_000  # values that show whether a dictionary is worth it
_BYTE, _TWO_BYTES = 1 << 8, 1 << 16
_MS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Pages:
    """A page of values and, where it pays, one of the ``distinct`` values they are numbers of."""

    values: bytes
    encoding: int = PLAIN
    dictionary: bytes = b""
    distinct: int = 0


def pages_of(kind: Kind, column: Sequence[Value]) -> Pages:
    """Return the pages of a column, not yet compressed."""
    there = column if None not in column else [value for value in column if value is not None]
    levels = _levels(column, len(there))
    if kind is Kind.TEXT:
        return _texts(cast("Sequence[str]", there), levels)
    return Pages(levels + _plain(kind, there))


def _levels(column: Sequence[Value], there: int) -> bytes:
    """Return one bit for each value, whether it is there, with their length before them."""
    if there == len(column):
        packed = varint(there << 1) + b"\1"  # one run of ones
    else:
        bits = _bits([value is not None for value in column])
        packed = varint(len(bits) << 1 | 1) + bits
    return _LENGTH.pack(len(packed)) + packed


def _bits(flags: Sequence[object]) -> bytes:
    """Return flags as bits, the first of each byte the lowest."""
    told = "".join(["1" if flag else "0" for flag in reversed(flags)])
    return int(told or "0", 2).to_bytes(-(-len(flags) // 8), "little")


def _plain(kind: Kind, values: Sequence[Value]) -> bytes:
    if kind is Kind.FLAG:
        return _bits(values)
    if kind is Kind.TIME:
        times = cast("Sequence[datetime]", values)
        return _little(array("q", [round(each.timestamp() * _MS) for each in times]))
    return _little(array("q" if kind is Kind.WHOLE else "d", cast("Sequence[int]", values)))


def _little(numbers: "array[int] | array[float]") -> bytes:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def _texts(texts: Sequence[str], levels: bytes) -> Pages:
    tried = texts[:_TRIED]
    if tried and len(set(tried)) * 2 <= len(tried):
        distinct = dict.fromkeys(texts)
        if len(distinct) < _TWO_BYTES:
            return _numbered(texts, distinct, levels)
    return Pages(levels + _strings(texts))


def _numbered(texts: Sequence[str], distinct: dict[str, None], levels: bytes) -> Pages:
    number = {text: place for place, text in enumerate(distinct)}
    is_small = len(distinct) <= _BYTE
    groups = -(-len(texts) // 8)
    numbers = array("B" if is_small else "H", map(number.__getitem__, texts))
    numbers.extend([0] * (groups * 8 - len(texts)))
    packed = bytes((8 if is_small else 16,)) + varint(groups << 1 | 1) + _little(numbers)
    return Pages(levels + packed, RLE_DICTIONARY, _strings(list(distinct)), len(distinct))


def _strings(texts: Sequence[str]) -> bytes:
    pack = _LENGTH.pack
    # A lone surrogate is no text; nothing else in the file may suffer from it.
    told = [text.encode("utf-8", "replace") for text in texts]
    return b"".join([part for text in told for part in (pack(len(text)), text)])
