"""Plans for many incidents at once: least cost, nobody twice, and every gap explained."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.crews import HERE, NOW, by_road, crew, fleets, legs
from trafficdesk.domain.proposal import (
    NO_POSITION_S,
    UNFILLED_S,
    OpenIncident,
    Plan,
    Why,
    WhyNot,
    cost_of,
    propose,
)
from trafficdesk.domain.ranking import Sendable, Wanted
from trafficdesk.domain.records import Place
from trafficdesk.domain.travel import StraightLine, TravelFault
from trafficdesk.domain.vocabulary import Service, UnitStatus
from trafficdesk.services.proposing import Waiting, find_ways

Ways = dict[UUID, float | None]


def incident(
    number: int, score: int, ways: Ways, needs: dict[Service, int] | None = None
) -> OpenIncident:
    return OpenIncident(
        UUID(int=1000 + number),
        f"INC-{number:04}",
        score,
        {Service.POLICE: 1} if needs is None else needs,
        {unit: by_road(seconds) for unit, seconds in ways.items()},
    )


def sent(plan: Plan) -> dict[int, int]:
    """Return the number of the incident that each unit is sent to, by the unit's number."""
    return {p.unit_id.int: p.incident_id.int - 1000 for p in plan.proposals}


@st.composite
def situations(draw: st.DrawFn) -> tuple[list[Sendable], list[OpenIncident]]:
    """Return some units, and incidents with the ways of those that have a position."""
    fleet = draw(fleets)
    needed = st.dictionaries(st.sampled_from(Service), st.integers(0, 2), max_size=3)
    found = []
    for number in range(draw(st.integers(0, 5))):
        ways = {u.id: draw(legs) for u in fleet if u.place is not None}
        found.append(
            OpenIncident(
                UUID(int=1000 + number),
                f"INC-{number}",
                draw(st.integers(0, 100)),
                draw(needed),
                ways,
            )
        )
    return fleet, found


def greedy_cost(fleet: Sequence[Sendable], incidents: Sequence[OpenIncident]) -> int:
    """Send the nearest free unit to the gravest incident, then to the next: what people do."""
    free = [unit for unit in fleet if unit.status is UnitStatus.AVAILABLE]
    cost = 0
    for each in sorted(incidents, key=lambda i: -i.severity_score):
        for service, count in each.needs.items():
            for _ in range(count):
                fitting = [u for u in free if can_fill(each, service, u)]
                costs = [cost_of(each, unit, NOW) for unit in fitting]
                best = fitting[costs.index(min(costs))] if fitting else None
                cost += cost_of(each, best, NOW)
                free = [u for u in free if u is not best]
    return cost


def can_fill(each: OpenIncident, service: Service, unit: Sendable) -> bool:
    has_way = unit.place is None or each.legs[unit.id].seconds is not None
    return unit.service is service and has_way


def test_the_nearer_unit_is_spared_for_the_graver_incident() -> None:
    near, far = crew(1), crew(2)
    hazard = incident(1, 20, {near.id: 60, far.id: 300})
    crash = incident(2, 90, {near.id: 120, far.id: 900})
    plan = propose([near, far], [hazard, crash], NOW)
    assert sent(plan) == {1: 2, 2: 1}
    to_crash, to_hazard = plan.proposals
    assert (to_crash.seconds, to_crash.why, to_crash.nearer) == (120, Why.NEAREST, ())
    assert (to_hazard.seconds, to_hazard.why) == (300, Why.NEARER_ONES_SENT)
    assert to_hazard.nearer == (near.id,)
    assert plan.cost == 120 * 90 + 300 * 20


def test_an_incident_gets_units_of_every_service_it_needs() -> None:
    fleet = [crew(1), crew(2), crew(3, service=Service.AMBULANCE), crew(4, service=Service.TOW)]
    needs = {Service.POLICE: 2, Service.AMBULANCE: 1, Service.TOW: 1}
    ways: Ways = {unit.id: 100 * unit.id.int for unit in fleet}
    plan = propose(fleet, [incident(1, 80, ways, needs)], NOW)
    assert sorted(sent(plan)) == [1, 2, 3, 4]
    assert {p.unit_id.int: p.service for p in plan.proposals}[4] is Service.TOW
    assert plan.unfilled == ()
    for p in plan.proposals:  # that a nearer one goes to the very same incident is no reason
        assert p.why is (Why.NEAREST if p.service is Service.POLICE else Why.ONLY)


