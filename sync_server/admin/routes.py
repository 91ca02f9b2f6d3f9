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
_Health = service.ProgramHealth | service.DatabaseHealth | service.SurroundingsHealth
_TEXT = "text/plain; version=0.0.4; charset=utf-8"
_LOOPBACK = frozenset({"127.0.0.1", "::1"})


@router.get("/health")
async def health(request: Request) -> Response:
    """Tell that the program answers, and that its own work beside the requests goes on."""
    return _told(request, service.program_health(request.app.state.tasks))


@router.get("/health/db")
def database(request: Request, server: TheServer) -> Response:
    """Tell whether the database answers and has this program's schema."""
    return _told(request, service.database_health(server))


@router.get("/health/external")
def external(request: Request, server: TheServer) -> Response:
    """Tell how the machine does that the server runs on: the disk of photos, the clock."""
    return _told(request, service.surroundings_health(server))


def _told(request: Request, found: _Health) -> Response:
    return reply(request, found, 200 if found.status == service.OK else 503)


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
