"""Small values sealed with AES-256-GCM: personal data in rows, keys in files.

Layout: version (1 byte), key id (1), nonce (12, random), ciphertext, tag (16). Version, key id and
the caller's context are authenticated. Say in the context what the value is and whose, such as
``citizen/<id>/phone``: a value moved to another row or column does not open. Random nonces serve
2^32 values a key (NIST SP 800-38D §8.3).
"""

import secrets
from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trafficdesk.security.errors import SealBroken
from trafficdesk.security.framing import framed

_VERSION: Final = 1
_NONCE_BYTES: Final = 12
_HEAD_BYTES: Final = 2 + _NONCE_BYTES
_TAG_BYTES: Final = 16
FIRST_KEY_ID: Final = 1


def _associated(head: bytes, context: bytes) -> bytes:
    return framed(b"sealed value", head, context)


def seal(key32: bytes, plaintext: bytes, context: bytes, key_id: int = FIRST_KEY_ID) -> bytes:
    """Return the sealed value, 30 bytes longer. ``key_id`` (0 to 255) says which key opens it."""
    head = bytes((_VERSION, key_id))
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(key32).encrypt(nonce, plaintext, _associated(head, context))
    return head + nonce + sealed


def key_id_of(sealed: bytes) -> int:
    """Return the id of the key that opens a sealed value. Raises ``SealBroken``."""
    if len(sealed) < _HEAD_BYTES + _TAG_BYTES or sealed[0] != _VERSION:
        raise SealBroken(what="sealed value")
    return sealed[1]


def open_sealed(key32: bytes | Mapping[int, bytes], sealed: bytes, context: bytes) -> bytes:
    """Return what was sealed under this context, with one key or the fitting one of several.

    Raises ``SealBroken``: another key or context, or bytes changed or cut off.
    """
    key_id = key_id_of(sealed)
    key = key32 if isinstance(key32, bytes) else key32.get(key_id)
    if key is None:
        raise SealBroken(what="sealed value", key_id=key_id)
    head, nonce = sealed[:2], sealed[2:_HEAD_BYTES]
    try:
        return AESGCM(key).decrypt(nonce, sealed[_HEAD_BYTES:], _associated(head, context))
    except InvalidTag as error:
        raise SealBroken(what="sealed value") from error
