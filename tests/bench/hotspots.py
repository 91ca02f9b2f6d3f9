"""Hotspots of all days: read anew, and after a day's change, against the bare grid in SQL."""

from statistics import median

from sqlalchemy import Connection

from tests.bench.measuring import Result, forget_peak, peak_mib, timed_ms
from tests.bench.setting import Setting
from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.place_forecasting import Unit
from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.domain.identity import new_id
from trafficdesk.services.analytics.forecasts import forecast_counts
from trafficdesk.services.analytics.hotspots import Counting, find_hotspots
from trafficdesk.services.analytics.place_forecasts import forecast_places
from trafficdesk.services.analytics.spots import SpotsKept
from trafficdesk.store import facts, map_view, report_counts, reports
from trafficdesk.store.patrol_counts import NOT_COUNTED
from trafficdesk.store.reports import ReportInsert

TURNS_AT_MOST = 5
_AWAY = 0.0002  # degrees: another micro-cell
# What a desk without anything counted beforehand would ask for: a grid of about 500 m.
_GRID = (
    "SELECT CAST((lat + 90) * 222.4 AS INT), CAST((lon + 180) * 218.3 AS INT), count(*) "
    f"FROM reports WHERE deleted_ms IS NULL AND status NOT IN ({', '.join('?' * len(NOT_COUNTED))})"
    " GROUP BY 1, 2"
)


def run(setting: Setting) -> Result:
    """Return the ratio of hotspots read anew to the bare grid; both count every report."""
    turns = min(setting.repeats, TURNS_AT_MOST)
    session, scope = setting.session, _all_days(setting)
    grid = (_GRID, tuple(map(str, NOT_COUNTED)))
    cold, bare, after = list[float](), list[float](), list[float]()
    forget_peak()
    for _ in range(turns):
        counting = Counting()
        cold.append(timed_ms(lambda kept=counting: find_hotspots(session, scope, kept)))  # type: ignore[misc]
        bare.append(setting.bare.read([grid]).ms)
        setting.say(f"cold {cold[-1]:.0f} ms, bare grid {bare[-1]:.0f} ms")
    for turn in range(turns):
        changed = _live_a_day(setting, turn)
        after.append(timed_ms(lambda: find_hotspots(session, scope, counting)))
        setting.say(f"after {changed} new reports {after[-1]:.0f} ms")
    ahead = _time_ahead(setting, scope, turns)
    found = find_hotspots(session, scope, counting)
    figures: dict[str, object] = {
        "cold_ms": round(median(cold)),
        "cold_max_ms": round(max(cold)),
        "after_a_day_ms": round(median(after)),
        "after_a_day_max_ms": round(max(after)),
        "bare_grid_ms": round(median(bare)),
        "peak_rss_mib": peak_mib(),
        "discs": len(found.discs),
        "reports_counted": found.total,
        "turns": turns,
        "forecast_counts_ms": round(timed_ms(lambda: forecast_counts(session, scope))),
        **ahead,
    }
    return Result(median(cold) / median(bare), figures)


def _time_ahead(setting: Setting, scope: Scope, turns: int) -> dict[str, object]:
    """Return how long next week's squares take: read anew, and after a day's change."""
    session, kept = setting.session, SpotsKept()

    def ask() -> float:
        return timed_ms(lambda: forecast_places(session, scope, Unit.WEEK, kept=kept))

    cold = ask()
    changed = _live_a_day(setting, turns)
    figures = {"forecast_week_ms": round(cold), "forecast_week_after_a_day_ms": round(ask())}
    setting.say(f"next week's squares, {changed} new reports: {figures}")
    return {**figures}


def _all_days(setting: Setting) -> Scope:
    with setting.session.store.reading() as connection:
        days = map_view.find_day_range(connection)
    if days is None:
        raise ValueError("the desk has no reports")
    return Scope(Period(days[0], days[1] + 1))


def _live_a_day(setting: Setting, turn: int) -> int:
    """Write as many reports as a usual day has, counted as those that come; return how many."""
    with setting.session.store.writing() as connection:
        calendar = facts.calendar(connection)
        rows = _a_day(connection, turn)
        for row in rows:
            pk = reports.insert(connection, row, (row.violation,))
            report_counts.recount(connection, calendar, report_counts.NOT_COUNTED, pk)
    return len(rows)


def _a_day(connection: Connection, turn: int) -> list[ReportInsert]:
    """Return a thousandth of the reports again, all of the last day and a few metres away."""
    found = connection.exec_driver_sql(
        f"SELECT {', '.join(ReportInsert._fields)}, "
        "(SELECT max(occurred_ms) FROM reports) FROM reports WHERE pk % 1000 = ?",
        (turn,),
    )
    return [
        ReportInsert(*row[:-1])._replace(
            id=new_id().bytes,
            lon=row.lon + _AWAY,
            lat=row.lat + _AWAY,
            more_violations=0,
            occurred_ms=row[-1],
        )
        for row in found
    ]
