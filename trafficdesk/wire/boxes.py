"""Bytes sealed to an X25519 public key, opened with its private key: desks and server alike."""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32
_INFO: Final = b"trafficdesk/1/sealed box"
# Each box has a key of its own, so one fixed nonce is never used twice with a key.
_NONCE: Final = bytes(12)


class BoxError(Exception):
    """A box does not open: wrong key, wrong context, changed or cut off."""


def new_private_key() -> bytes:
    """Return a fresh X25519 private key, 32 bytes."""
    return X25519PrivateKey.generate().private_bytes_raw()


def public_key_of(private_key: bytes) -> bytes:
    """Return the public key (32 bytes) of a private key."""
    return X25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def _box_key(shared: bytes, ephemeral: bytes, receiver: bytes) -> bytes:
    hkdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=ephemeral + receiver, info=_INFO)
    return hkdf.derive(shared)


def seal_to(public_key: bytes, plaintext: bytes, context: bytes) -> bytes:
    """Return ephemeral public key, ciphertext and tag; ``context`` must be given to open it.

    Raises ``ValueError`` for a public key that is none.
    """
    ephemeral = X25519PrivateKey.generate()
    ephemeral_public = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public_key))
    key = _box_key(shared, ephemeral_public, public_key)
    return ephemeral_public + AESGCM(key).encrypt(_NONCE, plaintext, context)


def open_box(private_key: bytes, box: bytes, context: bytes) -> bytes:
    """Return what was sealed. Raises ``BoxError``."""
    ephemeral_public, sealed = box[:KEY_BYTES], box[KEY_BYTES:]
    private = X25519PrivateKey.from_private_bytes(private_key)
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(ephemeral_public))
        key = _box_key(shared, ephemeral_public, private.public_key().public_bytes_raw())
        return AESGCM(key).decrypt(_NONCE, sealed, context)
    except (InvalidTag, ValueError) as error:
        raise BoxError from error
