"""What the next months may bring: every whole month so far, a method, its worth, and a range."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from trafficdesk.domain.analytics.backtest import Backtest, compare, half_width, roll
from trafficdesk.domain.analytics.forecasting import PLAIN, Method, forecast
from trafficdesk.domain.analytics.periods import first_day_of_month, month_of_day

# The first day for whoever has every report there ever was: all months count from their first one.
EVER: Final = -(10**6)


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
class Outlook:
    """Months with their counts, and the months to come by ``method``.

    ``backtest`` is None while there is no year and a month to try it on; ``ahead`` is empty where
    nothing was ever counted.
    """

    months: tuple[int, ...]
    counts: tuple[int, ...]
    ahead: tuple[Ahead, ...]
    method: Method
    backtest: Backtest | None


def outlook_of(by_day: Mapping[int, int], first_day: int, past_day: int, ahead: int) -> Outlook:
    """Return the outlook from counts by day, of which those from first to past are all there.

    ``ahead`` says how many months are looked at.
    """
    months, counts = _by_month(by_day, first_day, past_day)
    backtest = compare(counts)
    method = _method(backtest)
    plain = PLAIN[0] if backtest is None else backtest.plain.method
    found = _ahead(months, counts, (method, plain), ahead)
    return Outlook(months, counts, found, method, backtest)


def _method(backtest: Backtest | None) -> Method:
    if backtest is None:
        return Method.LAST_MONTHS
    return backtest.model.method if backtest.is_better else backtest.plain.method


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
    months: tuple[int, ...], counts: tuple[int, ...], methods: tuple[Method, Method], ahead: int
) -> tuple[Ahead, ...]:
    """Return the months to come by a method, beside a plain count."""
    if not counts:
        return ()
    method, _ = methods
    expectations = zip(*(forecast(each, counts, ahead) for each in methods), strict=True)
    found = []
    for step, (expected, counted) in enumerate(expectations):
        width = half_width(roll(method, counts, step + 1), expected)
        low = None if width is None else max(0.0, expected - width)
        high = None if width is None else expected + width
        found.append(Ahead(months[-1] + 1 + step, expected, counted, low, high))
    return tuple(found)
