"""What a backup is made of: its folder, its photos beside it, and the page that vouches for both.

``DIR/trafficdesk-TIME/`` holds the database, the list of its photos and the sealed keys;
``DIR/photos/`` holds the photos of all backups in DIR, each under its SHA-256, as they lie sealed
on the server. A folder has its name only once it is whole: until then it ends in ``.making``.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from sync_server.problems import RefusedError
from trafficdesk.wire.codes import Code

FORMAT: Final = 2
PREFIX: Final = "trafficdesk-"
MAKING: Final = ".making"
DUMP: Final = "database.dump"
PHOTOS: Final = "photos.txt"
KEYS: Final = "keys.box"
MANIFEST: Final = "manifest.json"
POOL: Final = "photos"
_PIECE_BYTES: Final = 1 << 20


class Part(msgspec.Struct, frozen=True):
    """A file of a backup as it was written."""

    size_bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds.

    ``heads`` is each city's number in its feed, ``server_key`` the public key that desks know this
    server by, in hex. ``key_marks`` tell the server's keys apart without telling what they are;
    ``keys_sealed_to`` is the public key (base64) that can open the copy of them, or nothing when
    there is none. ``photos_missing`` counts those that were missing or damaged on the server.
    """

    format: int
    made_at: datetime
    schema: str
    epoch: UUID
    heads: dict[str, int]
    server_key: str
    key_marks: dict[str, str]
    keys_sealed_to: str
    parts: dict[str, Part]
    photos: int
    photo_bytes: int
    photos_missing: int


class Listed(NamedTuple):
    """A photo of a backup: its city and digest, its size, and its sealed file as it was written."""

    city_id: UUID
    sha256: str
    size_bytes: int
    sealed: Part


def pool_of(backup: Path) -> Path:
    """Return the folder with the photos of a backup."""
    return backup.absolute().parent / POOL


def measure(file: Path) -> Part:
    """Return a file's size and SHA-256."""
    digest = hashlib.sha256()
    size_bytes = 0
    with file.open("rb") as stream:
        while piece := stream.read(_PIECE_BYTES):
            digest.update(piece)
            size_bytes += len(piece)
    return Part(size_bytes, digest.hexdigest())


def read_manifest(backup: Path) -> Manifest:
    """Return the manifest of a backup whose own files are whole. Raises ``RefusedError``."""
    if backup.name.endswith(MAKING):
        raise RefusedError(Code.BAD_REQUEST, f"{backup} was not finished: it is no backup.")
    path = backup / MANIFEST
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
        if manifest.format != FORMAT:
            raise RefusedError(Code.UPGRADE_NEEDED, f"{backup} was made by another sync-server.")
        for name, part in manifest.parts.items():
            _check_part(backup / Path(name).name, part)
    except FileNotFoundError as error:
        raise RefusedError(Code.NOT_FOUND, f"{error.filename} is missing.") from error
    except OSError as error:
        raise RefusedError(Code.BAD_REQUEST, f"{backup}: {error.strerror}.") from error
    except msgspec.DecodeError as error:
        raise RefusedError(Code.BAD_REQUEST, f"{path} is not understood: {error}.") from error
    return manifest


def _check_part(file: Path, part: Part) -> None:
    found = measure(file)
    if found != part:
        told = f"{found.size_bytes} of {part.size_bytes} bytes"
        why = told if found.size_bytes != part.size_bytes else "its content was changed"
        raise RefusedError(Code.BAD_REQUEST, f"{file} is not the file that was written: {why}.")


def write_manifest(backup: Path, manifest: Manifest) -> None:
    """Write the page that vouches for a backup, last of all."""
    write(backup / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")


def write_photos(file: Path, photos: list[Listed]) -> None:
    """Write the list of photos, a line each."""
    lines = (
        f"{each.city_id}/{each.sha256} {each.size_bytes} "
        f"{each.sealed.size_bytes} {each.sealed.sha256}\n"
        for each in photos
    )
    write(file, "".join(lines).encode("ascii"))


def read_photos(backup: Path) -> Iterator[Listed]:
    """Yield the photos of a backup. Raises ``RefusedError`` or ``OSError``."""
    with (backup / PHOTOS).open("r", encoding="ascii") as lines:
        for line in lines:
            try:
                name, size_bytes, sealed_bytes, sealed_sha256 = line.split()
                city, _, sha256 = name.partition("/")
                sealed = Part(int(sealed_bytes), sealed_sha256)
                yield Listed(UUID(city), bytes.fromhex(sha256).hex(), int(size_bytes), sealed)
            except ValueError as error:
                detail = f"{backup / PHOTOS} is not understood."
                raise RefusedError(Code.BAD_REQUEST, detail) from error


def write(path: Path, content: bytes) -> None:
    """Write a file that its owner alone may read, and see it on the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
    sync(path)


def sync(path: Path) -> None:
    """See a file or folder on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        with suppress(OSError):  # some systems sync no folders
            os.fsync(handle)
    finally:
        os.close(handle)
