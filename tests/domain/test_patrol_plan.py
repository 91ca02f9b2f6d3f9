"""Patrols by what happened before: demand, how sure it is, and a fair share of units."""

from collections.abc import Iterator
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trafficdesk.domain.demo.chance import dice
from trafficdesk.domain.patrol_plan import (
    Cell,
    History,
    Shift,
    load_of,
    plan_patrols,
    predict,
    share_out,
)

MONDAY_EARLY, MONDAY_LATE = Shift(0, 0), Shift(0, 1)
WEEKS = range(8)

areas = st.lists(st.sampled_from("ABCDEF"), min_size=1, max_size=5, unique=True)
demands = st.dictionaries(
    st.sampled_from("ABCD"), st.one_of(st.just(0.0), st.floats(0, 20)), min_size=1, max_size=4
)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Return counts of some areas in two shifts over some weeks."""
    names = draw(areas)
    weeks = range(draw(st.integers(0, 8)))
    cells = st.builds(
        Cell,
        st.sampled_from(names),
        st.sampled_from([MONDAY_EARLY, MONDAY_LATE]),
        st.sampled_from(weeks or range(1)),
    )
    return History(names, weeks, draw(st.dictionaries(cells, st.integers(0, 30), max_size=20)))


def counted(**per_week: int) -> History:
    """Return a history in which each area had the same count every week, early on Mondays."""
    counts = {
        Cell(area, MONDAY_EARLY, week): count for area, count in per_week.items() for week in WEEKS
    }
    return History(list(per_week), WEEKS, counts)


def test_demand_is_the_mean_of_the_weeks_drawn_a_fifth_towards_the_city() -> None:
    found = predict(counted(north=10, south=0), MONDAY_EARLY)
    assert found["north"].expected == pytest.approx(0.8 * 10 + 0.2 * 5)
    assert found["south"].expected == pytest.approx(0.8 * 0 + 0.2 * 5)


def test_another_shift_and_a_week_that_was_not_counted_do_not_matter() -> None:
    history = counted(north=10, south=0)
    counts = {
        **history.counts,
        Cell("south", MONDAY_LATE, 0): 99,
        Cell("south", MONDAY_EARLY, 8): 99,
    }
    more = History(history.areas, history.weeks, counts)
    assert predict(more, MONDAY_EARLY) == predict(history, MONDAY_EARLY)


def test_one_bad_evening_moves_an_area_less_than_it_would_alone() -> None:
    history = counted(north=2, south=2)
    bad = History(
        history.areas, history.weeks, {**history.counts, Cell("north", MONDAY_EARLY, 3): 42}
    )
    before, after = predict(history, MONDAY_EARLY), predict(bad, MONDAY_EARLY)
    plain_mean = (7 * 2 + 42) / 8
    assert before["north"].expected < after["north"].expected < plain_mean


@given(histories())
def test_demand_lies_between_the_areas_own_mean_and_the_citys(history: History) -> None:
    weeks = len(history.weeks)
    found = predict(history, MONDAY_EARLY)
    if not weeks:
        assert {d.expected for d in found.values()} == {0.0}
        return
    own = {
        area: sum(history.counts.get(Cell(area, MONDAY_EARLY, w), 0) for w in history.weeks) / weeks
        for area in history.areas
    }
    city = sum(own.values()) / len(own)
    for area, mean in own.items():
        low, high = min(mean, city), max(mean, city)
        assert low - 1e-9 <= found[area].expected <= high + 1e-9
    assert sum(d.expected for d in found.values()) == pytest.approx(sum(own.values()))


@given(histories())
def test_the_range_holds_the_expected_count_and_something_may_always_happen(
    history: History,
) -> None:
    for demand in predict(history, MONDAY_EARLY).values():
        assert 0 <= demand.low <= demand.high
        assert demand.low <= demand.expected + 1
        assert demand.high >= demand.expected - 1


def test_the_range_is_wider_the_fewer_weeks_were_counted() -> None:
    def width(weeks: int) -> int:
        counts = {Cell("A", MONDAY_EARLY, week): 60 for week in range(weeks)}
        demand = predict(History(["A"], range(weeks), counts), MONDAY_EARLY)["A"]
        return demand.high - demand.low

    assert width(1) > width(3) > width(40)


def test_a_thousand_incidents_a_shift_have_a_range_too() -> None:
    demand = predict(counted(A=5000), MONDAY_EARLY)["A"]
    assert demand.low < 5000 < demand.high
    assert demand.high - demand.low < 300


def test_most_weeks_lie_in_the_range_where_incidents_come_independently() -> None:
    chance = dice("a year of patrols")
    inside = tried = 0
    for _ in range(150):
        rates = {name: chance.gammavariate(3, 1) for name in "ABCDEF"}
        counts = {
            Cell(name, MONDAY_EARLY, week): poisson(chance, rate)
            for name, rate in rates.items()
            for week in WEEKS
        }
        found = predict(History("ABCDEF", WEEKS, counts), MONDAY_EARLY)
        for name, rate in rates.items():
            tried += 1
            inside += found[name].low <= poisson(chance, rate) <= found[name].high
    # Counts are whole, so a range that leaves out at most a tenth on either side holds more.
    assert 0.8 <= inside / tried <= 0.95


def poisson(chance: Random, rate: float) -> int:
    """Count the arrivals of a unit of time."""
    count, at = 0, chance.expovariate(rate)
    while at < 1:
        count, at = count + 1, at + chance.expovariate(rate)
    return count


def ways_to_share(areas: list[str], units: int) -> Iterator[dict[str, int]]:
    """Yield every way to share out units."""
    if len(areas) == 1:
        yield {areas[0]: units}
        return
    for mine in range(units + 1):
        for rest in ways_to_share(areas[1:], units - mine):
            yield {areas[0]: mine, **rest}


@settings(max_examples=60)
@given(demands, st.integers(0, 6))
def test_no_other_way_to_share_out_makes_the_greatest_load_smaller(
    demand: dict[str, float], units: int
) -> None:
    def greatest(shares: dict[str, int]) -> float:
        return max(load_of(demand[area], count) for area, count in shares.items())

    shares = share_out(demand, units)
    assert sum(shares.values()) == units
    assert greatest(shares) == min(map(greatest, ways_to_share(list(demand), units)))


@given(demands, st.integers(0, 12))
def test_with_one_unit_more_no_area_loses_one(demand: dict[str, float], units: int) -> None:
    fewer, more = share_out(demand, units), share_out(demand, units + 1)
    assert all(more[area] >= fewer[area] for area in demand)


@given(demands, st.integers(0, 12))
def test_an_area_with_more_demand_never_gets_fewer_units(
    demand: dict[str, float], units: int
) -> None:
    shares = share_out(demand, units)
    ordered = sorted(demand, key=lambda area: demand[area])
    for less, more in pairwise(ordered):
        assert demand[less] == demand[more] or shares[less] <= shares[more]


def test_where_nothing_happened_units_are_spread_evenly() -> None:
    assert share_out({"A": 0.0, "B": 0.0, "C": 0.0}, 7) == {"A": 3, "B": 2, "C": 2}
    assert share_out({}, 3) == {}


def test_units_go_where_the_most_is_expected_in_their_own_shift() -> None:
    early = {Cell("north", MONDAY_EARLY, week): 9 for week in WEEKS}
    late = {Cell("south", MONDAY_LATE, week): 9 for week in WEEKS}
    history = History(["north", "south"], WEEKS, early | late)
    plan = plan_patrols(history, {MONDAY_LATE: ["P1", "P2", "P3"], MONDAY_EARLY: ["P4"]})
    assert [(p.shift, p.area, p.units) for p in plan.patrols] == [
        (MONDAY_EARLY, "north", ("P4",)),
        (MONDAY_EARLY, "south", ()),
        (MONDAY_LATE, "north", ()),
        (MONDAY_LATE, "south", ("P1", "P2", "P3")),
    ]
    assert plan.weeks == 8
    south = plan.patrols[3]
    assert south.load == pytest.approx(south.demand.expected / 4)


@given(histories(), st.integers(0, 6), st.integers(0, 6))
def test_every_unit_patrols_one_area_and_the_same_plan_comes_out_again(
    history: History, early: int, late: int
) -> None:
    units = {
        MONDAY_EARLY: [f"E{number}" for number in range(early)],
        MONDAY_LATE: [f"L{number}" for number in range(late)],
    }
    plan = plan_patrols(history, units)
    for shift, wanted in units.items():
        sent = [unit for p in plan.patrols if p.shift == shift for unit in p.units]
        assert sorted(sent) == sorted(wanted)
    assert len(plan.patrols) == 2 * len(history.areas)
    assert plan_patrols(history, dict(reversed(units.items()))) == plan
