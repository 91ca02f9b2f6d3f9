"""Signing in, keeping a session going, signing out."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sync_server.accounts.queries import devices, sessions, users
from sync_server.accounts.service import tries
from sync_server.accounts.service.guard import goes_on
from sync_server.accounts.service.people import Caller, Device, Origin, user_of
from sync_server.accounts.service.tokens import REFRESH_LIFE, Session, read_refresh, tokens_of
from sync_server.audit import service as audit
from sync_server.db.engine import Connection, Crossing
from sync_server.problems import RefusedError
from sync_server.server import Server
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.times import utc_now
from trafficdesk.wire.accounts import SignInRequest, Tokens
from trafficdesk.wire.codes import Code

_MAX_LOGIN: Final = 200
_MAX_PASSWORD: Final = 4096


def sign_in(
    server: Server, request: SignInRequest, device: Device | None, origin: Origin
) -> Tokens:
    """Start a session. Five wrong passwords in a row lock the login there, known or not.

    Without a device the login must be one that no other tenant has, too.
    """
    place = ANYWHERE
    if device is not None:
        place = Place(device.tenant_id, device.scope.city_ids, device.id)
    user = prove_person(server, request, place, origin)
    tokens = _start(server, user, device, origin)
    server.metrics.sign_ins.labels("done").inc()
    return tokens


@dataclass(frozen=True, slots=True)
class Place:
    """Whose users are meant: those of a tenant's cities, from a device."""

    tenant_id: UUID | None
    city_ids: list[UUID] | None
    device_id: UUID | None = None


ANYWHERE: Final = Place(None, None)


def prove_person(
    server: Server, request: SignInRequest, place: Place, origin: Origin
) -> dict[str, Any]:
    """Return the user whose login and password these are; each call is a try.

    The hash in it is the one to keep. Raises ``RefusedError``.
    """
    server.limits.count_sign_in(origin.address, request.login[:_MAX_LOGIN])
    if len(request.login) > _MAX_LOGIN or len(request.password) > _MAX_PASSWORD:
        raise _wrong(server)
    tried = tries.Tried(request.login, place.tenant_id, place.device_id, origin.address)
    is_last = tries.take(server, tried)
    user = _find_user(server, request.login, place)
    hashed = user["password_hash"] if user else ""
    if not server.passwords.matches(request.password, hashed) or user is None:
        if is_last and user is not None:
            _note_used_up(server, user, place, origin)
        raise _wrong(server)
    tries.forget(server, tried)
    if server.passwords.is_outdated(hashed):
        hashed = server.passwords.hash(request.password)
    return {**user, "password_hash": hashed}


def refresh(server: Server, token: str, device: Device | None, origin: Origin) -> Tokens:
    """Return the tokens that follow a refresh token.

    The last rotation repeated by the same device is answered the same, for its answer may have
    been lost; a token older than that, or from elsewhere, is a stolen one and ends the session.
    """
    session_id, rotation = read_refresh(server.keys, token)
    with server.database.crossing(Crossing.SESSION) as connection:
        row = sessions.lock(connection, session_id)
        if row is None or not goes_on(row):
            raise RefusedError(Code.SIGN_IN_NEEDED, "The session has ended.")
        at_home = row["device_id"] == (device.id if device else None)
        is_repeat = device is not None and rotation == row["rotation"] - 1
        stolen = not at_home or not (rotation == row["rotation"] or is_repeat)
        if stolen:
            _end_stolen(connection, row, origin)
        elif not is_repeat:
            row |= _rotate(connection, row)
    if stolen:
        raise RefusedError(Code.SIGN_IN_NEEDED, "The refresh token was used before.")
    return tokens_of(server.keys, _session_of(row), user_of(row, row["user_id"]))


def sign_out(server: Server, caller: Caller) -> None:
    """End the caller's session."""
    with server.database.transaction(caller.tenant_id, caller.city_ids) as connection:
        if sessions.end(connection, caller.session_id, "signed out"):
            audit.append(connection, deed(caller, "session.ended", subject=str(caller.session_id)))


def deed(caller: Caller, action: str, subject: str = "", **detail: object) -> audit.Deed:
    """Return an audit entry of something the caller did."""
    return audit.Deed(
        action=action,
        tenant_id=caller.tenant_id,
        actor_id=caller.user.id,
        device_id=caller.device.id if caller.device else None,
        subject=subject,
        detail=detail,
        request_id=caller.origin.request_id,
    )


def _find_user(server: Server, login: str, place: Place) -> dict[str, Any] | None:
    with server.database.crossing(Crossing.SIGN_IN) as connection:
        found = users.find_by_login(connection, login, place.tenant_id, place.city_ids)
    return found[0] if len(found) == 1 else None


def _note_used_up(server: Server, user: dict[str, Any], place: Place, origin: Origin) -> None:
    with server.database.crossing(Crossing.SIGN_IN) as connection:
        audit.append(connection, _of_user("user.tries_used_up", user, place.device_id, origin))


def _wrong(server: Server) -> RefusedError:
    server.metrics.sign_ins.labels("wrong").inc()
    return RefusedError(Code.SIGN_IN_NEEDED, "Login or password is wrong.")


def _start(server: Server, user: dict[str, Any], device: Device | None, origin: Origin) -> Tokens:
    user_id, device_id = user["id"], device.id if device else None
    session = Session(new_id(), 0, utc_now(), utc_now() + REFRESH_LIFE)
    with server.database.crossing(Crossing.SIGN_IN) as connection:
        if not users.set_hash(connection, user_id, user["password_hash"]):
            raise _wrong(server)  # removed meanwhile
        if device_id is not None:
            devices.note_user(connection, device_id, user_id)
            sessions.end_of_device(connection, device_id, "signed in again", user_id)
        owner = (user["tenant_id"], user_id, device_id)
        sessions.start(connection, session.id, owner, session.rotated_at, session.expires_at)
        audit.append(connection, _of_user("session.started", user, device_id, origin))
    return tokens_of(server.keys, session, user_of(user, user_id))


def _rotate(connection: Connection, row: dict[str, Any]) -> dict[str, Any]:
    at = utc_now()
    sessions.rotate(connection, row["id"], at, at + REFRESH_LIFE)
    return {"rotation": row["rotation"] + 1, "rotated_at": at, "expires_at": at + REFRESH_LIFE}


def _end_stolen(connection: Connection, row: dict[str, Any], origin: Origin) -> None:
    sessions.end(connection, row["id"], "refresh token used again")
    audit.append(
        connection,
        audit.Deed(
            action="session.token_reused",
            tenant_id=row["tenant_id"],
            actor_id=row["user_id"],
            device_id=row["device_id"],
            subject=str(row["id"]),
            request_id=origin.request_id,
        ),
    )


def _session_of(row: dict[str, Any]) -> Session:
    return Session(row["id"], row["rotation"], row["rotated_at"], row["expires_at"])


def _of_user(
    action: str, user: dict[str, Any], device_id: UUID | None, origin: Origin
) -> audit.Deed:
    user_id = user["id"]
    return audit.Deed(
        action=action,
        tenant_id=user["tenant_id"],
        actor_id=user_id,
        device_id=device_id,
        subject=str(user_id),
        request_id=origin.request_id,
    )
