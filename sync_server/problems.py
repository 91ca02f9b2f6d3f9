"""A request that is refused, by its stable code; ``http`` makes a sentence of it."""

from collections.abc import Mapping

from trafficdesk.wire.codes import Code


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
