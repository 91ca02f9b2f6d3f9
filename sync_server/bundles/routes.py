"""The address at which a courier hands in a colleague's bundle and gets its answer."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import HTTPConnection
from starlette.responses import Response

from sync_server.accounts.service.dependencies import DeviceCaller, known_session
from sync_server.bundles.carrying import carry
from sync_server.http.bodies import Received, TheBody, allow_bytes
from sync_server.http.context import TheServer
from sync_server.problems import RefusedError
from trafficdesk.wire.bundles import MAX_FILE_BYTES, TYPE
from trafficdesk.wire.codes import Code

router = APIRouter(prefix="/api/v1/sync", tags=["sync"])

_FILE: Final[dict[str, Any]] = {TYPE: {"schema": {"type": "string", "format": "binary"}}}


async def _larger_body(
    connection: HTTPConnection,
    server: TheServer,
    session_id: Annotated[UUID, Depends(known_session)],
) -> None:
    """Let a bundle be as large as it may be, so often, for whoever shows a token of ours."""
    server.limits.count_bundles(session_id)
    allow_bytes(connection, MAX_FILE_BYTES)


def _file(body: TheBody) -> Received:
    if body.content_type != TYPE or body.encoding:
        raise RefusedError(Code.BAD_REQUEST, f"The body must be a plain {TYPE}.")
    return body


@router.post(
    "/bundles",
    dependencies=[Depends(_larger_body)],
    response_class=Response,
    openapi_extra={"requestBody": {"required": True, "content": _FILE}},
    responses={200: {"description": "The sealed answer.", "content": _FILE}},
)
def hand_in(
    server: TheServer, courier: DeviceCaller, file: Annotated[Received, Depends(_file)]
) -> Response:
    """Take in what another desk wrote, once, and return the answer that is sealed to it."""
    _, device = courier
    server.limits.count_bundles(device.id)
    return Response(carry(server, courier, file.raw).content, media_type=TYPE)
