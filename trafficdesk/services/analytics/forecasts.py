"""What the next months may bring, beside the plain count and what both were worth so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from trafficdesk.domain.analytics.backtest import Backtest, compare, half_width, roll
from trafficdesk.domain.analytics.forecasting import PLAIN, Method, forecast
from trafficdesk.domain.analytics.periods import first_day_of_month, month_of_day
from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.times import to_ms
from trafficdesk.services.session import Session
from trafficdesk.store import facts, sync_marks
from trafficdesk.store.analytics import day_counts

AHEAD: Final = 3
_DAY_MS: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is expected of a month to come.

    ``low`` and ``high``: between these four of five months lie; None until enough is known.
    """

    month: int
    expected: float
    plain: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Monthly counts so far, and the months to come by ``method``.

    ``method`` is a model only where its back-test is better than the plain count's; else it is
    that plain count, and ``ahead`` says the same twice. ``backtest`` is None while there is no
    year and a month to try it on; ``ahead`` is empty where nothing was ever counted.
    """

    scope: Scope
    months: tuple[int, ...]
    counts: tuple[int, ...]
    ahead: tuple[Ahead, ...]
    method: Method
    backtest: Backtest | None
    as_of: datetime

    @property
    def is_model(self) -> bool:
        """Tell whether more than a plain count is shown."""
        return self.method not in PLAIN


def forecast_counts(session: Session, scope: Scope, ahead: int = AHEAD) -> Forecast:
    """Forecast the months after a scope's period from every whole month up to its end.

    Left out: the month that is not over, and months of which this desk holds only a part.
    """
    with session.store.reading() as connection:
        calendar = facts.calendar(connection)
        by_day = day_counts.count_by_day(connection, calendar, scope)
        now_ms = to_ms(session.lease_clock())
        past_day = min(scope.period.past_day, calendar.day_of(now_ms))
        first_day = first_known_day(connection, calendar)
    months, counts = _by_month(by_day, first_day, past_day)
    backtest = compare(counts)
    method = _method(backtest)
    return Forecast(
        scope,
        months,
        counts,
        _ahead(months, counts, method, ahead),
        method,
        backtest,
        session.lease_clock(),
    )


def _method(backtest: Backtest | None) -> Method:
    if backtest is None:
        return Method.LAST_MONTHS
    return backtest.model.method if backtest.is_better else backtest.plain.method


def first_known_day(connection: Connection, calendar: Calendar) -> int:
    """Return the first day of which this desk has every report it ever had."""
    window_ms = sync_marks.window_from_ms(connection)
    return calendar.day_of(window_ms + _DAY_MS - 1) if window_ms else -(10**6)


def _by_month(
    by_day: Mapping[int, int], first_day: int, past_day: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the whole months from the first that has reports on, and their counts."""
    known = {day: n for day, n in by_day.items() if first_day <= day < past_day}
    if not known:
        return (), ()
    first = month_of_day(min(known))
    if first_day_of_month(first) < first_day:
        first += 1
    months = range(first, max(first, month_of_day(past_day)))
    sums = dict.fromkeys(months, 0)
    for day, n in known.items():
        month = month_of_day(day)
        if month in sums:
            sums[month] += n
    return tuple(months), tuple(sums.values())


def _ahead(
    months: tuple[int, ...], counts: tuple[int, ...], method: Method, ahead: int
) -> tuple[Ahead, ...]:
    if not counts:
        return ()
    backtest = compare(counts)
    plain = forecast(PLAIN[0] if backtest is None else backtest.plain.method, counts, ahead)
    found = []
    for step, expected in enumerate(forecast(method, counts, ahead)):
        width = half_width(roll(method, counts, step + 1), expected)
        low = None if width is None else max(0.0, expected - width)
        high = None if width is None else expected + width
        found.append(Ahead(months[-1] + 1 + step, expected, plain[step], low, high))
    return tuple(found)
