"""The addresses that desks fetch updates from: whoever asks gets them, for they are signed."""

import re
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import FileResponse

from sync_server.http.context import TheServer, address_of
from sync_server.problems import RefusedError
from sync_server.server import Server
from trafficdesk.wire.codes import Code

router = APIRouter(tags=["updates"])
# What a repository's folder holds for desks; drafts and whatever else lies there stay there.
_OFFERED: Final = re.compile(
    r"metadata/(timestamp|[0-9]{1,9}\.(root|snapshot|targets))\.json"
    r"|targets/[a-z0-9_-]{1,64}/[0-9a-f]{64}\.[0-9a-z.~]{1,64}\.json"
    r"|files/[0-9a-f]{2}/[0-9a-f]{64}(-[0-9a-f]{64})?\.zst",
    re.ASCII,
)


@router.get("/updates/metadata/{file}", response_class=FileResponse)
def metadata(file: str, request: Request, server: TheServer) -> FileResponse:
    """Return who vouches for what."""
    return _file(f"metadata/{file}", request, server)


@router.get("/updates/targets/{platform}/{file}", response_class=FileResponse)
def manifest(platform: str, file: str, request: Request, server: TheServer) -> FileResponse:
    """Return what a version consists of."""
    return _file(f"targets/{platform}/{file}", request, server)


@router.get("/updates/files/{folder}/{file}", response_class=FileResponse)
def blob(folder: str, file: str, request: Request, server: TheServer) -> FileResponse:
    """Return a packed file of a version, or a part of it."""
    return _file(f"files/{folder}/{file}", request, server)


def _file(name: str, request: Request, server: Server) -> FileResponse:
    server.limits.count_updates(address_of(request))
    folder = server.settings.updates_dir
    if folder is None or not _OFFERED.fullmatch(name) or not (folder / name).is_file():
        raise RefusedError(Code.NOT_FOUND)
    return FileResponse(folder / name)
