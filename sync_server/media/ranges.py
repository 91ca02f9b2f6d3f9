"""Which bytes of a file a request asks for (RFC 9110, section 14): one range, or all of it."""

import re
from typing import Final

from sync_server.problems import RefusedError
from trafficdesk.wire.codes import Code

_ONE: Final = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))")


def span_of(header: str, size_bytes: int) -> range | None:
    """Return the bytes that a ``Range`` asks for; None for all, also where it is not understood.

    Raises ``RefusedError`` if the file has none of them.
    """
    asked = _ONE.fullmatch(header.strip())
    if asked is None:
        return None
    first, last, suffix = asked.groups()
    if suffix is not None:
        span = range(max(0, size_bytes - int(suffix)), size_bytes)
    else:
        stop = size_bytes if not last else min(int(last) + 1, size_bytes)
        if last and int(last) < int(first):
            return None
        span = range(int(first), stop)
    if not span:
        headers = {"Content-Range": f"bytes */{size_bytes}"}
        raise RefusedError(Code.WRONG_RANGE, headers=headers)
    return span
