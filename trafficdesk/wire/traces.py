"""W3C Trace Context: which requests belong together, told by numbers that mean nothing else.

https://www.w3.org/TR/trace-context/ says how the header is read. What vendors add to it
(``tracestate``) is neither kept nor sent.
"""

import re
import secrets
from typing import Final, NamedTuple

HEADER: Final = "traceparent"
# A later version may say more behind a further dash.
_GIVEN: Final = re.compile(
    r"(?P<version>[0-9a-f]{2})-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})"
    r"-(?P<flags>[0-9a-f]{2})(?P<more>-.*)?"
)
_SAMPLED: Final = 1


class Trace(NamedTuple):
    """A span of a trace, in lower-case hexadecimal: 32 digits, and 16.

    ``is_sampled``: whoever began it wants its spans kept.
    """

    trace_id: str
    span_id: str
    is_sampled: bool = True

    @property
    def header(self) -> str:
        """The value of the header."""
        return f"00-{self.trace_id}-{self.span_id}-{int(self.is_sampled):02x}"

    def span(self) -> "Trace":
        """Return a new span within the same trace."""
        return self._replace(span_id=_number(8))


def begin() -> Trace:
    """Return the first span of a new trace."""
    return Trace(_number(16), _number(8))


def read(header: str) -> Trace | None:
    """Return the span that a header names, None if it is none."""
    found = _GIVEN.fullmatch(header)
    if found is None or found["version"] == "ff" or (found["version"] == "00" and found["more"]):
        return None
    if not int(found["trace"], 16) or not int(found["span"], 16):
        return None
    return Trace(found["trace"], found["span"], bool(int(found["flags"], 16) & _SAMPLED))


def _number(length: int) -> str:
    """Return a random number of so many bytes; zero is no number of a trace."""
    found = secrets.token_hex(length)
    return found if int(found, 16) else _number(length)
