"""Shifts of a day: three, the first at six, the night's belonging to the day it begins on."""

from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.domain.calendar import Calendar, standard_offset_ms
from trafficdesk.domain.patrol_plan import Shift
from trafficdesk.domain.shifts import day_shifts, place_in_week, shift_of, span_of, week_of
from trafficdesk.domain.times import from_ms, to_ms

ZONE = "Asia/Kolkata"
CALENDAR = Calendar(standard_offset_ms(ZONE))


def at(text: str) -> int:
    return to_ms(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)))


def local(ms: int) -> str:
    return f"{from_ms(ms).astimezone(ZoneInfo(ZONE)):%Y-%m-%dT%H:%M}"


def test_the_night_shift_is_that_of_the_day_it_began_on() -> None:
    late, early = (shift_of(CALENDAR, at(f"2026-11-{hour}")) for hour in ("22T23:59", "23T05:59"))
    assert late == early
    assert [*map(local, span_of(CALENDAR, early))] == ["2026-11-22T22:00", "2026-11-23T06:00"]
    assert place_in_week(early) == Shift(6, 2)  # a Sunday's night
    assert shift_of(CALENDAR, at("2026-11-23T06:00")) == early + 1
    assert place_in_week(early + 1) == Shift(0, 0)
    assert week_of(early + 1) == week_of(early) + 1


def test_a_day_has_three_shifts() -> None:
    day = CALENDAR.day_of(at("2026-11-22T01:00"))
    begins = [local(span_of(CALENDAR, each).begin_ms) for each in day_shifts(CALENDAR, day)]
    assert begins == ["2026-11-22T06:00", "2026-11-22T14:00", "2026-11-22T22:00"]


@given(st.integers(0, 4_000_000_000_000), st.sampled_from((0, 19_800_000, -18_000_000)))
def test_every_instant_lies_in_its_shift(ms: int, offset_ms: int) -> None:
    calendar = Calendar(offset_ms)
    begin_ms, end_ms = span_of(calendar, shift_of(calendar, ms))
    assert begin_ms <= ms < end_ms
