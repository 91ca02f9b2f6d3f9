"""Hotspots of a period: where, how much, more than before or less, and is it a surprise."""

import threading
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection

from trafficdesk.domain.analytics.compared import period_before
from trafficdesk.domain.analytics.hotspots import AT_MOST, RADIUS_M, Disc, choose_discs
from trafficdesk.domain.analytics.periods import Period, first_day_of_month
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.geometry import bounds_around
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.times import to_ms
from trafficdesk.services.analytics.as_of import heard_at
from trafficdesk.services.analytics.columns import Cells, ColumnGrid, joined
from trafficdesk.services.analytics.happened import happened_in
from trafficdesk.services.analytics.place_names import name_of
from trafficdesk.services.session import Session
from trafficdesk.store import facts, report_days
from trafficdesk.store.analytics import micro_counts
from trafficdesk.store.analytics.micro_counts import Mark

_KEPT_AT_MOST: Final = 240  # pieces: ten years and those before them


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


class _Piece(NamedTuple):
    """The days of a period that lie in one month."""

    month: int
    first_day: int
    past_day: int


class Counting:
    """Keeps what it has read until anything counted of it is another; for any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept = dict[_Piece, tuple[Mark, Cells]]()

    def read(self, connection: Connection, scope: Scope) -> Cells:
        """Return the micro-cells of a scope, those of one place once for each piece it is in."""
        calendar = facts.calendar(connection)
        if scope.part is not Part.CITY:
            return Cells.of(micro_counts.of_part(connection, calendar, scope))
        whole, part = scope.period.whole_days, scope.period.part_day
        cells = [] if whole is None else self._months(connection, whole)
        if part is not None:  # it grows with every minute: not worth keeping
            cells.append(Cells.of(micro_counts.of_span(connection, part.span_ms(calendar))))
        return joined(cells)

    def _months(self, connection: Connection, period: Period) -> list[Cells]:
        months = period.months
        marks = micro_counts.marks_of_months(connection, months[0], months[-1] + 1)
        pieces = [each for each in _pieces(period) if each.month in marks]
        return [self._piece(connection, piece, marks[piece.month]) for piece in pieces]

    def _piece(self, connection: Connection, piece: _Piece, mark: Mark) -> Cells:
        with self._lock:
            kept = self._kept.get(piece)
        if kept is not None and kept[0] == mark:
            return kept[1]
        cells = Cells.of(_rows(connection, piece))
        with self._lock:
            if len(self._kept) >= _KEPT_AT_MOST:
                self._kept.clear()
            self._kept[piece] = (mark, cells)
        return cells


def _pieces(period: Period) -> list[_Piece]:
    return [
        _Piece(
            month,
            max(period.first_day, first_day_of_month(month)),
            min(period.past_day, first_day_of_month(month + 1)),
        )
        for month in period.months
    ]


def _rows(connection: Connection, piece: _Piece) -> list[micro_counts.Row]:
    """Return the cells of a piece: those of its month if nothing happened on its other days."""
    whole = _Piece(piece.month, *(first_day_of_month(piece.month + after) for after in (0, 1)))
    if not any(
        report_days.count_by_facet(connection, first, past)
        for first, past in (
            (whole.first_day, piece.first_day),
            (piece.past_day, whole.past_day),
        )
    ):
        return micro_counts.of_month(connection, piece.month)
    calendar = facts.calendar(connection)
    return micro_counts.of_days(connection, calendar, piece.first_day, piece.past_day)


def mark_of(connection: Connection, session: Session, scope: Scope) -> object:
    """Return what is another as soon as anything is that the hotspots of a scope count.

    Of a running period it is another each day, too: then it is compared with a day more.
    """
    before = _before(connection, session, scope)
    first, past = before.months[0], scope.period.months[-1] + 1
    return scope, before.past_day, micro_counts.marks_of_months(connection, first, past)


def _before(connection: Connection, session: Session, scope: Scope) -> Period:
    now = facts.calendar(connection).day_time(to_ms(session.lease_clock()))
    return period_before(scope.period, now)


def find_hotspots(
    session: Session,
    scope: Scope,
    counting: Counting | None = None,
    *,
    by_weight: bool = False,
    at_most: int = AT_MOST,
) -> Hotspots:
    """Return the fullest discs of a period that do not overlap, beside ``period_before``.

    Counted is what happened: reports that were neither rejected nor found to be duplicates.
    ``counting``, kept by the caller, makes the next answer quick.
    """
    counting = counting or Counting()
    with session.store.reading() as connection:
        now = counting.read(connection, scope)
        then = counting.read(connection, scope.over(_before(connection, session, scope)))
        rows = happened_in(scope, facts.calendar(connection))
        # Of a part it is not known which squares are its own.
        is_city = scope.part is Part.CITY
        known = micro_counts.find_known_squares(connection) if is_city else []
        grid = ColumnGrid(now, then)
        discs = choose_discs(grid, by_weight=by_weight, at_most=at_most, known=known)
        found = tuple(_named(connection, disc, rows) for disc in discs)
        as_of = heard_at(connection, session)
    total, before = int(now.counts.sum()), int(then.counts.sum())
    return Hotspots(scope, found, total, before, as_of)


def _named(connection: Connection, disc: Disc, rows: ReportFilter) -> Hotspot:
    bounds = bounds_around(disc.place, RADIUS_M)
    name = name_of(connection, bounds, disc.place)
    return Hotspot(disc, name, replace(rows, bounds=bounds))
