"""Forecasts of a real store: of months and of places, with what they are worth."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from numpy.random import default_rng

from tests.services.analytics.happened import (
    FIELD,
    MARKET,
    NOW,
    SCHOOL,
    ZONE,
    Happened,
    at,
    counted,
    period,
    write,
    write_one,
)
from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.place_forecasting import Unit
from trafficdesk.domain.geometry import contains
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import (
    Role,
)
from trafficdesk.services.analytics.forecasts import forecast_counts
from trafficdesk.services.analytics.place_forecasts import forecast_places
from trafficdesk.services.analytics.spots import SpotsKept
from trafficdesk.services.session import Session
from trafficdesk.store import sync_marks

MakeSession = Callable[..., Session]


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    return replace(make_session(Role.SUPERVISOR), clock=lambda: NOW)


def years_of_reports(seed: int, season: float) -> list[Happened]:
    """Return what happened in five years: about 20 a month, in the first half more than later."""
    rng, found = default_rng(seed), []
    for month in range(60):
        begin = datetime(2021 + month // 12, month % 12 + 1, 1, tzinfo=ZONE)
        # What a year had, the next one has not: only who looks further back sees the season.
        n = 20 + season * (1 if month % 12 < 6 else -1) + 2 * (1 if month // 12 % 2 else -1)
        for _ in range(int(n) if season else int(rng.poisson(20))):
            place = (MARKET, SCHOOL, FIELD)[int(rng.choice(3, p=[0.6, 0.3, 0.1]))]
            found.append(Happened(place, begin + timedelta(minutes=int(rng.integers(0, 40_000)))))
    return found


def test_a_model_that_beats_the_plain_count_is_shown_with_what_both_are_worth(
    session: Session,
) -> None:
    write(session, years_of_reports(2, season=12.0))
    found = forecast_counts(session, period(session, "2025-01-01", "2026-01-01"))
    assert len(found.months) == len(found.counts) == 60
    assert found.backtest is not None
    assert found.backtest.is_better
    assert found.is_model
    assert [each.month for each in found.ahead] == [2026 * 12 + month for month in range(3)]
    for each in found.ahead:
        assert each.low is not None
        assert each.high is not None
        assert each.low < each.expected < each.high
        assert each.expected == pytest.approx(32, rel=0.2)


def test_a_model_that_does_not_is_not_shown(session: Session) -> None:
    write(session, years_of_reports(3, season=0.0))
    found = forecast_counts(session, period(session, "2025-01-01", "2026-01-01"))
    assert found.backtest is not None
    assert not found.backtest.is_better
    assert not found.is_model
    assert [each.expected for each in found.ahead] == [each.plain for each in found.ahead]


def test_the_month_that_is_not_over_is_not_counted_as_a_month(session: Session) -> None:
    write(session, years_of_reports(3, season=0.0))
    found = forecast_counts(session, period(session, "2025-01-01", "2025-12-15"))
    assert found.months[-1] == 2025 * 12 + 10
    assert found.ahead[0].month == 2025 * 12 + 11


def test_holes_in_the_dates_count_as_months_with_nothing(session: Session) -> None:
    write(session, [Happened(MARKET, at(f"{year}-03-05T10:00")) for year in (2023, 2025)])
    found = forecast_counts(session, period(session, "2025-01-01", "2025-06-01"))
    assert sum(found.counts) == 2
    assert len(found.counts) == 27
    assert all(each.expected < 1 for each in found.ahead)


@pytest.mark.parametrize("unit", Unit)
def test_without_a_report_nothing_is_forecast(session: Session, unit: Unit) -> None:
    asked = period(session, "2026-10-01", "2026-11-01")
    counts, places = forecast_counts(session, asked), forecast_places(session, asked, unit)
    assert (counts.months, counts.ahead, counts.backtest) == ((), (), None)
    assert (places.squares, places.backtest) == ((), None)


@pytest.mark.parametrize("unit", Unit)
def test_of_a_period_before_all_that_a_desk_holds_nothing_is_forecast(
    session: Session, unit: Unit
) -> None:
    write(session, [Happened(MARKET, at("2026-10-05T10:00"))] * 30)
    with session.store.writing() as connection:
        held_ms = to_ms(at("2026-09-01T00:00"))
        sync_marks.put_marks(connection, json.dumps({"window_from_ms": held_ms}))
    for days in (("2025-10-01", "2025-11-01"), ("2026-08-01", "2026-09-01")):
        asked = period(session, *days)
        counts, places = forecast_counts(session, asked), forecast_places(session, asked, unit)
        assert not counts.ahead
        assert not places.squares


def test_one_day_of_reports_is_no_ground_for_a_model(session: Session) -> None:
    write(session, [Happened(MARKET, at("2026-10-05T10:00"))] * 30)
    asked = period(session, "2026-10-01", "2026-11-01")
    counts, places = forecast_counts(session, asked), forecast_places(session, asked)
    assert counts.backtest is None
    assert not counts.is_model
    assert all(each.low is None for each in counts.ahead)
    assert places.backtest is None
    (square,) = places.squares
    assert contains(square.bounds, MARKET)
    assert (square.low, square.high) == (None, None)
    assert counted(session, square.rows) == 30


@pytest.mark.parametrize(("unit", "folds"), [(Unit.WEEK, 52), (Unit.MONTH, 24)])
def test_places_are_forecast_with_their_worth_on_this_desks_reports(
    session: Session, unit: Unit, folds: int
) -> None:
    write(session, years_of_reports(4, season=0.0))
    found = forecast_places(session, period(session, "2025-01-01", "2026-01-01"), unit)
    first, second, third = found.squares
    for square, place in ((first, MARKET), (second, SCHOOL), (third, FIELD)):
        assert contains(square.bounds, place)
        assert square.low is not None
        assert square.high is not None
        assert square.low <= square.expected <= square.high
    assert found.backtest is not None
    assert found.backtest.folds == folds
    # One square of three is all that a fifth of the area can be.
    assert found.backtest.plain.areas[-1].hit_rate == pytest.approx(0.6, abs=0.08)
    assert found.backtest.plain.areas[-1].pai == pytest.approx(1.8, abs=0.24)
    assert found.backtest.plain.cover is not None
    assert found.backtest.plain.cover >= 0.8


def test_what_is_kept_of_places_follows_every_change(session: Session) -> None:
    write(session, years_of_reports(2, season=0.0))
    asked, kept = period(session, "2024-06-10", "2025-12-20"), SpotsKept()

    def read(of: SpotsKept) -> list[list[float]]:
        with session.store.reading() as connection:
            return sorted(of.read(connection, asked).tolist())

    whole = read(kept)
    assert whole == read(SpotsKept())
    assert len(whole) > 100
    for when in ("2025-03-05T10:00", "2025-12-19T23:00"):
        write_one(session, Happened(FIELD, at(when)))
    assert len(read(kept)) == len(whole) + 2
    assert read(kept) == read(SpotsKept())
    earlier = asked.over(Period(asked.period.first_day - 400, asked.period.first_day + 20))
    with session.store.reading() as connection:
        found, anew = (each.read(connection, earlier) for each in (kept, SpotsKept()))
    assert sorted(found.tolist()) == sorted(anew.tolist())
    assert 0 < len(found) < len(whole)
