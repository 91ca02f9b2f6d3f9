"""One file of a release, fetched: gone on with where it was cut off, proved, then unpacked."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import zstandard

from trafficdesk.updates.errors import TAMPERED, TOO_LONG, UpdateError
from trafficdesk.updates.fetching import PIECE_BYTES, BlobSource
from trafficdesk.updates.manifest import FileEntry

# What a release is packed with at most; more memory is given to none.
WINDOW_BYTES: Final = 2**27


@dataclass(frozen=True, slots=True)
class Parcel:
    """What travels for a file: ``name`` at a source, and what it has to be.

    ``basis`` is the file here that it is unpacked with, None for a whole one.
    """

    file: FileEntry
    name: str
    size: int
    sha256: str
    basis: Path | None = None


def whole(file: FileEntry) -> Parcel:
    """Return what travels for a file of which nothing is here."""
    return Parcel(file, file.blob, file.packed_size, file.packed_sha256)


def fetch_file(parcel: Parcel, blobs: BlobSource, waiting: Path, place: Path) -> None:
    """Write a file of a release to ``place``; its blob is kept in ``waiting`` until it is whole.

    Raises:
        UpdateError: it cannot be had, or is not what the release says.
        OSError: there is no room, or nothing may be written.
    """
    packed = waiting / f"{parcel.sha256}.zst"
    try:
        _fetch(parcel, blobs, packed)
        _unpack(parcel, packed, place)
    except UpdateError as error:
        if error.code in {TAMPERED, TOO_LONG}:  # what there is of it is of no use
            packed.unlink(missing_ok=True)
        raise
    packed.unlink()


def _fetch(parcel: Parcel, blobs: BlobSource, packed: Path) -> None:
    """Bring the rest of a blob, and prove all of it."""
    had = packed.stat().st_size if packed.exists() else 0
    with packed.open("ab") as to:
        if had < parcel.size:
            for piece in blobs.pieces(parcel.name, had):
                had += len(piece)
                if had > parcel.size:
                    raise UpdateError(TOO_LONG, name=parcel.file.path)
                to.write(piece)
    if (had, sha256_of(packed)) != (parcel.size, parcel.sha256):
        raise UpdateError(TAMPERED, name=parcel.file.path, detail="its blob")


def _unpack(parcel: Parcel, packed: Path, place: Path) -> None:
    """Write the file that is in a proved blob, and have it on the disk."""
    file, digest, size = parcel.file, hashlib.sha256(), 0
    basis = None if parcel.basis is None else basis_of(parcel.basis.read_bytes())
    unpacker = zstandard.ZstdDecompressor(basis, max_window_size=WINDOW_BYTES)
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


def basis_of(older: bytes) -> zstandard.ZstdCompressionDict:
    """Return an older file as what a newer one is packed and unpacked with."""
    return zstandard.ZstdCompressionDict(older, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


def sha256_of(path: Path) -> str:
    """Return the hash of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
