"""The catalogue of KPIs: what each counts, in which unit, which way is better, and its figure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from trafficdesk.domain.analytics.agreement import agreement_of
from trafficdesk.domain.analytics.durations import median_of, quantile_ms, within_a_day
from trafficdesk.domain.analytics.sums import Responses, Sums
from trafficdesk.domain.vocabulary import Severity


class Unit(StrEnum):
    """What a figure is measured in."""

    COUNT = "count"
    SHARE = "share"  # 0 to 1
    MS = "ms"
    DAYS = "days"
    MONEY = "money"  # the currency's smallest unit
    SCORE = "score"  # 0 to 100
    KAPPA = "kappa"  # -1 to 1
    RATE = "rate"  # so many each day


class Direction(StrEnum):
    """Which way a figure gets better."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


class Source(StrEnum):
    """What a figure is counted from."""

    REPORTS = "reports"
    DECISIONS = "decisions"
    HISTORY = "history"
    CITATIONS = "citations"
    INCIDENTS = "incidents"


class MetricId(StrEnum):
    """The names of the KPIs, in the order they are shown; definitions lie with the words."""

    RECEIVED = "received"
    HANDLED = "handled"
    APPROVED_SHARE = "approved_share"
    REJECTED_SHARE = "rejected_share"
    DUPLICATE_SHARE = "duplicate_share"
    DECISION_TIME = "decision_time"
    DECISION_TIME_P90 = "decision_time_p90"
    WITHIN_A_DAY = "within_a_day"
    BACKLOG = "backlog"
    BACKLOG_AGE = "backlog_age"
    BACKLOG_OLDEST = "backlog_oldest"
    LET_GO_SHARE = "let_go_share"
    REOPENED_SHARE = "reopened_share"
    SECOND_LOOKS = "second_looks"
    AGREEMENT = "agreement"
    KAPPA = "kappa"
    PER_OFFICER_DAY = "per_officer_day"
    SEVERE_SHARE = "severe_share"
    EVIDENCE_SCORE = "evidence_score"
    REPEAT_VEHICLES = "repeat_vehicles"
    REPEAT_VEHICLE_SHARE = "repeat_vehicle_share"
    CITATIONS = "citations"
    CITED_AMOUNT = "cited_amount"
    INCIDENTS = "incidents"
    INJURY_CRASHES = "injury_crashes"
    TO_DISPATCH = "to_dispatch"
    TO_ARRIVAL = "to_arrival"
    TO_CLEAR = "to_clear"


class Figure(NamedTuple):
    """A KPI's value (None: nothing to tell it from) and how many things it is told from."""

    value: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Metric:
    """A KPI: ``figure`` makes it from what was counted; None where a scope has no such thing."""

    id: MetricId
    unit: Unit
    direction: Direction
    source: Source
    figure: Callable[[Sums], Figure | None]


def _count(n: int | None) -> Figure | None:
    return None if n is None else Figure(float(n), n)


def _share(part: int, whole: int) -> Figure:
    return Figure(part / whole if whole else None, whole)


def _received(sums: Sums) -> Figure | None:
    return None if sums.received is None else _count(sums.received.n)


def _severe_share(sums: Sums) -> Figure | None:
    if sums.received is None:
        return None
    by = sums.received.by_severity
    severe = by.get(Severity.SEVERE, 0) + by.get(Severity.CRITICAL, 0)
    return _share(severe, sums.received.n)


def _evidence(sums: Sums) -> Figure | None:
    return None if sums.received is None else _share(sums.received.score_sum, sums.received.n)


def _time(share: float) -> Callable[[Sums], Figure]:
    def figure(sums: Sums) -> Figure:
        return Figure(quantile_ms(sums.decided.times, share), sum(sums.decided.times))

    return figure


def _backlog_age(sums: Sums) -> Figure | None:
    if sums.waiting is None:
        return None
    ages, passed = sums.waiting.ages, 0
    n = sum(ages.values())
    for age in sorted(ages):
        passed += ages[age]
        if 2 * passed >= n:
            return Figure(float(age), n)
    return Figure(None, 0)


def _backlog_oldest(sums: Sums) -> Figure | None:
    if sums.waiting is None:
        return None
    ages = [age for age, n in sums.waiting.ages.items() if n]
    return Figure(float(max(ages)) if ages else None, sum(sums.waiting.ages.values()))


def _let_go(sums: Sums) -> Figure:
    return _share(sums.reviewing.let_go, sums.reviewing.let_go + sums.decided.n)


def _reopened(sums: Sums) -> Figure:
    return _share(sums.reviewing.reopened, sums.reviewing.reopened + sums.decided.n)


def _kappa(sums: Sums) -> Figure:
    found = agreement_of(sums.reviewing.opinions)
    return Figure(found.kappa, found.n)


def _agreement(sums: Sums) -> Figure:
    found = agreement_of(sums.reviewing.opinions)
    return Figure(found.rate, found.n)


def _took(which: Callable[[Responses], tuple[int, ...]]) -> Callable[[Sums], Figure | None]:
    def figure(sums: Sums) -> Figure | None:
        if sums.responses is None:
            return None
        times = which(sums.responses)
        return Figure(median_of(times), len(times))

    return figure


_U, _D = Unit, Direction
_REPORTS, _DECISIONS, _HISTORY = Source.REPORTS, Source.DECISIONS, Source.HISTORY
_INCIDENTS = Source.INCIDENTS

