"""Published answers that the cryptography of this machine has to give before it is trusted.

A library that was built or mixed wrongly mostly still encrypts and decrypts: only with others it
does not agree, and nobody would notice before the disk is moved.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def _aes_256_gcm() -> bytes:
    """McGrew and Viega, "The Galois/Counter Mode of Operation", test case 14."""
    return AESGCM(bytes(32)).encrypt(bytes(12), bytes(16), None)


def _argon2id() -> bytes:
    """The reference implementation's own test, version 1.3: 2 passes, 64 MiB, 1 lane."""
    return hash_secret_raw(b"password", b"somesalt", 2, 65_536, 1, 32, Type.ID)


def _ed25519() -> bytes:
    """RFC 8032, section 7.1, test 1."""
    seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed)).sign(b"")


def _x25519() -> bytes:
    """RFC 7748, section 6.1."""
    own = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"
    other = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
    public = X25519PublicKey.from_public_bytes(bytes.fromhex(other))
    return X25519PrivateKey.from_private_bytes(bytes.fromhex(own)).exchange(public)


def _hkdf_sha256() -> bytes:
    """RFC 5869, appendix A.1."""
    salt, info = bytes(range(0x0D)), bytes(range(0xF0, 0xFA))
    return HKDF(SHA256(), 42, salt, info).derive(b"\x0b" * 22)


def _hmac_sha256() -> bytes:
    """RFC 4231, test case 2."""
    return hmac.new(b"Jefe", b"what do ya want for nothing?", hashlib.sha256).digest()


_ED25519_SIGNATURE: Final = (
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
    "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
)
_PUBLISHED: Final[Mapping[str, tuple[Callable[[], bytes], str]]] = MappingProxyType(
    {
        "AES-256-GCM": (
            _aes_256_gcm,
            "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
        ),
        "Argon2id": (
            _argon2id,
            "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7",
        ),
        "Ed25519": (
            _ed25519,
            _ED25519_SIGNATURE,
        ),
        "X25519": (
            _x25519,
            "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742",
        ),
        "HKDF-SHA-256": (
            _hkdf_sha256,
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        "HMAC-SHA-256": (
            _hmac_sha256,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
    }
)


def known_answers() -> dict[str, bool]:
    """Return for each primitive that the desk uses whether it gives the published answer."""
    return {name: ask().hex() == answer for name, (ask, answer) in _PUBLISHED.items()}
