"""The overview: every KPI of a scope with the period before and how it ran."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from trafficdesk.domain.analytics.compared import parts_over, period_before
from trafficdesk.domain.analytics.metrics import (
    CATALOGUE,
    OF_VEHICLES,
    Figure,
    Metric,
    MetricId,
    figures_of,
)
from trafficdesk.domain.analytics.periods import Period, spanning
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.analytics.sums import Sums
from trafficdesk.domain.analytics.trends import Change, change_of
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.times import to_ms
from trafficdesk.services.analytics.as_of import heard_at
from trafficdesk.services.analytics.drilling import filter_of
from trafficdesk.services.session import Session
from trafficdesk.store import facts
from trafficdesk.store.analytics.counting import Counting
from trafficdesk.store.analytics.recount import count_vehicles


@dataclass(frozen=True, slots=True)
class KpiValue:
    """One KPI of a scope.

    ``value`` and ``before`` are None where there is nothing to tell them from, ``n`` and
    ``n_before`` say from how many things they are told. ``spark`` runs over the parts of the
    period that are over; () where those have no figures. ``rows`` finds the reports behind it;
    None where it is not made of reports.
    """

    metric: Metric
    value: float | None
    n: int
    before: float | None
    n_before: int
    spark: tuple[float | None, ...]
    rows: ReportFilter | None

    @property
    def metric_id(self) -> MetricId:
        """Return which KPI it is."""
        return self.metric.id

    @property
    def change(self) -> Change | None:
        """Return how it changed since the period before."""
        return change_of(self.before, self.value, self.metric.direction)


@dataclass(frozen=True, slots=True)
class Overview:
    """The KPIs that a scope has, in the catalogue's order, and what they are compared with.

    ``parts`` are those of the period that are over.

    ``as_of`` is when this desk last held all that its server had; for a desk of its own it is now.
    """

    scope: Scope
    before: Period
    parts: tuple[Period, ...]
    kpis: tuple[KpiValue, ...]
    as_of: datetime


def _spark(
    metric_id: MetricId, runs: Sequence[Mapping[MetricId, Figure]]
) -> tuple[float | None, ...]:
    """Return how a KPI ran; () where it is not told of the parts of a period."""
    values = tuple(run[metric_id].value for run in runs if metric_id in run)
    return values if any(value is not None for value in values) else ()


def may_see(session: Session, scope: Scope) -> bool:
    """Tell whether the officer may see the figures of a scope; one's own anybody may."""
    is_anothers = scope.officer_id not in {None, session.officer.id}
    needed = Permission.ANALYTICS_OFFICERS if is_anothers else Permission.ANALYTICS_VIEW
    return session.may(needed)


def find_overview(session: Session, scope: Scope, before: Period | None = None) -> Overview:
    """Return the KPIs of a scope, beside the period before it or another one.

    Without ``before`` that is what ``compared.period_before`` says. There are none of what the
    officer may not see.
    """
    with session.store.reading() as connection:
        return _overview(connection, session, scope, before)


def _overview(
    connection: Connection, session: Session, scope: Scope, before: Period | None
) -> Overview:
    calendar = facts.calendar(connection)
    now = calendar.day_time(to_ms(session.lease_clock()))
    before, over = before or period_before(scope.period, now), parts_over(scope.period, now.day)

    counting = Counting(connection, calendar, spanning(before, scope.period))
    found, earlier = (
        figures_of(counting.count_whole(scope.over(period), now.day))
        for period in (scope.period, before)
    )
    runs = [figures_of(counting.count(scope.over(part))) for part in over]
    nothing = Figure(None, 0)
    kpis = tuple(
        KpiValue(
            metric,
            *found[metric.id],
            *earlier.get(metric.id, nothing),
            _spark(metric.id, runs),
            filter_of(metric, scope, calendar),
        )
        for metric in CATALOGUE
        if metric.id in found and may_see(session, scope)
    )
    return Overview(scope, before, over, kpis, heard_at(connection, session))


def find_repeat_vehicles(
    session: Session, scope: Scope, before: Period | None = None
) -> tuple[KpiValue, ...]:
    """Return the KPIs of vehicles that were reported again, which the overview leaves out.

    No sum of days knows them: every report of both periods is read, which takes seconds for a
    year of a desk with a million. An officer has none.
    """
    if scope.part is Part.OFFICER:
        return ()
    with session.store.reading() as connection:
        calendar = facts.calendar(connection)
        before = before or period_before(
            scope.period, calendar.day_time(to_ms(session.lease_clock()))
        )
        now, earlier = (
            figures_of(Sums(vehicles=count_vehicles(connection, calendar, scope.over(period))))
            for period in (scope.period, before)
        )
    return tuple(
        KpiValue(
            metric,
            *now[metric.id],
            *earlier[metric.id],
            (),
            filter_of(metric, scope, calendar),
        )
        for metric in CATALOGUE
        if metric.id in OF_VEHICLES
    )