CATALOGUE: Final = (
    Metric(MetricId.RECEIVED, _U.COUNT, _D.NEITHER, _REPORTS, _received),
    Metric(MetricId.HANDLED, _U.COUNT, _D.UP, _DECISIONS, lambda s: _count(s.decided.n)),
    Metric(
        MetricId.APPROVED_SHARE,
        _U.SHARE,
        _D.NEITHER,
        _DECISIONS,
        lambda s: _share(s.decided.approved, s.decided.n),
    ),
    Metric(
        MetricId.REJECTED_SHARE,
        _U.SHARE,
        _D.NEITHER,
        _DECISIONS,
        lambda s: _share(s.decided.rejected, s.decided.n),
    ),
    Metric(
        MetricId.DUPLICATE_SHARE,
        _U.SHARE,
        _D.NEITHER,
        _DECISIONS,
        lambda s: _share(s.decided.duplicate, s.decided.n),
    ),
    Metric(MetricId.DECISION_TIME, _U.MS, _D.DOWN, _DECISIONS, _time(0.5)),
    Metric(MetricId.DECISION_TIME_P90, _U.MS, _D.DOWN, _DECISIONS, _time(0.9)),
    Metric(
        MetricId.WITHIN_A_DAY,
        _U.SHARE,
        _D.UP,
        _DECISIONS,
        lambda s: _share(within_a_day(s.decided.times), sum(s.decided.times)),
    ),
    Metric(
        MetricId.BACKLOG,
        _U.COUNT,
        _D.DOWN,
        _REPORTS,
        lambda s: None if s.waiting is None else _count(s.waiting.n),
    ),
    Metric(MetricId.BACKLOG_AGE, _U.DAYS, _D.DOWN, _REPORTS, _backlog_age),
    Metric(MetricId.BACKLOG_OLDEST, _U.DAYS, _D.DOWN, _REPORTS, _backlog_oldest),
    Metric(MetricId.LET_GO_SHARE, _U.SHARE, _D.DOWN, _HISTORY, _let_go),
    Metric(MetricId.REOPENED_SHARE, _U.SHARE, _D.DOWN, _HISTORY, _reopened),
    Metric(
        MetricId.SECOND_LOOKS,
        _U.COUNT,
        _D.NEITHER,
        _HISTORY,
        lambda s: _count(sum(s.reviewing.opinions.values())),
    ),
    Metric(MetricId.AGREEMENT, _U.SHARE, _D.UP, _HISTORY, _agreement),
    Metric(MetricId.KAPPA, _U.KAPPA, _D.UP, _HISTORY, _kappa),
    Metric(
        MetricId.PER_OFFICER_DAY,
        _U.RATE,
        _D.NEITHER,
        _DECISIONS,
        lambda s: (
            None if s.workload is None else _share(s.workload.decisions, s.workload.officer_days)
        ),
    ),
    Metric(MetricId.SEVERE_SHARE, _U.SHARE, _D.DOWN, _REPORTS, _severe_share),
    Metric(MetricId.EVIDENCE_SCORE, _U.SCORE, _D.UP, _REPORTS, _evidence),
    Metric(
        MetricId.REPEAT_VEHICLES,
        _U.COUNT,
        _D.DOWN,
        _REPORTS,
        lambda s: None if s.vehicles is None else _count(s.vehicles.repeated),
    ),
    Metric(
        MetricId.REPEAT_VEHICLE_SHARE,
        _U.SHARE,
        _D.DOWN,
        _REPORTS,
        lambda s: None if s.vehicles is None else _share(s.vehicles.repeated, s.vehicles.n),
    ),
    Metric(MetricId.CITATIONS, _U.COUNT, _D.NEITHER, Source.CITATIONS, lambda s: _count(s.cited.n)),
    Metric(
        MetricId.CITED_AMOUNT,
        _U.MONEY,
        _D.NEITHER,
        Source.CITATIONS,
        lambda s: Figure(float(s.cited.amount_minor), s.cited.n),
    ),
    Metric(
        MetricId.INCIDENTS,
        _U.COUNT,
        _D.DOWN,
        _INCIDENTS,
        lambda s: None if s.responses is None else _count(s.responses.n),
    ),
    Metric(
        MetricId.INJURY_CRASHES,
        _U.COUNT,
        _D.DOWN,
        _INCIDENTS,
        lambda s: None if s.responses is None else _count(s.responses.injuries),
    ),
    Metric(MetricId.TO_DISPATCH, _U.MS, _D.DOWN, _INCIDENTS, _took(lambda r: r.to_dispatch)),
    Metric(MetricId.TO_ARRIVAL, _U.MS, _D.DOWN, _INCIDENTS, _took(lambda r: r.to_arrival)),
    Metric(MetricId.TO_CLEAR, _U.MS, _D.DOWN, _INCIDENTS, _took(lambda r: r.to_clear)),
)
OF_VEHICLES: Final = frozenset({MetricId.REPEAT_VEHICLES, MetricId.REPEAT_VEHICLE_SHARE})
METRICS: Final[Mapping[MetricId, Metric]] = {metric.id: metric for metric in CATALOGUE}


def figures_of(sums: Sums) -> dict[MetricId, Figure]:
    """Return every KPI that a scope has."""
    found = {metric.id: metric.figure(sums) for metric in CATALOGUE}
    return {name: figure for name, figure in found.items() if figure is not None}
