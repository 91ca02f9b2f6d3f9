"""What is counted of a scope, before anything is made of it: the same on desk and server."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from trafficdesk.domain.analytics.agreement import Opinions
from trafficdesk.domain.analytics.durations import BUCKETS
from trafficdesk.domain.vocabulary import ReportStatus, Severity


@dataclass(frozen=True, slots=True)
class Received:
    """Reports by the day they were reported on."""

    by_severity: Mapping[Severity, int] = field(default_factory=dict)
    score_sum: int = 0

    @property
    def n(self) -> int:
        """Return how many there are."""
        return sum(self.by_severity.values())


@dataclass(frozen=True, slots=True)
class Decided:
    """Decisions that stand, by the day they were made on; a citation was an approval.

    ``times`` counts the buckets of ``durations`` from report to decision.
    """

    approved: int = 0
    rejected: int = 0
    duplicate: int = 0
    times: tuple[int, ...] = (0,) * BUCKETS

    @property
    def n(self) -> int:
        """Return how many there are."""
        return self.approved + self.rejected + self.duplicate


@dataclass(frozen=True, slots=True)
class Workload:
    """What a scope's officers decided, wherever it was, and on how many days, each one's apart."""

    decisions: int
    officer_days: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What was undecided when the period ended.

    ``ages`` counts those that are undecided now by their age in whole days on the period's last
    day; a period that is over has none, for nobody kept how old they were then.
    """

    n: int = 0
    ages: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reviewing:
    """What happened to decisions and to reports taken for review, by the day it happened on."""

    let_go: int = 0
    reopened: int = 0
    opinions: Opinions = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cited:
    """Citations that stand, by the day of issue; the amount in the currency's smallest unit."""

    n: int = 0
    amount_minor: int = 0


@dataclass(frozen=True, slots=True)
class Vehicles:
    """How many plates were reported in the period, and how many of them more than once."""

    n: int = 0
    repeated: int = 0


@dataclass(frozen=True, slots=True)
class Responses:
    """Incidents by the day they were reported on, and how long each step took, in milliseconds."""

    n: int = 0
    injuries: int = 0
    to_dispatch: tuple[int, ...] = ()
    to_arrival: tuple[int, ...] = ()
    to_clear: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sums:
    """All that is counted of a scope; None is what a scope has not got (an officer no backlog)."""

    received: Received | None = None
    decided: Decided = field(default_factory=Decided)
    waiting: Waiting | None = None
    workload: Workload | None = None
    reviewing: Reviewing = field(default_factory=Reviewing)
    cited: Cited = field(default_factory=Cited)
    vehicles: Vehicles | None = None
    responses: Responses | None = None

    @property
    def has_any(self) -> bool:
        """Tell whether anything was counted: a station, ward or officer without is not told of."""
        counted = (self.received, self.decided, self.waiting, self.cited, self.responses)
        worked = self.workload is not None and self.workload.decisions > 0
        looked = self.reviewing != Reviewing()
        return worked or looked or any(each is not None and each.n > 0 for each in counted)


def added(parts: Sequence[Sums]) -> Sums:
    """Return what stretches of days that follow each other come to; there must be one.

    Vehicles cannot be added up: one may have come in several. What waited is what did at the end.
    """
    last = parts[-1]
    received = [each.received for each in parts if each.received is not None]
    responses = [each.responses for each in parts if each.responses is not None]
    work = [each.workload for each in parts if each.workload is not None]
    return Sums(
        received=_received(received) if received else None,
        decided=Decided(
            sum(each.decided.approved for each in parts),
            sum(each.decided.rejected for each in parts),
            sum(each.decided.duplicate for each in parts),
            tuple(map(sum, zip(*(each.decided.times for each in parts), strict=True))),
        ),
        waiting=last.waiting,
        workload=Workload(sum(w.decisions for w in work), sum(w.officer_days for w in work))
        if work
        else None,
        reviewing=_reviewing([each.reviewing for each in parts]),
        cited=Cited(
            sum(each.cited.n for each in parts), sum(each.cited.amount_minor for each in parts)
        ),
        responses=_responses(responses) if responses else None,
    )


def with_ages(sums: Sums, ages: Mapping[int, int], vehicles: Vehicles) -> Sums:
    """Return the sums with what cannot be added up: ages of what waits, and vehicles."""
    waiting = Waiting(0 if sums.waiting is None else sums.waiting.n, ages)
    return replace(sums, waiting=waiting, vehicles=vehicles)


def _received(parts: Sequence[Received]) -> Received:
    by_severity = Counter[Severity]()
    for each in parts:
        by_severity.update(each.by_severity)
    return Received(dict(by_severity), sum(each.score_sum for each in parts))


def _reviewing(parts: Sequence[Reviewing]) -> Reviewing:
    opinions = Counter[tuple[ReportStatus, ReportStatus]]()
    for each in parts:
        opinions.update(each.opinions)
    return Reviewing(
        sum(each.let_go for each in parts), sum(each.reopened for each in parts), dict(opinions)
    )


def _responses(parts: Sequence[Responses]) -> Responses:
    return Responses(
        sum(each.n for each in parts),
        sum(each.injuries for each in parts),
        tuple(took for each in parts for took in each.to_dispatch),
        tuple(took for each in parts for took in each.to_arrival),
        tuple(took for each in parts for took in each.to_clear),
    )
