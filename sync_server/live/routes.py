"""The address of the live WebSocket."""

from typing import Final

from fastapi import APIRouter, WebSocket
from starlette.concurrency import run_in_threadpool

from sync_server.accounts.service.dependencies import count_stranger, request_of
from sync_server.accounts.service.guard import authenticate, authenticate_device
from sync_server.accounts.service.people import Caller
from sync_server.accounts.service.tokens import read_expiry_ms
from sync_server.audit.reads import Read, What, cities_of, note_daily
from sync_server.http.context import server_of
from sync_server.http.errors import problem
from sync_server.live.authority import Listener
from sync_server.live.service import Live
from sync_server.live.socket import socket_of
from sync_server.problems import RefusedError
from sync_server.server import Server
from trafficdesk.domain.permissions import Permission, may
from trafficdesk.wire.live import LIVE

router: Final = APIRouter(tags=["live"])


@router.websocket(LIVE)
async def live(socket: WebSocket) -> None:
    """Let a caller into the hall until they go, or what they proved no longer holds."""
    server = await server_of(socket)
    place = _live_of(socket)
    changes = place.hall.changes
    try:
        who, expires_ms = await run_in_threadpool(_prove, server, socket)
    except RefusedError as refused:
        await socket.send_denial_response(problem(socket, refused))
        return
    await socket.accept()
    place.let_in(who, socket_of(socket), expires_ms, changes)


def _live_of(socket: WebSocket) -> Live:
    found: Live = socket.app.state.live
    return found


def _prove(server: Server, socket: WebSocket) -> tuple[Listener, int]:
    request = request_of(socket)
    try:
        if request.device_id:
            caller, _ = authenticate_device(server, request)
        else:
            caller = authenticate(server, request)
        expires_ms = read_expiry_ms(server.keys, request.token)
    except RefusedError as refused:
        count_stranger(server, request.origin, refused)
        raise
    _note(server, caller)
    return Listener.of(caller), expires_ms


def _note(server: Server, caller: Caller) -> None:
    """Note that somebody may now follow where officers are: before the first position is told."""
    if may(caller.role, Permission.INCIDENT_RESPOND):
        asked = {"of": "live", **cities_of(caller)}
        note_daily(server, caller, Read(what=What.POSITIONS, count=None, asked=asked), "live")
