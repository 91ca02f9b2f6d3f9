"""What comes back and what changed in a real store."""

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
    day_of,
    period,
    write,
)
from trafficdesk.domain.analytics.place_forecasting import Squares
from trafficdesk.domain.vocabulary import (
    ReportStatus,
    Role,
    Violation,
)
from trafficdesk.services.analytics.patterns import (
    find_recurring,
    find_repeat_offenders,
    find_sudden_changes,
)
from trafficdesk.services.session import Session
from trafficdesk.store import facts, places

MakeSession = Callable[..., Session]


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    return replace(make_session(Role.SUPERVISOR), clock=lambda: NOW)


def test_vehicles_that_come_back_are_listed_the_most_often_seen_first(session: Session) -> None:
    write(
        session,
        [
            *[Happened(MARKET, at(f"2026-10-{day:02}T10:00"), plate="TN37A1") for day in (2, 9, 5)],
            *[Happened(MARKET, at("2026-10-03T10:00"), plate="TN37B2")] * 4,
            *[Happened(MARKET, at("2026-10-03T10:00"), plate="TN37C3")] * 2,
            Happened(MARKET, at("2026-10-03T10:00"), plate="TN37B23"),
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
    with session.store.reading() as connection:
        city = places.get_city(connection, facts.home_city_id(connection))
    assert kind.square == Squares(city.centre).square_of(SCHOOL), "whatever report comes first"
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


def test_days_to_come_are_no_sudden_fall(session: Session) -> None:
    begin = NOW - timedelta(weeks=60)
    steady = [
        Happened(MARKET, begin + timedelta(hours=8 * n), violation=Violation.SPEED)
        for n in range(60 * 21)
    ]
    write(session, steady)
    month = period(session, "2026-12-01", "2027-01-01")  # of which nothing is known yet
    for asked in (period(session, "2025-12-01", "2026-12-16"), month):
        found = find_sudden_changes(session, asked)
        assert (found.wards, found.types) == ((), ())
        assert found.period.past_day == day_of(session, "2026-11-25")
