"""Bytes sealed to an X25519 public key, as ``wire.boxes`` does it, with this room's errors."""

from trafficdesk.security.errors import SealBroken
from trafficdesk.wire import boxes
from trafficdesk.wire.boxes import BoxError, new_private_key, public_key_of, seal_to

__all__ = ["new_private_key", "open_box", "public_key_of", "seal_to"]


def open_box(private_key: bytes, box: bytes, context: bytes) -> bytes:
    """Return what was sealed. Raises ``SealBroken``."""
    try:
        return boxes.open_box(private_key, box, context)
    except BoxError as error:
        raise SealBroken(what="sealed box") from error
