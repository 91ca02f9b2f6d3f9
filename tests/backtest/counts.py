"""Monthly counts forecast again, of the city and of its districts, by every way there is."""

from collections import defaultdict
from datetime import date

from trafficdesk.domain.analytics.backtest import FOLDS, Backtest, Fold, compare, roll, score
from trafficdesk.domain.analytics.forecasting import Method
from trafficdesk.domain.analytics.periods import Period, month_of_day
from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.services.analytics.forecasts import AHEAD, forecast_counts
from trafficdesk.services.session import Session
from trafficdesk.store import facts, map_view

Rows = list[dict[str, object]]


def whole_time(session: Session) -> Scope:
    """Return the scope of everything up to the end of the last month that has accidents."""
    with session.store.reading() as connection:
        days = map_view.find_day_range(connection)
    assert days is not None, "no accident was imported"
    epoch = date(1970, 1, 1).toordinal()
    last = date.fromordinal(days[1] + epoch)
    past = date(last.year + last.month // 12, last.month % 12 + 1, 1).toordinal() - epoch
    return Scope(Period(days[0], past))


def city_rows(session: Session) -> Rows:
    """Return what each way was worth one to three months ahead; errors weighed by counts."""
    found = forecast_counts(session, whole_time(session))
    assert found.backtest is not None
    rows = [
        _row(step, [roll(method, found.counts, step)], method)
        for step in range(1, AHEAD + 1)
        for method in Method
    ]
    return [*rows, _verdict("1", [found.backtest])]


def district_rows(session: Session) -> Rows:
    """Return the same for the districts together, one month ahead."""
    series = [counts for counts in _by_district(session).values() if sum(counts) > len(counts)]
    rows = [_row(1, [roll(method, counts) for counts in series], method) for method in Method]
    tested = [test for counts in series if (test := compare(counts)) is not None]
    return [*rows, _verdict(f"1, {len(series)} districts", tested)]


def _by_district(session: Session) -> dict[str, list[int]]:
    with session.store.reading() as connection:
        calendar = facts.calendar(connection)
        found = connection.exec_driver_sql("SELECT area, occurred_ms FROM reports").all()
    counts = defaultdict[str, dict[int, int]](dict)
    for area, occurred_ms in found:
        month = month_of_day(calendar.day_of(occurred_ms))
        district = counts[area.rsplit(", ", 1)[-1]]
        district[month] = district.get(month, 0) + 1
    months = sorted({month for each in counts.values() for month in each})
    return {
        name: [each.get(month, 0) for month in range(months[0], months[-1] + 1)]
        for name, each in counts.items()
    }


def _row(step: int, series: list[list[Fold]], method: Method) -> dict[str, object]:
    scores = [score(method, folds) for folds in series]
    shown = [folds[-FOLDS:] for folds in series]
    errors = sum(fold.error for folds in shown for fold in folds)
    total = sum(fold.actual for folds in shown for fold in folds)
    covers = [each.cover for each in scores if each.cover is not None]
    return {
        "months ahead": step,
        "way": method.value,
        "folds": sum(map(len, shown)),
        "WAPE": f"{errors / total:.1%}",
        "in the 80 % band": f"{sum(covers) / len(covers):.0%}",
    }


def _verdict(ahead: str, tested: list[Backtest]) -> dict[str, object]:
    better = sum(each.is_better for each in tested)
    chances = ", ".join(f"{each.p_value:.3f}" for each in tested)
    return {
        "months ahead": ahead,
        "way": f"model shown in {better} of {len(tested)}",
        "folds": sum(each.tested for each in tested),
        "WAPE": f"p {chances}",
        "in the 80 % band": "",
    }
