"""Hotspots and dangerous places of a real store, as an inspector asks for them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from numpy.random import default_rng

from tests.services.analytics.happened import (
    FIELD,
    MARKET,
    NOW,
    SCHOOL,
    Happened,
    at,
    counted,
    period,
    write,
)
from tests.services.conftest import new_report
from trafficdesk.domain.analytics.compared import period_before
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import Place, Ward
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import (
    RejectionReason,
    ReportStatus,
    Role,
    Severity,
)
from trafficdesk.services.analytics.hotspots import Counting, Hotspots, find_hotspots
from trafficdesk.services.analytics.place_forecasts import forecast_places
from trafficdesk.services.analytics.place_names import name_of
from trafficdesk.services.analytics.places import find_dangerous_places
from trafficdesk.services.intake import file_report
from trafficdesk.services.review import Step, Target, take_step
from trafficdesk.services.session import Session
from trafficdesk.store import facts, places, reports
from trafficdesk.store.reports import ReportUpdate

MakeSession = Callable[..., Session]


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    return replace(make_session(Role.SUPERVISOR), clock=lambda: NOW)


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
        ("2026-11-01", "2026-12-01"),  # these run: it is noon of the 25th
        ("2026-11-25", "2026-11-26"),
        ("2026-11-19", "2026-11-26"),
        ("2025-12-01", "2026-12-01"),
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
        now = calendar.day_time(to_ms(session.lease_clock()))
        for whole, span in (
            (found.total, asked.period.span_ms(calendar)),
            (found.total_before, period_before(asked.period, now).span_ms(calendar)),
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


def test_the_year_of_dangerous_places_ends_with_today_where_a_period_goes_on(
    session: Session,
) -> None:
    write(session, [Happened(MARKET, at("2025-12-05T10:00"))] * 8)
    found = find_dangerous_places(session, period(session, "2026-01-01", "2027-01-01"))
    assert told(found) == [(8, 8, 0)]


def test_a_place_is_called_by_its_street_and_its_ward(session: Session) -> None:
    street = "Cross Cut Road, 12"
    write(session, [Happened(MARKET, at("2026-10-05T10:00"), address=street)] * 5)
    write(session, [Happened(FIELD, at("2026-10-05T10:00"))] * 5)
    ring = "[[76.9, 11.0], [76.98, 11.0], [76.98, 11.05], [76.9, 11.05], [76.9, 11.0]]"
    around = f'{{"type": "Polygon", "coordinates": [{ring}]}}'
    with session.store.writing() as connection:
        city_id = facts.home_city_id(connection)
        places.put_ward(connection, Ward(new_id(), city_id, "Town Hall", around))
    october = period(session, "2026-10-01", "2026-11-01")
    with session.store.reading() as connection:
        for found in (
            find_hotspots(session, october).discs,
            forecast_places(session, october).squares,
        ):
            names = {name_of(connection, each.rows.bounds) for each in found if each.rows.bounds}
            assert names == {"Cross Cut Road, Town Hall", ""}


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
