"""The committed numbers are those of their card, and do on real places what the card says."""

from pathlib import Path

import numpy as np
import pytest

from tests.training.card import as_python, curve_rows
from tests.training.duplicates import CARD, WEIGHTS, judge_all, load
from tests.training.fitting import KNOTS, as_matrix, fit
from tests.training.judging import judge
from trafficdesk.domain.duplicates import MODEL, Compared, Fact, weigh

FILE = Path(__file__).parents[3] / "shared" / "data" / "duplicates" / "reports_train.csv.gz"


def test_the_numbers_of_the_product_are_those_of_the_card() -> None:
    assert WEIGHTS.read_text("utf-8") == as_python(MODEL)
    assert curve_rows(MODEL) in CARD.read_text("utf-8")


def test_fitting_finds_what_the_pairs_were_made_of() -> None:
    rng = np.random.default_rng(3)
    compared = [
        Compared(
            distance=rng.uniform(0, 9),
            gap=rng.uniform(0, 4),
            plate=rng.uniform(0, 6) if rng.random() < 0.7 else None,
            violation=float(rng.integers(2)),
            landmark=float(rng.integers(2)) if rng.random() < 0.5 else None,
            picture=None,
        )
        for _ in range(20_000)
    ]
    odds = np.array([weigh(each) for each in compared])
    is_same = rng.random(len(odds)) < 1 / (1 + np.exp(-odds))
    model = fit(as_matrix(compared), is_same)
    found = np.array([weigh(each, model) for each in compared])
    assert np.mean(np.abs(found - odds)) < 0.5
    assert set(model.curves) == {str(fact) for fact in Fact}
    assert all(len(model.curves[str(fact)]) == len(knots) for fact, knots in KNOTS.items())


def test_what_is_judged_has_a_band_around_it() -> None:
    truth = [(2 * at, 2 * at + 1) for at in range(50)]
    found = [*truth[:40], *((2 * at, 2 * at + 3) for at in range(10))]
    judged = judge(found, truth, {at: at // 4 for at in range(104)})
    assert judged.precision.value == judged.recall.value == judged.f1.value == 0.8
    assert judged.recall.low < 0.8 < judged.recall.high
    assert judge(truth, truth, {at: at // 4 for at in range(104)}).f1 == (1.0, 1.0, 1.0)


@pytest.mark.skipif(not FILE.exists(), reason="the training set lies beside the project")
def test_the_committed_numbers_reach_what_was_asked_for() -> None:
    split = load(FILE, most=4_000)
    judged = judge_all(split, [MODEL])["as the desk asks, report by report"]
    assert judged.precision.low >= 0.95
    assert judged.recall.low >= 0.95
