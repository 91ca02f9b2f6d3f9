"""Chances of counts, and what may be called significant when many are looked at."""

from collections.abc import Sequence
from typing import Final, NamedTuple

_EXACT: Final = 1e-15


class Table(NamedTuple):
    """Counts of a part and of what it is compared with, in two times."""

    late: float
    early: float
    other_late: float
    other_early: float


def exact_tails(table: Table) -> tuple[float, float]:
    """Return the chances of so little and of so much in the late time of the part, if it is alike.

    The hypergeometric distribution, as Fisher takes it (Statistical Methods for Research Workers,
    1934); counts that are not whole are stepped from by whole ones.
    """
    above = _walk(table.late, table.early, table.other_late, table.other_early)
    below = _walk(table.early, table.late, table.other_early, table.other_late)
    every = 1.0 + above + below
    return (1.0 + below) / every, (1.0 + above) / every


def _walk(late: float, early: float, other_late: float, other_early: float) -> float:
    """Return the weights of all greater late counts, added up, if that of the table is 1."""
    total, weight, peak = 0.0, 1.0, 1.0
    while early >= 1 and other_late >= 1 and weight > peak * _EXACT:
        weight *= early * other_late / ((late + 1) * (other_early + 1))
        total += weight
        peak = max(peak, weight)
        late, early = late + 1, early - 1
        other_late, other_early = other_late - 1, other_early + 1
    return total


def greatest_significant(p_values: Sequence[float], tests: int, false_share: float) -> float:
    """Return the greatest p-value that is significant beside ``tests`` of them; -1: none is.

    Of those called so, at most ``false_share`` are expected to be so by chance (Benjamini,
    Hochberg, Journal of the Royal Statistical Society B 57, 1995). ``p_values`` may be the lowest
    alone, if ``tests`` counts all that were looked at.
    """
    ordered = enumerate(sorted(p_values), start=1)
    return max((p for rank, p in ordered if p <= rank * false_share / tests), default=-1.0)
