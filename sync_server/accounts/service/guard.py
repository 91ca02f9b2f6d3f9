"""Proves who calls: the device by its signature and turn, the person by their access token."""

import base64
import binascii
import secrets
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sync_server.accounts.queries import devices, sessions
from sync_server.accounts.service.people import (
    Caller,
    Device,
    SignedRequest,
    scope_of,
    turns_of,
    user_of,
)
from sync_server.accounts.service.tokens import read_access
from sync_server.audit import service as audit
from sync_server.db.engine import Connection, Crossing
from sync_server.problems import RefusedError
from sync_server.server import Server
from trafficdesk.domain.times import utc_now
from trafficdesk.domain.vocabulary import Role
from trafficdesk.wire.codes import Code
from trafficdesk.wire.signing import signed_bytes


def authenticate(server: Server, request: SignedRequest) -> Caller:
    """Return who calls. A session that was started on a device counts from that device alone.

    Raises ``RefusedError``: ``sign_in_needed``, ``device_revoked``, ``device_copied``,
    ``too_many_requests``.
    """
    with server.database.crossing(Crossing.SESSION) as connection:
        device = _prove_device(server, connection, request)
        caller = _prove_person(server, connection, request, device)
        if device is not None:
            devices.touch(connection, device.id)
    server.limits.count_user(caller.user.id, caller.role)
    return caller


def authenticate_device(
    server: Server, request: SignedRequest, *, pushes: bool = False
) -> tuple[Caller, Device]:
    """Return who calls, and the enrolled device they must call from.

    A push must show the present turn, or the last one with the same body; whatever else a device
    asks may still show the last one, for it can have lost a push's answer before.
    """
    caller = authenticate(server, request)
    device = caller.device
    if device is None:
        raise RefusedError(Code.SIGN_IN_NEEDED, "This needs an enrolled device.")
    if not device.holds(device.turns, pushes=pushes):
        with server.database.crossing(Crossing.SESSION) as connection:
            audit.append(connection, _copied(caller, device))
        raise _copy()
    return caller, device


def prove_device(server: Server, request: SignedRequest) -> Device | None:
    """Return the device that signed a request which needs no access token, None for no device."""
    with server.database.crossing(Crossing.SIGN_IN) as connection:
        return _prove_device(server, connection, request)


def take_turn(connection: Connection, device: Device) -> str:
    """Take a push's turn within the push's own transaction; return the next one.

    Locks the device. A repeat of the last push gets the turn it was given; while the next turn is
    believed whichever it is, a repeat that comes late does not use that up. Raises
    ``RefusedError``: ``device_copied``, or ``device_revoked`` if that happened meanwhile.
    """
    row = devices.lock_turn(connection, device.id)
    if row is None or row["revoked_at"] is not None:
        raise RefusedError(Code.DEVICE_REVOKED)
    turns = turns_of(row)
    if not device.holds(turns, pushes=True):
        raise _copy()
    if turns.present and device.shown_turn != turns.present:
        return turns.present
    turn = new_turn()
    if turns.present or not device.repeats(turns):
        devices.set_turn(connection, device.id, turn, (device.shown_turn, device.body_digest))
    return turn


def believe_next_turn(connection: Connection, device_id: UUID) -> None:
    """Take the next turn of a device for its own, whichever it shows.

    It has yet to hear of a restore. The restored server may have taken a push of it and lost the
    answer; what the device queues anew goes before that, so the same push never comes again.
    """
    devices.forget_turn(connection, device_id)


def new_turn() -> str:
    """Return a fresh turn, which nobody can guess."""
    return secrets.token_urlsafe(16)


def _prove_device(server: Server, connection: Connection, request: SignedRequest) -> Device | None:
    if not request.device_id:
        return None
    try:
        row = devices.find(connection, UUID(request.device_id))
    except ValueError:
        raise RefusedError(Code.BAD_REQUEST, "The device's id is none.") from None
    if row is None:
        # Also after the server was restored to a day before the enrolment.
        raise RefusedError(Code.DEVICE_COPIED, "This server does not know the device.")
    if not _signature_is_right(row["public_key"], request):
        raise RefusedError(Code.SIGN_IN_NEEDED, "The device's signature is wrong.")
    if row["revoked_at"] is not None:
        key = server.settings.it_public_key
        raise RefusedError(Code.DEVICE_REVOKED, it_public_key=key)
    return Device(
        id=row["id"],
        tenant_id=row["tenant_id"],
        desk_code=row["desk_code"],
        home_city_id=row["home_city_id"],
        home_station_id=row["home_station_id"],
        scope=scope_of(row),
        turns=turns_of(row),
        shown_turn=request.turn,
        body_digest=request.body_digest,
        former_ids=frozenset(row["former_ids"]),
    )


def _prove_person(
    server: Server, connection: Connection, request: SignedRequest, device: Device | None
) -> Caller:
    if not request.token:
        raise RefusedError(Code.SIGN_IN_NEEDED, "There is no access token.")
    session = sessions.find(connection, read_access(server.keys, request.token))
    if session is None or not goes_on(session):
        raise RefusedError(Code.SIGN_IN_NEEDED, "The session has ended.")
    if session["device_id"] != (device.id if device else None):
        raise RefusedError(Code.SIGN_IN_NEEDED, "The session belongs to another device.")
    return Caller(
        tenant_id=session["tenant_id"],
        session_id=session["id"],
        role=Role(session["role"]),
        city_id=session["city_id"],
        user=user_of(session, session["user_id"]),
        device=device,
        origin=request.origin,
    )


def goes_on(session: dict[str, Any]) -> bool:
    """Tell whether a session with its user is neither ended nor expired nor without a person."""
    ended = session["ended_at"] is not None or session["removed_ms"] is not None
    return not ended and bool(session["expires_at"] > utc_now())


def _signature_is_right(public_key: bytes, request: SignedRequest) -> bool:
    content = signed_bytes(request.method, request.target, request.body, request.turn)
    try:
        signature = base64.b64decode(request.signature, validate=True)
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, content)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _copy() -> RefusedError:
    return RefusedError(Code.DEVICE_COPIED, "The device showed a turn that is not its own.")


def _copied(caller: Caller, device: Device) -> audit.Deed:
    return audit.Deed(
        action="device.copied",
        tenant_id=caller.tenant_id,
        actor_id=caller.user.id,
        device_id=device.id,
        subject=str(device.id),
        request_id=caller.origin.request_id,
    )
