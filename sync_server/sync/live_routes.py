"""The address that nudges: a WebSocket which says that there is something to pull, never what."""

import asyncio
from contextlib import suppress
from typing import Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, WebSocket
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocketDisconnect

from sync_server.accounts.service.dependencies import count_stranger, request_of
from sync_server.accounts.service.guard import authenticate_device
from sync_server.accounts.service.people import Device
from sync_server.http.context import server_of
from sync_server.http.errors import problem
from sync_server.problems import RefusedError
from sync_server.server import Server
from sync_server.sync.nudges import Hints, Subscription
from trafficdesk.wire.exchange import Nudge

router = APIRouter(tags=["sync"])
# As long as an access token: whoever may no longer sign in is not nudged for longer.
_LASTS_S: Final = 15 * 60.0


@router.websocket("/api/v1/sync/nudge")
async def nudge(socket: WebSocket) -> None:
    """Tell a device of its cities' newest numbers as they come."""
    server = await server_of(socket)
    try:
        device = await run_in_threadpool(_prove, server, socket)
    except RefusedError as refused:
        await socket.send_denial_response(problem(socket, refused))
        return
    hints: Hints = socket.app.state.hints
    with hints.listen(device.scope.city_ids) as subscription:
        await socket.accept()
        with suppress(WebSocketDisconnect, TimeoutError):
            async with asyncio.timeout(_LASTS_S):
                await _serve(socket, subscription)
        with suppress(RuntimeError, WebSocketDisconnect):  # the desk has closed it already
            await socket.close()


def _prove(server: Server, socket: WebSocket) -> Device:
    request = request_of(socket)
    try:
        return authenticate_device(server, request)[1]
    except RefusedError as refused:
        count_stranger(server, request.origin, refused)
        raise


async def _serve(socket: WebSocket, subscription: Subscription) -> None:
    """Send what comes until the desk goes; what it says is not listened to."""
    telling = asyncio.ensure_future(_tell(socket, subscription))
    try:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
    finally:
        telling.cancel()


async def _tell(socket: WebSocket, subscription: Subscription) -> None:
    while True:
        for city_id, seq in (await subscription.next()).items():
            await socket.send_text(_text(city_id, seq))


def _text(city_id: UUID, seq: int) -> str:
    return msgspec.json.encode(Nudge(city=city_id, seq=seq)).decode()
