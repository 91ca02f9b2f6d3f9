"""Addresses of incidents."""

import base64
import binascii
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from sync_server.accounts.service import TheCaller
from sync_server.http.bodies import message_of
from sync_server.http.context import TheServer
from sync_server.http.envelope import described_data, reply_data
from sync_server.incidents import service
from sync_server.incidents.asked import Sighting, Wanted, wrong
from sync_server.incidents.told import Filed, ToldIncident, Verified
from trafficdesk.domain.geometry import is_on_earth
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import Bounds, Place
from trafficdesk.wire.envelope import Envelope, Meta
from trafficdesk.wire.exchange import FeedEvent
from trafficdesk.wire.values import EXACT

router = APIRouter(prefix="/api/v1/incidents", tags=["incidents"])

_Sighting = Annotated[Sighting, Depends(message_of(Sighting))]
_Number = Annotated[int, Query(ge=0, le=EXACT)]
_Limit = Annotated[int, Query(ge=1, le=200)]
_BEGINNING = (EXACT, UUID(int=2**128 - 1))
_EDGES = 4


class _Page:
    """Where a list goes on, and how long a page of it is."""

    def __init__(self, cursor: str = "", limit: _Limit = 50) -> None:
        self.before, self.limit = _before(cursor) if cursor else _BEGINNING, limit


class _Which:
    """Which incidents a list is of; ``bbox`` is west,south,east,north."""

    def __init__(
        self,
        status: Annotated[str, Query(pattern="^(open|all)$")] = "open",
        bbox: str = "",
        since: _Number = 0,
    ) -> None:
        self.is_open, self.since_ms = status == "open", since
        self.bounds = _bounds(bbox) if bbox else None


@router.post("", status_code=201, openapi_extra=described_data(Sighting, Envelope[Filed], 200, 201))
def file(request: Request, server: TheServer, caller: TheCaller, asked: _Sighting) -> Response:
    """Report an incident; near an open one and soon after, it is told again (200).

    Needs ``incident.file``.
    """
    caller.require(Permission.INCIDENT_FILE)
    filed = service.file(server, caller, asked)
    return reply_data(request, filed, status=201 if filed.is_new else 200)


@router.get("", openapi_extra=described_data(None, Envelope[list[ToldIncident]]))
def list_incidents(
    request: Request,
    server: TheServer,
    caller: TheCaller,
    page: Annotated[_Page, Depends()],
    which: Annotated[_Which, Depends()],
) -> Response:
    """List incidents of one's cities, the newest first; ``bbox`` is west,south,east,north.

    ``since`` is when they were reported, in epoch milliseconds. Needs ``report.read``.
    """
    caller.require(Permission.REPORT_READ)
    found = service.list_incidents(
        server,
        caller,
        Wanted(
            caller.city_ids, which.is_open, which.bounds, which.since_ms, page.before, page.limit
        ),
    )
    following = _cursor(found[-1]) if len(found) == page.limit else ""
    return reply_data(request, found, Meta(next_cursor=following))


@router.get("/{incident_id}", openapi_extra=described_data(None, Envelope[ToldIncident]))
def get_incident(
    incident_id: UUID, request: Request, server: TheServer, caller: TheCaller
) -> Response:
    """Tell of an incident, its units and its response times. Needs ``report.read``."""
    caller.require(Permission.REPORT_READ)
    return reply_data(request, service.get_incident(server, caller, incident_id))


@router.get(
    "/{incident_id}/timeline", openapi_extra=described_data(None, Envelope[list[FeedEvent]])
)
def timeline(
    incident_id: UUID,
    request: Request,
    server: TheServer,
    caller: TheCaller,
    cursor: _Number = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> Response:
    """Tell what happened to an incident and to whom it was given. Needs ``report.read``."""
    caller.require(Permission.REPORT_READ)
    events = service.read_timeline(server, caller, (incident_id, cursor), limit)
    following = str(events[-1].seq) if len(events) == limit else ""
    return reply_data(request, events, Meta(next_cursor=following))


@router.post("/{incident_id}/verify", openapi_extra=described_data(None, Envelope[Verified]))
def verify(incident_id: UUID, request: Request, server: TheServer, caller: TheCaller) -> Response:
    """Say that an incident is so; each person counts once. Needs ``incident.file``."""
    caller.require(Permission.INCIDENT_FILE)
    return reply_data(request, service.verify(server, caller, incident_id))


@router.delete("/{incident_id}", status_code=204)
def remove(incident_id: UUID, server: TheServer, caller: TheCaller) -> Response:
    """Remove an incident that is none; its units are called back. Needs ``incident.dispatch``."""
    caller.require(Permission.INCIDENT_DISPATCH)
    service.remove(server, caller, incident_id)
    return Response(status_code=204)


def _bounds(text: str) -> Bounds:
    try:
        edges = [float(part) for part in text.split(",")]
    except ValueError:
        edges = []
    if len(edges) != _EDGES or not all(
        is_on_earth(Place(*edges[corner : corner + 2])) for corner in (0, 2)
    ):
        raise wrong("bbox", "The rectangle is west,south,east,north in degrees.")
    return Bounds(*edges)


def _cursor(last: ToldIncident) -> str:
    text = f"{last.reported_ms}:{last.id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _before(cursor: str) -> tuple[int, UUID]:
    try:
        text = base64.urlsafe_b64decode(cursor + "==").decode()
        reported_ms, _, incident_id = text.partition(":")
        return min(max(int(reported_ms), -EXACT), EXACT), UUID(incident_id)
    except (binascii.Error, ValueError):
        raise wrong("cursor", "The cursor is none of this list.") from None
