"""What the next months may bring, beside the plain count and what both were worth so far."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from trafficdesk.domain.analytics.backtest import Backtest
from trafficdesk.domain.analytics.forecasting import PLAIN, Method
from trafficdesk.domain.analytics.outlook import EVER, Ahead, outlook_of
from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.times import to_ms
from trafficdesk.services.analytics.as_of import heard_at
from trafficdesk.services.session import Session
from trafficdesk.store import facts, sync_marks
from trafficdesk.store.analytics import day_counts

AHEAD: Final = 3
_DAY_MS: Final = 86_400_000


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
        as_of = heard_at(connection, session)
    found = outlook_of(by_day, first_day, past_day, ahead)
    return Forecast(
        scope,
        found.months,
        found.counts,
        found.ahead,
        found.method,
        found.backtest,
        as_of,
    )


def first_known_day(connection: Connection, calendar: Calendar) -> int:
    """Return the first day of which this desk has every report it ever had."""
    window_ms = sync_marks.window_from_ms(connection)
    return calendar.day_of(window_ms + _DAY_MS - 1) if window_ms else EVER
