"""Devices: enrolled by a one-time token, listed, revoked."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sync_server.accounts.queries import devices, sessions, users
from sync_server.accounts.service import bringing, replacing
from sync_server.accounts.service.guard import new_turn
from sync_server.accounts.service.people import Caller, Origin, scope_of
from sync_server.accounts.service.signing_in import Place, deed, prove_person
from sync_server.audit import service as audit
from sync_server.db.engine import Connection, Crossing
from sync_server.problems import RefusedError
from sync_server.server import Server
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.permissions import Permission
from trafficdesk.wire.accounts import Enrolled, EnrolRequest
from trafficdesk.wire.codes import Code

_TOKEN_BYTES: Final = 15
_MAX_NAME: Final = 120
DEFAULT_HOURS: Final = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What a one-time token enrols a desk for; no stations named is the whole city."""

    tenant_id: UUID
    city_id: UUID
    station_id: UUID
    station_ids: list[UUID] = field(default_factory=list)
    window_days: int = 90
    hours: int = DEFAULT_HOURS


def make_token(connection: Connection, wanted: Enrolment) -> str:
    """Return a fresh one-time token; only its hash is kept."""
    token = base64.b32encode(secrets.token_bytes(_TOKEN_BYTES)).decode()
    devices.put_token(
        connection,
        {
            "token_hash": _hash(token),
            "tenant_id": wanted.tenant_id,
            "city_id": wanted.city_id,
            "station_id": wanted.station_id,
            "station_ids": wanted.station_ids,
            "window_days": wanted.window_days,
            "hours": wanted.hours,
        },
    )
    return "-".join(token[start : start + 4] for start in range(0, len(token), 4))


def issue_token(server: Server, caller: Caller, station_id: UUID, hours: int) -> str:
    """Make a token for a desk of a station in the caller's city."""
    caller.require(Permission.OFFICER_MANAGE)
    wanted = Enrolment(
        tenant_id=caller.tenant_id, city_id=caller.city_id, station_id=station_id, hours=hours
    )
    with server.database.transaction(caller.tenant_id, caller.city_ids) as connection:
        if not users.find_station(connection, caller.city_id, station_id):
            raise RefusedError(Code.NOT_FOUND, "There is no such station in your city.")
        token = make_token(connection, wanted)
        audit.append(connection, deed(caller, "device.token_made", subject=str(station_id)))
    return token


def enrol(server: Server, request: EnrolRequest, origin: Origin) -> Enrolled:
    """Enrol a device, also one that takes a former one's place with its work.

    The same device that repeats its request before it ever pushed is answered the same, for the
    answer may have been lost. A wrong password leaves the token as it was.
    """
    _check(request)
    token_hash = _hash(request.token)
    person = _prove_person(server, request, token_hash, origin)
    bringing.check(request, person)
    with server.database.crossing(Crossing.ENROL) as connection:
        token = devices.lock_token(connection, token_hash)
        if token is None or not token["is_fresh"]:
            raise _refused()
        if token["used_at"] is None:
            _take(connection, request, token, person)
            audit.append(connection, _enrolled(token, request, origin))
        row = devices.find(connection, request.device_id)
        if row is None or not _is_the_one(row, token, request):
            raise _refused()
        logins = bringing.logins(connection, request)
    return Enrolled(
        device_id=row["id"],
        tenant_id=row["tenant_id"],
        desk_code=row["desk_code"],
        home_city_id=row["home_city_id"],
        home_station_id=row["home_station_id"],
        scope=scope_of(row),
        server_public_key=server.keys.public_key,
        server_sealing_key=server.keys.sealing_public_key,
        turn=row["turn"],
        logins=logins or msgspec.UNSET,
    )


def _take(
    connection: Connection,
    request: EnrolRequest,
    token: dict[str, Any],
    person: dict[str, Any] | None,
) -> None:
    """Make the device known, with its former selves and its people, and spend the token."""
    former_ids = replacing.find_former(connection, request, token["tenant_id"])
    _add(connection, request, token, former_ids)
    if person is not None:
        place = (token["tenant_id"], token["city_id"], token["station_id"])
        bringing.bring(connection, request, bringing.Station(*place, person["id"]))
    devices.use_token(connection, _hash(request.token), request.device_id)


