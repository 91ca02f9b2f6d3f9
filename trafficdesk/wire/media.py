"""What travels of a photo or video beside its bytes, in a report's field ``media``."""

from typing import Annotated
from uuid import UUID

import msgspec

from trafficdesk.wire.values import EARLIEST_MS, LATEST_MS

Moment = Annotated[int, msgspec.Meta(ge=EARLIEST_MS, le=LATEST_MS)]
PictureHash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")]


class MediaFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Sizes in pixels and bytes, place in degrees; the bytes are found by their SHA-256 (hex).

    ``picture_hash`` tells pictures that look alike: 64 bits in hex, of which two copies of
    one picture differ in few. It came later: whoever does not know of it leaves it out.
    """

    id: UUID
    sha256: str
    kind: str
    mime: str
    size_bytes: int
    width: int
    height: int
    taken_ms: Moment | None = None
    lon: float | None = None
    lat: float | None = None
    sharpness: float | None = None
    brightness: float | None = None
    picture_hash: PictureHash | None = None
