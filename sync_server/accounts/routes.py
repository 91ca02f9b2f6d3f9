"""Addresses of accounts: signing in, users, sessions, devices."""

from enum import Enum
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from sync_server.accounts.service import enrolment, scopes, signing_in, users
from sync_server.accounts.service.dependencies import MaybeDevice, Signed, TheCaller
from sync_server.accounts.told import ListedDevice, ListedSession, ListedUser
from sync_server.http.bodies import message_of
from sync_server.http.context import TheServer, count_public
from sync_server.http.replies import described, reply
from trafficdesk.wire.accounts import (
    Enrolled,
    EnrolRequest,
    RefreshRequest,
    SignInRequest,
    Tokens,
)

router = APIRouter(prefix="/api/v1")
_AUTH: list[str | Enum] = ["signing in"]
_USERS: list[str | Enum] = ["users"]
_DEVICES: list[str | Enum] = ["devices"]
_NOTHING = 204


class TokenRequest(msgspec.Struct, frozen=True, kw_only=True):
    """For which station, and for how many hours, a one-time token is wanted."""

    station_id: UUID
    hours: Annotated[int, msgspec.Meta(ge=1, le=720)] = enrolment.DEFAULT_HOURS


class PasswordRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A new password; whoever changes their own says the present one, too."""

    password: str
    present: str = ""


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """The id of what was made."""

    id: UUID


class MadeToken(msgspec.Struct, frozen=True, kw_only=True):
    """A one-time token, told once."""

    token: str


@router.post("/auth/sign-in", tags=_AUTH, openapi_extra=described(SignInRequest, Tokens))
def sign_in(
    request: Request,
    server: TheServer,
    device: MaybeDevice,
    signed: Signed,
    asked: Annotated[SignInRequest, Depends(message_of(SignInRequest))],
) -> Response:
    """Start a session, on a device if the request is signed by one."""
    return reply(request, signing_in.sign_in(server, asked, device, signed.origin))


@router.post("/auth/refresh", tags=_AUTH, openapi_extra=described(RefreshRequest, Tokens))
def refresh(
    request: Request,
    server: TheServer,
    device: MaybeDevice,
    signed: Signed,
    asked: Annotated[RefreshRequest, Depends(message_of(RefreshRequest))],
) -> Response:
    """Trade a refresh token for the next ones."""
    token = asked.refresh_token
    return reply(request, signing_in.refresh(server, token, device, signed.origin))


@router.post("/auth/sign-out", tags=_AUTH, status_code=_NOTHING)
def sign_out(server: TheServer, caller: TheCaller) -> Response:
    """End the present session."""
    signing_in.sign_out(server, caller)
    return Response(status_code=_NOTHING)


@router.get("/auth/sessions", tags=_AUTH, openapi_extra=described(None, list[ListedSession]))
def own_sessions(request: Request, server: TheServer, caller: TheCaller) -> Response:
    """List one's own sessions."""
    found = users.list_sessions(server, caller, caller.user.id)
    return reply(request, msgspec.convert(found, list[ListedSession]))


@router.delete("/auth/sessions/{session_id}", tags=_AUTH, status_code=_NOTHING)
def end_session(session_id: UUID, server: TheServer, caller: TheCaller) -> Response:
    """End a session of one's own, or with ``officer.manage`` another's."""
    users.end_session(server, caller, session_id)
    return Response(status_code=_NOTHING)


@router.get("/users", tags=_USERS, openapi_extra=described(None, list[ListedUser]))
def list_users(request: Request, server: TheServer, caller: TheCaller) -> Response:
    """List the users of one's city. Needs ``officer.manage``."""
    return reply(request, msgspec.convert(users.list_users(server, caller), list[ListedUser]))


@router.post(
    "/users", tags=_USERS, status_code=201, openapi_extra=described(users.NewUser, Made, 201)
)
def add_user(
    request: Request,
    server: TheServer,
    caller: TheCaller,
    asked: Annotated[users.NewUser, Depends(message_of(users.NewUser))],
) -> Response:
    """Add a user to one's city. Needs ``officer.manage``."""
    return reply(request, Made(id=users.add_user(server, caller, asked)), 201)


