"""Addresses of reports."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from sync_server.accounts.service import TheCaller
from sync_server.http.context import TheServer
from sync_server.http.envelope import described_data, reply_data
from sync_server.reports import service
from sync_server.reports.told import MayBeSame
from trafficdesk.domain.permissions import Permission
from trafficdesk.wire.envelope import Envelope

router = APIRouter(prefix="/api/v1/reports", tags=["reports"])


@router.get(
    "/{report_id}/duplicates", openapi_extra=described_data(None, Envelope[list[MayBeSame]])
)
def list_duplicates(
    report_id: UUID, request: Request, server: TheServer, caller: TheCaller
) -> Response:
    """Tell which reports may be of the same event, the likeliest first, with the reasons.

    Within 250 m and 15 minutes, five at most. Needs ``report.read``.
    """
    caller.require(Permission.REPORT_READ)
    return reply_data(request, service.list_duplicates(server, caller, report_id))
