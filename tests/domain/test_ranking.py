"""Whom to send first, and who is named last."""

from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.crews import HERE, NOW, by_road, crew, crews, fleets, legs
from trafficdesk.domain.ranking import (
    STALE_AFTER,
    Candidate,
    Sendable,
    Standing,
    Wanted,
    rank,
    short_list,
)
from trafficdesk.domain.records import Place
from trafficdesk.domain.travel import Leg, StraightLine
from trafficdesk.domain.vocabulary import Service, UnitStatus

POLICE = Wanted(HERE, {Service.POLICE: 1})


def ranked(*units: tuple[Sendable, float | None], wanted: Wanted = POLICE) -> list[str]:
    """Return the call signs of units with their seconds, the one to send first."""
    ways = {unit.id: by_road(seconds) for unit, seconds in units}
    return [c.unit.call_sign for c in rank([unit for unit, _ in units], wanted, ways, NOW)]


def test_the_nearest_by_time_comes_first_then_the_least_sent_then_the_most_skilled() -> None:
    skilled = Wanted(HERE, {Service.POLICE: 1}, frozenset({"first aid", "crane"}))
    assert ranked(
        (crew(1), 300),
        (crew(2, sent_before=3), 200),
        (crew(3, sent_before=1), 200),
        (crew(4, sent_before=1, skills=frozenset({"first aid"})), 200),
        (crew(5, sent_before=9), 100),
        wanted=skilled,
    ) == ["P05", "P04", "P03", "P02", "P01"]


def test_only_available_units_of_a_needed_service_are_named() -> None:
    towing = Wanted(HERE, {Service.TOW: 1, Service.FIRE: 2})
    assert ranked(
        (crew(1), 1),
        (crew(2, service=Service.TOW), 30),
        (crew(3, service=Service.FIRE), 20),
        (crew(4, service=Service.TOW, status=UnitStatus.EN_ROUTE), 10),
        (crew(5, service=Service.TOW, status=UnitStatus.BUSY), 10),
        (crew(6, service=Service.TOW, status=UnitStatus.OFF_DUTY), 10),
        wanted=towing,
    ) == ["P03", "P02"]


@pytest.mark.parametrize("age_min", [10.1, 45, -10.1])
def test_a_unit_whose_position_is_stale_is_named_with_its_age_and_never_first(
    age_min: float,
) -> None:
    stale, fresh = crew(1, age_min=age_min), crew(2, age_min=10)
    found = rank([stale, fresh], POLICE, {stale.id: by_road(5), fresh.id: by_road(5000)}, NOW)
    assert [c.unit for c in found] == [fresh, stale]
    assert found[1].standing is Standing.STALE
    assert found[1].position_age == timedelta(minutes=age_min)
    assert (found[1].seconds, found[1].is_recommended) == (5, False)


def test_a_unit_without_a_position_is_named_last_and_without_a_time() -> None:
    lost, cut_off = crew(1, age_min=None), crew(2)
    found = rank([lost, cut_off], POLICE, {lost.id: by_road(5), cut_off.id: by_road(None)}, NOW)
    assert [c.standing for c in found] == [Standing.NO_WAY, Standing.NO_POSITION]
    assert (found[1].seconds, found[1].basis, found[1].position_age) == (None, None, None)
    assert not any(c.is_recommended for c in found)


def test_a_position_of_unknown_age_counts_as_stale() -> None:
    (found,) = rank(
        [Sendable(UUID(int=1), "P1", Service.POLICE, UnitStatus.AVAILABLE, HERE, None)],
        POLICE,
        {UUID(int=1): by_road(5)},
        NOW,
    )
    assert (found.standing, found.position_age) == (Standing.STALE, None)


def test_two_units_of_one_call_sign_keep_their_order() -> None:
    one, other = crew(1), crew(11)
    ways = {one.id: by_road(60), other.id: by_road(60)}
    assert rank([one, other], POLICE, ways, NOW) == rank([other, one], POLICE, ways, NOW)


