"""Photos of reports and incidents: sealed into the profile by content, opened for the screen."""

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Media
from trafficdesk.profile import Profile
from trafficdesk.security.errors import SealBroken
from trafficdesk.security.keys import SecretKey
from trafficdesk.security.photo_files import PURPOSE, SUFFIXES, THUMBNAIL, PhotoFiles
from trafficdesk.services.pictures import Examined, PictureRefused, examine
from trafficdesk.services.session import Session
from trafficdesk.store import incidents, media_transfers
from trafficdesk.store import media as rows
from trafficdesk.store.errors import StoreError

PHOTO = "photo"
# What was sealed for a record that was never written is kept that long, whoever may be at it.
ORPHANS_KEPT: Final = timedelta(days=1)
FOLDERS: Final = 256
# A sealed file, or one that a kill left half written; nothing else is ever removed.
_OURS: Final = re.compile(r"(?:\.)?([0-9a-f]{64})(?:\.thumb)?(?:\.[a-z0-9_]{8})?")


@dataclass(frozen=True, slots=True)
class MediaMissing:
    """The bytes are not on this desk."""

    sha256: str


def keep_photo(profile: Profile, data_key: SecretKey, photo: Examined) -> Media:
    """Seal an examined photo and its thumbnail into the profile; return what is to be stored.

    Sealing the same content again is harmless. Raises ``OSError`` when the disk is full.
    """
    files = _files(profile, data_key)
    for suffix, content in zip(SUFFIXES, (photo.content, photo.thumbnail), strict=True):
        files.keep(photo.sha256, content, suffix)
    return Media(
        id=new_id(),
        sha256=photo.sha256,
        kind=PHOTO,
        mime=photo.mime,
        size_bytes=len(photo.content),
        width=photo.width,
        height=photo.height,
        taken_at=photo.taken_at,
        place=photo.place,
        sharpness=photo.sharpness,
        brightness=photo.brightness,
        picture_hash=photo.picture_hash,
    )


@contextmanager
def sealed(session: Session, photos: Sequence[Examined]) -> Iterator[list[Media]]:
    """Seal photos, so that the record which is written inside always finds them.

    If it can not be written they are gone again. Raises ``OSError`` when the disk is full.
    """
    try:
        yield [keep_photo(session.profile, session.data_key, photo) for photo in photos]
    except BaseException:
        # On a full disk looking fails as well; the first reason is the one to tell.
        with suppress(OSError, StoreError):
            drop_unwritten(session, {photo.sha256 for photo in photos})
        raise


def drop_unwritten(session: Session, names: Collection[str]) -> None:
    """Remove sealed photos by SHA-256 whose record could not be written; none that another has.

    Raises ``StoreError`` or ``OSError``; what stays is found by ``sweep``.
    """
    with session.store.reading() as connection:
        kept = rows.find_known(connection, names)
    for sha256 in set(names) - kept:
        _files(session.profile, session.data_key).drop(sha256)


def sweep(session: Session, folder: int) -> int:
    """Remove from one of the 256 folders what is old and belongs to no record; return how many.

    To be called where records are written, so that none is between its photos and its row.
    """
    place = session.profile.media / f"{folder:02x}"
    if not place.is_dir():
        return 0
    before_s = (session.clock() - ORPHANS_KEPT).timestamp()
    old = [
        (file, found[1])
        for file in place.iterdir()
        if (found := _OURS.fullmatch(file.name)) and file.stat().st_mtime < before_s
    ]
    with session.store.reading() as connection:
        known = rows.find_known(connection, {sha256 for _file, sha256 in old})
    orphans = [file for file, sha256 in old if sha256 not in known or file.name.startswith(".")]
    for file in orphans:
        file.unlink(missing_ok=True)
    if gone := {sha256 for _file, sha256 in old} - known:
        with session.store.writing() as connection:
            media_transfers.forget(connection, gone)
    return len(orphans)


def find_of_incident(session: Session, incident_id: UUID) -> tuple[Media, ...]:
    """Return the photos of an incident in their order."""
    with session.store.reading() as connection:
        return tuple(incidents.find_media(connection, incident_id))


def is_here(session: Session, sha256: str) -> bool:
    """Tell whether a photo's file is on this desk."""
    return _files(session.profile, session.data_key).has(sha256)


def load(session: Session, media: Media, *, thumbnail: bool = False) -> bytes | MediaMissing:
    """Return the bytes of a photo or of its thumbnail, which is made if only the photo came.

    Raises:
        SealBroken: the file was changed or damaged.
    """
    files = _files(session.profile, session.data_key)
    if not thumbnail:
        return files.load(media.sha256) if files.has(media.sha256) else MediaMissing(media.sha256)
    if files.path(media.sha256, THUMBNAIL).exists():
        return files.load(media.sha256, THUMBNAIL)
    if not files.has(media.sha256):
        return MediaMissing(media.sha256)
    found = examine(files.load(media.sha256))
    if isinstance(found, PictureRefused):
        raise SealBroken(what="photo")
    with suppress(OSError):  # a disk without room shows it as well
        files.keep(media.sha256, found.thumbnail, THUMBNAIL)
    return found.thumbnail


def _files(profile: Profile, data_key: SecretKey) -> PhotoFiles:
    return PhotoFiles(profile.media, data_key.derive(PURPOSE))
