"""How long something took, counted in buckets: quantiles from counts, to a stated bound.

A bucket is a sixth of a doubling wide and one of their edges is a day, so that the share done
within a day is exact. A quantile is told as the middle of its bucket (in proportion): at most 6 %
from the true one, but for the first bucket, which holds all that took less than 84 s.
"""

from bisect import bisect_right
from collections.abc import Sequence
from math import sqrt
from statistics import median
from typing import Final

from trafficdesk.domain.calendar import DAY_MS

PER_DOUBLING: Final = 6
_DOUBLINGS_BELOW_A_DAY: Final = 10  # from 84 seconds
_DOUBLINGS_ABOVE_A_DAY: Final = 7  # to 128 days
BOUND: Final = 2 ** (0.5 / PER_DOUBLING) - 1
# The upper edge of each bucket but the last, in milliseconds.
EDGES_MS: Final = tuple(
    round(DAY_MS * 2 ** (step / PER_DOUBLING))
    for step in range(
        -_DOUBLINGS_BELOW_A_DAY * PER_DOUBLING, _DOUBLINGS_ABOVE_A_DAY * PER_DOUBLING + 1
    )
)
BUCKETS: Final = len(EDGES_MS) + 1
_WITHIN_A_DAY: Final = EDGES_MS.index(DAY_MS) + 1


def bucket_of(took_ms: int) -> int:
    """Return the bucket of a length of time; what took less than nothing is in the first."""
    return bisect_right(EDGES_MS, took_ms)


def quantile_ms(counts: Sequence[int], share: float) -> float | None:
    """Return the length of time that a share of all stayed under; None if there are none."""
    total = sum(counts)
    if total == 0:
        return None
    wanted, passed = share * total, 0
    for bucket, n in enumerate(counts):
        passed += n
        if n and passed >= wanted:
            return middle_ms(bucket)
    return middle_ms(len(counts) - 1)


def middle_ms(bucket: int) -> float:
    """Return what stands for a bucket: its middle in proportion, the edge of an open one."""
    if bucket == 0:
        return EDGES_MS[0] / 2
    if bucket >= len(EDGES_MS):
        return float(EDGES_MS[-1])
    return sqrt(EDGES_MS[bucket - 1] * EDGES_MS[bucket])


def within_a_day(counts: Sequence[int]) -> int:
    """Return how many took less than a day."""
    return sum(counts[:_WITHIN_A_DAY])


def median_of(values: Sequence[float]) -> float | None:
    """Return the middle of some lengths of time themselves; None of none."""
    return float(median(values)) if values else None
