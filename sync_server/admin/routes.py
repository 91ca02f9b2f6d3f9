"""Addresses for operators: health and metrics."""

import hmac
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from sync_server.admin import service
from sync_server.http.context import TheServer, address_of
from sync_server.http.replies import described, reply
from sync_server.problems import RefusedError
from sync_server.settings import Settings
from trafficdesk.wire.codes import Code

router = APIRouter(tags=["operators"])
_Health = service.ProgramHealth | service.DatabaseHealth | service.SurroundingsHealth
_TEXT = "text/plain; version=0.0.4; charset=utf-8"
_LOOPBACK = frozenset({"127.0.0.1", "::1"})


def _health(told: type) -> dict[str, Any]:
    """Return what the document says of an answer that is the same, well or not."""
    document = described(None, told)
    document["responses"]["503"] = document["responses"]["200"]
    return document


@router.get("/health", openapi_extra=_health(service.ProgramHealth))
async def health(request: Request) -> Response:
    """Tell that the program answers, and that its own work beside the requests goes on."""
    return _told(request, service.program_health(request.app.state.tasks))


@router.get("/health/db", openapi_extra=_health(service.DatabaseHealth))
def database(request: Request, server: TheServer) -> Response:
    """Tell whether the database answers and has this program's schema."""
    return _told(request, service.database_health(server))


@router.get("/health/external", openapi_extra=_health(service.SurroundingsHealth))
def external(request: Request, server: TheServer) -> Response:
    """Tell how the machine does that the server runs on: the disk of photos, the clock."""
    return _told(request, service.surroundings_health(server))


def _told(request: Request, found: _Health) -> Response:
    return reply(request, found, 200 if found.status == service.OK else 503)


@router.get("/metrics", response_class=PlainTextResponse)
def metrics(request: Request, server: TheServer) -> Response:
    """Return the numbers that Prometheus collects, to this machine or whoever has the token."""
    token = server.settings.metrics_token
    given = request.headers.get("authorization", "")
    allowed = (
        hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
        if token
        else _is_of_this_machine(request, server.settings)
    )
    if not allowed:
        raise RefusedError(Code.NOT_FOUND)
    return Response(server.metrics.page(), media_type=_TEXT)


def _is_of_this_machine(request: Request, settings: Settings) -> bool:
    """Tell whether it is no proxy's request that only seems to come from here."""
    is_proxied = settings.behind_tls_proxy and not settings.trusted_proxies
    is_proxied = is_proxied or "x-forwarded-for" in request.headers
    return address_of(request) in _LOOPBACK and not is_proxied
