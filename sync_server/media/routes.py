"""Addresses of media: uploads in the words of tus, downloads whole or by range."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path
from starlette.responses import Response, StreamingResponse

from sync_server.accounts.service.dependencies import DeviceCaller
from sync_server.accounts.service.people import Caller
from sync_server.audit.reads import Read, What, note_daily
from sync_server.http.bodies import TheBody
from sync_server.http.context import TheServer, count_public
from sync_server.logs import logger
from sync_server.media import service, tus
from sync_server.media.ranges import span_of
from sync_server.media.sealing import SealBrokenError
from sync_server.media.service import Standing, Stored
from sync_server.problems import RefusedError
from sync_server.sync.scope import Device
from trafficdesk.domain.permissions import Permission
from trafficdesk.wire.codes import Code

PATH: Final = "/api/v1/media"
router = APIRouter(prefix=PATH, tags=["media"])

_Version = Annotated[str, Header(alias="Tus-Resumable")]
_Digest = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
_PIECE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {tus.PIECE_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}


def _speaking(who: DeviceCaller, version: _Version = "") -> Device:
    """Return the device that calls, speaking a tus that is known here."""
    tus.check_version(version)
    return Device.of(who[1])


def _reading(who: DeviceCaller) -> tuple[Caller, Device]:
    """Return who may read reports and asks, and the device on which they do."""
    caller, enrolled = who
    caller.require(Permission.REPORT_READ)
    return caller, Device.of(enrolled)


_Speaking = Annotated[Device, Depends(_speaking)]
_Reading = Annotated[tuple[Caller, Device], Depends(_reading)]


class _Piece:
    """A piece of a file as PATCH brings it."""

    def __init__(
        self,
        body: TheBody,
        offset: Annotated[int, Header(alias="Upload-Offset", ge=0)],
        checksum: Annotated[str, Header(alias="Upload-Checksum")] = "",
    ) -> None:
        self.body, self.offset, self.checksum = body, offset, checksum

    def content(self) -> bytes:
        """Return the bytes, proved by their checksum if there is one."""
        if self.body.content_type != tus.PIECE_TYPE or self.body.encoding:
            detail = f"The body must be plain {tus.PIECE_TYPE}."
            raise RefusedError(Code.NO_PIECE, detail, headers=tus.SPOKEN)
        tus.check_checksum(self.checksum, self.body.raw)
        return self.body.raw


@router.options("", dependencies=[Depends(count_public)], status_code=204)
async def abilities() -> Response:
    """Tell what of tus is spoken here."""
    return Response(status_code=204, headers=dict(tus.ABILITIES))


@router.post("", status_code=201)
def begin(
    server: TheServer,
    device: _Speaking,
    length: Annotated[int, Header(alias="Upload-Length", ge=1)],
    metadata: Annotated[str, Header(alias="Upload-Metadata")],
) -> Response:
    """Begin to bring a file that a record names, or go on with it where it was cut off.

    ``Upload-Metadata`` names ``city`` and ``sha256``. A file that is stored is an upload at its
    end.
    """
    file = tus.read_announced(length, metadata)
    found = service.begin(server, device, file)
    place = f"{PATH}/{file.sha256}" if found.id is None else f"{PATH}/uploads/{found.id}"
    return Response(status_code=201, headers={"Location": place, **_told(found)})


@router.head("/uploads/{upload_id}")
def find_upload(server: TheServer, device: _Speaking, upload_id: UUID) -> Response:
    """Tell how far an upload is."""
    return Response(headers=_told(service.find_upload(server, device, upload_id)))


@router.patch("/uploads/{upload_id}", status_code=204, openapi_extra=_PIECE)
def append(
    server: TheServer,
    device: _Speaking,
    upload_id: UUID,
    piece: Annotated[_Piece, Depends()],
) -> Response:
    """Take the next piece of a file."""
    content = piece.content()
    found = service.append(server, device, upload_id, piece.offset, content)
    return Response(status_code=204, headers=_told(found))


@router.delete("/uploads/{upload_id}", status_code=204)
def end(server: TheServer, device: _Speaking, upload_id: UUID) -> Response:
    """Give an upload up."""
    service.end(server, device, upload_id)
    return Response(status_code=204, headers=dict(tus.SPOKEN))


@router.head("/{sha256}")
def find_file(server: TheServer, who: _Reading, sha256: _Digest) -> Response:
    """Tell of a file of a record that the desk sees, in words of HTTP and of tus."""
    stored = service.find_media(server, who[1], sha256)
    told = tus.standing(stored.size_bytes, stored.size_bytes, None)
    length = {"Content-Length": str(stored.size_bytes)}
    return Response(headers={**told, **_describe(stored), **length}, media_type=stored.mime)


@router.get(
    "/{sha256}",
    response_class=Response,
    responses={200: {"content": {"image/*": {}, "video/mp4": {}}}, 206: {"description": "A range"}},
)
def fetch(
    server: TheServer,
    who: _Reading,
    sha256: _Digest,
    wanted: Annotated[str, Header(alias="Range")] = "",
) -> Response:
    """Return a file of a record that the desk sees, or the range of it that is asked for.

    A desk fetches a file in pieces: the day's first is noted.
    """
    caller, device = who
    stored = service.find_media(server, device, sha256)
    asked = span_of(wanted, stored.size_bytes)
    span = range(stored.size_bytes) if asked is None else asked
    try:
        content = service.read_media(server, stored, span)
    except SealBrokenError:
        logger().error("media_damaged", bytes=stored.size_bytes)
        raise RefusedError(Code.FAULT, "The file is damaged on the server.") from None
    named = {"city": str(stored.city_id), "mime": stored.mime}
    note_daily(server, caller, Read(what=What.MEDIA, count=1, subject=sha256, asked=named))
    headers = {**_describe(stored), "Content-Length": str(len(span))}
    if asked is not None:
        headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{stored.size_bytes}"
    status = 200 if asked is None else 206
    return StreamingResponse(content, status, headers, stored.mime)


def _told(found: Standing) -> dict[str, str]:
    return tus.standing(found.offset, found.size_bytes, found.expires_at)


def _describe(stored: Stored) -> dict[str, str]:
    return {"ETag": f'"{stored.sha256}"', "Accept-Ranges": "bytes"}
