"""After how long without a key or mouse the desk locks itself. Pure."""

from typing import Final

from trafficdesk.policy.bounds import MOST_IDLE_MINUTES

MIN_IDLE_MINUTES: Final = 1
DEFAULT_IDLE_MINUTES: Final = 15


def idle_minutes(wanted: int | None, most: int = MOST_IDLE_MINUTES) -> int:
    """Return the minutes that count: the wish, or the default for ``None``, within 1 and ``most``.

    ``most`` is what the machine's policy allows, 30 at the most.
    """
    minutes = DEFAULT_IDLE_MINUTES if wanted is None else wanted
    return max(MIN_IDLE_MINUTES, min(most, MOST_IDLE_MINUTES, minutes))


def idle_left_s(last_input_s: float, now_s: float, minutes: int) -> float:
    """Return the seconds until the lock falls, 0.0 when it is due.

    Both times come from one monotonic clock; a clock that ran backwards is due at once.
    """
    gone_s = now_s - last_input_s
    if gone_s < 0:
        return 0.0
    return max(0.0, minutes * 60 - gone_s)
