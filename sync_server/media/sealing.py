"""Files sealed in frames of 256 KiB, any of which opens by itself; pieces of half a file.

The STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár 2015), as desks keep their photos:
every file has a key of its own, a frame's nonce is its number and whether it is the last. A frame
that is changed, moved or taken from another file or city does not open.

Layout of a file: ``TDSM``, version (1 byte), salt (32), then frames of ciphertext and tag (16).
A piece of half a file: length of what follows (4 bytes), nonce (12), ciphertext and tag.
"""

import secrets
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FRAME_BYTES: Final = 256 * 1024
_MAGIC: Final = b"TDSM\x01"
_SALT_BYTES: Final = 32
_HEAD_BYTES: Final = len(_MAGIC) + _SALT_BYTES
_TAG_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_LENGTH_BYTES: Final = 4


class SealBrokenError(Exception):
    """A sealed file was changed, damaged, or is another's."""


def _cipher(root: bytes, salt: bytes, info: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(root))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(_NONCE_BYTES - 1, "big") + bytes((last,))


def _frames(content: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield content in frames and whether each is the last; there is always one."""
    held = bytearray()
    for part in content:
        held += part
        while len(held) > FRAME_BYTES:
            yield bytes(held[:FRAME_BYTES]), False
            del held[:FRAME_BYTES]
    yield bytes(held), True


def seal(root: bytes, content: Iterable[bytes], target: BinaryIO, name: bytes) -> None:
    """Write content sealed under its name. Raises ``OSError`` and what ``content`` raises."""
    salt = secrets.token_bytes(_SALT_BYTES)
    cipher = _cipher(root, salt, b"file\n" + name)
    target.write(_MAGIC + salt)
    target.writelines(
        cipher.encrypt(_nonce(number, last=last), frame, None)
        for number, (frame, last) in enumerate(_frames(content))
    )


def open_range(
    root: bytes, source: BinaryIO, name: bytes, size_bytes: int, span: range
) -> Iterator[bytes]:
    """Yield the bytes of ``span`` of a sealed file whose content has ``size_bytes``.

    Raises ``SealBrokenError`` or ``OSError``, at the latest before the first wrong byte.
    """
    head = source.read(_HEAD_BYTES)
    if len(head) != _HEAD_BYTES or not head.startswith(_MAGIC):
        raise SealBrokenError
    cipher = _cipher(root, head[len(_MAGIC) :], b"file\n" + name)
    last = max(0, size_bytes - 1) // FRAME_BYTES
    for number in range(span.start // FRAME_BYTES, (span.stop - 1) // FRAME_BYTES + 1):
        source.seek(_HEAD_BYTES + number * (FRAME_BYTES + _TAG_BYTES))
        sealed = source.read(FRAME_BYTES + _TAG_BYTES)
        try:
            frame = cipher.decrypt(_nonce(number, last=number == last), sealed, None)
        except InvalidTag as error:
            raise SealBrokenError from error
        begins = number * FRAME_BYTES
        yield frame[max(0, span.start - begins) : span.stop - begins]


def seal_piece(root: bytes, name: bytes, offset: int, content: bytes) -> bytes:
    """Return a piece of half a file, sealed to its name and place."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = _cipher(root, b"", b"piece\n" + name).encrypt(nonce, content, str(offset).encode())
    return len(nonce + sealed).to_bytes(_LENGTH_BYTES, "big") + nonce + sealed


def open_pieces(root: bytes, name: bytes, source: BinaryIO, size_bytes: int) -> Iterator[bytes]:
    """Yield the pieces of a whole file in order. Raises ``SealBrokenError`` or ``OSError``."""
    cipher, offset = _cipher(root, b"", b"piece\n" + name), 0
    while offset < size_bytes:
        length = int.from_bytes(source.read(_LENGTH_BYTES), "big")
        sealed = source.read(length)
        try:
            piece = cipher.decrypt(
                sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], str(offset).encode()
            )
        except (InvalidTag, ValueError) as error:
            raise SealBrokenError from error
        offset += len(piece)
        yield piece
