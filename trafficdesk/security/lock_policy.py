"""After how long without a key or mouse the desk locks itself. Pure."""

from typing import Final

MIN_IDLE_MINUTES: Final = 1
DEFAULT_IDLE_MINUTES: Final = 15
MAX_IDLE_MINUTES: Final = 30


def idle_minutes(wanted: int | None) -> int:
    """Return the minutes that count: the default for ``None``, else the wish within 1 and 30."""
    if wanted is None:
        return DEFAULT_IDLE_MINUTES
    return max(MIN_IDLE_MINUTES, min(MAX_IDLE_MINUTES, wanted))


def idle_left_s(last_input_s: float, now_s: float, minutes: int) -> float:
    """Return the seconds until the lock falls, 0.0 when it is due.

    Both times come from one monotonic clock; a clock that ran backwards is due at once.
    """
    gone_s = now_s - last_input_s
    if gone_s < 0:
        return 0.0
    return max(0.0, minutes * 60 - gone_s)
