"""Which reports a list shows and in which order."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from trafficdesk.domain.records import Bounds
from trafficdesk.domain.vocabulary import ReportStatus, Severity


class Sort(StrEnum):
    """Orders of a list; every one ends in the row's own number, so that it is total."""

    NEWEST = "newest"
    OLDEST = "oldest"
    WORST = "worst"
    BEST_EVIDENCE = "best_evidence"


class QueueName(StrEnum):
    """The queues every desk has."""

    UNASSIGNED = "unassigned"
    MINE = "mine"
    ESCALATED = "escalated"
    NEEDS_INFO = "needs_info"
    SECOND_LOOK = "second_look"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class WeekHour:
    """One hour of every week, by a clock that is ``offset_ms`` ahead of UTC; Monday is 0.

    It is the hour of the report or, with ``is_decided``, of the decision.
    """

    weekday: int
    hour: int
    offset_ms: int
    is_decided: bool = False


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """What must hold of every report in a list; empty sets and None ask nothing.

    ``plate`` is what a plate begins with, the whole of it where ``is_whole_plate``. Times are epoch
    milliseconds of ``reported_at`` (``decided_at``, ``occurred_at``), from inclusive, to exclusive.
    """

    statuses: frozenset[ReportStatus] = frozenset()
    violations: frozenset[str] = frozenset()
    severities: frozenset[Severity] = frozenset()
    assignee_id: UUID | None = None
    unassigned: bool = False
    escalated: bool = False
    second_look: bool = False
    station_id: UUID | None = None
    ward_id: UUID | None = None
    city_id: UUID | None = None
    plate: str = ""
    text: str = ""
    min_score: int = 0
    from_ms: int | None = None
    to_ms: int | None = None
    bounds: Bounds | None = None
    reviewer_id: UUID | None = None
    decided_from_ms: int | None = None
    decided_to_ms: int | None = None
    occurred_from_ms: int | None = None
    occurred_to_ms: int | None = None
    week_hour: WeekHour | None = None
    is_whole_plate: bool = False


_OPEN = frozenset({ReportStatus.PENDING, ReportStatus.UNDER_REVIEW})


def queue_filter(queue: QueueName, officer_id: UUID) -> ReportFilter:
    """Return what a queue shows to an officer."""
    match queue:
        case QueueName.UNASSIGNED:
            return ReportFilter(statuses=frozenset({ReportStatus.PENDING}), unassigned=True)
        case QueueName.MINE:
            return ReportFilter(statuses=_OPEN, assignee_id=officer_id)
        case QueueName.ESCALATED:
            return ReportFilter(statuses=_OPEN | {ReportStatus.NEEDS_INFO}, escalated=True)
        case QueueName.NEEDS_INFO:
            return ReportFilter(statuses=frozenset({ReportStatus.NEEDS_INFO}))
        case QueueName.SECOND_LOOK:
            return ReportFilter(second_look=True)
        case QueueName.ALL:
            return ReportFilter()


def clashes(base: ReportFilter, by: ReportFilter) -> tuple[str, ...]:
    """Return the conditions of ``by`` that no report of ``base`` can ever meet, by field name."""
    found = [
        name
        for name in ("statuses", "violations", "severities")
        if (ours := getattr(base, name)) and (theirs := getattr(by, name)) and not ours & theirs
    ]
    if by.assignee_id is not None and (
        base.unassigned or base.assignee_id not in {None, by.assignee_id}
    ):
        found.append("assignee_id")
    if by.unassigned and base.assignee_id is not None:
        found.append("unassigned")
    return tuple(found)


def narrowed(base: ReportFilter, by: ReportFilter) -> ReportFilter | None:
    """Return the queue's filter with the officer's own conditions; None if nothing can match."""
    if clashes(base, by):
        return None
    changes = {
        name: value
        for name in ReportFilter.__slots__
        if (value := getattr(by, name)) not in (frozenset(), None, False, "", 0)
    }
    for name in ("statuses", "violations", "severities"):
        if (ours := getattr(base, name)) and name in changes:
            changes[name] &= ours
    if by.plate:
        changes["is_whole_plate"] = by.is_whole_plate
    return replace(base, **changes)


SortKey = tuple[int, ...]


class Listed(Protocol):
    """What of a report in a list says where it stands."""

    @property
    def pk(self) -> int:
        """Its number."""

    @property
    def severity(self) -> int:
        """How severe it is."""

    @property
    def reported_ms(self) -> int:
        """When it was reported."""

    @property
    def score(self) -> int:
        """How good its evidence is."""


def sort_key(row: Listed, sort: Sort) -> SortKey:
    """Return the place of a row in an order, to continue after it."""
    match sort:
        case Sort.NEWEST | Sort.OLDEST:
            return (row.reported_ms, row.pk)
        case Sort.WORST:
            return (row.severity, row.reported_ms, row.pk)
        case Sort.BEST_EVIDENCE:
            return (row.score, row.pk)
