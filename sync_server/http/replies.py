"""Answers: JSON of messages, packed where the caller takes zstd."""

from typing import Any, Final, get_args

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


def described(asked: type | None, told: type | None, status: int = 200) -> dict[str, Any]:
    """Return what the OpenAPI document says of a route's messages."""
    document: dict[str, Any] = {}
    if asked is not None:
        document["requestBody"] = {"required": True, "content": content_of(asked)}
    if told is not None:
        said = (get_args(told) or (told,))[0].__doc__ or ""
        document["responses"] = {
            str(status): {"description": said.split("\n")[0], "content": content_of(told)}
        }
    return document


def content_of(message: type, media_type: str = JSON) -> dict[str, Any]:
    """Return what the OpenAPI document says of a body that holds a message."""
    schemas, defined = msgspec.json.schema_components(
        [message], ref_template="{name}", schema_hook=_anything
    )
    return {media_type: {"schema": _inlined(schemas[0], defined)}}


def _anything(_type: type) -> dict[str, Any]:
    """Describe a field of type ``object``: any JSON value."""
    return {"description": "Any JSON value."}


def _inlined(schema: object, defined: dict[str, Any]) -> object:
    """Put definitions in the places of their references: messages are small and never cyclic."""
    if isinstance(schema, list):
        return [_inlined(part, defined) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(name := schema.get("$ref"), str):
        return _inlined(defined[name], defined)
    places = schema.get("prefixItems", [])
    if places and all(place == places[0] for place in places):  # older readers know no prefixes
        rest = {key: part for key, part in schema.items() if key != "prefixItems"}
        schema = {**rest, "items": places[0]}
    return {key: _inlined(part, defined) for key, part in schema.items()}
