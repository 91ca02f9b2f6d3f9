"""A report comes round once for each of its days, never before they are over, in any city."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.schedules import MOST_CAUGHT_UP, About, Every, Rhythm, Timetable
from trafficdesk.domain.shifts import span_of
from trafficdesk.domain.times import from_ms, to_ms

EPOCH = date(1970, 1, 1).toordinal()
# No summer time; an hour; half an hour; a midnight that is left out; across the date line;
# half past of the hour; a quarter; clocks that stand an hour back in winter.
ZONES = (
    "Asia/Kolkata",
    "Europe/Madrid",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Pacific/Apia",
    "America/St_Johns",
    "Pacific/Chatham",
    "Europe/Dublin",
)
rhythms = st.one_of(
    st.builds(Rhythm, st.just(Every.DAY), st.integers(0, 1439)),
    st.builds(Rhythm, st.just(Every.WEEK), st.integers(0, 1439), st.integers(1, 7)),
    st.builds(Rhythm, st.just(Every.MONTH), st.integers(0, 1439), st.integers(1, 31)),
)
tables = st.builds(Timetable, rhythms, st.sampled_from(About), st.sampled_from(ZONES))
instants = st.integers(
    to_ms(datetime(2021, 11, 1, tzinfo=UTC)), to_ms(datetime(2031, 1, 1, tzinfo=UTC))
)
stretches = st.integers(0, 500 * 86_400_000)


def day(year: int, month: int, number: int) -> int:
    return date(year, month, number).toordinal() - EPOCH


def local(table: Timetable, ms: int) -> str:
    return from_ms(ms).astimezone(ZoneInfo(table.zone_name)).strftime("%Y-%m-%d %H:%M")


def monthly(on: int, minute: int = 360) -> Timetable:
    return Timetable(Rhythm(Every.MONTH, minute, on), About.LAST_MONTH, "Asia/Kolkata")


@given(tables, instants, stretches, st.floats(0, 1))
def test_looking_twice_finds_what_looking_once_does(
    table: Timetable, start: int, length: int, share: float
) -> None:
    length = min(length, 11 * 86_400_000 if table.rhythm.every is Every.DAY else length)
    middle = start + int(length * share)
    once = table.find_due(start, start + length)
    twice = (table.find_due(start, middle), table.find_due(middle, start + length))
    if not once.passed_over:
        assert twice[0].days + twice[1].days == once.days
        assert not twice[0].passed_over + twice[1].passed_over


@given(tables, instants)
def test_no_report_is_due_before_what_it_is_about_is_over(table: Timetable, start: int) -> None:
    due = table.find_due(start, start + 70 * 86_400_000)
    assert due.days
    for each in due.days:
        stretch = table.stretch_of(each)
        assert stretch.end_ms(table.calendar) <= table.due_ms(each)


@given(tables, instants)
def test_the_next_one_is_the_first_that_falls_due(table: Timetable, start: int) -> None:
    coming = table.next_due_ms(start)
    assert table.find_due(start, coming - 1).days == ()
    assert len(table.find_due(start, coming).days) == 1


@given(st.sampled_from(ZONES), st.integers(0, 1439), instants)
def test_every_day_of_the_city_has_one_report(zone: str, minute: int, start: int) -> None:
    table = Timetable(Rhythm(Every.DAY, minute), About.YESTERDAY, zone)
    found: list[int] = []
    for week in range(5):
        at = start + week * 7 * 86_400_000
        found += table.find_due(at, at + 7 * 86_400_000).days
    assert found == list(range(found[0], found[0] + len(found)))
    assert len(found) in {34, 35, 36}


def test_each_report_of_a_year_of_months_is_about_another_month() -> None:
    table = monthly(31)
    about = [table.stretch_of(each) for each in _of_year(table, 2027)]
    assert [each.period.months for each in about] == [
        (2027 * 12 + month - 1,) for month in range(12)
    ]


def test_the_last_day_stands_for_a_day_that_a_month_has_not() -> None:
    found = [date.fromordinal(each + EPOCH) for each in _of_year(monthly(31), 2028)]
    assert [each.day for each in found] == [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def _of_year(table: Timetable, year: int) -> tuple[int, ...]:
    start = to_ms(datetime(year, 1, 1, tzinfo=UTC))
    return table.find_due(start, to_ms(datetime(year + 1, 1, 1, tzinfo=UTC)) - 1).days


def test_two_missed_months_are_two_reports() -> None:
    last_seen = to_ms(datetime(2026, 8, 20, tzinfo=UTC))
    due = monthly(1).find_due(last_seen, to_ms(datetime(2026, 10, 9, tzinfo=UTC)))
    assert due.days == (day(2026, 9, 1), day(2026, 10, 1))


def test_of_many_missed_ones_the_last_twelve_are_caught_up_and_the_rest_is_told() -> None:
    table = Timetable(Rhythm(Every.DAY, 420), About.YESTERDAY, "Asia/Kolkata")
    start = to_ms(datetime(2026, 1, 1, tzinfo=UTC))
    due = table.find_due(start, start + 100 * 86_400_000)
    assert len(due.days) == MOST_CAUGHT_UP
    assert due.passed_over == 88
    assert due.days[-1] == day(2026, 4, 10)


def test_a_clock_that_was_set_back_makes_nothing_due() -> None:
    start = to_ms(datetime(2026, 1, 1, tzinfo=UTC))
    assert monthly(1).find_due(start, start - 90 * 86_400_000).days == ()


@pytest.mark.parametrize(
    ("minute", "on", "struck"),
    [
        (150, day(2027, 3, 28), "2027-03-28 03:30"),  # left out: clocks jump from two to three
        (150, day(2027, 10, 31), "2027-10-31 02:30"),  # comes twice: the first of the two
        (420, day(2027, 7, 1), "2027-07-01 07:00"),
        (15, day(2027, 1, 5), "2027-01-05 00:15"),
        # In summer the day that figures are counted by ends at one.
        (15, day(2027, 7, 5), "2027-07-05 01:00"),
    ],
)
def test_the_citys_clocks_say_when_it_is(minute: int, on: int, struck: str) -> None:
    table = Timetable(Rhythm(Every.DAY, minute), About.YESTERDAY, "Europe/Madrid")
    assert local(table, table.due_ms(on)) == struck
    again = table.find_due(table.due_ms(on), table.due_ms(on) + 2 * 3_600_000)
    assert on not in again.days


def test_a_week_is_from_monday_to_sunday() -> None:
    table = Timetable(Rhythm(Every.WEEK, 480, 3), About.LAST_WEEK, "Asia/Kolkata")
    wednesday = day(2026, 11, 18)
    assert table.rhythm.comes_on(wednesday)
    assert table.stretch_of(wednesday).period == Period(day(2026, 11, 9), day(2026, 11, 16))


def test_the_last_shift_is_the_one_that_is_over() -> None:
    table = Timetable(Rhythm(Every.DAY, 14 * 60 + 5), About.LAST_SHIFT, "Asia/Kolkata")
    stretch = table.stretch_of(day(2026, 11, 18))
    assert stretch.shift is not None
    span = span_of(table.calendar, stretch.shift)
    assert local(table, span.begin_ms) == "2026-11-18 06:00"
    assert table.due_ms(day(2026, 11, 18)) - span.end_ms == 5 * 60_000
    assert stretch.period == Period(day(2026, 11, 18), day(2026, 11, 19))


@pytest.mark.parametrize(
    ("every", "minute", "on"),
    [(Every.DAY, 1440, 1), (Every.DAY, -1, 1), (Every.WEEK, 0, 8), (Every.MONTH, 0, 0)],
)
def test_what_never_comes_round_is_refused(every: Every, minute: int, on: int) -> None:
    with pytest.raises(ValueError, match="minute"):
        Rhythm(every, minute, on)
