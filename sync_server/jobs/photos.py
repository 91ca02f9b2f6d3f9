"""Photos brought into a backup, put back from it, and proved: each by its digest."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from sync_server.admin.room import free_bytes
from sync_server.jobs.manifest import Listed, Part, measure
from sync_server.media.folder import MediaFolder
from sync_server.problems import RefusedError
from trafficdesk.wire.codes import Code

_PIECE_BYTES: Final = 1 << 20
_SPARE_BYTES: Final = 64 << 20
_MIB: Final = 1 << 20


class Photo(NamedTuple):
    """A photo as the database knows it."""

    city_id: UUID
    sha256: str
    size_bytes: int

    @property
    def name(self) -> str:
        """How people are told of it."""
        return f"{self.city_id}/{self.sha256}"


@dataclass(slots=True)
class Brought:
    """What came of bringing photos: those that are whole now, and those that are not to be had."""

    listed: list[Listed] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    copied: int = 0
    copied_bytes: int = 0


class _UnreadableError(Exception):
    """A file to be copied cannot be read."""


def bring_photos(
    photos: Iterable[Photo], source: MediaFolder, pool: MediaFolder, known: Mapping[str, Listed]
) -> Brought:
    """Copy the photos that the pool lacks; every new one is opened and held against its digest.

    ``known`` are those that an earlier backup proved: they are only looked for. Raises
    ``RefusedError`` or ``OSError`` of the pool.
    """
    done = Brought()
    for photo in photos:
        held = known.get(photo.name)
        if held is not None and _has_size(pool, held):
            done.listed.append(held)
        elif (sealed := _bring(photo, source, pool, done)) is None:
            done.missing.append(photo.name)
        else:
            done.listed.append(Listed(*photo, sealed))
    return done


def _has_size(pool: MediaFolder, held: Listed) -> bool:
    try:
        found = pool.path_of(held.city_id, held.sha256).stat().st_size
    except OSError:
        return False
    return found == held.sealed.size_bytes


def _bring(photo: Photo, source: MediaFolder, pool: MediaFolder, done: Brought) -> Part | None:
    place = pool.path_of(photo.city_id, photo.sha256)
    if pool.is_whole(*photo):  # a backup that was cut short has brought it
        return measure(place)
    try:
        sealed = _copy(photo, source.path_of(photo.city_id, photo.sha256), pool)
    except _UnreadableError:
        return None
    if not pool.is_whole(*photo):
        place.unlink()
        return None
    done.copied += 1
    done.copied_bytes += sealed.size_bytes
    return sealed


def _copy(photo: Photo, source: Path, target: MediaFolder) -> Part:
    digest, size_bytes = hashlib.sha256(), 0

    def pieces() -> Iterator[bytes]:
        nonlocal size_bytes
        try:
            with source.open("rb") as stream:
                while piece := stream.read(_PIECE_BYTES):
                    digest.update(piece)
                    size_bytes += len(piece)
                    yield piece
        except OSError as error:
            raise _UnreadableError from error

    target.take(photo.city_id, photo.sha256, pieces())
    return Part(size_bytes, digest.hexdigest())


def check_room(folder: Path, more_bytes: int) -> None:
    """Raise ``RefusedError`` unless a disk has room for so many bytes more, and some to spare."""
    free = free_bytes(folder)
    if free < more_bytes + _SPARE_BYTES:
        detail = (
            f"The disk of {folder} has {free // _MIB} MiB left; "
            f"{(more_bytes + _SPARE_BYTES) // _MIB} MiB are needed. Nothing was written."
        )
        raise RefusedError(Code.STORAGE_FULL, detail)


def put_back(photos: Iterable[Listed], pool: MediaFolder, target: MediaFolder) -> Brought:
    """Put photos where the server looks for them; one that is there as it was sealed stays.

    What the pool does not hold as it was written is not put back. Raises ``OSError`` of the
    target.
    """
    done = Brought()
    for each in photos:
        photo = Photo(each.city_id, each.sha256, each.size_bytes)
        place = target.path_of(each.city_id, each.sha256)
        if _is(place, each.sealed):
            done.listed.append(each)
        elif not _is(pool.path_of(each.city_id, each.sha256), each.sealed):
            done.missing.append(photo.name)
        else:
            _copy(photo, pool.path_of(each.city_id, each.sha256), target)
            done.listed.append(each)
            done.copied += 1
            done.copied_bytes += each.sealed.size_bytes
    return done


def _is(file: Path, sealed: Part) -> bool:
    try:
        return file.stat().st_size == sealed.size_bytes and measure(file) == sealed
    except OSError:
        return False


def find_damaged(photos: Iterable[Listed], pool: MediaFolder) -> list[str]:
    """Return the photos of a backup that are not there as they were written."""
    return [
        Photo(*each[:3]).name
        for each in photos
        if not _is(pool.path_of(each.city_id, each.sha256), each.sealed)
    ]


def find_wrong(photos: Iterable[Photo], folder: MediaFolder, *, quick: bool) -> list[str]:
    """Return the photos that a folder does not hold with their digests; ``quick`` reads none."""
    looks: Callable[[Photo], bool] = (
        (lambda photo: folder.has(photo.city_id, photo.sha256))
        if quick
        else (lambda photo: folder.is_whole(*photo))
    )
    return [photo.name for photo in photos if not looks(photo)]
