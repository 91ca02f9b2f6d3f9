"""Answers of the platform's API: the one envelope around what was asked for."""

from typing import Any, get_args

from starlette.requests import HTTPConnection
from starlette.responses import Response

from sync_server.http.replies import content_of, described, reply
from trafficdesk.wire.envelope import Envelope, Meta


def reply_data(
    connection: HTTPConnection, data: object, meta: Meta | None = None, status: int = 200
) -> Response:
    """Answer with data in its envelope."""
    told = Envelope(success=True, data=data, meta=meta or Meta())
    return reply(connection, told, status)


def described_data(asked: type | None, told: type, *statuses: int) -> dict[str, Any]:
    """Return what the OpenAPI document says of a route whose answer is an ``Envelope``."""
    data = told
    while parts := get_args(data):
        (data,) = parts
    said = {"description": (data.__doc__ or "").split("\n")[0], "content": content_of(told)}
    document = {} if asked is None else described(asked, None)
    return {**document, "responses": {str(status): said for status in statuses or (200,)}}
