"""Why a file did not get where it was to go."""

from typing import Final

from trafficdesk.domain.texts import clean_line

_MOST_WORDS: Final = 300


class DeliveryError(Exception):
    """A try came to nothing. ``detail`` is what the other side or the system said.

    ``is_final``: it would come to nothing again, however often it is tried.
    """

    def __init__(self, code: str, detail: str = "", *, is_final: bool = False) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = clean_line(detail, _MOST_WORDS)
        self.is_final = is_final