def list_devices(server: Server, caller: Caller) -> list[dict[str, Any]]:
    """Return the devices at home in the caller's cities."""
    caller.require(Permission.OFFICER_MANAGE)
    with server.database.reading(caller.tenant_id, caller.city_ids) as connection:
        return devices.find_all(connection, caller.city_ids)


def revoke(server: Server, caller: Caller, device_id: UUID) -> None:
    """Revoke a device for good and end all sessions on it."""
    caller.require(Permission.DESK_SHRED)
    with server.database.transaction(caller.tenant_id, caller.city_ids) as connection:
        if not devices.revoke(connection, device_id, caller.city_ids):
            raise RefusedError(Code.NOT_FOUND, "There is no such device to revoke.")
        sessions.end_of_device(connection, device_id, "device revoked")
        audit.append(connection, deed(caller, "device.revoked", subject=str(device_id)))


def _check(request: EnrolRequest) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(request.public_key)
    except ValueError:
        raise RefusedError(Code.BAD_REQUEST, "The public key is none.") from None
    if not 0 < len(request.name.strip()) <= _MAX_NAME or len(request.program) > _MAX_NAME:
        raise RefusedError(Code.BAD_REQUEST, f"A name has 1 to {_MAX_NAME} characters.")


def _prove_person(
    server: Server, request: EnrolRequest, token_hash: bytes, origin: Origin
) -> dict[str, Any] | None:
    """Return whose login and password came along, looked at for a good token alone; else None."""
    if not request.sign_in:
        return None
    with server.database.crossing(Crossing.ENROL) as connection:
        token = devices.lock_token(connection, token_hash)
    if token is None or not token["is_fresh"]:
        raise _refused()
    place = Place(token["tenant_id"], [token["city_id"]])
    return prove_person(server, request.sign_in, place, origin)


def _add(
    connection: Connection, request: EnrolRequest, token: dict[str, Any], former_ids: list[UUID]
) -> None:
    added = devices.put(
        connection,
        {
            "tenant_id": token["tenant_id"],
            "id": request.device_id,
            "name": request.name.strip(),
            "desk_code": devices.next_desk_code(connection, token["city_id"]),
            "public_key": request.public_key,
            "home_city_id": token["city_id"],
            "home_station_id": token["station_id"],
            "scope_id": new_id(),
            "city_ids": [token["city_id"]],
            "station_ids": token["station_ids"],
            "window_days": token["window_days"],
            "turn": new_turn(),
            "program": request.program,
            "former_ids": former_ids,
        },
    )
    if not added:
        raise RefusedError(Code.TAKEN, "A device of this id is enrolled already.")
    for former_id in former_ids:
        devices.copy_users(connection, request.device_id, former_id)


def _is_the_one(row: dict[str, Any], token: dict[str, Any], request: EnrolRequest) -> bool:
    is_same = row["public_key"] == request.public_key and row["revoked_at"] is None
    used_by = token["device_id"] or request.device_id
    return is_same and used_by == request.device_id and not row["last_turn"]


def _refused() -> RefusedError:
    return RefusedError(Code.NOT_PERMITTED, "The enrolment token is unknown, used or expired.")


def _enrolled(token: dict[str, Any], request: EnrolRequest, origin: Origin) -> audit.Deed:
    return audit.Deed(
        action="device.enrolled",
        tenant_id=token["tenant_id"],
        device_id=request.device_id,
        subject=str(request.device_id),
        detail={"program": request.program, **replacing.told(request)},
        request_id=origin.request_id,
    )


def _hash(token: str) -> bytes:
    """Return the hash of a token as typed: signs between the letters do not count."""
    letters = "".join(sign for sign in token.upper() if sign.isalnum())
    return hashlib.sha256(letters.encode()).digest()
