"""Limits count by the minute of the clock: what is asked across its end counts in two of them."""

import time

_LONGEST_S = 12.0


def await_room_in_the_minute() -> None:
    """Wait, if need be, until a test's requests fall into one minute."""
    left_s = 60 - time.time() % 60
    if left_s < _LONGEST_S:
        time.sleep(left_s)
