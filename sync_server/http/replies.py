"""Answers: JSON of messages, packed where the caller takes zstd."""

from typing import Final

import msgspec
import zstandard
from starlette.requests import HTTPConnection
from starlette.responses import Response

JSON: Final = "application/json"
PROBLEM_JSON: Final = "application/problem+json"
_LEVEL: Final = 3
_WORTH_PACKING_BYTES: Final = 1024


def reply(
    connection: HTTPConnection, content: object, status: int = 200, media_type: str = JSON
) -> Response:
    """Answer with a message or anything msgspec encodes; ``bytes`` are JSON already."""
    body = content if isinstance(content, bytes) else msgspec.json.encode(content)
    headers = {"Vary": "Accept-Encoding"}
    if len(body) >= _WORTH_PACKING_BYTES and takes_zstd(connection):
        body = zstandard.ZstdCompressor(level=_LEVEL).compress(body)
        headers["Content-Encoding"] = "zstd"
    return Response(body, status, headers, media_type)


def takes_zstd(connection: HTTPConnection) -> bool:
    """Tell whether the caller can unpack zstd."""
    for part in connection.headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() == "zstd":
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