def test_what_stays_unfilled_says_why() -> None:
    fleet = [crew(1), crew(2, service=Service.TOW), crew(3, service=Service.FIRE)]
    ways: Ways = {fleet[0].id: 60, fleet[1].id: None, fleet[2].id: 60}
    plan = propose(
        fleet,
        [
            incident(1, 90, ways, {Service.POLICE: 1, Service.TOW: 1, Service.AMBULANCE: 1}),
            incident(2, 10, ways, {Service.POLICE: 1}),
        ],
        NOW,
    )
    assert sent(plan) == {1: 1}
    assert {(u.incident_id.int - 1000, u.service): u.why for u in plan.unfilled} == {
        (1, Service.AMBULANCE): WhyNot.NONE_AVAILABLE,
        (1, Service.TOW): WhyNot.NO_WAY,
        (2, Service.POLICE): WhyNot.ALL_SENT,
    }


def test_a_stale_position_is_used_only_for_want_of_better_and_its_age_is_told() -> None:
    stale, fresh = crew(1, age_min=30), crew(2)
    ways: Ways = {stale.id: 60, fresh.id: 900}
    alone = propose([stale], [incident(1, 50, ways)], NOW).proposals[0]
    assert (alone.seconds, alone.position_age) == (60, timedelta(minutes=30))
    both = propose([stale, fresh], [incident(1, 50, ways)], NOW).proposals[0]
    assert (both.unit_id, both.position_age) == (fresh.id, None)


def test_a_unit_without_a_position_is_sent_rather_than_nobody() -> None:
    lost, known = crew(1, age_min=None), crew(2)
    plan = propose([lost], [incident(1, 50, {})], NOW)
    assert (plan.proposals[0].seconds, plan.cost) == (None, NO_POSITION_S * 50)
    plan = propose([lost, known], [incident(1, 50, {known.id: 7000})], NOW)
    assert sent(plan) == {2: 1}


@pytest.mark.parametrize(("first", "second"), [(3, 1), (1, 3)])
def test_of_two_equally_near_the_one_that_was_sent_less_goes(first: int, second: int) -> None:
    fleet = [crew(1, sent_before=first), crew(2, sent_before=second)]
    plan = propose(fleet, [incident(1, 50, {unit.id: 60 for unit in fleet})], NOW)
    assert sent(plan) == {1 if first < second else 2: 1}


@settings(max_examples=30)
@given(situations())
def test_no_unit_is_sent_twice_and_every_place_is_filled_or_explained(
    situation: tuple[list[Sendable], list[OpenIncident]],
) -> None:
    fleet, incidents = situation
    plan = propose(fleet, incidents, NOW)
    units = {unit.id: unit for unit in fleet}
    by_id = {each.id: each for each in incidents}
    assert len({p.unit_id for p in plan.proposals}) == len(plan.proposals)
    for p in plan.proposals:
        unit = units[p.unit_id]
        assert unit.status is UnitStatus.AVAILABLE
        assert can_fill(by_id[p.incident_id], p.service, unit)
    for each in incidents:
        for service, count in each.needs.items():
            filled = [(p.incident_id, p.service) for p in plan.proposals]
            unfilled = [(u.incident_id, u.service) for u in plan.unfilled]
            assert [*filled, *unfilled].count((each.id, service)) == count


@settings(max_examples=30)
@given(situations())
def test_no_free_unit_stays_idle_that_could_fill_a_place(
    situation: tuple[list[Sendable], list[OpenIncident]],
) -> None:
    fleet, incidents = situation
    plan = propose(fleet, incidents, NOW)
    busy = {p.unit_id for p in plan.proposals}
    idle = [u for u in fleet if u.status is UnitStatus.AVAILABLE and u.id not in busy]
    by_id = {each.id: each for each in incidents}
    for gap in plan.unfilled:
        assert not any(can_fill(by_id[gap.incident_id], gap.service, u) for u in idle)


