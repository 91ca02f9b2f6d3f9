"""Looking at an uploaded picture safely: what it is, when and where taken, and how good."""

import io
import os
import stat
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from PIL import ExifTags, Image, ImageFilter, ImageOps, ImageStat, UnidentifiedImageError

from trafficdesk.domain.geometry import is_on_earth
from trafficdesk.domain.records import Place

MAX_PICTURE_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 64_000_000  # phones of today send up to 50 megapixels
MIN_SIDE_PX = 32
MEASURED_SIDE_PX = 1024
THUMBNAIL_PX = (480, 270)

_MIMES = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_FORMATS = ("JPEG", "PNG", "WEBP")
_WITH_A_RIM = 3  # pixels a side: the least that has anything inside its rim
_HASH_GRID = (9, 8)
_FLAT = 16  # of 255: what differs less is noise
_LAPLACIAN = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)
# What Pillow's decoders raise on broken input; none of them is a fault of this program.
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError)
_BROKEN_DEEPER = (struct.error, zlib.error, OverflowError, ZeroDivisionError)
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class PictureRefusal(StrEnum):
    """Why a picture is not taken."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    NOT_A_PICTURE = "not_a_picture"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class PictureRefused:
    """The picture is not taken; ``data`` holds the figures a sentence needs."""

    code: PictureRefusal
    data: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Examined:
    """A sound picture. ``content`` is the upload itself; the thumbnail carries no metadata.

    Width and height are those of the upright picture, ``sharpness`` the Laplacian variance with
    the longer side at 1024 px, ``brightness`` the mean luma from 0 to 255, ``picture_hash`` what
    tells pictures that look alike, None of a flat one.
    """

    content: bytes
    sha256: str
    mime: str
    width: int
    height: int
    taken_at: datetime | None
    place: Place | None
    sharpness: float
    brightness: float
    thumbnail: bytes
    picture_hash: str | None


def examine_file(path: Path, clock_zone: tzinfo = UTC) -> Examined | PictureRefused:
    """Examine a file; its size is asked before a byte of it is read.

    ``clock_zone`` is that of the camera's clock where the picture does not name one.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return PictureRefused(PictureRefusal.UNREADABLE, {"file": path.name})
        if status.st_size > MAX_PICTURE_BYTES:
            return _too_large(status.st_size)
        with path.open("rb") as file:
            content = file.read(MAX_PICTURE_BYTES + 1)  # it may have grown since
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else ""
        return PictureRefused(PictureRefusal.UNREADABLE, {"file": path.name, "reason": reason})
    return examine(content, clock_zone)


def examine(content: bytes, clock_zone: tzinfo = UTC) -> Examined | PictureRefused:
    """Examine the bytes of an upload: JPEG, PNG or WebP by content, whatever its name says."""
    if len(content) > MAX_PICTURE_BYTES:
        return _too_large(len(content))
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            if refused := _refused_by_size(image):
                return refused
            mime = _MIMES[image.format or ""]
            exif = image.getexif()
            upright_size = _upright_size(image, exif)
            taken_at, place = _taken_at(exif, clock_zone), _place(exif)
            small = _decoded_small(image)
    except _BOMBS:
        return PictureRefused(PictureRefusal.TOO_MANY_PIXELS, {"limit": MAX_PIXELS})
    except UnidentifiedImageError:
        return PictureRefused(PictureRefusal.NOT_A_PICTURE)
    except (*_BROKEN, *_BROKEN_DEEPER):
        return PictureRefused(PictureRefusal.DAMAGED)
    luma = small.convert("L")
    return Examined(
        content=content,
        sha256=sha256(content).hexdigest(),
        mime=mime,
        width=upright_size[0],
        height=upright_size[1],
        taken_at=taken_at,
        place=place,
        sharpness=laplacian_variance(luma),
        brightness=round(ImageStat.Stat(luma).mean[0], 1),
        thumbnail=_thumbnail(small),
        picture_hash=picture_hash(luma),
    )


