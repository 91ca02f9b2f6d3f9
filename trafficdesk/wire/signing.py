"""What a device signs of a request, and the headers that carry it."""

import hashlib
from typing import Final
from uuid import UUID

DEVICE_HEADER: Final = "X-Device"
TURN_HEADER: Final = "X-Turn"
SIGNATURE_HEADER: Final = "X-Signature"  # Ed25519 over ``signed_bytes``, base64


def signed_bytes(method: str, target: str, body: bytes, turn: str) -> bytes:
    """Return what is signed: a line each for method, target (path and query), digest and turn.

    ``body`` is as it travels, compressed or not.
    """
    lines = (method.upper(), target, hashlib.sha256(body).hexdigest(), turn)
    return "\n".join(("trafficdesk-request-1", *lines)).encode()


def replacing_bytes(device_id: UUID, public_key: bytes) -> bytes:
    """Return what a device signs to let a new one, of this id and key, take its place."""
    return b"trafficdesk-replace-1\0" + device_id.bytes + public_key