@router.put(
    "/users/{user_id}",
    tags=_USERS,
    status_code=_NOTHING,
    openapi_extra=described(users.ChangedUser, None, _NOTHING),
)
def change_user(
    user_id: UUID,
    server: TheServer,
    caller: TheCaller,
    asked: Annotated[users.ChangedUser, Depends(message_of(users.ChangedUser))],
) -> Response:
    """Change a user's name, rank, role or station. Needs ``officer.manage``."""
    users.change_user(server, caller, user_id, asked)
    return Response(status_code=_NOTHING)


@router.delete("/users/{user_id}", tags=_USERS, status_code=_NOTHING)
def remove_user(user_id: UUID, server: TheServer, caller: TheCaller) -> Response:
    """Remove a user and end their sessions. Needs ``officer.manage``."""
    users.remove_user(server, caller, user_id)
    return Response(status_code=_NOTHING)


@router.post("/users/{user_id}/unlock", tags=_USERS, status_code=_NOTHING)
def unlock_user(user_id: UUID, server: TheServer, caller: TheCaller) -> Response:
    """End a user's lock-out. Needs ``officer.unlock``."""
    users.unlock_user(server, caller, user_id)
    return Response(status_code=_NOTHING)


@router.post(
    "/users/{user_id}/password",
    tags=_USERS,
    status_code=_NOTHING,
    openapi_extra=described(PasswordRequest, None, _NOTHING),
)
def set_password(
    user_id: UUID,
    server: TheServer,
    caller: TheCaller,
    asked: Annotated[PasswordRequest, Depends(message_of(PasswordRequest))],
) -> Response:
    """Set one's own password, or with ``officer.manage`` another's."""
    users.set_password(server, caller, user_id, (asked.password, asked.present))
    return Response(status_code=_NOTHING)


@router.get(
    "/users/{user_id}/sessions", tags=_USERS, openapi_extra=described(None, list[ListedSession])
)
def sessions_of(user_id: UUID, request: Request, server: TheServer, caller: TheCaller) -> Response:
    """List a user's sessions. Another's need ``officer.manage``."""
    found = users.list_sessions(server, caller, user_id)
    return reply(request, msgspec.convert(found, list[ListedSession]))


@router.post(
    "/devices/enrol",
    tags=_DEVICES,
    dependencies=[Depends(count_public)],
    openapi_extra=described(EnrolRequest, Enrolled),
)
def enrol(
    request: Request,
    server: TheServer,
    signed: Signed,
    asked: Annotated[EnrolRequest, Depends(message_of(EnrolRequest))],
) -> Response:
    """Enrol a device with a one-time token."""
    return reply(request, enrolment.enrol(server, asked, signed.origin))


@router.post(
    "/devices/tokens",
    tags=_DEVICES,
    status_code=201,
    openapi_extra=described(TokenRequest, MadeToken, 201),
)
def make_token(
    request: Request,
    server: TheServer,
    caller: TheCaller,
    asked: Annotated[TokenRequest, Depends(message_of(TokenRequest))],
) -> Response:
    """Make a one-time token for a desk of a station. Needs ``officer.manage``."""
    token = enrolment.issue_token(server, caller, asked.station_id, asked.hours)
    return reply(request, MadeToken(token=token), 201)


@router.get("/devices", tags=_DEVICES, openapi_extra=described(None, list[ListedDevice]))
def list_devices(request: Request, server: TheServer, caller: TheCaller) -> Response:
    """List the devices of one's city. Needs ``officer.manage``."""
    found = enrolment.list_devices(server, caller)
    return reply(request, msgspec.convert(found, list[ListedDevice]))


@router.put(
    "/devices/{device_id}/scope",
    tags=_DEVICES,
    status_code=_NOTHING,
    openapi_extra=described(scopes.NewScope, None, _NOTHING),
)
def change_scope(
    device_id: UUID,
    server: TheServer,
    caller: TheCaller,
    asked: Annotated[scopes.NewScope, Depends(message_of(scopes.NewScope))],
) -> Response:
    """Say what a device may see from now on. Needs ``officer.manage``."""
    scopes.change_scope(server, caller, device_id, asked)
    return Response(status_code=_NOTHING)


@router.delete("/devices/{device_id}", tags=_DEVICES, status_code=_NOTHING)
def revoke_device(device_id: UUID, server: TheServer, caller: TheCaller) -> Response:
    """Revoke a device for good. Needs ``desk.shred``."""
    enrolment.revoke(server, caller, device_id)
    return Response(status_code=_NOTHING)
