"""The server's own keys, in files that only its user can read."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from trafficdesk.wire.boxes import public_key_of

_KEY_BYTES: Final = 32
SIGNING_FILE: Final = "signing.key"  # Ed25519: receipts, bundles; desks know its public half
TOKENS_FILE: Final = "tokens.key"  # access and refresh tokens
MEDIA_FILE: Final = "media.key"  # what photos and videos are sealed with
FILES: Final = (SIGNING_FILE, TOKENS_FILE, MEDIA_FILE)
_OTHERS: Final = 0o077


class KeysError(Exception):
    """The keys cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class ServerKeys:
    """The keys in memory. ``access`` and ``refresh`` are derived from one file.

    ``sealing`` is the X25519 private key of bundles (32 bytes), derived from the signing file; so
    is ``persons``, under which it is kept who has said a thing, without being known.
    """

    signing: Ed25519PrivateKey = field(repr=False)
    access: bytes = field(repr=False)
    refresh: bytes = field(repr=False)
    media: bytes = field(repr=False)
    sealing: bytes = field(repr=False)
    persons: bytes = field(repr=False)

    @property
    def public_key(self) -> bytes:
        """The 32 bytes by which desks know this server."""
        return self.signing.public_key().public_bytes_raw()

    @property
    def sealing_public_key(self) -> bytes:
        """The 32 bytes to which desks seal bundles."""
        return public_key_of(self.sealing)


def make_keys(folder: Path) -> list[Path]:
    """Make the key files that are missing and return them; those that are there stay."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = []
    for name in FILES:
        path = folder / name
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(file, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(_KEY_BYTES) + "\n")
        made.append(path)
    return made


def load_keys(folder: Path) -> ServerKeys:
    """Read the keys. Raises ``KeysError`` for one that is missing, weak or open to others."""
    root, signing = read_key(folder / TOKENS_FILE), read_key(folder / SIGNING_FILE)
    return ServerKeys(
        Ed25519PrivateKey.from_private_bytes(signing),
        _derive(root, b"access"),
        _derive(root, b"refresh"),
        media_key(read_key(folder / MEDIA_FILE)),
        _derive(signing, b"sealing"),
        _derive(signing, b"persons"),
    )


def media_key(root: bytes) -> bytes:
    """Return what photos are sealed with, by the content of its file."""
    return _derive(root, b"media")


def read_key(path: Path) -> bytes:
    """Return the 32 bytes of a key's file. Raises ``KeysError``."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        raise KeysError(f"{path} is missing: run sync-server migrate, which makes it.") from None
    except OSError as error:
        raise KeysError(f"{path} cannot be read: {error.strerror}.") from error
    if mode & _OTHERS:
        raise KeysError(f"{path} can be read by others: run chmod 600 on it.")
    try:
        key = bytes.fromhex(text)
    except ValueError:
        raise KeysError(f"{path} holds no key: 64 hexadecimal digits are expected.") from None
    # A key that somebody typed repeats itself; a random one of 32 bytes practically never does.
    if len(key) != _KEY_BYTES or len(set(key)) < _KEY_BYTES // 2:
        raise KeysError(f"{path} holds a weak key: delete it and run sync-server migrate.")
    return key


def _derive(root: bytes, purpose: bytes) -> bytes:
    info = b"trafficdesk-server/1/" + purpose
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=info).derive(root)
