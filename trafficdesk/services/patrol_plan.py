"""Patrol plans: what happened where in the same shifts of the last weeks, and who goes where."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from trafficdesk.domain.calendar import DAY_MS, Calendar
from trafficdesk.domain.dispatch import SERVICE_OF
from trafficdesk.domain.patrol_plan import (
    HISTORY_WEEKS,
    Cell,
    History,
    Patrol,
    plan_patrols,
)
from trafficdesk.domain.shifts import Span, day_shifts, place_in_week, shift_of, span_of, week_of
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Duty, Service
from trafficdesk.services.session import Session
from trafficdesk.store import facts, map_view, patrol_counts, report_days, sync_marks, units
from trafficdesk.store.patrol_counts import PATROL_AREAS, WARDS, Area

SHIFTS_OF_A_WEEK: Final = 21


@dataclass(frozen=True, slots=True)
class Counts:
    """What a plan stands on: areas, the weeks that were counted, and how many reports they had.

    ``is_by_ward``: nobody drew a patrol area, so wards stand in. ``total`` counts the reports of
    those weeks wherever they were, ``counted`` those in the areas (in two areas: twice).
    """

    areas: tuple[Area, ...]
    is_by_ward: bool
    history: History
    span: Span
    total: int
    counted: int

    @property
    def weeks(self) -> int:
        """Return how many weeks were counted."""
        return len(self.history.weeks)


@dataclass(frozen=True, slots=True)
class Crews:
    """The patrol units of this desk's city by call sign: those on duty first, and how many."""

    call_signs: tuple[str, ...]
    on_duty: int


@dataclass(frozen=True, slots=True)
class ShiftPlan:
    """Who patrols which area in one shift, in the order of the areas."""

    span: Span
    patrols: tuple[Patrol, ...]


class Counting:
    """Counts once and keeps it until areas, reports or weeks are others; asked on any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[object, Counts] | None = None

    def read(self, session: Session) -> Counts:
        """Return the counts of the last whole weeks."""
        with session.store.reading() as connection:
            asked = _ask(connection, to_ms(session.lease_clock()))
            with self._lock:
                if self._kept is not None and self._kept[0] == asked.mark:
                    return self._kept[1]
            counts = _count(connection, asked)
        with self._lock:
            self._kept = (asked.mark, counts)
        return counts


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be counted; ``mark`` is another as soon as the counts may be."""

    calendar: Calendar
    table: str
    areas: tuple[Area, ...]
    weeks: range
    span: Span
    mark: object


def _ask(connection: Connection, now_ms: int) -> _Asked:
    calendar = facts.calendar(connection)
    table = PATROL_AREAS
    areas = patrol_counts.find_areas(connection, table)
    if not areas:
        table = WARDS
        areas = patrol_counts.find_areas(connection, table)
    weeks = _whole_weeks(connection, calendar, now_ms)
    span = _span_of(calendar, weeks)
    first, past = (calendar.day_of(each) for each in span)
    days = report_days.count_by_facet(connection, first, past + 1)
    mark = (table, areas, weeks, tuple(sorted(days.items())))
    return _Asked(calendar, table, areas, weeks, span, mark)


def _whole_weeks(connection: Connection, calendar: Calendar, now_ms: int) -> range:
    """Return the last whole weeks of which this desk has every report it ever had."""
    this = week_of(shift_of(calendar, now_ms))
    days = map_view.find_day_range(connection)
    if days is None:
        return range(this, this)
    known_ms = max(calendar.day_start_ms(days[0]), sync_marks.window_from_ms(connection))
    first = week_of(shift_of(calendar, known_ms + 7 * DAY_MS - 1))
    return range(min(max(this - HISTORY_WEEKS, first), this), this)


def _span_of(calendar: Calendar, weeks: range) -> Span:
    shift = weeks.start * SHIFTS_OF_A_WEEK - _SHIFTS_BEFORE
    begin = span_of(calendar, shift).begin_ms
    return Span(begin, span_of(calendar, shift + len(weeks) * SHIFTS_OF_A_WEEK).begin_ms)


_SHIFTS_BEFORE: Final = 9  # of Monday to Wednesday of the week in which 1970 began


def _count(connection: Connection, asked: _Asked) -> Counts:
    counts = dict[Cell, int]()
    for area in asked.areas if asked.weeks else ():
        found = patrol_counts.count_by_shift(
            connection, asked.calendar, asked.table, area, asked.span
        )
        for shift, n in found.items():
            counts[Cell(str(area.id), place_in_week(shift), week_of(shift))] = n
    history = History([str(each.id) for each in asked.areas], list(asked.weeks), counts)
    total = patrol_counts.count_all(connection, asked.span) if asked.weeks else 0
    counted = sum(counts.values())
    return Counts(asked.areas, asked.table == WARDS, history, asked.span, total, counted)


def find_crews(session: Session) -> Crews:
    """Return the units that patrol: those of the police."""
    with session.store.reading() as connection:
        found = units.find_all(connection)
    police = [each for each in found if SERVICE_OF[each.kind] is Service.POLICE]
    police.sort(key=lambda unit: (unit.duty is Duty.OFF, unit.call_sign))
    on_duty = sum(unit.duty is not Duty.OFF for unit in police)
    return Crews(tuple(unit.call_sign for unit in police), on_duty)


def plan_day(
    calendar: Calendar, counts: Counts, day: int, crews: Mapping[int, Sequence[str]]
) -> tuple[ShiftPlan, ...]:
    """Return the plans of a day's shifts; ``crews`` are call signs by the shift's number."""
    plans = []
    for shift in day_shifts(calendar, day):
        place = place_in_week(shift)
        plan = plan_patrols(counts.history, {place: tuple(crews.get(place.number, ()))})
        plans.append(ShiftPlan(span_of(calendar, shift), plan.patrols))
    return tuple(plans)
