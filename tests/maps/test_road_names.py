"""Streets are cut into ways wherever a tag changes; their names belong to the whole of them."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.maps.road_names import RoadNames, join_ways

A, B, C, D = (77.0, 11.0), (77.1, 11.0), (77.2, 11.1), (77.3, 11.1)


def test_ways_that_meet_become_one_line_whichever_way_they_run() -> None:
    (line,) = join_ways([(B, C), (B, A), (D, C)])
    assert line in ([A, B, C, D], [D, C, B, A])


def test_a_ring_is_closed_once_and_ways_apart_stay_apart() -> None:
    lines = list(join_ways([(A, B, C, A), (D, (78.0, 12.0))]))
    assert sorted(map(len, lines)) == [2, 4]


def test_only_ways_of_one_name_and_class_are_joined() -> None:
    names = RoadNames()
    names.add("primary", {"name": "Avinashi Road"}, [[*A], [*B]])
    names.add("primary", {"name": "Avinashi Road"}, [[*B], [*C]])
    names.add("minor", {"name": "Avinashi Road"}, [[*C], [*D]])
    found = sorted((class_, len(line)) for class_, _names, line in names.joined())
    assert found == [("minor", 2), ("primary", 3)]


_SPOT = st.tuples(st.integers(0, 3).map(float), st.integers(0, 3).map(float))


@given(st.lists(st.lists(_SPOT, min_size=2, max_size=4, unique=True).map(tuple), max_size=12))
def test_no_stretch_is_lost_or_doubled(ways: list[tuple[tuple[float, float], ...]]) -> None:
    def stretches(lines: list[list[tuple[float, float]]]) -> list[tuple[object, ...]]:
        return sorted(tuple(sorted(pair)) for line in lines for pair in pairwise(line))

    assert stretches(list(join_ways(ways))) == stretches([list(way) for way in ways])
