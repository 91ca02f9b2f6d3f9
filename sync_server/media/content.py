"""What a file is by its own first bytes, whatever anybody says of it; nothing is ever decoded."""

import struct
from dataclasses import dataclass
from typing import Final

MAX_PHOTO_BYTES: Final = 10 * 2**20
MAX_VIDEO_BYTES: Final = 50 * 2**20
MAX_PIXELS: Final = 64_000_000  # as on the desks: phones of today send up to 50 megapixels
HEAD_BYTES: Final = 2**20  # a picture's size stands within these
VIDEO: Final = "video/mp4"
_BRANDS: Final = frozenset({b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1"})
_MARK: Final = 0xFF  # begins every part of a JPEG
_NO_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xD9)})  # JPEG markers that stand alone
# Start-of-frame markers; C4, C8 and CC in their midst are tables.
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class Content:
    """A file's type and, of a picture, its sides in pixels."""

    mime: str
    width: int = 0
    height: int = 0

    @property
    def max_bytes(self) -> int:
        """The largest such file that is taken."""
        return MAX_VIDEO_BYTES if self.mime == VIDEO else MAX_PHOTO_BYTES


def examine(head: bytes) -> Content | None:
    """Return what a file is by its first ``HEAD_BYTES``; None for anything that is not taken.

    Sides are those that the file states: one that unpacks to more than ``MAX_PIXELS`` is known
    without unpacking it.
    """
    try:
        found = _png(head) or _jpeg(head) or _webp(head) or _mp4(head)
    except (struct.error, IndexError):
        return None  # cut off in its own head
    if found is None or found.mime == VIDEO:
        return found
    return found if 0 < found.width * found.height <= MAX_PIXELS else None


def _png(head: bytes) -> Content | None:
    if not head.startswith(b"\x89PNG\r\n\x1a\n") or head[12:16] != b"IHDR":
        return None
    return Content("image/png", *struct.unpack_from(">II", head, 16))


def _jpeg(head: bytes) -> Content | None:
    if not head.startswith(b"\xff\xd8\xff"):
        return None
    at = 2
    while head[at] == _MARK:
        marker = head[at + 1]
        if marker == _MARK:  # filling
            at += 1
        elif marker in _NO_LENGTH:
            at += 2
        elif marker in _FRAMES:
            height, width = struct.unpack_from(">HH", head, at + 5)
            return Content("image/jpeg", width, height)
        else:
            at += 2 + struct.unpack_from(">H", head, at + 2)[0]
    return None


def _webp(head: bytes) -> Content | None:
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return None
    match head[12:16]:
        case b"VP8X":
            sides = int.from_bytes(head[24:27], "little"), int.from_bytes(head[27:30], "little")
            return Content("image/webp", sides[0] + 1, sides[1] + 1)
        case b"VP8L":
            bits = struct.unpack_from("<I", head, 21)[0]
            return Content("image/webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", head, 26)
            return Content("image/webp", width & 0x3FFF, height & 0x3FFF)
    return None


def _mp4(head: bytes) -> Content | None:
    return Content(VIDEO) if head[4:8] == b"ftyp" and head[8:12] in _BRANDS else None
