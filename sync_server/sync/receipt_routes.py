"""The address that states what the server holds of a device's work, signed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from sync_server.accounts.service.dependencies import DeviceCaller
from sync_server.http.bodies import message_of
from sync_server.http.context import TheServer
from sync_server.http.replies import described, reply
from sync_server.sync import receipts
from trafficdesk.wire.receipts import ReceiptRequest, SignedStatement

router = APIRouter(prefix="/api/v1/sync", tags=["sync"])

_Asked = Annotated[ReceiptRequest, Depends(message_of(ReceiptRequest))]


@router.post("/receipt", openapi_extra=described(ReceiptRequest, SignedStatement))
def receipt(request: Request, server: TheServer, who: DeviceCaller, asked: _Asked) -> Response:
    """State what is held of the device's own operations."""
    caller, device = who
    return reply(request, receipts.state(server, caller, device, asked.op_ids))
