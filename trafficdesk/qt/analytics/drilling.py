"""Which reports lie behind a figure: the filter that lists them in the review."""

from dataclasses import dataclass, replace

from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.queues import ReportFilter, WeekHour, narrowed
from trafficdesk.services.analytics.happened import happened_in


@dataclass(frozen=True, slots=True)
class Drill:
    """Makes filters for one scope at a desk's calendar."""

    calendar: Calendar
    scope: Scope

    def over(self, period: Period) -> ReportFilter:
        """Return what happened in a period."""
        return happened_in(self.scope.over(period), self.calendar)

    def of(self, period: Period, more: ReportFilter) -> ReportFilter | None:
        """Return what happened in a period and meets ``more``; None if nothing can."""
        return narrowed(self.over(period), more)

    def at_hour(self, rows: ReportFilter, weekday: int, hour: int) -> ReportFilter:
        """Return those of ``rows`` that were reported (an officer's: decided) in an hour."""
        is_decided = self.scope.part is Part.OFFICER
        at = WeekHour(weekday, hour, self.calendar.offset_ms, is_decided)
        return replace(rows, week_hour=at)
