"""Patrol plans on a real store: what is counted where and when, and what a plan stands on."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import HOME
from tests.services.conftest import new_report
from tests.services.dispatching import enlist
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.patrol_plan import Cell, Shift
from trafficdesk.domain.records import Geofence, Place, Ward
from trafficdesk.domain.shifts import day_shifts, week_of
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Duty, GeofenceKind, RejectionReason, Role, UnitKind
from trafficdesk.services import units
from trafficdesk.services.intake import file_report
from trafficdesk.services.patrol_plan import Counting, Counts, find_crews, plan_day
from trafficdesk.services.review import Step, Target, take_step
from trafficdesk.services.session import Session
from trafficdesk.store import facts, geofences, places, sync_marks

MakeSession = Callable[..., Session]
ZONE = ZoneInfo("Asia/Kolkata")
# A Wednesday: the week before it began on Monday the 16th of November.
NOW = datetime(2026, 11, 25, 12, tzinfo=ZONE)
NORTH, SOUTH = Place(76.95, 11.05), Place(76.95, 10.95)


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    return replace(make_session(Role.SUPERVISOR), clock=lambda: NOW)


def box(middle: Place, half: float = 0.04) -> str:
    (x, y), d = middle, half
    ring = [[x - d, y - d], [x + d, y - d], [x + d, y + d], [x - d, y + d], [x - d, y - d]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def draw(session: Session, name: str, middle: Place, kind: GeofenceKind) -> str:
    area = Geofence(new_id(), 1, name, kind, box(middle))
    with session.store.writing() as connection:
        geofences.insert(connection, area)
    return str(area.id)


def report(session: Session, place: Place, at: str) -> int:
    seen = datetime.fromisoformat(at).replace(tzinfo=ZONE)
    filed = file_report(session, new_report(session, place=place, occurred_at=seen))
    assert filed.outcome.is_done, filed
    return filed.pk


def counted(counts: Counts, area: str) -> dict[tuple[int, Shift], int]:
    return {
        (cell.week, cell.shift): n for cell, n in counts.history.counts.items() if cell.area == area
    }


@pytest.fixture
def areas(session: Session) -> tuple[str, str]:
    """Draw two patrol areas, and a geofence over one that is none."""
    north = draw(session, "North", NORTH, GeofenceKind.PATROL_AREA)
    south = draw(session, "South", SOUTH, GeofenceKind.PATROL_AREA)
    draw(session, "Zone", NORTH, GeofenceKind.GEOFENCE)
    return north, south


def test_reports_are_counted_by_area_shift_and_week(
    session: Session, areas: tuple[str, str]
) -> None:
    report(session, NORTH, "2026-09-01T10:00")  # longer ago than is counted
    report(session, NORTH, "2026-11-16T06:00")  # Monday, first shift
    report(session, NORTH, "2026-11-16T13:59")
    report(session, NORTH, "2026-11-16T05:59")  # still the night of Sunday, the week before
    report(session, SOUTH, "2026-11-17T02:00")  # the night of Monday
    report(session, Place(77.5, 11.5), "2026-11-16T10:00")  # in no area
    report(session, NORTH, "2026-11-24T10:00")  # this week, which is not whole
    counts = Counting().read(session)
    week = counts.history.weeks[-1]
    assert counted(counts, areas[0]) == {(week, Shift(0, 0)): 2, (week - 1, Shift(6, 2)): 1}
    assert counted(counts, areas[1]) == {(week, Shift(0, 2)): 1}
    assert (counts.total, counts.counted, counts.is_by_ward) == (5, 4, False)
    assert counts.weeks == 8


def test_what_was_rejected_is_not_counted(session: Session, areas: tuple[str, str]) -> None:
    report(session, NORTH, "2026-09-01T10:00")
    pk = report(session, NORTH, "2026-11-16T10:00")
    counting = Counting()
    assert counting.read(session).counted == 1
    step = Step(Move.REJECT, reason=RejectionReason.OTHER, note="no offence")
    assert take_step(session, [Target(pk, 1)], step).is_done
    assert counting.read(session).counted == 0
    assert areas


def test_counts_are_kept_until_something_is_another(
    session: Session, areas: tuple[str, str]
) -> None:
    report(session, NORTH, "2026-09-01T10:00")
    report(session, NORTH, "2026-11-16T10:00")
    counting = Counting()
    first = counting.read(session)
    assert counting.read(session) is first
    report(session, SOUTH, "2026-11-16T10:00")
    second = counting.read(session)
    assert (first.counted, second.counted) == (1, 2)
    draw(session, "West", Place(76.85, 11.0), GeofenceKind.PATROL_AREA)
    assert len(counting.read(session).areas) == len(areas) + 1


def test_only_weeks_of_which_the_desk_holds_everything_are_counted(
    session: Session, areas: tuple[str, str]
) -> None:
    assert Counting().read(session).weeks == 0
    report(session, NORTH, "2026-11-05T10:00")  # a Thursday: its week is not whole
    assert Counting().read(session).weeks == 2
    report(session, NORTH, "2026-09-01T10:00")
    assert Counting().read(session).weeks == 8
    since = datetime(2026, 11, 9, 6, tzinfo=ZONE)
    with session.store.writing() as connection:
        sync_marks.put_marks(connection, json.dumps({"window_from_ms": to_ms(since)}))
    assert Counting().read(session).weeks == 2
    assert areas


def test_wards_stand_in_where_nobody_drew_an_area(session: Session) -> None:
    ward = Ward(new_id(), HOME.city.id, "வார்டு 7", box(NORTH))
    with session.store.writing() as connection:
        places.put_ward(connection, ward)
    report(session, NORTH, "2026-09-01T10:00")
    report(session, NORTH, "2026-11-16T10:00")
    counts = Counting().read(session)
    assert counts.is_by_ward
    assert [each.name for each in counts.areas] == ["வார்டு 7"]
    assert counts.counted == 1


def test_a_day_is_planned_by_the_same_shift_of_the_weeks_before(
    session: Session, areas: tuple[str, str]
) -> None:
    report(session, NORTH, "2026-09-01T10:00")
    for week in range(8):
        monday = datetime(2026, 11, 16, 10, tzinfo=ZONE) - timedelta(weeks=week)
        for _ in range(3):
            report(session, SOUTH, f"{monday:%Y-%m-%dT%H:%M}")
    counts = Counting().read(session)
    with session.store.reading() as connection:
        calendar = facts.calendar(connection)
    day = calendar.day_of(to_ms(datetime(2026, 11, 30, 12, tzinfo=ZONE)))
    first, second, _ = plan_day(calendar, counts, day, {0: ["P1", "P2"], 1: ["P3"]})
    by_name = {p.area: p for p in first.patrols}
    south, north = by_name[areas[1]], by_name[areas[0]]
    assert south.demand.expected > north.demand.expected
    assert (south.units, north.units) == (("P1", "P2"), ())
    assert south.demand.low <= 3 <= south.demand.high
    assert sum(len(p.units) for p in second.patrols) == 1
    assert Cell(areas[1], Shift(0, 0), week_of(day_shifts(calendar, day)[0]) - 2) in (
        counts.history.counts
    )


def test_police_patrol_those_on_duty_first(session: Session) -> None:
    enlist(session, "P2")
    off = enlist(session, "P1", UnitKind.OFFICER)
    enlist(session, "A1", UnitKind.AMBULANCE)
    units.set_duty(session, off.id, Duty.OFF)
    crews = find_crews(session)
    assert (crews.call_signs, crews.on_duty) == (("P2", "P1"), 1)
