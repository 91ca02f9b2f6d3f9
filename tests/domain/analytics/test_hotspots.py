"""Discs of 500 m: the fullest that do not overlap, the same every time, anywhere on the globe."""

import math
from collections import Counter

import pytest
from numpy.random import Generator, default_rng

from trafficdesk.domain.analytics.hotspots import RADIUS_M, Disc, find_discs
from trafficdesk.domain.analytics.micro_cells import COLUMNS, Micro, micro_of, middle_of
from trafficdesk.domain.geometry import bounds_around, distance_m
from trafficdesk.domain.records import Place

COIMBATORE = Place(76.96, 11.01)
REYKJAVIK = Place(-21.94, 64.14)
TAVEUNI = Place(180.0, -16.85)  # the antimeridian runs through it


def east_of(place: Place, east_m: float, north_m: float) -> Place:
    """Return a place so many metres away, on the globe."""
    lat = place.lat + math.degrees(north_m / 6_371_008.8)
    lon = place.lon + math.degrees(east_m / 6_371_008.8 / math.cos(math.radians(lat)))
    return Place((lon + 180) % 360 - 180, lat)


def cells_of(spots: list[Place], before: list[Place] | None = None) -> list[Micro]:
    now, then = (Counter(map(micro_of, each)) for each in (spots, before or []))
    return [Micro(*at, now[at], 2 * now[at], then[at]) for at in now | then]


def scattered(rng: Generator, middle: Place, n: int, spread_m: float) -> list[Place]:
    return [east_of(middle, *rng.normal(0, spread_m, 2)) for _ in range(n)]


def assert_apart(discs: tuple[Disc, ...]) -> None:
    for i, one in enumerate(discs):
        for other in discs[:i]:
            assert distance_m(one.place, other.place) > 2 * RADIUS_M


@pytest.mark.parametrize("middle", [COIMBATORE, REYKJAVIK, TAVEUNI])
def test_each_disc_is_the_fullest_that_overlaps_none_before_it(middle: Place) -> None:
    rng = default_rng(1)
    spots = [
        spot
        for _ in range(12)
        for spot in scattered(rng, east_of(middle, *rng.uniform(-4000, 4000, 2)), 20, 200)
    ]
    cells = cells_of(spots)
    discs = find_discs(cells)
    assert len(discs) > 5
    assert_apart(discs)
    free = {(cell.x, cell.y): middle_of(cell.x, cell.y) for cell in cells}
    for disc in discs:
        fullest = max(
            sum(c.n for c in cells if distance_m(at, middle_of(c.x, c.y)) <= RADIUS_M)
            for at in free.values()
        )
        assert disc.n == fullest
        assert disc.weight == 2 * disc.n
        free = {key: at for key, at in free.items() if distance_m(at, disc.place) > 2 * RADIUS_M}


def test_the_order_of_the_reports_changes_nothing() -> None:
    cells = cells_of(scattered(default_rng(2), COIMBATORE, 500, 2_000))
    shuffled = [cells[i] for i in default_rng(3).permutation(len(cells))]
    assert find_discs(cells) == find_discs(shuffled)


def test_reports_all_in_one_place_are_one_disc_and_nothing_is_said_of_chance() -> None:
    (disc,) = find_discs(cells_of([COIMBATORE] * 1_000))
    assert disc.n == 1_000
    assert distance_m(disc.place, COIMBATORE) < 30
    assert disc.test is None
    assert not disc.is_significant


def test_without_reports_there_are_no_discs() -> None:
    assert find_discs([]) == ()


def test_two_reports_are_no_hotspot() -> None:
    assert find_discs(cells_of([COIMBATORE] * 2)) == ()


def test_a_crowd_on_both_sides_of_the_antimeridian_is_one() -> None:
    spots = [east_of(TAVEUNI, dx, 0) for dx in range(-400, 401, 10)]
    assert {spot.lon > 0 for spot in spots} == {True, False}
    (disc,) = find_discs(cells_of(spots))
    assert disc.n == len(spots)


@pytest.mark.parametrize("lat", [89.999, -89.999])
def test_a_crowd_around_a_pole_is_one(lat: float) -> None:
    spots = [Place(float(lon), lat) for lon in range(-180, 180)]
    (disc,) = find_discs(cells_of(spots))
    assert disc.n == len(spots)


def test_what_was_there_before_is_counted_beside_it() -> None:
    discs = find_discs(cells_of([COIMBATORE] * 5, [COIMBATORE] * 9 + [REYKJAVIK] * 50))
    (disc,) = discs
    assert (disc.n, disc.before, disc.change) == (5, 9, -4)


def test_worst_first_puts_weight_before_number() -> None:
    x, y = micro_of(COIMBATORE)
    far = x + 100
    cells = [Micro(x, y, 10, 10), Micro(far, y, 5, 25)]
    assert [disc.n for disc in find_discs(cells)] == [10, 5]
    assert [disc.n for disc in find_discs(cells, by_weight=True)] == [5, 10]


def test_no_more_discs_are_made_than_asked_for() -> None:
    cells = [Micro(x * 200 % COLUMNS, 500_000 // 2, 5, 5) for x in range(20)]
    assert len(find_discs(cells)) == 20
    assert len(find_discs(cells, at_most=7)) == 7


def test_two_cities_far_apart_are_looked_at_in_one() -> None:
    rng = default_rng(4)
    spots = scattered(rng, COIMBATORE, 300, 800) + scattered(rng, REYKJAVIK, 300, 800)
    near = [find_discs(cells_of(part)) for part in (spots[:300], spots[300:])]
    both = find_discs(cells_of(spots))
    assert sorted(disc.n for disc in both) == sorted(disc.n for part in near for disc in part)
    assert bounds_around(COIMBATORE, RADIUS_M).west < COIMBATORE.lon
