"""Sudden changes: found when they are there, and as seldom without reason as is said."""

from collections.abc import Callable

import pytest
from numpy.random import Generator, default_rng

from trafficdesk.domain.analytics.changes import RECENT_WEEKS, find_changes

WEEKS = 56
LOOKS = 200
FALSE_ALARMS = 0.05  # what the screen states
Draw = Callable[[Generator, float], int]


def poisson(rng: Generator, mean: float) -> int:
    return int(rng.poisson(mean))


def clustered(rng: Generator, mean: float) -> int:
    """Draw a week of twice the variance of a Poisson count, as where one event is told twice."""
    return int(rng.negative_binomial(mean, 0.5))


def quiet_city(rng: Generator, draw: Draw, parts: int) -> dict[int, list[int]]:
    """Return weeks of parts that differ in size but never change, in a city with a season."""
    season = [1.0 + 0.4 * (week % 26 > 20) for week in range(WEEKS)]
    sizes = [1.5 * 1.3**part for part in range(parts)]
    return {part: [draw(rng, size * s) for s in season] for part, size in enumerate(sizes)}


@pytest.mark.parametrize("draw", [poisson, clustered])
@pytest.mark.parametrize("parts", [2, 15])
def test_looks_without_a_change_alarm_no_more_often_than_stated(draw: Draw, parts: int) -> None:
    rng = default_rng(5)
    alarms = sum(bool(find_changes(quiet_city(rng, draw, parts))) for _ in range(LOOKS))
    # Three standard errors of a share of 200 looks.
    assert alarms / LOOKS <= FALSE_ALARMS + 3 * (FALSE_ALARMS * (1 - FALSE_ALARMS) / LOOKS) ** 0.5


def test_a_ward_that_trebles_and_one_that_falls_silent_are_found() -> None:
    rng = default_rng(6)
    weeks = quiet_city(rng, poisson, 15)
    weeks[9] = weeks[9][:-RECENT_WEEKS] + [3 * n for n in weeks[9][-RECENT_WEEKS:]]
    weeks[12] = weeks[12][:-RECENT_WEEKS] + [0] * RECENT_WEEKS
    changes = {change.part: change for change in find_changes(weeks)}
    assert changes.keys() == {9, 12}
    assert changes[9].recent > 2 * changes[9].usual
    assert changes[12].recent == 0
    assert all(change.p_value <= FALSE_ALARMS for change in changes.values())


def test_a_campaign_in_the_whole_city_alarms_in_no_ward() -> None:
    rng = default_rng(7)
    weeks = quiet_city(rng, poisson, 6)
    for counts in weeks.values():
        counts[-RECENT_WEEKS:] = [2 * n for n in counts[-RECENT_WEEKS:]]
    assert find_changes(weeks) == ()


def test_a_city_that_doubles_is_found_when_it_is_looked_at_as_one() -> None:
    counts = [10, 12, 9, 11, 8, 10, 13, 9] * 6 + [20, 22, 19, 25]
    (change,) = find_changes({"city": counts})
    assert change.recent == 86
    assert change.usual == pytest.approx(41, abs=1)


@pytest.mark.parametrize("weeks", [{}, {"a": []}, {"a": [5] * 6}, {"a": [0] * 56, "b": [0] * 56}])
def test_nothing_is_said_of_too_little(weeks: dict[str, list[int]]) -> None:
    assert find_changes(weeks) == ()
