"""The keys of a repository: Ed25519, one file each, private ones locked with a passphrase.

A private key never has to be on the machine that holds the repository: whoever has it signs a
draft on a machine of their own and brings the draft back.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization as forms
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from securesystemslib.signer import CryptoSigner, SSlibKey

from installers.releasing.errors import ReleaseError

PUBLIC: Final = ".pub"
_PRIVATE_MODE: Final = 0o600

Ask = Callable[[Path], str]  # a key's passphrase; "" where it has none


def make_key(path: Path, passphrase: str) -> str:
    """Make a key pair, ``path`` and ``path.pub``, and return its id; locked unless ``""``."""
    private = Ed25519PrivateKey.generate()
    lock: forms.KeySerializationEncryption = forms.NoEncryption()
    if passphrase:
        lock = forms.BestAvailableEncryption(passphrase.encode())
    text = private.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, lock)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_MODE)
    except OSError as error:
        raise ReleaseError(f"{path} cannot be written: {error.strerror}.") from error
    with os.fdopen(handle, "wb") as file:
        file.write(text)
    public = private.public_key()
    path.with_name(path.name + PUBLIC).write_bytes(
        public.public_bytes(forms.Encoding.PEM, forms.PublicFormat.SubjectPublicKeyInfo)
    )
    return SSlibKey.from_crypto(public).keyid


def load_public(path: Path) -> SSlibKey:
    """Return the public key in a file. Raises ``ReleaseError``."""
    try:
        key = forms.load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ReleaseError(f"{path} is no public key that can be read.") from error
    if not isinstance(key, Ed25519PublicKey):
        raise ReleaseError(f"{path} is no Ed25519 key.")
    return SSlibKey.from_crypto(key)


def load_signer(path: Path, ask: Ask) -> CryptoSigner:
    """Return a private key that signs. Raises ``ReleaseError``."""
    try:
        text = path.read_bytes()
        key = _unlock(text, path, ask)
    except (OSError, ValueError) as error:
        raise ReleaseError(f"{path} is no private key, or the passphrase is another.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ReleaseError(f"{path} is no Ed25519 key.")
    return CryptoSigner(key)


def _unlock(text: bytes, path: Path, ask: Ask) -> object:
    try:
        return forms.load_pem_private_key(text, None)
    except TypeError:  # it is locked
        return forms.load_pem_private_key(text, ask(path).encode() or b"\0")
