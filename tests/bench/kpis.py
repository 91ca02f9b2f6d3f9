"""Every KPI of a scope, as the overview asks for them; and that they are those of a recount."""

import time
from dataclasses import replace
from functools import partial
from uuid import UUID

from tests.bench.bare import Statement
from tests.bench.measuring import Pair, Result, in_turn, worst
from tests.bench.recording import recorded
from tests.bench.setting import Setting
from trafficdesk.domain.analytics.periods import Period, last_days, last_months
from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.domain.times import to_ms
from trafficdesk.services.analytics.overview import find_overview
from trafficdesk.services.session import Session
from trafficdesk.store import facts
from trafficdesk.store.analytics.counting import count_sums, recount_sums
from trafficdesk.store.engine import Store

_ALL_PROVED = 100_000
_BUSIEST_WARD = (
    "SELECT ward_id FROM reports WHERE ward_id IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC"
)


def _scopes(session: Session) -> dict[str, Scope]:
    with session.store.reading() as connection:
        today = facts.calendar(connection).day_of(to_ms(session.clock()))
        station_id = facts.home_station_id(connection)
        wards = connection.exec_driver_sql(f"{_BUSIEST_WARD} LIMIT 1").all()
    year, month = last_months(today, 12), last_days(today, 30)
    found = {
        "city, twelve months": Scope(year),
        "city, thirty days": Scope(month),
        "city, one day": Scope(last_days(today, 1)),
        "city, 400 days to last week": Scope(Period(today - 407, today - 7)),
        "station, twelve months": Scope(year, station_id=station_id),
        "officer, twelve months": Scope(year, officer_id=session.officer.id),
    }
    for (ward_id,) in wards:
        found["ward, twelve months"] = Scope(year, ward_id=UUID(bytes=ward_id))
    return found


def _statements(session: Session, scope: Scope) -> list[Statement]:
    """Return the statements that the desk finds an overview with."""
    with recorded() as ran:
        store = Store.open(session.profile.database, session.key.hex())
        try:
            ran.clear()
            find_overview(replace(session, store=store), scope)
            return list(ran)
        finally:
            store.close()


def _recounted_ms(session: Session, scope: Scope) -> float:
    """Return how long counting every report takes. What it comes to must be the same."""
    with session.store.reading() as connection:
        calendar = facts.calendar(connection)
        today = calendar.day_of(to_ms(session.clock()))
        kept = count_sums(connection, calendar, scope, today)
        started = time.perf_counter()
        counted = recount_sums(connection, calendar, scope, today)
        took_ms = (time.perf_counter() - started) * 1000
    if kept != counted:
        raise AssertionError(f"{scope} differs from its recount")
    return took_ms


def _bare_ms(setting: Setting, statements: list[Statement]) -> float:
    return setting.bare.read(statements).ms


def run(setting: Setting) -> Result:
    """Compare the overview with its bare statements; a recount proves it and says what is saved."""
    session, pairs, recounted = setting.session, list[Pair](), 0.0
    for name, scope in _scopes(session).items():
        if setting.rows <= _ALL_PROVED or not pairs:  # a recount of more takes minutes
            recounted = max(recounted, _recounted_ms(session, scope))
        statements = _statements(session, scope)
        pair = in_turn(
            name,
            partial(find_overview, session, scope),
            partial(_bare_ms, setting, statements),
            setting.repeats,
        )
        setting.say(f"{pair.summary()} {len(statements)} statements")
        pairs.append(pair)
    found = worst(pairs)
    return Result(found.ratio, {**found.figures, "recount_ms": round(recounted, 1)})
