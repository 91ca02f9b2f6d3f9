"""Where a chart's axis starts, ends and is marked; an axis off zero has to be told."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_MARKS: Final = 5
# Below half its height a chart from zero would be empty; only then may the axis start higher.
_EMPTY_SHARE: Final = 0.5
_MARGIN: Final = 0.08  # above for the words over the highest point, below for the lowest one


@dataclass(frozen=True, slots=True)
class Axis:
    """From ``low`` to ``high``, marked every ``step``."""

    low: float
    high: float
    step: float

    @property
    def is_from_zero(self) -> bool:
        """Tell whether heights can be compared by the eye alone."""
        return self.low <= 0

    @property
    def marks(self) -> tuple[float, ...]:
        """Return the values that are marked."""
        count = round((self.high - self.low) / self.step)
        return tuple(self.low + n * self.step for n in range(count + 1))


def nice_step(span: float, marks: int = _MARKS) -> float:
    """Return a step of 1, 2 or 5 times a power of ten, at least 1: reports are counted whole."""
    rough = span / max(1, marks)
    if rough <= 1:
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * n for n in (1, 2, 5, 10) if power * n >= rough)


def axis_of(values: Iterable[float | None], marks: int = _MARKS) -> Axis:
    """Return the axis for these values; from zero wherever that leaves no empty half."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    least, most = min(known, default=0.0), max(known, default=0.0)
    if least < 0:
        step = nice_step(most - least, marks)
        return Axis(math.floor(least / step) * step, math.ceil(max(most, 0) / step) * step, step)
    is_high = least > most * _EMPTY_SHARE and len(known) > 1
    span = most - least if is_high else most
    step = nice_step(span * (1 + 2 * _MARGIN), marks)
    low = max(0.0, math.floor((least - span * _MARGIN) / step) * step) if is_high else 0.0
    high = max(low + step, math.ceil((most + span * _MARGIN) / step) * step)
    return Axis(low, high, step)


def bin_step(most: int, bins: int = 5) -> int:
    """Return how many counts one shade of a heat table stands for, from 1."""
    return max(1, int(nice_step(most / 1.1, bins))) if most > bins else 1


def bin_of(count: int, step: int, bins: int = 5) -> int:
    """Return a count's shade: 0 for none, then 1 to ``bins``."""
    return 0 if count <= 0 else min(bins, 1 + count // step if step > 1 else count)
