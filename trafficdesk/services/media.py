"""Photos of reports: sealed into the profile by content, opened again for the screen."""

import io
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Media
from trafficdesk.profile import Profile
from trafficdesk.security.durable_file import replacing
from trafficdesk.security.keys import SecretKey
from trafficdesk.security.sealed_files import open_file, seal_stream
from trafficdesk.services.pictures import Examined
from trafficdesk.services.session import Session
from trafficdesk.store import media as rows

PHOTO = "photo"
# What was sealed for a report that was never written is kept that long, whoever may be at it.
ORPHANS_KEPT: Final = timedelta(days=1)
FOLDERS: Final = 256
_INFO = "media"
_SUFFIXES = ("", ".thumb")
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
    for suffix, content in zip(_SUFFIXES, (photo.content, photo.thumbnail), strict=True):
        target = _path(profile, photo.sha256, suffix)
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as sealed:
            seal_stream(data_key.derive(_INFO), io.BytesIO(content), sealed, photo.sha256.encode())
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
    )


def drop_unwritten(session: Session, names: Collection[str]) -> None:
    """Remove sealed photos by SHA-256 whose report could not be written; none that another has.

    Raises ``StoreError`` or ``OSError``; what stays is found by ``sweep``.
    """
    with session.store.reading() as connection:
        kept = rows.find_known(connection, names)
    for sha256 in set(names) - kept:
        for suffix in _SUFFIXES:
            _path(session.profile, sha256, suffix).unlink(missing_ok=True)


def sweep(session: Session, folder: int) -> int:
    """Remove from one of the 256 folders what is old and belongs to no report; return how many.

    To be called where reports are written, so that none is between its photos and its row.
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
    return len(orphans)


def load(session: Session, media: Media, *, thumbnail: bool = False) -> bytes | MediaMissing:
    """Return the bytes of a photo or of its thumbnail.

    Raises:
        SealBroken: the file was changed or damaged.
    """
    path = _path(session.profile, media.sha256, ".thumb" if thumbnail else "")
    if not path.exists():
        return MediaMissing(media.sha256)
    return b"".join(open_file(session.data_key.derive(_INFO), path, media.sha256.encode()))


def _path(profile: Profile, sha256: str, suffix: str) -> Path:
    return profile.media / sha256[:2] / f"{sha256}{suffix}"
