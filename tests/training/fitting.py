"""Fitting the curves of the duplicates model: logistic regression on straight-line pieces."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from trafficdesk.domain.duplicates import Compared, Curve, Fact, Model

# Where each curve has its points: standard deviations, minutes, characters, yes or no, share.
KNOTS: Final[Mapping[Fact, tuple[float, ...]]] = {
    Fact.DISTANCE: (0, 1, 2.5, 4.5, 9),
    Fact.GAP: (0, 1, 2, 4),
    Fact.PLATE: (0, 1, 2, 3, 4, 6),
    Fact.VIOLATION: (0, 1),
    Fact.LANDMARK: (0, 1),
}
# Every pair has these: their curves start at nothing, and the base holds what is left.
_ALWAYS_KNOWN: Final = frozenset({Fact.DISTANCE, Fact.GAP})
# Nothing to learn from in the training set. Measured apart, as the model's card says.
PICTURE: Final[Curve] = ((0, 5.0), (4, 5.0), (8, 2.5), (12, 0.0))
_RIDGE: Final = 0.5
_STEPS: Final = 30
_DECIMALS: Final = 2
Matrix = NDArray[np.float64]


def as_matrix(compared: Sequence[Compared]) -> Matrix:
    """Return a row for each pair: 1 for the base, then how much of each point each fact has."""
    table = np.array(compared, dtype=np.float64)  # what is not known is NaN
    blocks = [np.ones((len(table), 1))]
    for column, fact in enumerate(Fact):
        if fact in KNOTS:
            block = _pieces(table[:, column], np.array(KNOTS[fact]))
            blocks.append(block[:, 1:] if fact in _ALWAYS_KNOWN else block)
    return np.hstack(blocks)


def _pieces(values: Matrix, knots: Matrix) -> Matrix:
    """Return how far each value is at each point, so that a curve's height is a weighted sum."""
    unit = np.eye(len(knots))
    block = np.stack([np.interp(values, knots, each) for each in unit], axis=1)
    block[np.isnan(values)] = 0.0
    return block


def fit(matrix: Matrix, is_same: NDArray[np.bool_]) -> Model:
    """Return the model that fits the pairs best (Newton's method; all but the base is damped)."""
    penalty = np.full(matrix.shape[1], _RIDGE)
    penalty[0] = 0.0
    weights = np.zeros(matrix.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(matrix @ weights, -35, 35)))
        slope = matrix.T @ (is_same - chance) - penalty * weights
        bend = (matrix * (chance * (1 - chance))[:, None]).T @ matrix + np.diag(penalty)
        weights = weights + np.linalg.solve(bend, slope)
    return _as_model([round(float(each), _DECIMALS) for each in weights])


def _as_model(weights: Sequence[float]) -> Model:
    curves = dict[str, Curve]()
    left = list(weights[1:])
    for fact, knots in KNOTS.items():
        heights = [0.0] if fact in _ALWAYS_KNOWN else []
        while len(heights) < len(knots):
            heights.append(left.pop(0))
        curves[str(fact)] = tuple(zip(knots, heights, strict=True))
    return Model(weights[0], curves | {str(Fact.PICTURE): PICTURE})
