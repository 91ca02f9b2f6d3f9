"""A device that takes the place of a former one: a clone told apart, or one forgotten."""

from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sync_server.accounts.queries import devices
from sync_server.db.engine import Connection
from sync_server.problems import RefusedError
from trafficdesk.wire.accounts import EnrolRequest
from trafficdesk.wire.codes import Code
from trafficdesk.wire.signing import replacing_bytes


def find_former(connection: Connection, request: EnrolRequest, tenant_id: UUID) -> list[UUID]:
    """Return every id that the device had before, none for a new one.

    A device that this server does not know, for it was restored to a day before its enrolment, has
    nothing here that could be taken from it. Raises ``RefusedError``.
    """
    if not request.replaces:
        return []
    former = devices.find(connection, request.replaces.device_id)
    if former is None:
        return [request.replaces.device_id]
    is_right = former["tenant_id"] == tenant_id and former["revoked_at"] is None
    if not (is_right and _has_signed(former, request)):
        raise RefusedError(Code.NOT_PERMITTED, "The device to be replaced did not agree.")
    return [former["id"], *former["former_ids"]]


def told(request: EnrolRequest) -> dict[str, str]:
    """Return what the audit says of it."""
    return {"replaces": str(request.replaces.device_id)} if request.replaces else {}


def _has_signed(former: dict[str, Any], request: EnrolRequest) -> bool:
    if not request.replaces:
        return False
    content = replacing_bytes(request.device_id, request.public_key)
    try:
        key = Ed25519PublicKey.from_public_bytes(former["public_key"])
        key.verify(request.replaces.signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True
