"""Months of a forecast as a chart, and the same as a table."""

from typing import Final

from trafficdesk.domain.analytics.forecasting import PLAIN, forecast
from trafficdesk.domain.analytics.outlook import Ahead
from trafficdesk.domain.analytics.periods import month_period
from trafficdesk.qt.ages import number
from trafficdesk.qt.analytics.choosing import month_name
from trafficdesk.qt.analytics.drilling import Drill
from trafficdesk.qt.analytics.line_legend import Stroke
from trafficdesk.qt.analytics.table_cells import NOTHING, Cell, Column, Look, Row
from trafficdesk.qt.analytics.timeline import Expected, Moment, Timeline
from trafficdesk.qt.analytics.timeline_words import say
from trafficdesk.services.analytics.forecasts import Forecast

SHOWN: Final = 24  # months of the past at most


def plain_past(found: Forecast, shown: int) -> tuple[float | None, ...]:
    """Return what the plain count would have said of the last months; slow, for a reader."""
    method = found.backtest.plain.method if found.backtest else PLAIN[-1]
    first = max(0, len(found.counts) - shown)
    return tuple(
        next(iter(forecast(method, found.counts[:known], 1)), None) if known else None
        for known in range(first, len(found.counts))
    )


def timeline_of(found: Forecast, plain: tuple[float | None, ...], drill: Drill) -> Timeline:
    """Return the last counted months, as many as ``plain`` has, and those to come."""
    first = len(found.counts) - len(plain)
    past = [
        Moment(
            _mark(month, is_first=place == first),
            month_name(month),
            float(found.counts[place]),
            plain[place - first],
            wanted=drill.over(month_period(month)),
        )
        for place, month in enumerate(found.months)
        if place >= first
    ]
    to_come = [_to_come(each, is_model=found.is_model) for each in found.ahead]
    return Timeline(say("Reports per month"), (*past, *to_come), has_forecast=found.is_model)


def _to_come(ahead: Ahead, *, is_model: bool) -> Moment:
    expected = None
    if is_model and ahead.low is not None and ahead.high is not None:
        expected = Expected(ahead.expected, ahead.low, ahead.high)
    mark = _mark(ahead.month, is_first=False)
    return Moment(mark, month_name(ahead.month), None, ahead.plain, expected)


def _mark(month: int, *, is_first: bool) -> str:
    return month_name(month, has_year=is_first or month % 12 == 0)


def legend_of(found: Forecast) -> tuple[tuple[Stroke, str], ...]:
    """Return what the chart's lines are."""
    counted = (Stroke.SOLID, say("Reports"))
    plain = (Stroke.DOTTED, say("Plain count"))
    if not found.is_model:
        return (counted, plain)
    return (
        counted,
        (Stroke.DASHED, say("Forecast")),
        plain,
        (Stroke.BAND, say("80 % band")),
    )


def timeline_columns() -> tuple[Column, ...]:
    """Return the columns of a chart's table."""
    return (
        Column(say("Month"), Look.TEXT),
        Column(say("Reports")),
        Column(say("Forecast")),
        Column(say("80 % band"), yields=1),
        Column(say("Plain count")),
    )


def timeline_rows(timeline: Timeline) -> tuple[Row, ...]:
    """Return a chart's months as rows."""
    return tuple(_row(moment) for moment in timeline.moments)


def _row(moment: Moment) -> Row:
    expected = moment.expected
    band = NOTHING
    if expected is not None:
        low, high = number(round(expected.low)), number(round(expected.high))
        band = Cell(say("{low} to {high}").format(low=low, high=high))
    cells = (
        Cell(moment.name, is_strong=True),
        _count(moment.count),
        _count(expected.mean if expected else None),
        band,
        _count(moment.plain),
    )
    return Row(moment.name, cells, moment.wanted)


def _count(value: float | None) -> Cell:
    return NOTHING if value is None else Cell(number(round(value)), value=value)
