"""Bodies of requests: read up to a limit, unpacked up to another, decoded to messages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final, TypeVar

import msgspec
import zstandard
from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from sync_server.http.context import server_of
from sync_server.problems import RefusedError
from trafficdesk.wire.codes import Code

_MAX_WINDOW_BYTES: Final = 2**24
Message = TypeVar("Message")


@dataclass(frozen=True, slots=True)
class Received:
    """A request's body. ``raw`` is as it travelled, which is what a device signs."""

    raw: bytes
    encoding: str
    content_type: str
    max_unpacked_bytes: int

    def unpacked(self) -> bytes:
        """Return the body's content. Raises ``RefusedError``."""
        if self.encoding in {"", "identity"}:
            return self.raw
        if self.encoding != "zstd":
            raise RefusedError(Code.BAD_REQUEST, "Bodies are plain or zstd.")
        unpacker = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW_BYTES)
        try:
            with unpacker.stream_reader(self.raw) as stream:
                content = stream.read(self.max_unpacked_bytes + 1)
        except zstandard.ZstdError as error:
            raise RefusedError(Code.BAD_REQUEST, "The body is no zstd frame.") from error
        if len(content) > self.max_unpacked_bytes:
            raise RefusedError(Code.TOO_LARGE, "The body is too large when it is unpacked.")
        return content

    def decoded(self, message: type[Message]) -> Message:
        """Return the body as a message. Raises ``RefusedError``."""
        if self.content_type != "application/json":
            raise RefusedError(Code.BAD_REQUEST, "The body's type must be application/json.")
        try:
            return msgspec.json.decode(self.unpacked(), type=message)
        except (msgspec.DecodeError, RecursionError) as error:
            # What msgspec says names fields and types, never values.
            raise RefusedError(Code.BAD_REQUEST, str(error)) from error


def allow_bytes(connection: HTTPConnection, limit: int) -> None:
    """Let this request's body be larger than others: called before it is read."""
    connection.state.max_body_bytes = limit


async def received(request: Request) -> Received:
    """Read the body and stop as soon as it is over the limit (a dependency of routes)."""
    settings = (await server_of(request)).settings
    limit = getattr(request.state, "max_body_bytes", settings.max_body_bytes)
    if _stated_length(request) > limit:
        raise RefusedError(Code.TOO_LARGE, "The body is too large.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise RefusedError(Code.TOO_LARGE, "The body is too large.")
    return Received(
        bytes(body),
        request.headers.get("content-encoding", "").strip().lower(),
        request.headers.get("content-type", "").partition(";")[0].strip().lower(),
        settings.max_unpacked_bytes,
    )


def _stated_length(request: Request) -> int:
    try:
        return int(request.headers.get("content-length", "0"))
    except ValueError:
        raise RefusedError(Code.BAD_REQUEST, "Content-Length is no number.") from None


TheBody = Annotated[Received, Depends(received)]


def message_of(message: type[Message]) -> Callable[[Received], Message]:
    """Return a dependency that reads the body as a message of this kind."""

    def read(body: TheBody) -> Message:
        return body.decoded(message)

    return read
