"""A 256-bit secret in memory: derived from, handed to the database, and wiped."""

import hmac
import secrets
from types import TracebackType
from typing import Final, NoReturn, Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from trafficdesk.security.errors import KeyWiped

KEY_BYTES: Final = 32
_DOMAIN: Final = b"trafficdesk/1/"


class SecretKey:
    """32 secret bytes. ``wipe`` overwrites them; using the key afterwards raises ``KeyWiped``.

    Python may have copied what ``hex``, ``reveal`` or ``derive`` returned: keep those short-lived.
    """

    __slots__ = ("_bytes",)

    def __init__(self, raw: bytes | bytearray) -> None:
        if len(raw) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes, not {len(raw)}")
        self._bytes = bytearray(raw)

    @classmethod
    def random(cls) -> "SecretKey":
        """Return a fresh key from the system's random source."""
        return cls(secrets.token_bytes(KEY_BYTES))

    @property
    def is_wiped(self) -> bool:
        """Tell whether the key is gone."""
        return not self._bytes

    def reveal(self) -> bytes:
        """Return a copy of the bytes, for a cipher. Raises ``KeyWiped``."""
        if self.is_wiped:
            raise KeyWiped
        return bytes(self._bytes)

    def hex(self) -> str:
        """Return 64 hex digits, as SQLCipher's raw key wants them. Raises ``KeyWiped``."""
        return self.reveal().hex()

    def derive(self, info: str) -> bytes:
        """Return 32 bytes for one purpose (HKDF-SHA256, RFC 5869). Raises ``KeyWiped``."""
        hkdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=_DOMAIN + info.encode())
        return hkdf.derive(self.reveal())

    def wipe(self) -> None:
        """Overwrite the bytes in place and forget them; wiping twice is fine."""
        self._bytes[:] = bytes(len(self._bytes))
        self._bytes.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.wipe()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SecretKey):
            return NotImplemented
        return hmac.compare_digest(self._bytes, other._bytes)

    __hash__ = None  # type: ignore[assignment] # a secret is no dictionary key

    def __repr__(self) -> str:
        return "SecretKey(wiped)" if self.is_wiped else "SecretKey(hidden)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret key is never pickled or copied")
