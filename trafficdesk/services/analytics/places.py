"""Dangerous places of a year, the gravest first."""

from typing import Final

from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.domain.times import to_ms
from trafficdesk.services.analytics.hotspots import Counting, Hotspots, find_hotspots
from trafficdesk.services.session import Session
from trafficdesk.store import facts

YEAR: Final = 364  # whole weeks, so that two years have the same weekdays
AT_MOST: Final = 20


def find_dangerous_places(
    session: Session, scope: Scope, counting: Counting | None = None, at_most: int = AT_MOST
) -> Hotspots:
    """Return the gravest discs of the year up to a scope's end or today, beside the year before.

    Grave is what has most severity added up (``domain.analytics.hotspots.SEVERITY_WEIGHTS``).
    """
    with session.store.reading() as connection:
        today = facts.calendar(connection).day_of(to_ms(session.lease_clock()))
    past = min(scope.period.past_day, today + 1)  # of days to come there is nothing
    year = scope.over(Period(past - YEAR, past))
    return find_hotspots(session, year, counting, by_weight=True, at_most=at_most)
