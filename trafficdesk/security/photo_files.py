"""Photos sealed into a profile by content: where they lie, how they open, and which are old."""

import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from trafficdesk.security.durable_file import replacing
from trafficdesk.security.errors import SealBroken
from trafficdesk.security.sealed_files import open_file, seal_stream

# What the key of photo files is derived for.
PURPOSE: Final = "media"
WHOLE, THUMBNAIL = "", ".thumb"
SUFFIXES: Final = (WHOLE, THUMBNAIL)
_DIGEST_DIGITS: Final = 64


class PhotoFile(NamedTuple):
    """A sealed photo with its thumbnail: size on the disk, and when it was last used (epoch s)."""

    sha256: str
    size_bytes: int
    used_s: float


@dataclass(frozen=True, slots=True)
class PhotoFiles:
    """The photos of a folder; ``key32`` is derived for ``PURPOSE`` from the desk's data key."""

    folder: Path
    key32: bytes = field(repr=False)

    def path(self, sha256: str, suffix: str = WHOLE) -> Path:
        """Return where a photo or its thumbnail lies if it is here."""
        return self.folder / sha256[:2] / f"{sha256}{suffix}"

    def has(self, sha256: str) -> bool:
        """Tell whether a photo is here."""
        return self.path(sha256).is_file()

    def keep(self, sha256: str, content: bytes, suffix: str = WHOLE) -> None:
        """Seal a photo or its thumbnail; sealing the same again is harmless. Raises ``OSError``."""
        target = self.path(sha256, suffix)
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as sealed:
            seal_stream(self.key32, io.BytesIO(content), sealed, sha256.encode())

    def load(self, sha256: str, suffix: str = WHOLE) -> bytes:
        """Return what was sealed, and note that it was used. Raises ``SealBroken``, ``OSError``."""
        path = self.path(sha256, suffix)
        content = b"".join(open_file(self.key32, path, sha256.encode()))
        with suppress(OSError):  # a folder that may only be read
            os.utime(self.path(sha256))
        return content

    def load_proved(self, sha256: str) -> bytes:
        """Return a photo that is what its name says. Raises ``SealBroken`` or ``OSError``."""
        content = self.load(sha256)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise SealBroken(what="photo")
        return content

    def drop(self, sha256: str) -> None:
        """Remove a photo and its thumbnail. Raises ``OSError``, as where one is being read."""
        for suffix in SUFFIXES:
            self.path(sha256, suffix).unlink(missing_ok=True)

    def find_all(self) -> Iterator[PhotoFile]:
        """Yield every photo that is here."""
        for path in self.folder.glob("??/*"):
            if len(path.name) != _DIGEST_DIGITS:
                continue
            with suppress(FileNotFoundError):
                status = path.stat()
                thumbnail = self.path(path.name, THUMBNAIL)
                beside = thumbnail.stat().st_size if thumbnail.is_file() else 0
                yield PhotoFile(path.name, status.st_size + beside, status.st_mtime)