def laplacian_variance(luma: Image.Image) -> float:
    """Return the variance of the Laplacian of an ``L`` image inside its rim; 0 if it is all rim."""
    if min(luma.size) < _WITH_A_RIM:
        return 0.0
    edges = luma.filter(_LAPLACIAN).crop((1, 1, luma.width - 1, luma.height - 1))
    return round(ImageStat.Stat(edges).var[0], 1)


def picture_hash(luma: Image.Image) -> str | None:
    """Return 64 bits in hex of which two copies of one ``L`` picture differ in few; None if flat.

    Each bit says whether the picture gets darker to the right (difference hash, N. Krawetz 2013).
    """
    columns, rows = _HASH_GRID
    grid = luma.resize(_HASH_GRID, Image.Resampling.BOX).tobytes()
    if max(grid) - min(grid) < _FLAT:
        return None
    bits = 0
    for at in range(columns * rows):
        if at % columns:
            bits = bits << 1 | (grid[at - 1] > grid[at])
    return f"{bits:016x}"


def _too_large(size_bytes: int) -> PictureRefused:
    data = {"size_bytes": size_bytes, "limit_bytes": MAX_PICTURE_BYTES}
    return PictureRefused(PictureRefusal.TOO_LARGE, data)


def _refused_by_size(image: Image.Image) -> PictureRefused | None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        data = {"width": width, "height": height, "limit": MAX_PIXELS}
        return PictureRefused(PictureRefusal.TOO_MANY_PIXELS, data)
    if min(width, height) < MIN_SIDE_PX:
        return PictureRefused(PictureRefusal.TOO_SMALL, {"width": width, "height": height})
    return None


def _upright_size(image: Image.Image, exif: Image.Exif) -> tuple[int, int]:
    lies_on_its_side = exif.get(ExifTags.Base.Orientation) in {5, 6, 7, 8}
    width, height = image.size
    return (height, width) if lies_on_its_side else (width, height)


def _decoded_small(image: Image.Image) -> Image.Image:
    """Decode the whole file and return it upright, in RGB, the longer side at most 1024 px."""
    image.draft("RGB", (MEASURED_SIDE_PX, MEASURED_SIDE_PX))  # JPEG: decode at a fraction
    image.load()
    image.thumbnail((MEASURED_SIDE_PX, MEASURED_SIDE_PX), Image.Resampling.BOX)
    upright = ImageOps.exif_transpose(image)
    if upright.mode in {"RGBA", "LA", "PA", "P"}:
        upright = upright.convert("RGBA")
        white = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(white, upright)
    return upright.convert("RGB")


def _thumbnail(small: Image.Image) -> bytes:
    thumbnail = small.copy()
    thumbnail.thumbnail(THUMBNAIL_PX, Image.Resampling.HAMMING)
    clean = Image.new("RGB", thumbnail.size)
    clean.paste(thumbnail)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=82)
    return out.getvalue()


def _taken_at(exif: Image.Exif, clock_zone: tzinfo) -> datetime | None:
    details = exif.get_ifd(ExifTags.IFD.Exif)
    text = details.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    offset = details.get(ExifTags.Base.OffsetTimeOriginal)
    for stamp, form in ((f"{text}{offset}", "%Y:%m:%d %H:%M:%S%z"), (text, "%Y:%m:%d %H:%M:%S")):
        try:
            found = datetime.strptime(str(stamp).strip("\0 "), form)  # noqa: DTZ007 - zone below
        except ValueError:
            continue
        try:
            return (found if found.tzinfo else found.replace(tzinfo=clock_zone)).astimezone(UTC)
        except OverflowError:
            return None
    return None


def _place(exif: Image.Exif) -> Place | None:
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    lat = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "S")
    lon = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "W")
    if lat is None or lon is None:
        return None
    place = Place(lon, lat)
    # A phone without a fix writes 0, 0.
    return place if is_on_earth(place) and (lon, lat) != (0.0, 0.0) else None


def _degrees(parts: object, reference: object, negative: str) -> float | None:
    if not isinstance(parts, tuple) or not parts:
        return None
    try:
        degrees = sum(float(p) / unit for p, unit in zip(parts, (1.0, 60.0, 3600.0), strict=False))
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return -degrees if str(reference).strip("\0 ").upper() == negative else degrees
