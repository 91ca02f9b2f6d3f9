"""Addresses for operators: health and metrics."""

import hmac

from fastapi import APIRouter, Request
from starlette.responses import Response

from sync_server.admin import service
from sync_server.http.context import TheServer, address_of
from sync_server.http.replies import reply
from sync_server.problems import RefusedError
from trafficdesk.wire.codes import Code

router = APIRouter(tags=["operators"])
_TEXT = "text/plain; version=0.0.4; charset=utf-8"
_LOOPBACK = frozenset({"127.0.0.1", "::1"})


@router.get("/health")
async def health(request: Request) -> Response:
    """Tell that the program answers."""
    return reply(request, {"status": "ok"})


@router.get("/health/db")
def database(request: Request, server: TheServer) -> Response:
    """Tell whether the database answers and has this program's schema."""
    found = service.database_health(server)
    return reply(request, found, 200 if found.status == "ok" else 503)


@router.get("/health/external")
async def external(request: Request) -> Response:
    """Tell how services outside do: there are none the server needs."""
    return reply(request, {"status": "ok", "services": {}})


@router.get("/metrics")
def metrics(request: Request, server: TheServer) -> Response:
    """Return the numbers that Prometheus collects, to this machine or whoever has the token."""
    token = server.settings.metrics_token
    given = request.headers.get("authorization", "")
    allowed = (
        hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
        if token
        else address_of(request) in _LOOPBACK
    )
    if not allowed:
        raise RefusedError(Code.NOT_FOUND)
    return Response(server.metrics.page(), media_type=_TEXT)
