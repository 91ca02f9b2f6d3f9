"""The codes of refused requests, as the server's problem details carry them."""

from enum import StrEnum


class Code(StrEnum):
    """PROTOCOL.md, "Errors", and what else a server may say of a whole request."""

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
