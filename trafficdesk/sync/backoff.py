"""How long to wait before the next try: doubling, with jitter, and no longer than told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

FIRST_S: Final = 1.0
LONGEST_S: Final = 300.0


@dataclass(slots=True)
class Backoff:
    """Counts failures in a row. ``chance`` gives numbers in [0, 1)."""

    chance: Callable[[], float]
    failures: int = 0

    def next_delay_s(self, asked_s: float | None = None) -> float:
        """Note a failure and return the seconds to wait: between half and whole of the doubling.

        What the server asked for is waited in full, and up to a quarter more, so that a thousand
        desks told the same do not come back at once; one that asks for less is not asked sooner.
        """
        whole = min(LONGEST_S, FIRST_S * 2.0 ** min(self.failures, 16))
        self.failures += 1
        own_s = whole * (0.5 + self.chance() / 2)
        if asked_s is None:
            return own_s
        return max(own_s, min(asked_s, LONGEST_S) * (1 + self.chance() / 4))

    def reset(self) -> None:
        """Forget the failures: something went well."""
        self.failures = 0
