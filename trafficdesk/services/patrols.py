"""Patrol plans from what this desk holds: wards by shift, with the demand of the last weeks."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from trafficdesk.domain.calendar import DAY_MS, Calendar
from trafficdesk.domain.patrol_plan import (
    HISTORY_WEEKS,
    Cell,
    History,
    PatrolPlan,
    Shift,
    plan_patrols,
)
from trafficdesk.domain.times import to_ms
from trafficdesk.services.session import Session
from trafficdesk.store import facts, patrol_counts, places
from trafficdesk.store.patrol_counts import HOUR_MS, Subject

THREE_SHIFTS: Final = (6, 14, 22)
_DAY_H: Final = 24
_WEEK: Final = 7
_MONDAY: Final = 4  # 1970 began on a Thursday: day 4 was the first Monday


def plan(
    session: Session,
    units: Mapping[Shift, Sequence[str]],
    *,
    subject: Subject = Subject.INCIDENTS,
    starts: Sequence[int] = THREE_SHIFTS,
) -> PatrolPlan:
    """Return who patrols which ward (by its id) in each shift of ``units``.

    ``starts`` are the hours at which a day's shifts begin, in the city's standard time.
    """
    return plan_patrols(read_history(session, subject=subject, starts=starts), units)


def read_history(
    session: Session,
    *,
    subject: Subject = Subject.INCIDENTS,
    starts: Sequence[int] = THREE_SHIFTS,
) -> History:
    """Return the counts of the last whole weeks, at most ``HISTORY_WEEKS``, by ward and shift.

    The weeks end with the last day whose shifts are all over; weeks before the first record of
    this desk are not counted, for nobody knows what happened in them.
    """
    with session.store.reading() as connection:
        calendar = facts.calendar(connection)
        past = _past_day(calendar, session.clock(), starts)
        first_ms = patrol_counts.find_first_ms(connection, subject)
        weeks = 0 if first_ms is None else _whole_weeks(calendar, first_ms, past)
        first = past - _WEEK * weeks
        hours = patrol_counts.count_by_hour(
            connection,
            subject,
            calendar.offset_ms,
            calendar.day_start_ms(first) + starts[0] * HOUR_MS,
            calendar.day_start_ms(past) + starts[0] * HOUR_MS,
        )
        wards = [str(ward_id) for ward_id, _ in places.find_ward_names(connection)]
    counts: Counter[Cell] = Counter()
    for ward_id, hour, happened in hours:
        day, number = _shift_at(hour, starts)
        shift = Shift((day - _MONDAY) % _WEEK, number)
        counts[Cell(str(ward_id), shift, (day - first) // _WEEK)] += happened
    return History(wards, range(weeks), counts)


def _past_day(calendar: Calendar, now: datetime, starts: Sequence[int]) -> int:
    """Return the first day of which a shift may not be over: shifts run until the next begins."""
    return calendar.day_of(to_ms(now) - starts[0] * HOUR_MS)


def _whole_weeks(calendar: Calendar, first_ms: int, past: int) -> int:
    days = past - calendar.day_of(first_ms + DAY_MS - 1)  # the first day may have begun before us
    return max(0, min(HISTORY_WEEKS, days // _WEEK))


def _shift_at(hour: int, starts: Sequence[int]) -> tuple[int, int]:
    """Return the day and number of the shift an hour lies in; a night is of the day before."""
    day, of_day = divmod(hour - starts[0], _DAY_H)
    return day, bisect_right(starts, of_day + starts[0]) - 1
