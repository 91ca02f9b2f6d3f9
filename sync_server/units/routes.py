"""Addresses of units: which there are, what they do, where they are."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from sync_server.accounts.service import TheCaller
from sync_server.http.bodies import message_of
from sync_server.http.context import TheServer
from sync_server.http.envelope import described_data, reply_data
from sync_server.units import service
from sync_server.units.told import UnitTold
from trafficdesk.domain.permissions import Permission
from trafficdesk.wire.envelope import Envelope, Meta
from trafficdesk.wire.live import UnitPosition
from trafficdesk.wire.positions import PositionsRequest, PositionsTaken
from trafficdesk.wire.values import EXACT

router = APIRouter(prefix="/api/v1/units", tags=["units"])

_Since = Annotated[int, Query(ge=0, le=EXACT)]
_Positions = Annotated[PositionsRequest, Depends(message_of(PositionsRequest))]


@router.get("", openapi_extra=described_data(None, Envelope[list[UnitTold]]))
def list_units(
    request: Request,
    server: TheServer,
    caller: TheCaller,
    cursor: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> Response:
    """List the units of one's cities with status and place. Needs ``incident.respond``."""
    caller.require(Permission.INCIDENT_RESPOND)
    units = service.list_units(server, caller, cursor, limit)
    following = str(units[-1].id) if len(units) == limit else ""
    return reply_data(request, units, Meta(next_cursor=following))


@router.get("/positions", openapi_extra=described_data(None, Envelope[list[UnitPosition]]))
def positions(
    request: Request, server: TheServer, caller: TheCaller, since: _Since = 0
) -> Response:
    """Tell where the units of one's cities are, or those of which news came ``since``.

    ``server_time_ms`` is when the newest of it came. Needs ``incident.respond``.
    """
    caller.require(Permission.INCIDENT_RESPOND)
    found = service.read_news(server, caller, since)
    newest_ms = max((each.kept_ms for each in found), default=since)
    told = [each.position for each in found]
    return reply_data(request, told, Meta(server_time_ms=newest_ms))


@router.post("/positions", openapi_extra=described_data(PositionsRequest, Envelope[PositionsTaken]))
def take_positions(
    request: Request, server: TheServer, caller: TheCaller, sent: _Positions
) -> Response:
    """Take in where units of one's cities are. Needs ``incident.respond``."""
    caller.require(Permission.INCIDENT_RESPOND)
    server.limits.count_positions(caller.device.id if caller.device else caller.user.id)
    sender = service.Sender(caller.tenant_id, caller.city_ids)
    return reply_data(request, service.take_positions(server, sender, sent.positions))
