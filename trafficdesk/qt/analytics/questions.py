"""What the pages ask the services, each as one question on a reader's thread."""

from dataclasses import dataclass
from datetime import datetime

from trafficdesk.qt.analytics.choosing import Against, Choice
from trafficdesk.qt.analytics.timeline_rows import SHOWN, plain_past
from trafficdesk.services.analytics.as_of import find_heard
from trafficdesk.services.analytics.forecasts import Forecast, forecast_counts
from trafficdesk.services.analytics.hotspots import Counting, Hotspots, find_hotspots
from trafficdesk.services.analytics.overview import KpiValue, find_overview, find_repeat_vehicles
from trafficdesk.services.analytics.patterns import (
    Changes,
    FoundPattern,
    Repeater,
    find_recurring,
    find_repeat_offenders,
    find_sudden_changes,
)
from trafficdesk.services.analytics.places import find_dangerous_places
from trafficdesk.services.analytics.trends import Trends, find_trends
from trafficdesk.services.session import Session

OVERVIEW, TRENDS, FORECAST, REPEATED = "overview", "trends", "forecast", "repeated"
HOTSPOTS, DANGEROUS = "hotspots", "dangerous"
VEHICLES, PATTERNS, CHANGES = "vehicles", "patterns", "changes"


@dataclass(frozen=True, slots=True)
class Counted:
    """KPIs, each with what it is compared with, and when the desk last heard anything.

    ``rivals`` are another place's; None where the KPIs bring their own of another period, which
    is ``choice``'s.
    """

    kpis: tuple[KpiValue, ...]
    rivals: dict[str, float | None] | None
    as_of: datetime
    choice: Choice

    def before(self, kpi: KpiValue) -> float | None:
        """Return what a KPI is compared with."""
        return kpi.before if self.rivals is None else self.rivals.get(kpi.metric_id)


@dataclass(frozen=True, slots=True)
class Run:
    """Trends, and those they are compared with."""

    trends: Trends
    rival: Trends


@dataclass(frozen=True, slots=True)
class Outlook:
    """A forecast, and what the plain count would have said of the months before."""

    forecast: Forecast
    plain: tuple[float | None, ...]


def ask_overview(session: Session, choice: Choice) -> Counted:
    """Count every KPI that sums of days know."""
    if choice.against is not Against.PLACE:
        found = find_overview(session, choice.scope, choice.rival_scope.period)
        return Counted(found.kpis, None, found.as_of, choice)
    found = find_overview(session, choice.scope)
    rivals = _values(find_overview(session, choice.rival_scope).kpis)
    return Counted(found.kpis, rivals, found.as_of, choice)


def ask_repeated(session: Session, choice: Choice) -> Counted:
    """Count the KPIs of vehicles; this reads every report of the period."""
    as_of = find_heard(session)
    if choice.against is not Against.PLACE:
        kpis = find_repeat_vehicles(session, choice.scope, choice.rival_scope.period)
        return Counted(kpis, None, as_of, choice)
    rivals = _values(find_repeat_vehicles(session, choice.rival_scope))
    return Counted(find_repeat_vehicles(session, choice.scope), rivals, as_of, choice)


def _values(kpis: tuple[KpiValue, ...]) -> dict[str, float | None]:
    return {each.metric_id: each.value for each in kpis}


def ask_trends(session: Session, choice: Choice) -> Run:
    """Count trends, and those of what is compared."""
    return Run(find_trends(session, choice.scope), find_trends(session, choice.rival_scope))


def ask_forecast(session: Session, choice: Choice) -> Outlook:
    """Forecast the counts."""
    found = forecast_counts(session, choice.scope)
    return Outlook(found, plain_past(found, min(SHOWN, max(12, len(choice.period.months)))))


class Places:
    """Asks for places; what was counted once of a month is kept for the next question."""

    def __init__(self) -> None:
        self._counting = Counting()

    def ask_hotspots(self, session: Session, choice: Choice) -> Hotspots:
        """Find the fullest discs."""
        return find_hotspots(session, choice.scope, self._counting)

    def ask_dangerous(self, session: Session, choice: Choice) -> Hotspots:
        """Find the gravest discs of a year."""
        return find_dangerous_places(session, choice.scope, self._counting)


def ask_vehicles(session: Session, choice: Choice) -> tuple[Repeater, ...]:
    """Find vehicles that were reported again."""
    return find_repeat_offenders(session, choice.scope)


def ask_patterns(session: Session, choice: Choice) -> tuple[FoundPattern, ...]:
    """Find what comes back at one place and time of the week."""
    return find_recurring(session, choice.scope)


def ask_changes(session: Session, choice: Choice) -> Changes:
    """Find what suddenly changed."""
    return find_sudden_changes(session, choice.scope)
