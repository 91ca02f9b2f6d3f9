"""Who calls, as routes ask for it: parameters that FastAPI fills."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from sync_server.accounts.service.guard import authenticate, authenticate_device, prove_device
from sync_server.accounts.service.people import Caller, Device, Origin, SignedRequest
from sync_server.accounts.service.tokens import read_access
from sync_server.http.bodies import TheBody
from sync_server.http.context import TheServer, address_of, request_id_of
from sync_server.http.document import ANYBODY, DEVICE, PERSON, Way
from sync_server.problems import RefusedError
from sync_server.server import Server
from trafficdesk.wire.codes import Code
from trafficdesk.wire.signing import DEVICE_HEADER, SIGNATURE_HEADER, TURN_HEADER

_BEARER = "bearer "


def request_of(connection: HTTPConnection, body: bytes = b"") -> SignedRequest:
    """Return what of a request is signed and who it says it is from (also of a WebSocket)."""
    target = connection.scope["raw_path"]
    if query := connection.scope["query_string"]:
        target += b"?" + query
    headers = connection.headers
    bearer = headers.get("authorization", "")
    return SignedRequest(
        method=connection.scope.get("method", "GET"),
        target=target.decode("latin-1"),
        body=body,
        token=bearer[len(_BEARER) :] if bearer.lower().startswith(_BEARER) else "",
        device_id=headers.get(DEVICE_HEADER, ""),
        turn=headers.get(TURN_HEADER, ""),
        signature=headers.get(SIGNATURE_HEADER, ""),
        origin=Origin(address=address_of(connection), request_id=request_id_of(connection)),
    )


def _signed(request: Request, body: TheBody) -> SignedRequest:
    return request_of(request, body.raw)


Signed = Annotated[SignedRequest, Depends(_signed)]


def count_stranger(server: Server, origin: Origin, refused: RefusedError) -> None:
    """Count a request that proved nothing as one of nobody known."""
    if refused.code is Code.SIGN_IN_NEEDED:
        server.limits.count_public(origin.address)


def _caller(server: TheServer, signed: Signed) -> Caller:
    try:
        return authenticate(server, signed)
    except RefusedError as refused:
        count_stranger(server, signed.origin, refused)
        raise


def _device_caller(server: TheServer, signed: Signed) -> tuple[Caller, Device]:
    try:
        return authenticate_device(server, signed)
    except RefusedError as refused:
        count_stranger(server, signed.origin, refused)
        raise


def _pushing_device(server: TheServer, signed: Signed) -> tuple[Caller, Device]:
    try:
        return authenticate_device(server, signed, pushes=True)
    except RefusedError as refused:
        count_stranger(server, signed.origin, refused)
        raise


def known_session(connection: HTTPConnection, server: TheServer) -> UUID:
    """Return whose access token is shown; refuse all others, before a large body is read.

    It proves nobody yet: whether the session goes on, and from which device, is asked later.
    """
    asked = request_of(connection)
    try:
        return read_access(server.keys, asked.token)
    except RefusedError as refused:
        count_stranger(server, asked.origin, refused)
        raise


def _maybe_device(server: TheServer, signed: Signed) -> Device | None:
    server.limits.count_public(signed.origin.address)
    return prove_device(server, signed)


# What each asks of a caller, for the document of all addresses.
PROOFS: Final[Mapping[Callable[..., object], Sequence[Way]]] = {
    _caller: (PERSON, {**PERSON, **DEVICE}),
    _device_caller: ({**PERSON, **DEVICE},),
    _pushing_device: ({**PERSON, **DEVICE},),
    _maybe_device: (ANYBODY, DEVICE),
}
TheCaller = Annotated[Caller, Depends(_caller)]
DeviceCaller = Annotated[tuple[Caller, Device], Depends(_device_caller)]
PushingDevice = Annotated[tuple[Caller, Device], Depends(_pushing_device)]
MaybeDevice = Annotated[Device | None, Depends(_maybe_device)]
