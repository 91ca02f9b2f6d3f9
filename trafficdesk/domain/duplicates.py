"""Whether two reports tell of one event: what speaks for it and against, and how much in all.

A logistic model: every fact adds or takes log-odds, read off a curve of ``duplicate_weights``. What
is not known adds nothing. The score only suggests; a person decides.
"""

import math
from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple

from trafficdesk.domain import duplicate_weights as weights
from trafficdesk.domain.geometry import distance_m
from trafficdesk.domain.landmarks import find_landmarks, shared
from trafficdesk.domain.plate_readings import find_readings, readings_apart
from trafficdesk.domain.records import Place

# Candidates are looked for within these; what lies beyond is no suggestion.
SAME_EVENT_RADIUS_M = 250.0
SAME_EVENT_GAP_MS = 15 * 60_000
# A phone that states no accuracy, and one that states none to be believed.
_ACCURACY_M: Final = 20.0
_BEST_ACCURACY_M: Final = 5.0
_MS_PER_MIN: Final = 60_000
_UNTOLD: Final = frozenset({"other"})

Curve = tuple[tuple[float, float], ...]


class Model(NamedTuple):
    """Log-odds: ``base``, and for each fact a curve over its value, straight between its points."""

    base: float
    curves: Mapping[str, Curve]


MODEL: Final = Model(weights.BASE, weights.CURVES)


class Told(NamedTuple):
    """What a report says of an event, as it came; hashes of pictures as 16 hex digits."""

    place: Place
    accuracy_m: float | None
    at_ms: int
    violations: tuple[str, ...]
    plate: str = ""
    text: str = ""
    picture_hashes: tuple[str, ...] = ()


class Sighting(NamedTuple):
    """What of a report is compared; made once by ``look_at``."""

    place: Place
    accuracy_m: float
    at_ms: int
    violations: frozenset[str]
    readings: tuple[str, ...]
    landmarks: frozenset[str]
    pictures: tuple[int, ...]


class Fact(StrEnum):
    """What is compared of two reports."""

    DISTANCE = "distance"
    GAP = "gap"
    PLATE = "plate"
    VIOLATION = "violation"
    LANDMARK = "landmark"
    PICTURE = "picture"


class Compared(NamedTuple):
    """How two reports differ, in the units of the curves; None where it is not known.

    ``distance`` in standard deviations of it, ``gap`` in minutes, ``plate`` in characters (twins
    such as 0 and O count less), ``violation`` 1 for one in common, ``landmark`` the part of the
    words in common, ``picture`` in bits of 64.
    """

    distance: float
    gap: float
    plate: float | None
    violation: float | None
    landmark: float | None
    picture: float | None


class Reason(NamedTuple):
    """One fact's part in a score: how the reports compare in it, and its log-odds."""

    fact: Fact
    value: float
    weight: float


def look_at(told: Told) -> Sighting:
    """Return what of a report is compared with others."""
    accuracy = _ACCURACY_M if told.accuracy_m is None else told.accuracy_m
    return Sighting(
        told.place,
        max(accuracy, _BEST_ACCURACY_M),
        told.at_ms,
        frozenset(told.violations) - _UNTOLD,
        find_readings(told.plate, told.text),
        find_landmarks(told.text),
        tuple(int(each, 16) for each in told.picture_hashes),
    )


def compare(a: Sighting, b: Sighting) -> Compared:
    """Return how two reports differ."""
    deviation = math.hypot(a.accuracy_m, b.accuracy_m)
    has_types = a.violations and b.violations
    return Compared(
        distance=distance_m(a.place, b.place) / deviation,
        gap=abs(a.at_ms - b.at_ms) / _MS_PER_MIN,
        plate=readings_apart(a.readings, b.readings),
        violation=float(not a.violations.isdisjoint(b.violations)) if has_types else None,
        landmark=shared(a.landmarks, b.landmarks),
        picture=min(
            ((one ^ other).bit_count() for one in a.pictures for other in b.pictures), default=None
        ),
    )


def on_curve(curve: Curve, x: float) -> float:
    """Return a curve's height: straight lines between its points, level beyond its ends."""
    if x <= curve[0][0]:
        return curve[0][1]
    for (x0, y0), (x1, y1) in pairwise(curve):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return curve[-1][1]


def weigh(compared: Compared, model: Model = MODEL) -> float:
    """Return the log-odds that two reports tell of one event."""
    return model.base + sum(each.weight for each in reasons_of(compared, model))


def reasons_of(compared: Compared, model: Model = MODEL) -> tuple[Reason, ...]:
    """Return what each known fact adds or takes, in the order of ``Fact``."""
    return tuple(
        Reason(fact, value, on_curve(model.curves[fact.value], value))
        for fact, value in zip(Fact, compared, strict=True)
        if value is not None
    )


def probability(log_odds: float) -> float:
    """Return log-odds as a probability between 0 and 1."""
    return 1 / (1 + math.exp(-log_odds)) if log_odds > -_FAR else 0.0


_FAR: Final = 700.0  # where exp ends
