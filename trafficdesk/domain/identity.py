"""Identifiers of records: UUIDs of version 7, which sort by the time they were made."""

import secrets
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last_ms = 0
_last_tail = 0
_TAIL_BITS = 74


def new_id() -> UUID:
    """Return a fresh UUIDv7 (RFC 9562 §5.7), strictly increasing within this process.

    48 bits of Unix milliseconds, then 74 random bits; within one millisecond the tail counts up
    from the last one (method 2 of RFC 9562 §6.2), so that ids made in a row keep their order.
    """
    global _last_ms, _last_tail  # noqa: PLW0603 - one monotonic sequence per process
    with _lock:
        now_ms = time.time_ns() // 1_000_000
        if now_ms > _last_ms:
            _last_ms, _last_tail = now_ms, secrets.randbits(_TAIL_BITS - 1)
        else:
            _last_tail += 1 + secrets.randbits(16)
            if _last_tail >> _TAIL_BITS:
                _last_ms, _last_tail = _last_ms + 1, secrets.randbits(_TAIL_BITS - 1)
        ms, tail = _last_ms, _last_tail
    high, low = tail >> 62, tail & ((1 << 62) - 1)
    return UUID(int=(ms << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low)
