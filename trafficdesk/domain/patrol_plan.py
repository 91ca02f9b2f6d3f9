"""A patrol plan: which units patrol which area in which shift, by what happened there before.

The demand is a baseline and no forecast: the mean of the same shift on the same weekday over the
last weeks, drawn a little towards the city's mean, so that one bad evening does not move a crew
for good. Nothing is known here of holidays, weather, trends or seasons.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

HISTORY_WEEKS: Final = 8  # as many as a season lets stay alike; the caller counts no more
# How many weeks like the city's mean are added to those that were counted. Two against eight: a
# fifth of the demand is the city's, four fifths are the area's own.
PRIOR_WEEKS: Final = 2
LIKELY: Final = 0.8  # the share of weeks whose count lies between low and high
_LEAST_SHAPE: Final = 0.5  # where nothing was ever counted, something may still happen (Jeffreys)


class Shift(NamedTuple):
    """One shift of a week: the day (0 is Monday) and the shift's number in the day."""

    weekday: int
    number: int


class Cell(NamedTuple):
    """What counts are kept by: an area in a shift of a week (any number that names the week)."""

    area: str
    shift: Shift
    week: int


@dataclass(frozen=True, slots=True)
class History:
    """How much happened. ``counts`` leaves out zeros; ``weeks`` are all those that were counted."""

    areas: Sequence[str]
    weeks: Sequence[int]
    counts: Mapping[Cell, int]


@dataclass(frozen=True, slots=True)
class Demand:
    """How many incidents to expect in an area in a shift, and between which counts most weeks lie.

    The range is that of single weeks if incidents come independently of each other (Poisson) at a
    rate known no better than from so few weeks. Where they come in clusters, weeks lie outside it
    more often.
    """

    expected: float
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Patrol:
    """An area in a shift, the units that patrol it, and what is expected per crew there.

    ``load`` counts one crew more than patrols there: the one that helps out from next door.
    """

    area: str
    shift: Shift
    demand: Demand
    units: tuple[str, ...]

    @property
    def load(self) -> float:
        """Return the expected incidents for each crew there and the one from next door."""
        return load_of(self.demand.expected, len(self.units))


@dataclass(frozen=True, slots=True)
class PatrolPlan:
    """Every area in every shift; ``weeks`` says on how many weeks of counts the demand rests."""

    patrols: tuple[Patrol, ...]
    weeks: int


def plan_patrols(history: History, units: Mapping[Shift, Sequence[str]]) -> PatrolPlan:
    """Return who patrols where in each shift of ``units``; every unit patrols just one area.

    Areas stand in the order of the history, units in the order they are given.
    """
    patrols = []
    for shift in sorted(units):
        demand = predict(history, shift)
        shares = share_out(
            {area: demand[area].expected for area in history.areas}, len(units[shift])
        )
        waiting = iter(units[shift])
        for area in history.areas:
            crews = tuple(next(waiting) for _ in range(shares[area]))
            patrols.append(Patrol(area, shift, demand[area], crews))
    return PatrolPlan(tuple(patrols), len(history.weeks))


def predict(history: History, shift: Shift) -> dict[str, Demand]:
    """Return what to expect in each area in a shift.

    The counts of an area's weeks and of ``PRIOR_WEEKS`` weeks like the mean of all areas, divided
    by the number of both: the mean of a gamma distribution of rates, given Poisson counts.
    """
    weeks = len(history.weeks)
    totals = {area: _total(history, area, shift) for area in history.areas}
    places = weeks * len(totals)
    mean = sum(totals.values()) / places if places else 0.0
    return {
        area: _demand(total + PRIOR_WEEKS * mean, weeks + PRIOR_WEEKS)
        for area, total in totals.items()
    }


def _total(history: History, area: str, shift: Shift) -> int:
    return sum(history.counts.get(Cell(area, shift, week), 0) for week in history.weeks)


def _demand(events: float, weeks: int) -> Demand:
    low, high = _likely_counts(max(events, _LEAST_SHAPE), weeks)
    return Demand(events / weeks, low, high)


def _likely_counts(shape: float, rate: float) -> tuple[int, int]:
    """Return between which counts a week lies with a chance of ``LIKELY``, as much left either way.

    A Poisson count whose rate is gamma distributed is negative binomial.
    """
    tail = (1 - LIKELY) / 2
    log_chance = shape * math.log(rate / (rate + 1))  # of a count of 0; a power may be too small
    below, count = math.exp(log_chance), 0
    low: int | None = None
    while True:
        if low is None and below > tail:
            low = count
        if low is not None and below >= 1 - tail:
            return low, count
        log_chance += math.log((shape + count) / ((count + 1) * (rate + 1)))
        count += 1
        below += math.exp(log_chance)


def share_out(demand: Mapping[str, float], units: int) -> dict[str, int]:
    """Return how many units each area gets, so that the greatest load is as small as it can be.

    Unit after unit goes to the area with the greatest load (``load_of``), which no other way of
    sharing out makes smaller, and with one unit more no area loses one. (Shares by largest
    remainder do that now and then.) Of equal areas the first in order is served first.
    """
    shares = dict.fromkeys(demand, 0)
    for _ in range(units if shares else 0):
        neediest = max(
            shares, key=lambda area: (load_of(demand[area], shares[area]), -shares[area])
        )
        shares[neediest] += 1
    return shares


def load_of(expected: float, units: int) -> float:
    """Return the expected incidents per crew, with one crew that helps out from next door.

    That one keeps the load of an area without a unit finite: somebody does come.
    """
    return expected / (units + 1)
