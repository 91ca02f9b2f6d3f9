"""Patterns: found where three things go together, as seldom without reason as is said."""

from collections import Counter

from numpy.random import Generator, default_rng

from trafficdesk.domain.analytics.patterns import FALSE_SHARE, Kind, When, find_patterns

CITIES = 60


def independent(rng: Generator, reports: int = 1_500) -> Counter[Kind]:
    """Return reports whose place, time and type have nothing to do with each other."""
    places = rng.choice(20, reports, p=[0.2, *[0.8 / 19] * 19]).tolist()
    times = rng.choice(56, reports, p=[0.1, *[0.9 / 55] * 55]).tolist()
    types = rng.choice(4, reports, p=[0.6, 0.2, 0.1, 0.1]).tolist()
    return Counter(
        Kind((place, 0), When(time // 8, time % 8 * 3), f"type {type_}")
        for place, time, type_ in zip(places, times, types, strict=True)
    )


def test_cities_without_a_pattern_show_one_no_more_often_than_stated() -> None:
    rng = default_rng(10)
    wrong = sum(bool(find_patterns(independent(rng))) for _ in range(CITIES))
    assert wrong / CITIES <= FALSE_SHARE + 3 * (FALSE_SHARE * (1 - FALSE_SHARE) / CITIES) ** 0.5


def test_what_goes_together_is_found_with_its_support_and_lift() -> None:
    counts = independent(default_rng(11))
    school = Kind((7, 0), When(0, 6), "type 2")
    counts[school] += 15
    (found,) = find_patterns(counts)
    assert found.kind == school
    assert found.support == counts[school]
    assert found.lift == found.support / found.expected
    assert found.lift > 2


def test_a_type_that_one_place_has_at_all_hours_is_no_pattern() -> None:
    counts = independent(default_rng(12))
    for day in range(7):
        for hour in range(0, 24, 3):
            counts[Kind((7, 0), When(day, hour), "type 2")] += 8
    assert find_patterns(counts) == ()


def test_without_reports_there_is_no_pattern() -> None:
    assert find_patterns({}) == ()
