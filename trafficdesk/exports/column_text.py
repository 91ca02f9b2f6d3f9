"""Columns as text, a thousand values at once: one look at all of them costs less than one at each.

Times and fractions are written by msgspec, which takes a tenth of Python's own time for them.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from types import NoneType
from typing import Final, cast

import msgspec

from trafficdesk.exports.plain_text import MOST, as_text, harmless
from trafficdesk.exports.table import Value

_SECONDS: Final = len("2026-03-29T01:30:00")
_MILLISECONDS: Final = len("2026-03-29T01:30:00.123")
_TIMES: Final = frozenset({datetime, NoneType})
_NUMBERS: Final = (frozenset({int, NoneType}), frozenset({float, NoneType}))


def spreadsheet_texts(column: Sequence[Value]) -> Sequence[str]:
    """Return values as a spreadsheet's file has them: nothing in it is worked out."""
    kinds = set(map(type, column))
    if kinds == {str}:
        return harmless_texts(cast("Sequence[str]", column))
    if any(kinds <= numbers for numbers in _NUMBERS):
        told = msgspec.json.encode(column).decode()[1:-1].split(",")
        return told if NoneType not in kinds else ["" if t == "null" else t for t in told]
    return time_texts(column) if kinds <= _TIMES else [_text(value) for value in column]


def _text(value: Value) -> str:
    # A negative number is no formula; only texts come from people.
    return harmless(value) if isinstance(value, str) else as_text(value)


def harmless_texts(texts: Sequence[str]) -> Sequence[str]:
    """Return texts that a spreadsheet shows instead of working them out."""
    begins = "".join({text[:1] for text in texts})
    if (begins.isalnum() or not begins) and max(map(len, texts)) <= MOST:
        return texts
    return [harmless(text) for text in texts]


def time_texts(column: Sequence[Value]) -> list[str]:
    """Return times in ISO 8601, to the second; "" for none."""
    return [
        f"{text[:_SECONDS]}+00:00" if text and text[-1] == "Z" else as_text(value)
        for text, value in zip(_whole_times(column), column, strict=True)
    ]


def zulu_times(column: Sequence[Value]) -> list[str | None]:
    """Return times in UTC as GeoPackages have them: with milliseconds and a Z."""
    utc = [each.astimezone(UTC) if isinstance(each, datetime) else None for each in column]
    return [
        text and (f"{text[:_MILLISECONDS]}Z" if "." in text else f"{text[:-1]}.000Z")
        for text in _whole_times(utc)
    ]


def _whole_times(column: Sequence[Value]) -> list[str | None]:
    """Return times to the microsecond, if they have any; UTC is a Z."""
    return msgspec.json.decode(msgspec.json.encode(column), type=list[str | None])
