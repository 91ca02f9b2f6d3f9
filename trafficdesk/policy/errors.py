"""Why a desk does not open on its machine's policy."""

from typing import Final


class PolicyError(Exception):
    """A policy that is there and cannot be followed; ``code`` is stable, ``data`` its sentence's.

    What cannot be read might have held a rule that keeps people's data safe: so nothing opens.
    """

    def __init__(self, code: str, **data: str) -> None:
        super().__init__(code, data)
        self.code, self.data = code, data


UNREADABLE: Final = "policy.unreadable"
OPEN_TO_ALL: Final = "policy.open_to_all"
TOO_BIG: Final = "policy.too_big"
GARBLED: Final = "policy.garbled"
WRONG: Final = "policy.wrong"
