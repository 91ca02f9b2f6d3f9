"""What the officer has chosen to look at: days, whom, and what to compare with."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QDate, QLocale

from trafficdesk.domain.analytics.compared import is_running, period_before, year_before
from trafficdesk.domain.analytics.periods import (
    MONTHS_A_YEAR,
    Period,
    first_day_of_month,
    last_days,
    last_months,
    month_of_day,
    month_period,
)
from trafficdesk.domain.analytics.scope import Part, Scope, scope_of
from trafficdesk.domain.calendar import DayTime
from trafficdesk.qt.map.histogram import date_of


class Against(StrEnum):
    """What figures are compared with."""

    BEFORE = "before"
    YEAR_BEFORE = "year_before"
    PLACE = "place"


class Subject(NamedTuple):
    """The city, or a station, ward or officer by name."""

    part: Part = Part.CITY
    id: UUID | None = None
    name: str = ""


_CITY: Final = Subject()
_MINUTE_MS: Final = 60_000
_NO_TIME: Final = DayTime(-1, 0)


@dataclass(frozen=True, slots=True)
class Choice:
    """A period, whom it is about, and what it is compared with.

    ``now`` is when it is counted; two choices are equal whenever that is. Before it is counted for
    the first time its period is taken for one that does not run.
    """

    period: Period
    subject: Subject = _CITY
    against: Against = Against.BEFORE
    rival: Subject = _CITY
    now: DayTime = field(default=_NO_TIME, compare=False)

    @property
    def scope(self) -> Scope:
        """Return what services are asked about."""
        return scope_of(self.period, self.subject.part, self.subject.id)

    @property
    def rival_scope(self) -> Scope:
        """Return what it is compared with."""
        match self.against:
            case Against.BEFORE:
                return self.scope.over(period_before(self.period, self.now))
            case Against.YEAR_BEFORE:
                return self.scope.over(year_before(self.period, self.now))
            case Against.PLACE:
                return scope_of(self.period, self.rival.part, self.rival.id)

    def moved(self, by: int, today: int) -> "Choice":
        """Return it so many periods on, up to the one that holds today."""
        period = self.period
        if period.is_whole_months:
            months = len(period.months)
            first = period.months[0] + by * months
            fresh = Period(first_day_of_month(first), first_day_of_month(first + months))
        else:
            fresh = Period(period.first_day + by * period.days, period.past_day + by * period.days)
        return self if fresh.first_day > today else replace(self, period=fresh)


@dataclass(frozen=True, slots=True)
class Preset:
    """A period by name; ``make`` returns it for a day."""

    id: str
    words: object
    make: Callable[[int], Period]


def _this_year(today: int) -> Period:
    first = month_of_day(today) // MONTHS_A_YEAR * MONTHS_A_YEAR
    return Period(first_day_of_month(first), first_day_of_month(first + MONTHS_A_YEAR))


def _last_year(today: int) -> Period:
    first = (month_of_day(today) // MONTHS_A_YEAR - 1) * MONTHS_A_YEAR
    return Period(first_day_of_month(first), first_day_of_month(first + MONTHS_A_YEAR))


PRESETS: Final = (
    Preset("week", QT_TRANSLATE_NOOP("Periods", "Last 7 days"), lambda day: last_days(day, 7)),
    Preset("four_weeks", QT_TRANSLATE_NOOP("Periods", "Last 28 days"), lambda d: last_days(d, 28)),
    Preset(
        "month",
        QT_TRANSLATE_NOOP("Periods", "This month"),
        lambda day: month_period(month_of_day(day)),
    ),
    Preset(
        "last_month",
        QT_TRANSLATE_NOOP("Periods", "Last month"),
        lambda day: month_period(month_of_day(day) - 1),
    ),
    Preset(
        "quarter",
        QT_TRANSLATE_NOOP("Periods", "Last 3 months"),
        lambda day: last_months(day, 3),
    ),
    Preset(
        "twelve",
        QT_TRANSLATE_NOOP("Periods", "Last 12 months"),
        lambda day: last_months(day, MONTHS_A_YEAR),
    ),
    Preset("year", QT_TRANSLATE_NOOP("Periods", "This year"), _this_year),
    Preset("last_year", QT_TRANSLATE_NOOP("Periods", "Last year"), _last_year),
)


def say(source: object) -> str:
    """Return a sentence of the choice, translated."""
    return QCoreApplication.translate("Periods", str(source))


def month_name(month: int, *, has_year: bool = True) -> str:
    """Return a month (``year * 12 + month - 1``) as people say it: ``Nov 2026``."""
    year, number = divmod(month, MONTHS_A_YEAR)
    return QLocale().toString(QDate(year, number + 1, 1), "MMM yyyy" if has_year else "MMM")


def period_words(period: Period) -> str:
    """Return a period as people say it: ``Dec 2025 - Nov 2026``, ``16 Nov - 22 Nov 2026``.

    Of a last day that is there in part it says until when.
    """
    if period.is_whole_months:
        first, last = period.months[0], period.months[-1]
        if first == last:
            return month_name(first)
        return say("{first} \N{EN DASH} {last}").format(
            first=month_name(first), last=month_name(last)
        )
    first_day, last_day = date_of(period.first_day), date_of(period.past_day - 1)
    is_one_year = first_day.year() == last_day.year()
    first_words = QLocale().toString(first_day, "d MMM" if is_one_year else "d MMM yyyy")
    last_words = QLocale().toString(last_day, "d MMM yyyy")
    told = last_words
    if period.days > 1:
        told = say("{first} \N{EN DASH} {last}").format(first=first_words, last=last_words)
    if period.part_day is None:
        return told
    return say("{days}, until {time}").format(days=told, time=time_words(period.last_ms - 1))


def time_words(passed_ms: int) -> str:
    """Return how much of a day has passed as what its clocks show: ``14:05``."""
    hours, minutes = divmod(passed_ms // _MINUTE_MS, 60)
    return f"{hours:02d}:{minutes:02d}"


def subject_words(subject: Subject) -> str:
    """Return whom figures are about."""
    return subject.name or say("Whole city")


def against_words(choice: Choice) -> str:
    """Return what a choice is compared with, as short as a button."""
    match choice.against:
        case Against.BEFORE:
            return say("vs the period before")
        case Against.YEAR_BEFORE:
            return say("vs a year earlier")
        case Against.PLACE:
            return say("vs {name}").format(name=subject_words(choice.rival))


def rival_words(choice: Choice) -> str:
    """Return what exactly a choice is compared with: another place, or which days."""
    if choice.against is Against.PLACE:
        return subject_words(choice.rival)
    return period_words(choice.rival_scope.period)


def choice_words(choice: Choice) -> str:
    """Return all that was chosen, for what leaves the screen."""
    against = say("vs {name}").format(name=rival_words(choice))
    of = period_words(choice.period), subject_words(choice.subject), against
    running = unfinished_words(choice) if choice.against is Against.PLACE else say("Not over yet")
    is_running_now = is_running(choice.period, choice.now.day)
    return " \N{MIDDLE DOT} ".join((*of, running) if is_running_now else of)


def unfinished_words(choice: Choice) -> str:
    """Return that a period is not over and which part of the other it is compared with.

    "" if it is over, or still to come.
    """
    if not is_running(choice.period, choice.now.day):
        return ""
    if choice.against is not Against.PLACE:
        return say("Not over yet: against {days}").format(days=rival_words(choice))
    day = QLocale().toString(date_of(choice.now.day), "d MMM")
    time = time_words(choice.now.passed_ms)
    return say("Not over yet: up to {day}, {time}").format(day=day, time=time)
