"""The plain count on real accidents is worth what the page beside says, and bands hold."""

import csv
import gzip
from collections import Counter, defaultdict
from datetime import date

import pytest

from tests.system.accidents_desk import ACCIDENTS
from trafficdesk.domain.analytics.backtest import FOLDS, compare, cover, roll
from trafficdesk.domain.analytics.forecasting import Method
from trafficdesk.domain.analytics.place_backtest import compare_places
from trafficdesk.domain.analytics.place_forecasting import Square, Squares, Unit
from trafficdesk.domain.records import Place

pytestmark = pytest.mark.skipif(
    not ACCIDENTS.exists(), reason="the accidents of Barcelona are not on this machine"
)
MIDDLE = Place(2.15, 41.39)
PAST = 2019 * 12
BySquare = dict[Square, Counter[int]]


@pytest.fixture(scope="module")
def months() -> BySquare:
    """Return the accidents of each square by month."""
    squares, counts = Squares(MIDDLE), defaultdict[Square, Counter[int]](Counter)
    with gzip.open(ACCIDENTS, "rt", encoding="utf-8") as table:
        for row in csv.DictReader(table):
            day = date.fromisoformat(row["occurred_at"][:10])
            place = Place(float(row["longitude"]), float(row["latitude"]))
            counts[squares.square_of(place)][day.year * 12 + day.month - 1] += 1
    return counts


def test_the_plain_count_hits_nine_tenths_of_what_can_be_hit(months: BySquare) -> None:
    found = compare_places(months, PAST, Unit.MONTH)
    assert found is not None
    assert found.folds == 24
    five = found.plain.areas[1]
    assert five.pei_star == pytest.approx(0.9, abs=0.03)
    assert five.pai == pytest.approx(4.8, abs=0.3)
    assert not found.is_better


def test_the_citys_months_are_forecast_within_seven_percent(months: BySquare) -> None:
    by_month = Counter[int]()
    for counts in months.values():
        by_month.update(counts)
    series = [by_month[month] for month in range(2010 * 12, PAST)]
    found = compare(series)
    assert found is not None
    assert (found.folds, found.tested) == (FOLDS, 60)
    assert found.model.wape == pytest.approx(0.058, abs=0.003)
    assert found.plain.wape == pytest.approx(0.069, abs=0.003)
    assert not found.is_better, "it may be luck"
    share = cover(roll(Method.SEASONAL_MEAN, series))
    assert share is not None
    assert share >= 0.7
