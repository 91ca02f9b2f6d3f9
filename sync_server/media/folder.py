"""Where media lie on the disk: a folder per city, whole files under their SHA-256, and half ones.

What is written is synced before it is acknowledged, and a whole file takes its place at once or
not at all. Two programs may share the folder: the same content published twice is the same file.
"""

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple
from uuid import UUID

from sync_server.media.content import HEAD_BYTES, Content, examine
from sync_server.media.sealing import (
    SealBrokenError,
    open_pieces,
    open_range,
    seal,
    seal_piece,
)
from sync_server.problems import RefusedError
from trafficdesk.wire.codes import Code

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_RETRY_S: Final = 300


class Half(NamedTuple):
    """Half a file: whose it is, its announced size, and how much of it was acknowledged.

    ``offset`` counts the content's bytes, ``sealed_bytes`` those on the disk.
    """

    city_id: UUID
    id: UUID
    sha256: str
    size_bytes: int
    offset: int
    sealed_bytes: int


@dataclass(frozen=True, slots=True)
class MediaFolder:
    """The folder, the key its files are sealed with, and what must stay free on its disk."""

    root: Path
    key: bytes
    free_bytes: int

    def check_room(self, more_bytes: int) -> None:
        """Raise ``RefusedError`` if there is no room for so many bytes more."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(self.root).free < self.free_bytes + more_bytes:
            raise _full()

    def has(self, city_id: UUID, sha256: str) -> bool:
        """Tell whether a whole file is there."""
        return self.path_of(city_id, sha256).is_file()

    def append(self, half: Half, content: bytes) -> int:
        """Write the next piece of half a file; return how many bytes it has on the disk.

        What was written before and never acknowledged is written over. Raises ``RefusedError``
        on a full disk.
        """
        piece = seal_piece(self.key, half.id.bytes, half.offset, content)
        path = self._part(half.city_id, half.id)
        with _needing_room():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as part:
                part.truncate(half.sealed_bytes)
                part.seek(half.sealed_bytes)
                part.write(piece)
                part.flush()
                os.fsync(part.fileno())
        return half.sealed_bytes + len(piece)

    def finish(self, half: Half) -> Content | None:
        """Make the pieces one file in its place; None if they are not what was announced."""
        path = self.path_of(half.city_id, half.sha256)
        digest, head = hashlib.sha256(), bytearray()

        def watched(pieces: Iterable[bytes]) -> Iterator[bytes]:
            for piece in pieces:
                digest.update(piece)
                head.extend(piece[: HEAD_BYTES - len(head)])
                yield piece

        with _needing_room():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._part(half.city_id, half.id).open("rb") as part, _replacing(path) as whole:
                pieces = open_pieces(self.key, half.id.bytes, part, half.size_bytes)
                with suppress(SealBrokenError):
                    seal(self.key, watched(pieces), whole.file, _name(half.city_id, half.sha256))
                found = examine(bytes(head))
                is_announced = digest.hexdigest() == half.sha256
                if found is None or not is_announced or half.size_bytes > found.max_bytes:
                    return None
                whole.is_good = True
        return found

    def drop_part(self, city_id: UUID, upload_id: UUID) -> None:
        """Remove half a file."""
        self._part(city_id, upload_id).unlink(missing_ok=True)

    def sweep(self, before: datetime) -> int:
        """Remove half files that a kill left behind and nobody touched since; return how many."""
        left = [
            *self.root.glob("*/uploads/*.part"),
            *(found for found in self.root.glob("*/??/.*") if found.is_file()),
        ]
        old = [file for file in left if file.stat().st_mtime < before.timestamp()]
        for file in old:
            file.unlink(missing_ok=True)
        return len(old)

    def read(self, city_id: UUID, sha256: str, size_bytes: int, span: range) -> Iterator[bytes]:
        """Yield a span of a whole file. Raises ``SealBrokenError`` or ``OSError``."""
        with self.path_of(city_id, sha256).open("rb") as source:
            yield from open_range(self.key, source, _name(city_id, sha256), size_bytes, span)

    def is_whole(self, city_id: UUID, sha256: str, size_bytes: int) -> bool:
        """Tell whether a file is there and its content has this digest, by reading all of it."""
        digest = hashlib.sha256()
        try:
            for piece in self.read(city_id, sha256, size_bytes, range(size_bytes)):
                digest.update(piece)
        except (SealBrokenError, OSError):
            return False
        return digest.hexdigest() == sha256

    def take(self, city_id: UUID, sha256: str, sealed: Iterable[bytes]) -> None:
        """Put a file in its place as it was sealed elsewhere with this folder's key.

        Raises ``OSError``, and what ``sealed`` raises: nothing is in the place then.
        """
        path = self.path_of(city_id, sha256)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _replacing(path) as whole:
            whole.file.writelines(sealed)
            whole.is_good = True

    def path_of(self, city_id: UUID, sha256: str) -> Path:
        """Return where a whole file lies, or would lie."""
        return self.root / str(city_id) / sha256[:2] / sha256

    def _part(self, city_id: UUID, upload_id: UUID) -> Path:
        return self.root / str(city_id) / "uploads" / f"{upload_id}.part"


def _name(city_id: UUID, sha256: str) -> bytes:
    return f"{city_id}/{sha256}".encode()


@dataclass(slots=True)
class _Replacing:
    """A file that takes its place at the end, if it is found good."""

    file: BinaryIO
    is_good: bool = False


@contextmanager
def _replacing(path: Path) -> Iterator[_Replacing]:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")  # this user's alone
    replacing = _Replacing(os.fdopen(handle, "wb"))
    try:
        with replacing.file as file:
            yield replacing
            file.flush()
            os.fsync(file.fileno())
        if replacing.is_good:
            Path(name).replace(path)
            _sync(path.parent)
    finally:
        Path(name).unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _needing_room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise _full() from error
        raise


def _full() -> RefusedError:
    detail = "The server's disk is full. Files are kept where they are until there is room."
    return RefusedError(Code.STORAGE_FULL, detail, retry_after_s=_RETRY_S)
