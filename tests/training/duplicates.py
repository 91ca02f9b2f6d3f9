"""``python -m tests.training.duplicates FILE``: fit the duplicates model, judge it, write both.

With ``--judge`` nothing is fitted or written: the committed numbers are judged on the file.
"""

import argparse
import hashlib
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from tests.training.card import COMMAND, FileFacts, as_card, as_python
from tests.training.fitting import as_matrix, fit
from tests.training.judging import Judged, Pair, judge
from tests.training.reports_file import (
    Labelled,
    find_neighbourhoods,
    find_pairs,
    find_truth,
    load_reports,
)
from trafficdesk.domain.duplicates import MODEL, Compared, Model, compare, weigh
from trafficdesk.domain.geometry import distance_m
from trafficdesk.domain.same_event import LIKELY, bounded, find_candidates, find_groups

ROOT: Final = Path(__file__).parents[2]
WEIGHTS: Final = ROOT / "trafficdesk" / "domain" / "duplicate_weights.py"
CARD: Final = ROOT / "resources" / "duplicates" / "CARD.md"
_RULE: Final = (100.0, 5 * 60_000)  # metres and milliseconds, without any score
_FOLDS: Final = 5
_UNCOMPARED: Final = -3.0  # log-odds of two that are too far apart to be compared


class Split(NamedTuple):
    """Reports with their pairs, and which part holds each neighbourhood out."""

    reports: Sequence[Labelled]
    pairs: Sequence[Pair]
    compared: Sequence[Compared]
    truth: Sequence[Pair]
    places: Sequence[int]

    def fold(self, report: int) -> int:
        """Return which part a report is held out in, by its neighbourhood's first event."""
        event = self.reports[self.places[report]].event
        return hashlib.sha256(event.encode()).digest()[0] % _FOLDS

    def is_same(self) -> np.ndarray:
        """Tell of each pair whether it is of one event."""
        return np.array([self.reports[a].event == self.reports[b].event for a, b in self.pairs])


def load(path: Path, most: int | None = None) -> Split:
    """Return the reports of a file, the first ``most``, with everything that is compared."""
    reports = load_reports(path, most)
    pairs, truth = list(find_pairs(reports)), find_truth(reports)
    compared = [compare(reports[a].sighting, reports[b].sighting) for a, b in pairs]
    places = find_neighbourhoods(len(reports), [*pairs, *truth])
    return Split(reports, pairs, compared, truth, places)


def fit_models(split: Split) -> tuple[Model, list[Model]]:
    """Return the model of all reports, and for each part the one that has not seen it."""
    matrix, is_same = as_matrix(split.compared), split.is_same()
    folds = np.array([split.fold(a) for a, _ in split.pairs])
    held_out = [fit(matrix[folds != each], is_same[folds != each]) for each in range(_FOLDS)]
    return fit(matrix, is_same), held_out


def judge_all(split: Split, models: Sequence[Model]) -> dict[str, Judged]:
    """Judge every way to decide; each report by the model of its part."""
    ways = {
        "100 m and 5 minutes": _by_rule(split),
        "pair by pair": _by_pairs(split, models),
        "in groups": _by_groups(split, models),
    }
    places = dict(enumerate(split.places))
    judged = {name: judge(set(found), split.truth, places) for name, found in ways.items()}
    both = {(a, b) for pair in split.truth for a, b in (pair, pair[::-1])}
    asked = set(_one_by_one(split, models))
    return judged | {"as the desk asks, report by report": judge(asked, both, places)}


def _by_rule(split: Split) -> Iterable[Pair]:
    for a, b in split.pairs:
        one, other = split.reports[a].sighting, split.reports[b].sighting
        apart = distance_m(one.place, other.place), other.at_ms - one.at_ms
        if apart[0] <= _RULE[0] and apart[1] <= _RULE[1]:
            yield a, b


def _odds(split: Split, models: Sequence[Model]) -> dict[Pair, float]:
    return {
        pair: bounded(weigh(compared, models[split.fold(pair[0]) % len(models)]))
        for pair, compared in zip(split.pairs, split.compared, strict=True)
    }


def _by_pairs(split: Split, models: Sequence[Model]) -> Iterable[Pair]:
    return (pair for pair, odds in _odds(split, models).items() if odds >= LIKELY)


def _by_groups(split: Split, models: Sequence[Model]) -> Iterable[Pair]:
    odds = _odds(split, models)
    neighbours = dict[int, list[int]]()
    for report, place in enumerate(split.places):
        neighbours.setdefault(place, []).append(report)
    for members in neighbours.values():
        groups = find_groups(members, lambda a, b: odds.get((min(a, b), max(a, b)), _UNCOMPARED))
        for group in groups:
            yield from ((a, b) for a in group for b in group if a < b)


def _one_by_one(split: Split, models: Sequence[Model]) -> Iterable[Pair]:
    near = dict[int, list[int]]()
    for a, b in split.pairs:
        near.setdefault(a, []).append(b)
        near.setdefault(b, []).append(a)
    for report, others in near.items():
        sightings = [split.reports[each].sighting for each in others]
        model = models[split.fold(report) % len(models)]
        found = find_candidates(split.reports[report].sighting, sightings, model=model)
        yield from ((report, others[each.number]) for each in found if each.is_likely)


def facts_of(path: Path, split: Split) -> FileFacts:
    """Return what the card says of the file and of what is compared."""
    same, truth = int(sum(split.is_same())), len(split.truth)
    return FileFacts(
        file=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        reports=len(split.reports),
        events=len({report.event for report in split.reports}),
        truth=truth,
        missed=truth - same,
        reached=same / truth,
    )


def main() -> int:
    """Fit, judge and write, or judge alone."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--judge", action="store_true", help="judge the committed numbers alone")
    asked = parser.parse_args()
    split = load(asked.file)
    facts = facts_of(asked.file, split)
    model, models = (MODEL, [MODEL]) if asked.judge else fit_models(split)
    judged = judge_all(split, models)
    if not asked.judge:
        WEIGHTS.write_text(as_python(model), "utf-8")
        CARD.write_text(as_card(model, facts, judged), "utf-8")
    print(f"{facts.reports:,} reports of {facts.events:,} events, {facts.truth:,} true pairs")
    print(f"candidates hold {facts.reached:.2%} of them")
    for name, each in judged.items():
        print(f"{name:36}{each.precision!s:24}{each.recall!s:24}{each.f1!s}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
