"""When a report that comes round is due, and which days it is about.

A report comes round on days of the city, at an hour of its clocks. The days it is about are those
that figures are counted by: of the city's standard time (``domain.calendar``). In summer such a
day ends an hour later by the clocks, so what is due earlier waits until its days are over.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from trafficdesk.domain.analytics.periods import (
    Period,
    first_day_of_month,
    month_of_day,
    month_period,
    weekday_of,
)
from trafficdesk.domain.calendar import Calendar, standard_offset_ms
from trafficdesk.domain.reporting.asked import Asked, Form
from trafficdesk.domain.reporting.language import Language
from trafficdesk.domain.shifts import shift_of, span_of
from trafficdesk.domain.times import from_ms, to_ms

MOST_CAUGHT_UP: Final = 12
# A clock set right by less than this makes nothing come twice.
EARLY_MS: Final = 86_400_000
MINUTES_A_DAY: Final = 1440
_EPOCH: Final = date(1970, 1, 1).toordinal()
_WEEK: Final = 7


def date_of(day: int) -> date:
    """Return the date of a day that is counted since 1970."""
    return date.fromordinal(day + _EPOCH)


class Every(StrEnum):
    """How often a report comes round."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class About(StrEnum):
    """What stretch a report is about, seen from the day that it comes round on."""

    YESTERDAY = "yesterday"
    LAST_WEEK = "last_week"
    LAST_MONTH = "last_month"
    LAST_SHIFT = "last_shift"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Every day, or every week or month on one day, at a minute of the city's day.

    ``on`` is the weekday from Monday (1 to 7) or the day of the month (1 to 31, the last one in
    shorter months); of every day it says nothing.

    Raises:
        ValueError: there is no such day or minute.
    """

    every: Every
    minute: int
    on: int = 1

    def __post_init__(self) -> None:
        """Refuse what never comes round."""
        most = {Every.DAY: 31, Every.WEEK: _WEEK, Every.MONTH: 31}[self.every]
        if not (0 <= self.minute < MINUTES_A_DAY and 1 <= self.on <= most):
            raise ValueError(f"{self.every} on {self.on} at minute {self.minute}")

    def comes_on(self, day: int) -> bool:
        """Tell whether it comes round on a day (counted since 1970)."""
        if self.every is Every.DAY:
            return True
        if self.every is Every.WEEK:
            return weekday_of(day) == self.on - 1
        first = first_day_of_month(month_of_day(day))
        length = first_day_of_month(month_of_day(day) + 1) - first
        return day - first + 1 == min(self.on, length)


class Stretch(NamedTuple):
    """What a report is about: whole days, or the one shift that begins in them."""

    period: Period
    shift: int | None = None

    def end_ms(self, calendar: Calendar) -> int:
        """Return when it is over."""
        if self.shift is not None:
            return span_of(calendar, self.shift).end_ms
        return self.period.span_ms(calendar)[1]


@dataclass(frozen=True, slots=True)
class Wish:
    """A report that is to come round: what is asked, as what, when, and where it is to go.

    Without station, ward and officer it is about the whole city. It goes to a folder, to mail
    addresses, or to both.
    """

    template_id: str
    form: Form
    about: About
    rhythm: Rhythm
    station_id: UUID | None = None
    ward_id: UUID | None = None
    officer_id: UUID | None = None
    folder: str = ""
    addresses: tuple[str, ...] = ()
    language: Language = Language.ENGLISH

    def asked(self, stretch: Stretch) -> Asked:
        """Return what is asked of the report about a stretch."""
        return Asked(
            self.template_id,
            stretch.period,
            self.station_id,
            self.ward_id,
            self.officer_id,
            stretch.shift,
            self.language,
        )


@dataclass(frozen=True, slots=True)
class Due:
    """Days whose report is due, the first first; of more than twelve only the last twelve are."""

    days: tuple[int, ...]
    passed_over: int = 0


@dataclass(frozen=True)
class Timetable:
    """A rhythm in a city, and what its reports are about."""

    rhythm: Rhythm
    about: About
    zone_name: str

    @cached_property
    def calendar(self) -> Calendar:
        """The calendar that figures of the city are counted by."""
        return Calendar(standard_offset_ms(self.zone_name))

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)

    def _struck_ms(self, day: int) -> int:
        """Return when the city's clocks show the hour on a day.

        An hour that clocks leave out is struck as much later as they jump; of one that comes
        twice the first counts.
        """
        minute = timedelta(minutes=self.rhythm.minute)
        shown = datetime.combine(date_of(day), time()) + minute
        return to_ms(shown.replace(tzinfo=self._zone).astimezone(UTC))

    def stretch_of(self, day: int) -> Stretch:
        """Return what the report of a day is about."""
        match self.about:
            case About.YESTERDAY:
                return Stretch(Period(day - 1, day))
            case About.LAST_WEEK:
                monday = day - weekday_of(day)
                return Stretch(Period(monday - _WEEK, monday))
            case About.LAST_MONTH:
                return Stretch(month_period(month_of_day(day) - 1))
            case About.LAST_SHIFT:
                shift = shift_of(self.calendar, self._struck_ms(day)) - 1
                begins = self.calendar.day_of(span_of(self.calendar, shift).begin_ms)
                return Stretch(Period(begins, begins + 1), shift)

    def due_ms(self, day: int) -> int:
        """Return when the report of a day is due: at its hour, and never before its days end."""
        return max(self._struck_ms(day), self.stretch_of(day).end_ms(self.calendar))

    def _day_at(self, ms: int) -> int:
        return from_ms(ms).astimezone(self._zone).toordinal() - _EPOCH

    def find_due(self, after_ms: int, until_ms: int) -> Due:
        """Return the days whose report came due after one instant and until another."""
        if until_ms <= after_ms:
            return Due(())
        first, last = self._day_at(after_ms), self._day_at(until_ms)
        days = [
            day
            for day in range(first, last + 1)
            if self.rhythm.comes_on(day) and after_ms < self.due_ms(day) <= until_ms
        ]
        kept = tuple(days[-MOST_CAUGHT_UP:])
        return Due(kept, len(days) - len(kept))

    def next_due_ms(self, after_ms: int) -> int:
        """Return when the next report after an instant is due."""
        day = self._day_at(after_ms)
        while not (self.rhythm.comes_on(day) and self.due_ms(day) > after_ms):
            day += 1
        return self.due_ms(day)