@settings(max_examples=30)
@given(fleets, st.data())
def test_a_ranking_names_each_who_can_come_once_and_is_in_order(
    fleet: list[Sendable], data: st.DataObject
) -> None:
    services = data.draw(st.sets(st.sampled_from(Service), min_size=1))
    wanted = Wanted(HERE, dict.fromkeys(services, 1), frozenset({"crane"}))
    ways = {unit.id: data.draw(legs) for unit in fleet}
    found = rank(fleet, wanted, ways, NOW)
    assert {c.unit.id for c in found} == {
        u.id for u in fleet if u.status is UnitStatus.AVAILABLE and u.service in services
    }
    assert len(found) == len({c.unit.id for c in found})
    for before, after in pairwise(found):
        assert not is_better(after, before)
    assert found == rank(data.draw(st.permutations(fleet)), wanted, ways, NOW)


def is_better(one: Candidate, other: Candidate) -> bool:
    """Say it in the words of the rule, one after the other."""
    if one.standing is not other.standing:
        return one.standing < other.standing
    if one.seconds is not None and one.seconds != other.seconds:
        assert other.seconds is not None
        return one.seconds < other.seconds
    if one.unit.sent_before != other.unit.sent_before:
        return one.unit.sent_before < other.unit.sent_before
    return one.skills_met > other.skills_met


@settings(max_examples=30)
@given(fleets, st.data())
def test_who_is_recommended_has_a_fresh_position_and_a_way(
    fleet: list[Sendable], data: st.DataObject
) -> None:
    ways = {unit.id: data.draw(legs) for unit in fleet}
    for c in rank(fleet, Wanted(HERE, dict.fromkeys(Service, 1)), ways, NOW):
        fresh = c.unit.seen_at is not None and abs(NOW - c.unit.seen_at) <= STALE_AFTER
        assert c.is_recommended == (fresh and c.seconds is not None)
        assert c.seconds == (None if c.unit.place is None else ways[c.unit.id].seconds)


@given(crews, crews, legs, legs)
def test_a_nearer_unit_never_falls_behind_by_being_nearer(
    unit: Sendable, other: Sendable, way: Leg, others: Leg
) -> None:
    if unit.id == other.id or way.seconds is None:
        return
    wanted = Wanted(HERE, dict.fromkeys(Service, 1))

    def place_of(first: Leg) -> int:
        found = rank([unit, other], wanted, {unit.id: first, other.id: others}, NOW)
        return next((i for i, c in enumerate(found) if c.unit.id == unit.id), 0)

    assert place_of(by_road(way.seconds / 2)) <= place_of(way)


def far_crew(number: int, service: Service, degrees: float | None) -> Sendable:
    place = None if degrees is None else Place(HERE.lon + degrees, HERE.lat)
    return Sendable(UUID(int=number), f"P{number}", service, UnitStatus.AVAILABLE, place, NOW)


@given(
    st.lists(
        st.tuples(st.sampled_from(Service), st.one_of(st.none(), st.floats(0, 3))), max_size=30
    ),
    st.integers(1, 5),
)
def test_the_short_list_holds_the_nearest_of_each_service_and_all_without_a_position(
    drawn: list[tuple[Service, float | None]], limit: int
) -> None:
    fleet = [far_crew(number, *each) for number, each in enumerate(drawn)]
    wanted = Wanted(HERE, {Service.POLICE: 1, Service.TOW: 1})
    kept = short_list(fleet, wanted, limit)
    straight = StraightLine()
    for service in wanted.services:
        placed = [u for u in fleet if u.service is service and u.place is not None]
        mine = [u for u in kept if u in placed]
        assert len(mine) == min(limit, len(placed))
        seconds = sorted(straight.seconds(u.place, HERE) for u in placed if u.place)
        assert sorted(straight.seconds(u.place, HERE) for u in mine if u.place) == seconds[:limit]
    lost = [u for u in fleet if u.place is None and u.service in wanted.services]
    assert [u for u in kept if u.place is None] == lost
    assert {u.service for u in kept} <= set(wanted.services)


def test_who_is_not_on_the_short_list_is_left_out_of_the_ranking() -> None:
    near, far, lost = crew(1), crew(2), crew(3, age_min=None)
    found = rank([near, far, lost], POLICE, {near.id: by_road(60)}, NOW)
    assert [c.unit for c in found] == [near, lost]
