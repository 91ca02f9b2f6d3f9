"""From a figure to its reports: which filter of the review list finds the rows behind it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from trafficdesk.domain.analytics.metrics import Metric, MetricId, Source
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.vocabulary import ReportStatus, Severity

_S = ReportStatus
_APPROVED: Final = frozenset({_S.APPROVED, _S.CITED, _S.CLOSED})
_UNDECIDED: Final = frozenset({_S.PENDING, _S.UNDER_REVIEW, _S.NEEDS_INFO})
_DECIDED: Final = frozenset(_S) - _UNDECIDED
_STATUSES: Final[Mapping[MetricId, frozenset[ReportStatus]]] = {
    MetricId.APPROVED_SHARE: _APPROVED,
    MetricId.REJECTED_SHARE: frozenset({_S.REJECTED}),
    MetricId.DUPLICATE_SHARE: frozenset({_S.DUPLICATE}),
    MetricId.BACKLOG: _UNDECIDED,
    MetricId.BACKLOG_AGE: _UNDECIDED,
    MetricId.BACKLOG_OLDEST: _UNDECIDED,
}


def reports_of(scope: Scope, calendar: Calendar) -> ReportFilter:
    """Return what finds the reports that a scope received; an officer's are those they decided."""
    from_ms, to_ms = scope.period.span_ms(calendar)
    if scope.officer_id is not None:
        return decisions_of(scope, calendar)
    return ReportFilter(
        station_id=scope.station_id, ward_id=scope.ward_id, from_ms=from_ms, to_ms=to_ms
    )


def decisions_of(scope: Scope, calendar: Calendar) -> ReportFilter:
    """Return what finds the reports that were decided in a scope."""
    from_ms, to_ms = scope.period.span_ms(calendar)
    return ReportFilter(
        statuses=_DECIDED,
        station_id=scope.station_id,
        ward_id=scope.ward_id,
        reviewer_id=scope.officer_id,
        decided_from_ms=from_ms,
        decided_to_ms=to_ms,
    )


def filter_of(metric: Metric, scope: Scope, calendar: Calendar) -> ReportFilter | None:
    """Return what finds the reports behind a KPI; None where it is not counted from their rows."""
    if metric.id is MetricId.PER_OFFICER_DAY and scope.part is Part.STATION:
        return None  # those of its officers, wherever they decided
    if metric.source is Source.DECISIONS:
        found = decisions_of(scope, calendar)
    elif metric.source is Source.REPORTS:
        found = reports_of(scope, calendar)
    else:
        return None
    if metric.id is MetricId.SEVERE_SHARE:
        return replace(found, severities=frozenset({Severity.SEVERE, Severity.CRITICAL}))
    if (statuses := _STATUSES.get(metric.id)) is None:
        return found
    if statuses is _UNDECIDED:  # whoever still waits, also from before the period
        return replace(found, statuses=statuses, from_ms=None)
    return replace(found, statuses=statuses)
