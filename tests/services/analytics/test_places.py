"""Hotspots, dangerous places, forecasts and patterns of a real store, as an inspector asks them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from numpy.random import default_rng

from tests.services.conftest import new_report
from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.place_forecasting import Unit
from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.domain.geometry import contains
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.records import Place
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import (
    RejectionReason,
    ReportStatus,
    Role,
    Severity,
    Source,
    VehicleType,
    Violation,
)
from trafficdesk.services.analytics.forecasts import forecast_counts
from trafficdesk.services.analytics.hotspots import Counting, Hotspots, find_hotspots
from trafficdesk.services.analytics.patterns import (
    find_recurring,
    find_repeat_offenders,
    find_sudden_changes,
)
from trafficdesk.services.analytics.place_forecasts import forecast_places
from trafficdesk.services.analytics.places import find_dangerous_places
from trafficdesk.services.intake import file_report
from trafficdesk.services.review import Step, Target, take_step
from trafficdesk.services.session import Session
from trafficdesk.store import bulk, facts, queues, reports
from trafficdesk.store.reports import ReportInsert, ReportUpdate

ZONE = ZoneInfo("Asia/Kolkata")
NOW = datetime(2026, 11, 25, 12, tzinfo=ZONE)
MARKET, SCHOOL, FIELD = Place(76.95, 11.02), Place(76.99, 11.02), Place(76.95, 11.10)
MakeSession = Callable[..., Session]


class Happened(NamedTuple):
    """A report as these tests tell it."""

    place: Place
    at: datetime
    plate: str = ""
    severity: Severity = Severity.MINOR
    violation: str = Violation.SPEED
    status: ReportStatus = ReportStatus.PENDING
    address: str = ""


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    return replace(make_session(Role.SUPERVISOR), clock=lambda: NOW)


def day_of(session: Session, at: str) -> int:
    with session.store.reading() as connection:
        calendar = facts.calendar(connection)
    return calendar.day_of(to_ms(datetime.fromisoformat(at).replace(tzinfo=ZONE)))


def period(session: Session, first: str, past: str) -> Scope:
    return Scope(Period(day_of(session, first), day_of(session, past)))


def write(session: Session, happened: Iterable[Happened]) -> None:
    """Write reports as an import does, without their history."""
    with session.store.writing() as connection:
        city, station = (
            facts.home_city_id(connection).bytes,
            facts.home_station_id(connection).bytes,
        )
        bulk.load(connection, [_row(each, city, station) for each in happened])


def _row(each: Happened, city: bytes, station: bytes) -> ReportInsert:
    at_ms = to_ms(each.at)
    return ReportInsert(
        id=new_id().bytes,
        version=1,
        reference="",
        status=each.status,
        severity=each.severity,
        violation=each.violation,
        more_violations=0,
        lon=each.place.lon,
        lat=each.place.lat,
        accuracy_m=None,
        address=each.address,
        area="",
        ward_id=None,
        city_id=city,
        station_id=station,
        occurred_ms=at_ms,
        reported_ms=at_ms,
        plate=each.plate,
        vehicle_type=VehicleType.CAR,
        vehicle_text="",
        description="",
        source=Source.IMPORT,
        reporter_id=None,
        score=0,
        created_ms=at_ms,
        updated_ms=at_ms,
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def counted(session: Session, rows: ReportFilter) -> int:
    with session.store.reading() as connection:
        return queues.count_live(connection, rows)


def told(found: Hotspots) -> list[tuple[int, int, int]]:
    return [(each.disc.n, each.disc.weight, each.disc.before) for each in found.discs]


def test_hotspots_count_what_happened_in_the_period_and_in_the_one_before(
    session: Session,
) -> None:
    write(
        session,
        [
            *[Happened(MARKET, at("2026-10-05T10:00"))] * 5,
            *[Happened(MARKET, at("2026-10-31T23:59"), severity=Severity.CRITICAL)] * 2,
            *[Happened(SCHOOL, at("2026-10-12T10:00"))] * 4,
            *[Happened(MARKET, at("2026-09-12T10:00"))] * 3,
            *[Happened(SCHOOL, at("2026-11-01T00:00"))] * 9,
            *[Happened(SCHOOL, at("2026-10-12T10:00"), status=ReportStatus.REJECTED)] * 9,
            *[Happened(SCHOOL, at("2026-10-12T10:00"), status=ReportStatus.DUPLICATE)] * 9,
        ],
    )
    found = find_hotspots(session, period(session, "2026-10-01", "2026-11-01"))
    assert told(found) == [(7, 15, 3), (4, 4, 0)]
    assert (found.total, found.total_before) == (11, 3)
    assert [counted(session, each.rows) for each in found.discs] == [7, 4]


@pytest.mark.parametrize(
    ("first", "past"),
    [
        ("2026-10-01", "2026-11-01"),
        ("2026-09-17", "2026-11-09"),
        ("2026-10-03", "2026-10-20"),
        ("2026-10-05", "2026-10-06"),
        ("2025-12-31", "2026-11-25"),
    ],
)
def test_a_period_of_any_length_counts_just_its_days(
    session: Session, first: str, past: str
) -> None:
    rng = default_rng(1)
    begin = at("2025-06-01T00:00")
    write(
        session,
        [Happened(MARKET, begin + timedelta(hours=int(h))) for h in rng.integers(0, 13_000, 600)],
    )
    asked = period(session, first, past)
    found = find_hotspots(session, asked)
    with session.store.reading() as connection:
        calendar = facts.calendar(connection)
        for whole, span in (
            (found.total, asked.period.span_ms(calendar)),
            (found.total_before, asked.period.before().span_ms(calendar)),
        ):
            rows = connection.exec_driver_sql(
                "SELECT count(*) FROM reports WHERE occurred_ms >= ? AND occurred_ms < ?", span
            )
            assert whole == rows.scalar_one()


def test_what_is_kept_is_read_again_as_soon_as_anything_changes(session: Session) -> None:
    counting, asked = Counting(), period(session, "2026-10-01", "2026-11-01")
    write(session, [Happened(MARKET, at("2026-10-05T10:00"))] * 5)
    pks = [file_one(session, MARKET, f"2026-10-{day:02}T10:00") for day in (6, 7)]
    assert told(find_hotspots(session, asked, counting)) == [(7, 11, 0)]
    rejected = Step(Move.REJECT, reason=RejectionReason.NO_OFFENCE)
    assert take_step(session, [Target(pks[0], 1)], rejected).is_done
    assert told(find_hotspots(session, asked, counting)) == [(6, 8, 0)]
    # Moved within its day, nothing that is counted by day is another.
    with session.store.writing() as connection:
        calendar = facts.calendar(connection)
        moved = {"lon": SCHOOL.lon, "lat": SCHOOL.lat}
        assert reports.update(connection, calendar, ReportUpdate(pks[1], 1, moved, 0)) == 2
    assert told(find_hotspots(session, asked, counting)) == [(5, 5, 0)]


def file_one(session: Session, place: Place, when: str) -> int:
    filed = file_report(session, new_report(session, place=place, occurred_at=at(when)))
    assert filed.outcome.is_done, filed
    return filed.pk


def test_a_place_is_called_by_the_street_most_reports_name(session: Session) -> None:
    when = at("2026-10-05T10:00")
    write(
        session,
        [
            *[Happened(MARKET, when, address="Cross Cut Road, 12")] * 2,
            *[Happened(MARKET, when, address="Cross Cut Road")] * 2,
            *[Happened(MARKET, when, address="Nehru Street")] * 3,
            *[Happened(SCHOOL, when)] * 3,
        ],
    )
    found = find_hotspots(session, period(session, "2026-10-01", "2026-11-01"))
    assert [each.name for each in found.discs] == ["Cross Cut Road", ""]


def test_the_most_dangerous_place_of_a_year_has_most_severity_not_most_reports(
    session: Session,
) -> None:
    write(
        session,
        [
            *[Happened(MARKET, at("2026-03-05T10:00"))] * 8,
            *[Happened(SCHOOL, at("2026-05-05T10:00"), severity=Severity.CRITICAL)] * 3,
            *[Happened(SCHOOL, at("2025-05-05T10:00"), severity=Severity.CRITICAL)] * 2,
            *[Happened(FIELD, at("2025-05-05T10:00"), severity=Severity.CRITICAL)] * 40,
        ],
    )
    found = find_dangerous_places(session, period(session, "2026-11-01", "2026-11-25"))
    assert told(found) == [(3, 15, 2), (8, 8, 0)]


def test_a_station_without_reports_and_a_day_without_any_have_no_hotspots(
    session: Session,
) -> None:
    write(session, [Happened(MARKET, at("2026-10-05T10:00"))] * 5)
    october = period(session, "2026-10-01", "2026-11-01")
    for asked in (
        replace(october, station_id=new_id()),
        period(session, "2026-10-06", "2026-10-07"),
    ):
        found = find_hotspots(session, asked)
        assert (found.discs, found.total) == ((), 0)
    with session.store.reading() as connection:
        home = facts.home_station_id(connection)
    assert told(find_hotspots(session, replace(october, station_id=home))) == [(5, 5, 0)]


def years_of_reports(seed: int, season: float) -> list[Happened]:
    """Return what happened in five years: about 60 a month, in the first half more than later."""
    rng, found = default_rng(seed), []
    for month in range(60):
        begin = datetime(2021 + month // 12, month % 12 + 1, 1, tzinfo=ZONE)
        # What a year had, the next one has not: only who looks further back sees the season.
        n = 60 + season * (1 if month % 12 < 6 else -1) + 6 * (1 if month // 12 % 2 else -1)
        for _ in range(int(n) if season else int(rng.poisson(60))):
            place = (MARKET, SCHOOL, FIELD)[int(rng.choice(3, p=[0.6, 0.3, 0.1]))]
            found.append(Happened(place, begin + timedelta(minutes=int(rng.integers(0, 40_000)))))
    return found


def test_a_model_that_beats_the_plain_count_is_shown_with_what_both_are_worth(
    session: Session,
) -> None:
    write(session, years_of_reports(2, season=40.0))
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
        assert each.expected == pytest.approx(100, rel=0.2)


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
    assert found.backtest.plain.areas[-1].hit_rate == pytest.approx(0.6, abs=0.04)
    assert found.backtest.plain.areas[-1].pai == pytest.approx(1.8, abs=0.12)
    assert found.backtest.plain.cover is not None
    assert found.backtest.plain.cover >= 0.8


def test_vehicles_that_come_back_are_listed_the_most_often_seen_first(session: Session) -> None:
    write(
        session,
        [
            *[Happened(MARKET, at(f"2026-10-{day:02}T10:00"), plate="TN37A1") for day in (2, 9, 5)],
            *[Happened(MARKET, at("2026-10-03T10:00"), plate="TN37B2")] * 4,
            *[Happened(MARKET, at("2026-10-03T10:00"), plate="TN37C3")] * 2,
            *[Happened(MARKET, at("2026-10-03T10:00"))] * 9,
            Happened(MARKET, at("2026-10-03T10:00"), "TN37C3", status=ReportStatus.REJECTED),
        ],
    )
    found = find_repeat_offenders(session, period(session, "2026-10-01", "2026-11-01"))
    assert [(each.plate, each.n) for each in found] == [("TN37B2", 4), ("TN37A1", 3)]
    assert (found[1].first_at, found[1].last_at) == (at("2026-10-02T10:00"), at("2026-10-09T10:00"))
    assert [counted(session, each.rows) for each in found] == [4, 3]


def test_what_comes_back_at_one_place_and_hour_is_a_pattern(session: Session) -> None:
    rng = default_rng(5)
    kinds = [Violation.SPEED, Violation.NO_HELMET, Violation.ILLEGAL_PARKING]
    often = [
        Happened(
            (MARKET, SCHOOL, FIELD)[int(rng.integers(0, 3))],
            at("2026-03-02T00:00") + timedelta(hours=int(rng.integers(0, 4_000))),
            violation=kinds[int(rng.integers(0, 3))],
        )
        for _ in range(600)
    ]
    monday = at("2026-03-02T08:30")
    mornings = [
        Happened(SCHOOL, monday + timedelta(weeks=week), violation=Violation.ILLEGAL_PARKING)
        for week in range(20)
    ]
    write(session, often + mornings)
    (found,) = find_recurring(session, period(session, "2026-03-01", "2026-10-01"))
    kind = found.pattern.kind
    assert (kind.when, kind.violation) == ((0, 6), Violation.ILLEGAL_PARKING)
    assert found.pattern.support >= 20
    assert found.pattern.lift > 2
    assert counted(session, found.rows) >= found.pattern.support


def test_a_type_that_suddenly_trebles_is_told(session: Session) -> None:
    rng, begin = default_rng(6), at("2025-10-01T00:00")
    usual = [
        Happened(MARKET, begin + timedelta(hours=int(h)), violation=violation)
        for violation in (Violation.SPEED, Violation.NO_HELMET)
        for h in rng.integers(0, 56 * 168, 900)
    ]
    late = begin + timedelta(weeks=52)
    more = [
        Happened(MARKET, late + timedelta(hours=int(h)), violation=Violation.SPEED)
        for h in rng.integers(0, 4 * 168, 130)
    ]
    write(session, usual + more)
    before, past = ((begin + timedelta(weeks=w)).date().isoformat() for w in (52, 56))
    assert find_sudden_changes(session, period(session, "2025-10-01", before)).types == ()
    changes = find_sudden_changes(session, period(session, "2026-10-01", past)).types
    (speed,) = (change for change in changes if change.part == Violation.SPEED)
    assert speed.recent > 2 * speed.usual
