"""What answers of the platform's API come in; a refusal is a problem (RFC 9457) instead."""

from typing import Generic, TypeVar

import msgspec

Data = TypeVar("Data")


class Meta(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """About the data: where its next page begins, and the server's time."""

    next_cursor: str = ""
    server_time_ms: int = 0


class Envelope(msgspec.Struct, Generic[Data], frozen=True, kw_only=True, omit_defaults=True):
    """An answer: ``data`` is what was asked for, ``message`` a word for people."""

    success: bool
    data: Data
    message: str = ""
    meta: Meta = Meta()
