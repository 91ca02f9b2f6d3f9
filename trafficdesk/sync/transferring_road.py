"""How photos travel: small pieces, smaller on a bad line, and pauses for what did not come through.

What is kept here is of this process alone; where a file stands is in the store.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from trafficdesk.store.media_transfers import Transfer
from trafficdesk.sync.backoff import Backoff

MAX_PIECE_BYTES: Final = 256 * 1024
MIN_PIECE_BYTES: Final = 16 * 1024
_FIRST_PAUSE_S: Final = 30.0
_LONGEST_PAUSE_S: Final = 3600.0

Key = tuple[str, bytes]


@dataclass(slots=True)
class Road:
    """Pauses by this process's own steady clock, and how much goes into a piece."""

    monotonic: Callable[[], float]
    piece_bytes: int = MAX_PIECE_BYTES
    _backoff: Backoff = field(default_factory=lambda: Backoff(secrets.SystemRandom().random))
    _open_at: dict[str, float] = field(default_factory=dict)
    _is_broken: bool = False
    _pauses: dict[Key, tuple[float, float]] = field(default_factory=dict)

    def is_open(self, direction: str) -> bool:
        """Tell whether anything may go this way now."""
        return self.monotonic() >= self._open_at.get(direction, 0.0)

    def find_due(self, transfers: list[Transfer]) -> Transfer | None:
        """Return the first file that makes no pause."""
        now_s = self.monotonic()
        return next((each for each in transfers if self._due_at(each) <= now_s), None)

    def _due_at(self, transfer: Transfer) -> float:
        """Return when a file may go; what somebody has asked for since its last fault, now."""
        return self._pauses.get(transfer.key, (0.0, 0.0))[0] if transfer.tries else 0.0

    @property
    def is_at_its_smallest(self) -> bool:
        """Tell whether pieces cannot be smaller."""
        return self.piece_bytes == MIN_PIECE_BYTES

    def went_well(self, key: Key) -> None:
        """Note a piece that came through: the next may be larger."""
        self._pauses.pop(key, None)
        self._backoff.reset()
        self.piece_bytes = min(MAX_PIECE_BYTES, self.piece_bytes * 2)

    def broke(self, directions: tuple[str, ...], asked_s: float | None) -> None:
        """Note that the line failed: all pause, and the next piece is smaller."""
        until_s = self.monotonic() + self._backoff.next_delay_s(asked_s)
        self.piece_bytes = max(MIN_PIECE_BYTES, self.piece_bytes // 2)
        self.close(directions, until_s)
        self._is_broken = True

    def mended(self) -> None:
        """Note that the line did well with something else: what only it had closed is open."""
        if self._is_broken:
            self._open_at.clear()
        self._is_broken = False

    def close(self, directions: tuple[str, ...], until_s: float) -> None:
        """Let nothing go these ways for a while."""
        self._is_broken = False
        for direction in directions:
            self._open_at[direction] = until_s

    def pause(self, transfer: Transfer) -> None:
        """Let one file wait, twice as long with each time."""
        pause_s = min(
            _LONGEST_PAUSE_S, self._pauses.get(transfer.key, (0.0, _FIRST_PAUSE_S / 2))[1] * 2
        )
        self._pauses[transfer.key] = (self.monotonic() + pause_s, pause_s)

    def wait_s(self, direction: str, transfers: list[Transfer]) -> float | None:
        """Return how long until one of these may go; None for none of them."""
        now_s, open_at = self.monotonic(), self._open_at.get(direction, 0.0)
        due = [max(open_at, self._due_at(each)) for each in transfers]
        return max(0.0, min(due) - now_s) if due else None
