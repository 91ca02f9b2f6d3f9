"""Patrol plans from what a desk holds: which ward, shift and week each incident counts to."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.services.conftest import new_report
from tests.services.dispatching import crash
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.patrol_plan import Cell, Shift
from trafficdesk.domain.records import Place, Ward
from trafficdesk.domain.vocabulary import Role
from trafficdesk.services import incidents
from trafficdesk.services.intake import file_report
from trafficdesk.services.patrols import plan, read_history
from trafficdesk.services.session import Session
from trafficdesk.store import facts, patrol_counts, places
from trafficdesk.store.patrol_counts import Subject

INDIA = ZoneInfo("Asia/Kolkata")
WEST, EAST = Place(76.91, 11.0), Place(76.99, 11.0)
MONDAY = datetime(2026, 11, 2, 10, tzinfo=INDIA)
TODAY = MONDAY + timedelta(weeks=2, hours=5)  # Monday the 16th, 15 o'clock

MakeSession = Callable[..., Session]


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    return at_time(make_session(Role.DISPATCHER, "Devi D"), TODAY)


@pytest.fixture
def wards(session: Session) -> tuple[str, str]:
    """Two wards side by side; return their ids, the western first."""
    made = []
    with session.store.writing() as connection:
        city_id = facts.home_city_id(connection)
        for name, west, east in (("1 West", 76.9, 76.95), ("2 East", 76.95, 77.0)):
            ring = [[west, 10.9], [east, 10.9], [east, 11.1], [west, 11.1], [west, 10.9]]
            outline = f'{{"type": "Polygon", "coordinates": [{ring}]}}'
            made.append(Ward(new_id(), city_id, name, outline))
            places.put_ward(connection, made[-1])
    return str(made[0].id), str(made[1].id)


def at_time(session: Session, moment: datetime) -> Session:
    """Return the session at another time of its desk's clock."""
    return replace(session, clock=lambda: moment)


def happen(session: Session, at: datetime, place: Place = WEST) -> None:
    """Let there have been an incident, reported as it happened."""
    then = at_time(session, at)
    filed = incidents.file(then, replace(crash(then), place=place, occurred_at=at))
    assert filed.outcome.is_done


def test_incidents_count_to_their_ward_shift_and_week(
    session: Session, wards: tuple[str, str]
) -> None:
    west, east = wards
    happen(session, MONDAY - timedelta(days=1))  # from here on the desk knows
    happen(session, MONDAY)
    happen(session, MONDAY + timedelta(hours=1))
    happen(session, MONDAY + timedelta(hours=4), EAST)  # 14 o'clock: the second shift
    happen(session, MONDAY + timedelta(weeks=1, days=2), EAST)
    history = read_history(session)
    assert (list(history.areas), list(history.weeks)) == ([west, east], [0, 1])
    assert history.counts == {
        Cell(west, Shift(0, 0), 0): 2,
        Cell(east, Shift(0, 1), 0): 1,
        Cell(east, Shift(2, 0), 1): 1,
    }


@pytest.mark.parametrize(
    ("hour", "shift"),
    [
        (6, Shift(1, 0)),
        (13.9, Shift(1, 0)),
        (14, Shift(1, 1)),
        (22, Shift(1, 2)),
        (24, Shift(1, 2)),
        (29.9, Shift(1, 2)),
        (30, Shift(2, 0)),
    ],
)
def test_a_night_counts_to_the_day_it_began(
    session: Session, wards: tuple[str, str], hour: float, shift: Shift
) -> None:
    happen(session, MONDAY - timedelta(days=1))
    tuesday = MONDAY + timedelta(days=1, hours=-10)
    happen(session, tuesday + timedelta(hours=hour))
    assert read_history(session).counts == {Cell(wards[0], shift, 0): 1}


@pytest.mark.usefixtures("wards")
def test_only_whole_weeks_are_counted_and_no_more_than_eight(session: Session) -> None:
    assert list(read_history(session).weeks) == []
    happen(session, MONDAY)
    # Two weeks but for the first day, of which the desk knows a part only.
    assert list(read_history(session).weeks) == [0]
    assert read_history(session).counts == {}
    happen(session, MONDAY - timedelta(weeks=52))
    first_shift = TODAY - timedelta(weeks=8, hours=9)
    happen(session, first_shift - timedelta(minutes=1))  # of the night before
    happen(session, first_shift)
    history = read_history(session)
    assert list(history.weeks) == list(range(8))
    assert {cell.week: n for cell, n in history.counts.items()} == {0: 1, 6: 1}


@pytest.mark.usefixtures("wards")
def test_a_day_whose_night_is_not_over_is_not_counted(session: Session) -> None:
    happen(session, MONDAY - timedelta(weeks=1))
    happen(session, TODAY - timedelta(hours=15, minutes=-10))  # ten past midnight: Sunday's night
    night = at_time(session, TODAY - timedelta(hours=10))
    assert read_history(night).counts == {}
    assert list(read_history(session).counts.values()) == [1]


@pytest.mark.usefixtures("wards")
def test_what_was_merged_or_rejected_does_not_count(session: Session) -> None:
    happen(session, MONDAY - timedelta(days=3))
    happen(session, MONDAY, WEST)
    happen(session, MONDAY, EAST)
    with session.store.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE incidents SET merged_into = id WHERE lon = ?", (EAST.lon,)
        )
    assert sum(read_history(session).counts.values()) == 1
    for at in (MONDAY - timedelta(days=3), MONDAY, MONDAY + timedelta(hours=2)):
        then = at_time(session, at)
        made = new_report(then, place=WEST, occurred_at=at, reported_at=at)
        filed = file_report(then, made)
    with session.store.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE reports SET status = 'rejected' WHERE pk = ?", (filed.pk,)
        )
    assert sum(read_history(session, subject=Subject.REPORTS).counts.values()) == 1


def test_units_are_sent_to_the_ward_where_the_most_happened(
    session: Session, wards: tuple[str, str]
) -> None:
    happen(session, MONDAY - timedelta(days=3))
    for week in range(2):
        for minutes in range(4):
            happen(session, MONDAY + timedelta(weeks=week - 1, minutes=20 * minutes), EAST)
    made = plan(session, {Shift(0, 0): ["P1", "P2"], Shift(5, 2): ["P3"]})
    assert {(p.area, p.shift): p.units for p in made.patrols} == {
        (wards[0], Shift(0, 0)): (),
        (wards[1], Shift(0, 0)): ("P1", "P2"),
        (wards[0], Shift(5, 2)): ("P3",),
        (wards[1], Shift(5, 2)): (),
    }


@pytest.mark.parametrize("subject", list(Subject))
def test_only_what_was_reported_in_those_weeks_is_read(session: Session, subject: Subject) -> None:
    asked = f"EXPLAIN QUERY PLAN {patrol_counts.statement(subject)}"
    with session.store.reading() as connection:
        lines = [str(row[3]) for row in connection.exec_driver_sql(asked, (0, 0, 0, 0))]
    assert any("reported_ms>" in line for line in lines), lines
