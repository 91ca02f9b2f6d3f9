"""Estimates without a map: longer than the line, at a stated speed, and called estimates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.domain.geometry import distance_m
from trafficdesk.domain.records import Place
from trafficdesk.domain.travel import DETOUR, Basis, Leg, StraightLine, TravelFault, TravelTimes

TOWN_HALL = Place(76.9558, 11.0168)
STATION = Place(76.9558, 11.0168 + 0.0449661)  # 5 km to the north

places = st.builds(Place, st.floats(76, 78), st.floats(10, 12))


def test_five_kilometres_are_seven_by_road_and_take_seventeen_minutes() -> None:
    straight: TravelTimes = StraightLine()
    (row,) = straight.times([TOWN_HALL], [STATION, TOWN_HALL]).legs
    assert row[0].seconds == pytest.approx(5000 * 1.4 / 25 * 3.6, rel=1e-4)
    assert row[1] == Leg(0.0, Basis.STRAIGHT_LINE)
    assert (straight.basis, straight.speed_km_h) == (Basis.STRAIGHT_LINE, 25.0)


def test_a_station_may_state_a_speed_of_its_own() -> None:
    slow, fast = StraightLine(speed_km_h=15), StraightLine(speed_km_h=60)
    assert slow.seconds(TOWN_HALL, STATION) == pytest.approx(4 * fast.seconds(TOWN_HALL, STATION))


def test_every_answer_says_why_it_is_only_an_estimate() -> None:
    straight = StraightLine(TravelFault.NO_TILES)
    answers = (
        straight.times([TOWN_HALL], [STATION]),
        straight.route(TOWN_HALL, STATION),
        straight.reach(TOWN_HALL, 5),
    )
    assert {answer.fault for answer in answers} == {TravelFault.NO_TILES}
    route = straight.route(TOWN_HALL, STATION)
    assert route.line == (TOWN_HALL, STATION)
    assert route.seconds == straight.seconds(TOWN_HALL, STATION)


@given(st.lists(places, max_size=4), st.lists(places, max_size=4))
def test_there_is_a_leg_from_each_start_to_each_end(starts: list[Place], ends: list[Place]) -> None:
    found = StraightLine().times(starts, ends).legs
    assert [len(row) for row in found] == [len(ends)] * len(starts)
    for start, row in zip(starts, found, strict=True):
        for end, leg in zip(ends, row, strict=True):
            assert leg.seconds == StraightLine().seconds(start, end)


@given(places, st.floats(0.5, 60))
def test_the_edge_of_what_can_be_reached_takes_just_the_minutes(
    start: Place, minutes: float
) -> None:
    straight = StraightLine()
    geometry = straight.reach(start, minutes).geometry
    assert geometry["type"] == "Polygon"
    coordinates = geometry["coordinates"]
    assert isinstance(coordinates, list)
    (ring,) = coordinates
    assert ring[0] == ring[-1]
    edge = [Place(lon, lat) for lon, lat in ring]
    for place in edge:
        assert straight.seconds(start, place) == pytest.approx(60 * minutes, rel=0.01)
        assert distance_m(start, place) * DETOUR == pytest.approx(25 / 3.6 * 60 * minutes, rel=0.01)
