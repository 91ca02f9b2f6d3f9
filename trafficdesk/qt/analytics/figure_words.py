"""Figures and how they changed, as people read them."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.analytics.metrics import Metric, Unit
from trafficdesk.domain.analytics.trends import Change, Verdict, change_of
from trafficdesk.qt.ages import locale, money, number
from trafficdesk.qt.analytics.table_cells import NOTHING, Cell

UNKNOWN: Final = "\N{EN DASH}"
MINUS: Final = "\N{MINUS SIGN}"
_MINUTE_MS: Final = 60_000
_HOUR_MS: Final = 60 * _MINUTE_MS
_DAY_MS: Final = 24 * _HOUR_MS
_HOURS_TOLD: Final = 48
_TOLD_IN: Final = {Unit.SHARE: 100, Unit.MS: 1 / _MINUTE_MS}
_MANIFOLD: Final = 10  # as a share; beyond, the difference itself says more


def say(source: str) -> str:
    """Return a sentence of the figures, translated."""
    return QCoreApplication.translate("Figures", source)


def decimal(value: float, digits: int = 1) -> str:
    """Return a number with so many digits behind its point; a real minus sign if one is not 0."""
    told = locale().toString(abs(value), "f", digits)
    return MINUS + told if round(value, digits) < 0 else told


def percent(share: float, digits: int = 1) -> str:
    """Return a share as a percentage."""
    return say("{number} %").format(number=decimal(share * 100, digits))


def duration(ms: float) -> str:
    """Return a length of time: ``7:40`` below an hour, ``18 min``, ``3 h 20``, ``4.2 d``."""
    if ms < _HOUR_MS:
        minutes, seconds = divmod(round(ms / 1000), 60)
        return say("{minutes}:{seconds} min").format(minutes=minutes, seconds=f"{seconds:02d}")
    if ms < _HOURS_TOLD * _HOUR_MS:
        hours, minutes = divmod(round(ms / _MINUTE_MS), 60)
        return say("{hours} h {minutes}").format(hours=hours, minutes=f"{minutes:02d}")
    return say("{days} d").format(days=decimal(ms / _DAY_MS))


def figure_words(metric: Metric, value: float | None, currency: str = "INR") -> str:
    """Return a KPI's value with its unit; a dash where there is none."""
    if value is None:
        return UNKNOWN
    return _WAYS[metric.unit](value) if metric.unit in _WAYS else money(round(value), currency)


def figure_cell(
    metric: Metric, value: float | None, currency: str = "INR", *, is_strong: bool = False
) -> Cell:
    """Return a KPI's value as a cell; shares are told in per cent, times in minutes."""
    if value is None:
        return NOTHING
    told = value * _TOLD_IN.get(metric.unit, 1)
    return Cell(figure_words(metric, value, currency), is_strong=is_strong, value=told)


def _days(value: float) -> str:
    return say("{days} d").format(days=number(round(value)))


_WAYS: Final[Mapping[Unit, Callable[[float], str]]] = {
    Unit.COUNT: lambda value: number(round(value)),
    Unit.SHARE: percent,
    Unit.MS: duration,
    Unit.DAYS: _days,
    Unit.KAPPA: partial(decimal, digits=2),
    Unit.SCORE: decimal,
    Unit.RATE: decimal,
}


def change_words(metric: Metric, before: float | None, now: float | None) -> tuple[str, str]:
    """Return how far a KPI moved (``↓ 6.2 %``) and what that means; "" where nothing is known."""
    change = change_of(before, now, metric.direction)
    if change is None:
        return "", ""
    if change.verdict is Verdict.SAME:
        return "", say("as before")
    arrow = "\N{UPWARDS ARROW}" if change.difference > 0 else "\N{DOWNWARDS ARROW}"
    return f"{arrow} {_moved_by(metric, change)}", _meaning(change)


def is_worse(metric: Metric, before: float | None, now: float | None) -> bool:
    """Tell whether a KPI moved the wrong way."""
    change = change_of(before, now, metric.direction)
    return change is not None and change.verdict is Verdict.WORSE


def _moved_by(metric: Metric, change: Change) -> str:
    size = abs(change.difference)
    match metric.unit:
        case Unit.SHARE:
            return say("{points} pt").format(points=decimal(size * 100))
        case Unit.MS:
            return duration(size)
        case Unit.DAYS:
            return _days(size)
        case Unit.KAPPA:
            return decimal(size, 2)
        case _ if change.share is not None and abs(change.share) < _MANIFOLD:
            return percent(abs(change.share))
        case _:
            return number(round(size))


def _meaning(change: Change) -> str:
    match change.verdict:
        case Verdict.BETTER:
            return say("better")
        case Verdict.WORSE:
            return say("worse")
        case _:
            return say("more") if change.difference > 0 else say("fewer")
