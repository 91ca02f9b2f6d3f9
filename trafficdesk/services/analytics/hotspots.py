"""Hotspots of a period: where, how much, more than before or less, and is it a surprise."""

import threading
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from trafficdesk.domain.analytics.hotspots import AT_MOST, RADIUS_M, Disc, choose_discs
from trafficdesk.domain.analytics.periods import Period, first_day_of_month, month_of_day
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.geometry import bounds_around
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.services.analytics.columns import Cells, ColumnGrid, joined
from trafficdesk.services.analytics.happened import happened_in
from trafficdesk.services.session import Session
from trafficdesk.store import facts, places
from trafficdesk.store.analytics import micro_counts
from trafficdesk.store.analytics.micro_counts import Mark


@dataclass(frozen=True, slots=True)
class Hotspot:
    """A disc with the name of its place, '' where none is known.

    ``rows`` finds the reports of the box around it.
    """

    disc: Disc
    name: str
    rows: ReportFilter


@dataclass(frozen=True, slots=True)
class Hotspots:
    """The discs of a period, the fullest first; ``total`` and ``total_before`` count everywhere."""

    scope: Scope
    discs: tuple[Hotspot, ...]
    total: int
    total_before: int
    as_of: datetime


class Counting:
    """Keeps the months it has read until anything counted of them is another; for any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._months = dict[int, tuple[Mark, Cells]]()

    def read(self, connection: Connection, scope: Scope) -> Cells:
        """Return the micro-cells of a scope, those of one place once for each piece it is in."""
        calendar = facts.calendar(connection)
        if scope.part is not Part.CITY:
            return Cells.of(micro_counts.of_part(connection, calendar, scope))
        months = _whole_months(scope.period)
        marks = micro_counts.marks_of_months(connection, months.start, months.stop)
        whole = [self._month(connection, month, mark) for month, mark in marks.items()]
        return joined([*whole, *_days_beside(connection, calendar, scope.period)])

    def _month(self, connection: Connection, month: int, mark: Mark) -> Cells:
        with self._lock:
            kept = self._months.get(month)
        if kept is not None and kept[0] == mark:
            return kept[1]
        cells = Cells.of(micro_counts.of_month(connection, month))
        with self._lock:
            self._months[month] = (mark, cells)
        return cells


def mark_of(connection: Connection, scope: Scope) -> object:
    """Return what is another as soon as anything is that the hotspots of a scope count."""
    first, past = scope.period.before().months[0], scope.period.months[-1] + 1
    return scope, micro_counts.marks_of_months(connection, first, past)


def _whole_months(period: Period) -> range:
    first, past = month_of_day(period.first_day), month_of_day(period.past_day)
    if first_day_of_month(first) < period.first_day:
        first += 1
    return range(first, max(first, past))


def _days_beside(connection: Connection, calendar: Calendar, period: Period) -> list[Cells]:
    """Return the cells of the days of a period that are in no whole month of it."""
    months = _whole_months(period)
    if not months:
        ends = [(period.first_day, period.past_day)]
    else:
        ends = [
            (period.first_day, first_day_of_month(months.start)),
            (first_day_of_month(months.stop), period.past_day),
        ]
    return [
        Cells.of(micro_counts.of_days(connection, calendar, first, past))
        for first, past in ends
        if first < past
    ]


def find_hotspots(
    session: Session,
    scope: Scope,
    counting: Counting | None = None,
    *,
    by_weight: bool = False,
    at_most: int = AT_MOST,
) -> Hotspots:
    """Return the fullest discs of a period that do not overlap, beside the period before.

    Counted is what happened: reports that were neither rejected nor found to be duplicates.
    ``counting``, kept by the caller, makes the next answer quick.
    """
    counting = counting or Counting()
    with session.store.reading() as connection:
        now = counting.read(connection, scope)
        then = counting.read(connection, scope.over(scope.period.before()))
        rows = happened_in(scope, facts.calendar(connection))
        discs = choose_discs(ColumnGrid(now, then), by_weight=by_weight, at_most=at_most)
        found = tuple(_named(connection, disc, rows) for disc in discs)
    total, before = int(now.counts.sum()), int(then.counts.sum())
    return Hotspots(scope, found, total, before, session.lease_clock())


def _named(connection: Connection, disc: Disc, rows: ReportFilter) -> Hotspot:
    bounds = bounds_around(disc.place, RADIUS_M)
    name = micro_counts.find_name(connection, bounds)
    ward = places.find_ward_at(connection, disc.place)
    if ward is not None:
        name = ", ".join(filter(None, (name, places.find_ward_name(connection, ward))))
    return Hotspot(disc, name, replace(rows, bounds=bounds))
