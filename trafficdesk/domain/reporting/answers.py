"""What a template may ask; a desk and a server each answer from their own rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from trafficdesk.domain.analytics.agreement import Opinions
from trafficdesk.domain.analytics.metrics import Figure, MetricId
from trafficdesk.domain.analytics.outlook import Outlook
from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.place_backtest import PlaceBacktest
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.analytics.trends import MonthCount, WeekHours
from trafficdesk.domain.vocabulary import Severity

Figures = Mapping[MetricId, Figure]


@dataclass(frozen=True, slots=True)
class Parts:
    """Every station, ward or officer by name with its KPIs, and the whole city."""

    rows: tuple[tuple[str, Figures], ...]
    city: Figures


@dataclass(frozen=True, slots=True)
class Kinds:
    """A scope's reports by month, hour of the week and kind; the fullest kinds first."""

    months: tuple[MonthCount, ...]
    hours: WeekHours
    types: tuple[tuple[str, int], ...]
    severities: tuple[tuple[Severity, int], ...]
    wards: tuple[tuple[str, int], ...]
    weathers: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A disc of 500 m; ``chance`` of so many there by chance, None where that is not known."""

    name: str
    lon: float
    lat: float
    n: int
    before: int
    weight: int
    chance: float | None
    is_significant: bool


@dataclass(frozen=True, slots=True)
class PlacesFound:
    """Discs that do not overlap, the fullest or gravest first, of so many reports in all."""

    rows: tuple[PlaceFound, ...]
    total: int
    before: int


@dataclass(frozen=True, slots=True)
class SquareFound:
    """A square of 500 m and how many are expected there."""

    name: str
    lon: float
    lat: float
    expected: float
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class SquaresFound:
    """The squares of which most is expected in the week from ``first_day`` on.

    ``backtest``: what the model and the plain count were worth; None where there was too little
    to try them on.
    """

    first_day: int
    rows: tuple[SquareFound, ...]
    is_model: bool
    backtest: PlaceBacktest | None


@dataclass(frozen=True, slots=True)
class RepeaterFound:
    """A vehicle that was reported again and again; its plate is masked for some."""

    plate: str
    n: int
    worst: Severity
    first_ms: int
    last_ms: int


@dataclass(frozen=True, slots=True)
class PatternFound:
    """A violation that comes back at one place and time of the week."""

    name: str
    weekday: int
    hour: int
    violation: str
    support: int
    expected: float
    chance: float


@dataclass(frozen=True, slots=True)
class ChangeFound:
    """A ward or a violation of which there is suddenly more or less."""

    name: str
    is_ward: bool
    recent: int
    usual: float
    chance: float


@dataclass(frozen=True, slots=True)
class DeedsCounted:
    """What the audit chain holds of a period, by action and by person, the most first.

    ``is_whole`` says whether the chain was found unbroken, None where that was not looked at.
    """

    by_action: tuple[tuple[str, int], ...]
    by_person: tuple[tuple[str, int], ...]
    is_whole: bool | None
    length: int


@dataclass(frozen=True, slots=True)
class Health:
    """What the data rests on, by code (``of_duty`` has the words).

    ``machines``: name, last heard of (None: never), state.
    """

    counts: tuple[tuple[str, int], ...]
    machines: tuple[tuple[str, int | None, str], ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IncidentLeft:
    """An incident that a shift hands over; ``kind`` and steps are the field's codes."""

    reference: str
    kind: str
    where: str
    since_ms: int
    score: int
    sent: tuple[tuple[str, str], ...]  # call sign, step
    missing: tuple[tuple[str, int], ...]  # service, how many


@dataclass(frozen=True, slots=True)
class ShiftFound:
    """What dispatch did in a shift, and what it hands over; times are in milliseconds."""

    begin_ms: int
    end_ms: int
    filed: int
    cleared: int
    merged: int
    calls: int
    took: tuple[tuple[str, float | None, float | None, int], ...]  # step, median, longest, of
    left: tuple[IncidentLeft, ...]
    units: tuple[tuple[str, str, str], ...]  # call sign, standing, incident
    deeds: tuple[tuple[str, int], ...]
    people: tuple[tuple[str, int], ...]


class Answers(Protocol):
    """Whoever can be asked; every answer is of the same snapshot's city and by the same clock."""

    def figures(self, scope: Scope) -> Figures:
        """Return every KPI that a scope has, those of vehicles too."""

    def parts(self, period: Period, part: Part) -> Parts:
        """Return all stations, wards or officers side by side; officers only as permitted."""

    def kinds(self, scope: Scope) -> Kinds:
        """Return how a scope's reports run and what they are of."""

    def places(self, scope: Scope, *, by_weight: bool) -> PlacesFound:
        """Return the fullest or the gravest places of a scope."""

    def outlook(self, scope: Scope) -> Outlook:
        """Return the months so far and to come."""

    def squares(self, scope: Scope) -> SquaresFound:
        """Return the squares of which most is expected next week."""

    def repeaters(self, scope: Scope) -> tuple[RepeaterFound, ...]:
        """Return the vehicles that were reported three times or more."""

    def patterns(self, scope: Scope) -> tuple[PatternFound, ...]:
        """Return what comes back, the surest first."""

    def changes(self, scope: Scope) -> tuple[ChangeFound, ...]:
        """Return what changed in the last four weeks, the surest first."""

    def opinions(self, scope: Scope) -> Opinions:
        """Return first and second verdicts of what was looked at twice."""

    def ages(self, scope: Scope) -> Mapping[int, int]:
        """Return how many reports wait by their age in days; empty for a period that is over."""

    def deeds(self, period: Period) -> DeedsCounted:
        """Return what the audit chain holds of a period."""

    def health(self) -> Health:
        """Return what the data rests on."""

    def shift(self, number: int) -> ShiftFound:
        """Return what a shift did and left."""
