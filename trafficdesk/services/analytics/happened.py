"""What counts as having happened, for questions of places and times: how the list finds it."""

from typing import Final

from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.vocabulary import ReportStatus
from trafficdesk.store.patrol_counts import NOT_COUNTED

_HAPPENED: Final = frozenset(ReportStatus) - set(NOT_COUNTED)


def happened_in(scope: Scope, calendar: Calendar) -> ReportFilter:
    """Return what finds the reports that occurred in a scope, but for rejected and duplicate."""
    from_ms, to_ms = scope.period.span_ms(calendar)
    return ReportFilter(
        statuses=_HAPPENED,
        station_id=scope.station_id,
        ward_id=scope.ward_id,
        reviewer_id=scope.officer_id,
        occurred_from_ms=from_ms,
        occurred_to_ms=to_ms,
    )
