"""A city's shifts: three of eight hours, the first of a day at six, as fixed boundaries in UTC.

Like days and months they are those of the city's standard time (``domain.calendar``), so that
counts by shift stay exact. The night shift belongs to the day it begins on.
"""

from typing import Final, NamedTuple

from trafficdesk.domain.calendar import DAY_MS, Calendar
from trafficdesk.domain.patrol_plan import Shift

SHIFTS_A_DAY: Final = 3
SHIFT_MS: Final = DAY_MS // SHIFTS_A_DAY
FIRST_MS: Final = 6 * 3_600_000
_THURSDAY: Final = 3  # 1 January 1970


class Span(NamedTuple):
    """A stretch of time in epoch milliseconds, its end left out."""

    begin_ms: int
    end_ms: int


def shift_of(calendar: Calendar, ms: int) -> int:
    """Return the number of the shift an instant falls into, counted since 1970."""
    return (ms + calendar.offset_ms - FIRST_MS) // SHIFT_MS


def span_of(calendar: Calendar, shift: int) -> Span:
    """Return when a shift begins and ends."""
    begin = shift * SHIFT_MS + FIRST_MS - calendar.offset_ms
    return Span(begin, begin + SHIFT_MS)


def day_shifts(calendar: Calendar, day: int) -> tuple[int, ...]:
    """Return the shifts that begin on a day."""
    first = shift_of(calendar, calendar.day_start_ms(day) + FIRST_MS)
    return tuple(range(first, first + SHIFTS_A_DAY))


def week_of(shift: int) -> int:
    """Return the number of the week, from Monday morning on, that a shift lies in."""
    return (shift // SHIFTS_A_DAY + _THURSDAY) // 7


def place_in_week(shift: int) -> Shift:
    """Return which shift of which weekday a shift is."""
    day, number = divmod(shift, SHIFTS_A_DAY)
    return Shift((day + _THURSDAY) % 7, number)
