"""Photos of reports: sealed into the profile by content, opened again for the screen."""

import io
from dataclasses import dataclass
from pathlib import Path

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Media
from trafficdesk.profile import Profile
from trafficdesk.security.durable_file import replacing
from trafficdesk.security.keys import SecretKey
from trafficdesk.security.sealed_files import open_file, seal_stream
from trafficdesk.services.pictures import Examined
from trafficdesk.services.session import Session

PHOTO = "photo"
_INFO = "media"


@dataclass(frozen=True, slots=True)
class MediaMissing:
    """The bytes are not on this desk."""

    sha256: str


def keep_photo(profile: Profile, data_key: SecretKey, photo: Examined) -> Media:
    """Seal an examined photo and its thumbnail into the profile; return what is to be stored.

    Sealing the same content again is harmless. Raises ``OSError`` when the disk is full.
    """
    for suffix, content in (("", photo.content), (".thumb", photo.thumbnail)):
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
