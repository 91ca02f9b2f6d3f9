"""Hotspots of a period: where, how much, more than before or less, and is it a surprise."""

import threading
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from trafficdesk.domain.analytics.hotspots import AT_MOST, RADIUS_M, Disc, find_discs
from trafficdesk.domain.analytics.micro_cells import COLUMNS, Micro
from trafficdesk.domain.analytics.periods import Period, first_day_of_month, month_of_day
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.geometry import bounds_around
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.services.analytics.happened import happened_in
from trafficdesk.services.session import Session
from trafficdesk.store import facts, places
from trafficdesk.store.analytics import micro_counts

Whole = NDArray[np.int64]


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


class _Cells(NamedTuple):
    """Micro-cells as columns: their number (row and column in one), how many, and their weight."""

    numbers: Whole
    counts: Whole
    weights: Whole


_NONE: Final = _Cells(*(np.zeros(0, np.int64) for _ in range(3)))


class Counting:
    """Keeps the months it has read until anything counted of them is another; for any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._months = dict[int, tuple[tuple[Any, ...], _Cells]]()

    def read(self, connection: Connection, scope: Scope) -> _Cells:
        """Return the micro-cells of a scope, those of one place once for each piece it is in."""
        calendar = facts.calendar(connection)
        if scope.part is not Part.CITY:
            return _columns(micro_counts.of_part(connection, calendar, scope))
        return _joined(
            [
                *(self._month(connection, month) for month in _whole_months(scope.period)),
                *_days_beside(connection, calendar, scope.period),
            ]
        )

    def _month(self, connection: Connection, month: int) -> _Cells:
        mark = micro_counts.mark_of_month(connection, month)
        if not mark:
            return _NONE
        with self._lock:
            kept = self._months.get(month)
        if kept is not None and kept[0] == mark:
            return kept[1]
        cells = _columns(micro_counts.of_month(connection, month))
        with self._lock:
            self._months[month] = (mark, cells)
        return cells


def _whole_months(period: Period) -> range:
    first, past = month_of_day(period.first_day), month_of_day(period.past_day)
    if first_day_of_month(first) < period.first_day:
        first += 1
    return range(first, max(first, past))


def _days_beside(connection: Connection, calendar: Calendar, period: Period) -> list[_Cells]:
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
        _columns(micro_counts.of_days(connection, calendar, first, past))
        for first, past in ends
        if first < past
    ]


def _columns(rows: list[micro_counts.Row]) -> _Cells:
    if not rows:
        return _NONE
    return _Cells(*np.array(rows, np.int64).T)


def _joined(parts: list[_Cells]) -> _Cells:
    if not parts:
        return _NONE
    return _Cells(*(np.concatenate(column) for column in zip(*parts, strict=True)))


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
        discs = find_discs(_micro(now, then), by_weight=by_weight, at_most=at_most)
        found = tuple(_named(connection, disc, rows) for disc in discs)
    total, before = int(now.counts.sum()), int(then.counts.sum())
    return Hotspots(scope, found, total, before, session.lease_clock())


def _micro(now: _Cells, then: _Cells) -> list[Micro]:
    """Add the pieces up, cell by cell."""
    numbers, places_of = np.unique(np.concatenate([now.numbers, then.numbers]), return_inverse=True)
    split, size = len(now.numbers), len(numbers)
    columns = (
        numbers % COLUMNS,
        numbers // COLUMNS,
        _added(places_of[:split], now.counts, size),
        _added(places_of[:split], now.weights, size),
        _added(places_of[split:], then.counts, size),
    )
    return list(map(Micro._make, zip(*(column.tolist() for column in columns), strict=True)))


def _added(places_of: Whole, values: Whole, size: int) -> Whole:
    sums: Whole = np.zeros(size, np.int64)
    np.add.at(sums, places_of, values)
    return sums


def _named(connection: Connection, disc: Disc, rows: ReportFilter) -> Hotspot:
    bounds = bounds_around(disc.place, RADIUS_M)
    name = micro_counts.find_name(connection, bounds)
    ward = places.find_ward_at(connection, disc.place)
    if ward is not None:
        name = ", ".join(filter(None, (name, places.find_ward_name(connection, ward))))
    return Hotspot(disc, name, replace(rows, bounds=bounds))
