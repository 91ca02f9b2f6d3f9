"""Chances: called significant no more often than stated, and right against known values."""

import pytest
from numpy.random import Generator, default_rng

from trafficdesk.domain.analytics.chances import (
    Table,
    exact_tails,
    greatest_significant,
)
from trafficdesk.domain.analytics.hotspots import find_discs
from trafficdesk.domain.analytics.micro_cells import Micro
from trafficdesk.domain.analytics.significance import FALSE_SHARE, chance_of

X, Y = 748_000, 294_000  # a place in India
MAPS = 25


def scattered(rng: Generator, reports: int, side: int) -> list[Micro]:
    """Return reports that know no place, in a town of ``side`` micro-cells each way."""
    counts = dict[tuple[int, int], int]()
    for x, y in rng.integers(0, side, (reports, 2)).tolist():
        counts[X + x, Y + y] = counts.get((X + x, Y + y), 0) + 1
    return [Micro(x, y, n, n) for (x, y), n in counts.items()]


@pytest.mark.parametrize("reports", [150, 1_500])
def test_maps_without_a_hotspot_show_one_no_more_often_than_stated(reports: int) -> None:
    rng = default_rng(8)
    wrong = sum(
        any(disc.is_significant for disc in find_discs(scattered(rng, reports, 140), at_most=5))
        for _ in range(MAPS)
    )
    assert wrong / MAPS <= FALSE_SHARE + 3 * (FALSE_SHARE * (1 - FALSE_SHARE) / MAPS) ** 0.5


SQUARES = [(X // 4 + x, Y // 4 + y) for x in range(35) for y in range(35)]


def test_an_area_known_from_before_makes_no_hotspot_of_few_reports() -> None:
    rng = default_rng(13)
    wrong = sum(
        any(d.is_significant for d in find_discs(scattered(rng, 60, 140), known=SQUARES))
        for _ in range(MAPS)
    )
    assert wrong / MAPS <= FALSE_SHARE + 3 * (FALSE_SHARE * (1 - FALSE_SHARE) / MAPS) ** 0.5


def test_fourteen_reports_in_one_place_of_a_quiet_town_are_a_surprise_if_it_is_known() -> None:
    rng = default_rng(14)
    cells = {(c.x, c.y): c for c in scattered(rng, 25, 140)}
    crowd = [
        Micro(X + 70 + dx, Y + 70 + dy, 1, 1) for dx, dy in rng.integers(-5, 6, (14, 2)).tolist()
    ]
    cells |= {(c.x, c.y): c for c in crowd}
    first, *others = find_discs(list(cells.values()), known=SQUARES)
    assert first.n >= 13
    assert first.is_significant
    assert not any(disc.is_significant for disc in others)


def test_a_crowd_among_scattered_reports_is_significant_and_nothing_else_is() -> None:
    rng = default_rng(9)
    crowd = [Micro(X + 70 + x, Y + 70 + y, 3, 3) for x in range(-8, 9, 2) for y in range(-8, 9, 2)]
    cells = {(c.x, c.y): c for c in scattered(rng, 1_500, 140)} | {(c.x, c.y): c for c in crowd}
    discs = find_discs(list(cells.values()))
    assert [disc.rank for disc in discs if disc.is_significant] == [1]


def test_the_tail_of_a_skewed_sum_is_that_of_its_gamma() -> None:
    # Tail of the gamma distribution of shape 4 (skewness 1) three deviations above its mean,
    # e^-10 (1 + 10 + 50 + 500/3), and of the normal distribution.
    assert chance_of(3.0, 1.0) == pytest.approx(0.01034, rel=0.03)
    assert chance_of(3.0, 0.0) == pytest.approx(0.00135, rel=0.001)


def test_the_lady_tasting_tea() -> None:
    less, more = exact_tails(Table(3, 1, 1, 3))
    assert more == pytest.approx(17 / 70)
    assert less == pytest.approx(69 / 70)


def test_of_many_chances_the_first_that_stand_their_rank_are_significant() -> None:
    # Benjamini and Hochberg's own example: four of fifteen at 5 %.
    p_values = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1.0,
    ]
    assert greatest_significant(p_values, 15, 0.05) == 0.0095
    assert greatest_significant([0.9], 15, 0.05) == -1.0
    assert greatest_significant([], 15, 0.05) == -1.0
