"""An officer's slot: made from a password, opened with it."""

import secrets
from typing import Final
from uuid import uuid4

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trafficdesk.security.key_slots import Holder, OfficerSlot, seal_master
from trafficdesk.security.keys import SecretKey
from trafficdesk.security.password_kdf import SALT_BYTES, KdfParameters, derive_from_password
from trafficdesk.security.passwords import normalise
from trafficdesk.security.sealed_box import new_private_key, public_key_of

_NONCE_BYTES: Final = 12


def make_slot(
    holder: Holder, password: str, kdf: KdfParameters, key: SecretKey, *, must_change: bool = False
) -> OfficerSlot:
    """Return a new slot for this officer and password. Takes as long as ``kdf`` says."""
    private_key = new_private_key()
    slot = OfficerSlot(
        slot_id=uuid4(),
        holder=holder,
        kdf=kdf,
        salt=secrets.token_bytes(SALT_BYTES),
        public_key=public_key_of(private_key),
        wrapped_private_key=b"",
        sealed_master=b"",
        must_change=must_change,
    )
    nonce = secrets.token_bytes(_NONCE_BYTES)
    cipher = AESGCM(derive_from_password(normalise(password), slot.salt, kdf))
    return msgspec.structs.replace(
        slot,
        wrapped_private_key=nonce + cipher.encrypt(nonce, private_key, slot.password_context),
        sealed_master=seal_master(slot, key),
    )


def find_private_key(slot: OfficerSlot, password: str) -> bytes | None:
    """Return the slot's private half, or ``None`` if this is not the password."""
    wrapped = slot.wrapped_private_key
    nonce, sealed = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
    cipher = AESGCM(derive_from_password(normalise(password), slot.salt, slot.kdf))
    try:
        return cipher.decrypt(nonce, sealed, slot.password_context)
    except (InvalidTag, ValueError):
        return None


def rename(slot: OfficerSlot, holder: Holder, key: SecretKey) -> OfficerSlot:
    """Return the slot under another name, rank or role of the same officer; the password stays."""
    renamed = msgspec.structs.replace(slot, holder=holder)
    return msgspec.structs.replace(renamed, sealed_master=seal_master(renamed, key))
