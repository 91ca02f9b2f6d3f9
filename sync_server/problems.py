"""What may go wrong with a whole request, as stable codes; ``http`` makes sentences of them."""

from collections.abc import Mapping
from enum import StrEnum


class Code(StrEnum):
    """The ``code`` of problem details; PROTOCOL.md lists those that a desk acts on."""

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
    STORAGE_FULL = "storage_full"
    WRONG_CONTENT = "wrong_content"
    WRONG_OFFSET = "wrong_offset"
    WRONG_CHECKSUM = "wrong_checksum"
    WRONG_TYPE = "wrong_type"
    WRONG_RANGE = "wrong_range"
    UNKNOWN_TUS = "unknown_tus"
    FAULT = "fault"


class RefusedError(Exception):
    """A request is refused: code, a sentence of detail, and members beside them.

    ``retry_after_s`` above 0 tells the caller how long to wait; ``headers`` go with the answer.
    """

    def __init__(
        self,
        code: Code,
        detail: str = "",
        *,
        retry_after_s: int = 0,
        headers: Mapping[str, str] | None = None,
        **members: object,
    ) -> None:
        super().__init__(code)
        self.headers = headers or {}
        self.code, self.detail, self.members = code, detail, members
        self.retry_after_s = retry_after_s
