"""Timing two sides in turn, and what is said of it."""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter_ns
from typing import Final

_KIB_A_MIB: Final = 1024


def timed_ms(work: Callable[[], object]) -> float:
    """Return how long a call takes, in milliseconds."""
    started = perf_counter_ns()
    work()
    return (perf_counter_ns() - started) / 1e6


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that ``share`` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def stay_on_one_processor() -> None:
    """Keep this process, and those it starts, on one processor, where the system can do that."""
    if sys.platform == "linux":
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


@dataclass(slots=True)
class Pair:
    """Times of one case on both sides, in milliseconds, taken in turn."""

    name: str
    desk_ms: list[float] = field(default_factory=list)
    bare_ms: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """The desk's median over the baseline's."""
        return median(self.desk_ms) / median(self.bare_ms)

    def summary(self) -> dict[str, object]:
        """Return the medians and the ratio."""
        return {
            "case": self.name,
            "desk_ms": round(median(self.desk_ms), 3),
            "desk_p95_ms": round(percentile(self.desk_ms, 0.95), 3),
            "bare_ms": round(median(self.bare_ms), 3),
            "ratio": round(self.ratio, 2),
        }


def in_turn(name: str, desk: Callable[[], object], bare: Callable[[], float], repeats: int) -> Pair:
    """Run both sides in turn, after one run of each that warms caches and is not counted.

    ``bare`` returns its own milliseconds, measured inside its process.
    """
    pair = Pair(name)
    desk()
    bare()
    for turn in range(repeats):
        # Whoever goes first finds the processor's caches cold: take turns at that too.
        if turn % 2:
            pair.bare_ms.append(bare())
            pair.desk_ms.append(timed_ms(desk))
        else:
            pair.desk_ms.append(timed_ms(desk))
            pair.bare_ms.append(bare())
    return pair


@dataclass(frozen=True, slots=True)
class Result:
    """What a benchmark found: its ratio, and what else belongs into its line."""

    ratio: float
    figures: dict[str, object]


def worst(pairs: Iterable[Pair]) -> Result:
    """Return the ratio of the worst case with the figures of every case."""
    cases = list(pairs)
    ratios = [pair.ratio for pair in cases]
    return Result(
        max(ratios),
        {"median_ratio": round(median(ratios), 2), "cases": [pair.summary() for pair in cases]},
    )


def forget_peak() -> None:
    """Let the peak of memory begin anew, where the system can do that."""
    forget = Path("/proc/self/clear_refs")
    if forget.exists():
        forget.write_text("5", encoding="ascii")


def peak_mib() -> int | None:
    """Return the most memory that this process held since; None where the system does not say."""
    told = Path("/proc/self/status")
    if not told.exists():
        return None
    lines = told.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) // _KIB_A_MIB for line in lines if line.startswith("VmHWM"))
