"""Photos and videos sealed in chunks of 1 MiB, in constant memory.

The STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár 2015): every file has a key of its
own, a chunk's nonce is its number and whether it is the last. So a chunk that is changed, left
out, moved, doubled or taken from another file does not open, nor does a file that ends early.

Layout: ``TDSF``, version (1 byte), key id (1), salt (32), then chunks of ciphertext and tag (16).
"""

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from trafficdesk.security.durable_file import replacing
from trafficdesk.security.errors import SealBroken
from trafficdesk.security.framing import framed
from trafficdesk.security.keys import KEY_BYTES
from trafficdesk.security.sealing import FIRST_KEY_ID

CHUNK_BYTES: Final = 1 << 20
_TAG_BYTES: Final = 16
_MAGIC: Final = b"TDSF\x01"
_HEAD_BYTES: Final = len(_MAGIC) + 1 + KEY_BYTES


@dataclass(frozen=True, slots=True)
class SealedFile:
    """What went into a sealed file: the plaintext's SHA-256 (hex) and its size."""

    sha256: str
    size_bytes: int


def _cipher(key32: bytes, head: bytes, context: bytes) -> AESGCM:
    salt = head[-KEY_BYTES:]
    info = framed(b"trafficdesk/1/sealed file", head, context)
    return AESGCM(HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(key32))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes((last,))


def _chunks(source: BinaryIO, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """Yield number, chunk and whether it is the last; an empty source has one empty chunk."""
    number = 0
    chunk = source.read(size)
    while True:
        following = source.read(size) if len(chunk) == size else b""
        yield number, chunk, not following
        if not following:
            return
        number, chunk = number + 1, following


def seal_stream(
    key32: bytes, source: BinaryIO, target: BinaryIO, context: bytes, key_id: int = FIRST_KEY_ID
) -> SealedFile:
    """Seal everything ``source`` (a blocking binary file) gives. Raises ``OSError``."""
    head = _MAGIC + bytes((key_id,)) + secrets.token_bytes(KEY_BYTES)
    cipher = _cipher(key32, head, context)
    target.write(head)
    digest, size_bytes = hashlib.sha256(), 0
    for number, chunk, last in _chunks(source, CHUNK_BYTES):
        digest.update(chunk)
        size_bytes += len(chunk)
        target.write(cipher.encrypt(_nonce(number, last=last), chunk, None))
    return SealedFile(digest.hexdigest(), size_bytes)


def open_stream(key32: bytes, source: BinaryIO, context: bytes) -> Iterator[bytes]:
    """Yield the plaintext in chunks of 1 MiB, each proved; an empty file gives one empty chunk.

    The whole is proved only when the iterator ends. Raises ``SealBroken`` or ``OSError``.
    """
    head = source.read(_HEAD_BYTES)
    if len(head) != _HEAD_BYTES or not head.startswith(_MAGIC):
        raise SealBroken(what="sealed file")
    cipher = _cipher(key32, head, context)
    for number, chunk, last in _chunks(source, CHUNK_BYTES + _TAG_BYTES):
        try:
            yield cipher.decrypt(_nonce(number, last=last), chunk, None)
        except InvalidTag as error:
            raise SealBroken(what="sealed file", chunk=number) from error


def seal_file(
    key32: bytes, source: Path, target: Path, context: bytes, key_id: int = FIRST_KEY_ID
) -> SealedFile:
    """Seal a file into another, which appears whole, synced and with mode 0600, or not at all.

    Raises ``OSError``.
    """
    with source.open("rb") as plain, replacing(target) as sealed:
        return seal_stream(key32, plain, sealed, context, key_id)


def open_file(key32: bytes, path: Path, context: bytes) -> Iterator[bytes]:
    """Yield a sealed file's plaintext in chunks. Raises ``SealBroken`` or ``OSError``."""
    with path.open("rb") as source:
        yield from open_stream(key32, source, context)


def key_id_of_file(path: Path) -> int:
    """Return the id of the key that opens a sealed file. Raises ``SealBroken`` or ``OSError``."""
    with path.open("rb") as source:
        head = source.read(_HEAD_BYTES)
    if len(head) != _HEAD_BYTES or not head.startswith(_MAGIC):
        raise SealBroken(what="sealed file")
    return head[len(_MAGIC)]