@settings(max_examples=30)
@given(situations())
def test_a_plan_never_costs_more_than_sending_the_nearest_to_the_gravest(
    situation: tuple[list[Sendable], list[OpenIncident]],
) -> None:
    fleet, incidents = situation
    plan = propose(fleet, incidents, NOW)
    assert plan.cost <= greedy_cost(fleet, incidents)
    units = {unit.id: unit for unit in fleet}
    by_id = {each.id: each for each in incidents}
    filled = sum(cost_of(by_id[p.incident_id], units[p.unit_id], NOW) for p in plan.proposals)
    unfilled = sum(cost_of(by_id[u.incident_id], None, NOW) for u in plan.unfilled)
    assert plan.cost == filled + unfilled


@settings(max_examples=30)
@given(situations(), st.randoms(use_true_random=False))
def test_a_plan_does_not_depend_on_the_order_of_what_it_is_made_from(
    situation: tuple[list[Sendable], list[OpenIncident]], chance: Random
) -> None:
    fleet, incidents = situation
    plan = propose(fleet, incidents, NOW)
    chance.shuffle(fleet)
    chance.shuffle(incidents)
    assert propose(fleet, incidents, NOW) == plan


@given(st.lists(st.lists(st.integers(0, 5000), min_size=3, max_size=3), min_size=3, max_size=3))
def test_no_other_way_to_send_three_units_to_three_incidents_is_cheaper(
    seconds: list[list[int]],
) -> None:
    fleet = [crew(number) for number in range(3)]
    incidents = [
        incident(row, (row + 1) * 30, {UUID(int=c): s for c, s in enumerate(ways)})
        for row, ways in enumerate(seconds)
    ]
    plan = propose(fleet, incidents, NOW)
    assert plan.cost == min(
        sum(seconds[row][column] * (row + 1) * 30 for row, column in enumerate(order))
        for order in permutations(range(3))
    )


def test_a_unit_that_is_just_as_near_is_no_nearer_one() -> None:
    fleet = [crew(1), crew(2)]
    ways: Ways = {unit.id: 60 for unit in fleet}
    plan = propose(fleet, [incident(1, 50, ways), incident(2, 50, ways)], NOW)
    assert [(p.why, p.nearer) for p in plan.proposals] == [(Why.NEAREST, ())] * 2


def test_a_plan_for_open_incidents_finds_the_ways_by_itself() -> None:
    def at(number: int, lon: float | None) -> Sendable:
        place = None if lon is None else Place(lon, 11.0)
        status = UnitStatus.AVAILABLE
        return Sendable(UUID(int=number), f"P{number}", Service.POLICE, status, place, NOW)

    fleet = [at(number, 77.0 + number / 1000) for number in range(60)] + [at(99, None)]
    west, east = Place(77.0, 11.0), Place(77.059, 11.0)
    waiting = [
        Waiting(UUID(int=1000 + number), f"INC-{number}", 50, Wanted(place, {Service.POLICE: 1}))
        for number, place in enumerate((east, west))
    ]
    ways = find_ways(fleet, waiting, StraightLine(TravelFault.NO_TILES))
    plan = propose(ways.units, ways.incidents, NOW)
    assert sent(plan) == {59: 0, 0: 1}
    assert [p.seconds for p in plan.proposals] == [0, 0]
    assert ways.fault is TravelFault.NO_TILES
    assert propose((), find_ways([], [], StraightLine()).incidents, NOW) == Plan((), (), 0)


def test_many_incidents_at_one_spot_leave_no_unit_idle() -> None:
    fleet = [crew(number) for number in range(50)]
    waiting = [
        Waiting(UUID(int=1000 + number), f"INC-{number}", 50, Wanted(HERE, {Service.POLICE: 2}))
        for number in range(20)
    ]
    ways = find_ways(fleet, waiting, StraightLine())
    plan = propose(ways.units, ways.incidents, NOW)
    assert (len(plan.proposals), plan.unfilled) == (40, ())


def test_a_plan_where_nothing_is_open_is_empty() -> None:
    assert propose([crew(1)], [], NOW) == Plan((), (), 0)
    assert propose([], [incident(1, 50, {})], NOW).cost == UNFILLED_S * 50
