"""The words of tus 1.0 (https://tus.io/protocols/resumable-upload): headers in and out.

Of its extensions creation, checksum, expiration and termination are spoken. No library serves
here: those there are keep half files open on the disk and their own list of uploads beside the
database, so that walls, devices, sealing and several programs at once would all be built around
them again; what is left of the protocol is this module.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Final
from uuid import UUID

from sync_server.media.content import MAX_VIDEO_BYTES
from sync_server.problems import RefusedError
from trafficdesk.wire.codes import Code

VERSION: Final = "1.0.0"
PIECE_TYPE: Final = "application/offset+octet-stream"
SPOKEN: Final[Mapping[str, str]] = {"Tus-Resumable": VERSION}
ABILITIES: Final[Mapping[str, str]] = {
    "Tus-Resumable": VERSION,
    "Tus-Version": VERSION,
    "Tus-Extension": "creation,checksum,expiration,termination",
    "Tus-Checksum-Algorithm": "sha256",
    "Tus-Max-Size": str(MAX_VIDEO_BYTES),
}
_DIGEST_DIGITS: Final = 64


@dataclass(frozen=True, slots=True)
class Announced:
    """A file that a desk wants to bring: its city, SHA-256 (hex) and size."""

    city_id: UUID
    sha256: str
    size_bytes: int


def check_version(version: str) -> None:
    """Raise ``RefusedError`` unless this version is spoken here."""
    if version != VERSION:
        raise RefusedError(
            Code.UNKNOWN_TUS, "Tus-Resumable must be 1.0.0.", headers={"Tus-Version": VERSION}
        )


def read_announced(length: int, metadata: str) -> Announced:
    """Return what ``Upload-Length`` and ``Upload-Metadata`` announce. Raises ``RefusedError``."""
    told = dict(_pair(each) for each in metadata.split(",") if each.strip())
    try:
        city_id = UUID(told["city"])
        digest = told["sha256"]
    except (KeyError, ValueError):
        raise _not_understood("Upload-Metadata must name city and sha256.") from None
    if len(digest) != _DIGEST_DIGITS or not set(digest) <= set("0123456789abcdef"):
        raise _not_understood("The sha256 must be 64 lower-case hexadecimal digits.")
    return Announced(city_id, digest, length)


def check_checksum(header: str, content: bytes) -> None:
    """Raise ``RefusedError`` if ``Upload-Checksum`` is there and is not the content's."""
    if not header:
        return
    algorithm, _, encoded = header.strip().partition(" ")
    if algorithm != "sha256":
        raise _not_understood("Upload-Checksum must be of sha256.")
    if not hmac.compare_digest(_decoded(encoded), hashlib.sha256(content).digest()):
        raise RefusedError(Code.WRONG_CHECKSUM, headers=SPOKEN)


def standing(offset: int, size_bytes: int, expires_at: datetime | None) -> dict[str, str]:
    """Return the headers that tell how far an upload is; one that is done does not expire."""
    told = {**SPOKEN, "Upload-Offset": str(offset), "Upload-Length": str(size_bytes)}
    if expires_at is not None:
        told["Upload-Expires"] = format_datetime(expires_at, usegmt=True)
    return told


def _pair(each: str) -> tuple[str, str]:
    key, _, encoded = each.strip().partition(" ")
    try:
        return key, _decoded(encoded).decode("ascii")
    except UnicodeDecodeError:
        return key, ""


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise _not_understood("A header holds no base64.") from None


def _not_understood(detail: str) -> RefusedError:
    return RefusedError(Code.BAD_REQUEST, detail, headers=SPOKEN)
