"""How well duplicates are found: precision, recall and F1, with what chance leaves open."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

Pair = tuple[int, int]
_RUNS: Final = 2000
_SEED: Final = 5
_BAND: Final = (2.5, 97.5)


class Share(NamedTuple):
    """A share, and between which two it lies with 95 % confidence."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


class Judged(NamedTuple):
    """How well pairs were told."""

    precision: Share
    recall: Share
    f1: Share


def judge(found: Collection[Pair], truth: Collection[Pair], places: Mapping[int, int]) -> Judged:
    """Judge found pairs against true ones.

    ``places`` gives each report's neighbourhood; whole ones are drawn again and again (bootstrap),
    because what happens in one of them hangs together.
    """
    names = sorted(set(places.values()))
    column = {name: at for at, name in enumerate(names)}
    sums = np.zeros((3, len(names)))  # right, found, true
    for row, pairs in enumerate((set(found) & set(truth), found, truth)):
        np.add.at(sums[row], [column[places[a]] for a, _ in pairs], 1)
    draws = np.random.default_rng(_SEED).multinomial(
        len(names), np.full(len(names), 1 / len(names)), size=_RUNS
    )
    drawn = draws @ sums.T
    low, high = (_shares(np.percentile(_rates(drawn), at, axis=1)) for at in _BAND)
    value = _shares(_rates(sums.sum(axis=1)[None, :])[:, 0])
    return Judged(*(Share(*each) for each in zip(value, low, high, strict=True)))


def _rates(sums: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> np.ndarray:
    right, found, true = sums.T
    precision, recall = right / np.maximum(found, 1), right / np.maximum(true, 1)
    f1 = 2 * right / np.maximum(found + true, 1)
    return np.stack([precision, recall, f1])


def _shares(rates: np.ndarray) -> Sequence[float]:
    return [float(each) for each in rates]
