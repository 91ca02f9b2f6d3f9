"""Why a whole request was refused: the stable codes of problem details, as both sides spell them.

PROTOCOL.md lists each with its status and what a desk makes of it.
"""

from enum import StrEnum
from typing import Final


class Code(StrEnum):
    """The ``code`` of a problem. A newer server may say others: a desk takes any text."""

    SIGN_IN_NEEDED = "sign_in_needed"
    NOT_PERMITTED = "not_permitted"
    DEVICE_REVOKED = "device_revoked"
    DEVICE_COPIED = "device_copied"
    UPGRADE_NEEDED = "upgrade_needed"
    BAD_REQUEST = "bad_request"
    NOT_FOUND = "not_found"
    NOT_ALLOWED = "not_allowed"
    TAKEN = "taken"
    TOO_LARGE = "too_large"
    TOO_MANY_REQUESTS = "too_many_requests"
    UNAVAILABLE = "unavailable"
    FAULT = "fault"
    STORAGE_FULL = "storage_full"
    WRONG_CONTENT = "wrong_content"
    WRONG_OFFSET = "wrong_offset"
    WRONG_CHECKSUM = "wrong_checksum"
    WRONG_RANGE = "wrong_range"
    NO_PIECE = "no_piece"
    UNKNOWN_TUS = "unknown_tus"
    BUNDLE_REFUSED = "bundle_refused"


# What only requests of photos and videos are answered.
OF_FILES: Final = frozenset(
    {
        Code.STORAGE_FULL,
        Code.WRONG_CONTENT,
        Code.WRONG_OFFSET,
        Code.WRONG_CHECKSUM,
        Code.WRONG_RANGE,
        Code.NO_PIECE,
        Code.UNKNOWN_TUS,
    }
)
# What only a courier of a bundle is answered.
OF_BUNDLES: Final = frozenset({Code.BUNDLE_REFUSED})
# What only a person can end; a desk stops its sync and says so.
FATAL: Final = frozenset({Code.DEVICE_REVOKED, Code.DEVICE_COPIED, Code.UPGRADE_NEEDED})
