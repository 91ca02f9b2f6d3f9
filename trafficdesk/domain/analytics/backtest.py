"""What a forecast is worth: it is made again for months that are over, from what was known then."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from trafficdesk.domain.analytics.forecasting import PLAIN, Method, Series, forecast

FOLDS: Final = 24  # months whose figures are shown
TESTED: Final = 60  # months that decide whether a lead is luck
LIKELY: Final = 0.8
CHANCE_AT_MOST: Final = 0.05
_LEAST_ERRORS: Final = 8  # fewer say nothing of the outer fifth
_TURN: Final = 0.1  # how much a month inside or outside its band moves the next; data up to 2016
_LEAST_SHARE: Final = 0.5
_LEAST_KNOWN: Final = 12  # months before the first that is forecast


@dataclass(frozen=True, slots=True)
class Fold:
    """One month that was forecast from the months before it, by one way; ``known`` counts those."""

    known: int
    forecast: float
    actual: float

    @property
    def error(self) -> float:
        """Return how far off it was."""
        return abs(self.forecast - self.actual)


@dataclass(frozen=True, slots=True)
class Score:
    """How one way did over the folds.

    ``wape``: errors added up over counts added up; None where nothing happened. ``cover``: the
    share of months inside the band of ``LIKELY``, where that is known.
    """

    method: Method
    wape: float | None
    cover: float | None


@dataclass(frozen=True, slots=True)
class Backtest:
    """A model beside the plain count on the same folds.

    ``p_value``: the chance of so great a lead if both were equally good (Wilcoxon's signed ranks,
    one-sided), over as many months as there are, ``tested``, up to ``TESTED``; two years alone
    would take all but the greatest leads for luck. Only a model with a chance of at most
    ``CHANCE_AT_MOST``, and with less error in the months that are shown, is called better.
    """

    folds: int
    model: Score
    plain: Score
    p_value: float
    tested: int

    @property
    def is_better(self) -> bool:
        """Tell whether the model beat the plain count by more than luck."""
        return self.p_value <= CHANCE_AT_MOST and (self.gain or 0.0) > 0

    @property
    def gain(self) -> float | None:
        """Return by which share the model's error is smaller; None where nothing happened."""
        if not self.plain.wape or self.model.wape is None:
            return None
        return 1 - self.model.wape / self.plain.wape


def roll(method: Method, series: Series, step: int = 1, folds: int = TESTED) -> list[Fold]:
    """Return the last months as forecast from what was known ``step`` months before each."""
    first = max(_LEAST_KNOWN, len(series) - folds - step + 1)
    return [
        Fold(known, forecast(method, series[:known], step)[-1], series[known + step - 1])
        for known in range(first, len(series) - step + 1)
    ]


def wape(folds: Sequence[Fold]) -> float | None:
    """Return the errors added up over the counts added up; None where nothing happened."""
    total = sum(fold.actual for fold in folds)
    return sum(fold.error for fold in folds) / total if total else None


def half_width(folds: Sequence[Fold], expected: float) -> float | None:
    """Return how far from a forecast ``LIKELY`` of months lie, by late errors; None: too few.

    Errors are taken as growing with the root of what is expected, as those of counts do. Where the
    bands of the last months held too few of them, this one is wider, and the other way round
    (Gibbs, Candes, Adaptive Conformal Inference Under Distribution Shift, NeurIPS 2021), so that
    about ``LIKELY`` of months lie inside also when errors grow.
    """
    share, _ = _followed(folds)
    width = _width(folds, share)
    return None if width is None else width * _scale(expected)


def _scale(expected: float) -> float:
    return math.sqrt(max(1.0, expected))


def _width(folds: Sequence[Fold], share: float) -> float | None:
    """Return the scaled error that a share of the last ``FOLDS`` months did not exceed."""
    errors = sorted(fold.error / _scale(fold.forecast) for fold in folds[-FOLDS:])
    if len(errors) < _LEAST_ERRORS:
        return None
    return errors[min(len(errors), math.ceil(share * (len(errors) + 1))) - 1]


def _followed(folds: Sequence[Fold]) -> tuple[float, list[bool]]:
    """Return the share to take next, and which months lay in the band that those before gave."""
    share, inside = LIKELY, list[bool]()
    for at, fold in enumerate(folds):
        width = _width(folds[:at], share)
        if width is not None:
            inside.append(fold.error <= width * _scale(fold.forecast))
            share = min(1.0, max(_LEAST_SHARE, share + _TURN * (LIKELY - inside[-1])))
    return share, inside


def cover(folds: Sequence[Fold]) -> float | None:
    """Return the share of the last ``FOLDS`` months inside the bands that those before gave."""
    _, inside = _followed(folds)
    return sum(inside[-FOLDS:]) / len(inside[-FOLDS:]) if inside else None


def score(method: Method, folds: Sequence[Fold]) -> Score:
    """Return how a way did in the last ``FOLDS`` months."""
    return Score(method, wape(folds[-FOLDS:]), cover(folds))


def compare(series: Series, method: Method = Method.MEAN_OF_THREE) -> Backtest | None:
    """Return a model beside the better of the plain counts; None without a month to try it on."""
    model = roll(method, series)
    if not model:
        return None
    counted = {plain: roll(plain, series) for plain in PLAIN}
    best = min(PLAIN, key=lambda plain: sum(fold.error for fold in counted[plain]))
    leads = [b.error - a.error for a, b in zip(model, counted[best], strict=True)]
    return Backtest(
        min(FOLDS, len(model)),
        score(method, model),
        score(best, counted[best]),
        chance_of_lead(leads),
        len(model),
    )


def chance_of_lead(leads: Sequence[float]) -> float:
    """Return the chance of ranks as high as these if leads fell to either side by luck.

    The exact distribution of Wilcoxon's signed ranks (Biometrics Bulletin 1, 1945); what is equal
    is left out, and what is equally far from 0 shares its ranks.
    """
    there = sorted((lead for lead in leads if lead), key=abs)
    if not there:
        return 1.0
    ranks = _doubled_ranks([abs(lead) for lead in there])
    ways = [1] + [0] * sum(ranks)
    for rank in ranks:
        for total in range(len(ways) - 1, rank - 1, -1):
            ways[total] += ways[total - rank]
    reached = sum(rank for rank, lead in zip(ranks, there, strict=True) if lead > 0)
    signs: int = 1 << len(ranks)
    return sum(ways[reached:]) / signs


def _doubled_ranks(ordered: Sequence[float]) -> list[int]:
    """Return twice the rank of each, so that shared ones are whole."""
    return [
        2 * sum(other < each for other in ordered) + sum(other == each for other in ordered) + 1
        for each in ordered
    ]
