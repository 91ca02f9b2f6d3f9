"""One file of a release, fetched: gone on with where it was cut off, proved, then unpacked."""

import hashlib
import os
from pathlib import Path
from typing import Final

import zstandard

from trafficdesk.updates.errors import TAMPERED, TOO_LONG, UpdateError
from trafficdesk.updates.fetching import PIECE_BYTES, BlobSource
from trafficdesk.updates.manifest import FileEntry

# What a release is packed with at most; more memory is given to none.
WINDOW_BYTES: Final = 2**27


def fetch_file(file: FileEntry, blobs: BlobSource, waiting: Path, place: Path) -> None:
    """Write a file of a release to ``place``; its blob is kept in ``waiting`` until it is whole.

    Raises:
        UpdateError: it cannot be had, or is not what the release says.
        OSError: there is no room, or nothing may be written.
    """
    packed = waiting / f"{file.sha256}.zst"
    try:
        _fetch(file, blobs, packed)
        _unpack(file, packed, place)
    except UpdateError as error:
        if error.code in {TAMPERED, TOO_LONG}:  # what there is of it is of no use
            packed.unlink(missing_ok=True)
        raise
    packed.unlink()


def _fetch(file: FileEntry, blobs: BlobSource, packed: Path) -> None:
    """Bring the rest of a blob, and prove all of it."""
    had = packed.stat().st_size if packed.exists() else 0
    with packed.open("ab") as to:
        if had < file.packed_size:
            for piece in blobs.pieces(file.blob, had):
                had += len(piece)
                if had > file.packed_size:
                    raise UpdateError(TOO_LONG, name=file.path)
                to.write(piece)
    if (had, sha256_of(packed)) != (file.packed_size, file.packed_sha256):
        raise UpdateError(TAMPERED, name=file.path, detail="its blob")


def _unpack(file: FileEntry, packed: Path, place: Path) -> None:
    """Write the file that is in a proved blob, and have it on the disk."""
    digest, size = hashlib.sha256(), 0
    unpacker = zstandard.ZstdDecompressor(max_window_size=WINDOW_BYTES)
    try:
        with packed.open("rb") as source, place.open("xb") as to:
            for piece in unpacker.read_to_iter(source, write_size=PIECE_BYTES):
                size += len(piece)
                if size > file.size:
                    raise UpdateError(TAMPERED, name=file.path, detail="its size")
                digest.update(piece)
                to.write(piece)
            to.flush()
            os.fsync(to.fileno())
    except zstandard.ZstdError as error:
        raise UpdateError(TAMPERED, name=file.path, detail="its packing") from error
    if (size, digest.hexdigest()) != (file.size, file.sha256):
        raise UpdateError(TAMPERED, name=file.path, detail="its hash")


def sha256_of(path: Path) -> str:
    """Return the hash of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
