"""Counting a day up to a time of it, report by report: sums by day know whole days alone.

Only what a running period is compared with ends so. A day is few rows, and each is found by an
index: reports by when they came, decisions by the officers who decided on the day.
"""

from collections import Counter
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.analytics.agreement import verdict_of
from trafficdesk.domain.analytics.durations import BUCKETS, bucket_of
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.analytics.sums import Cited, Decided, Received, Workload
from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.vocabulary import ReportStatus
from trafficdesk.store.analytics.day_figures import DayKnown, DaySums, known_of_day
from trafficdesk.store.analytics.recount import DECIDED, count_cited, count_received
from trafficdesk.store.rows import fetch_all, fetch_as


class PartDay(NamedTuple):
    """What was counted of a day up to a time, and what a scope's officers did; None of a ward."""

    sums: DaySums
    workload: Workload | None


class _Decision(NamedTuple):
    status: str
    took_ms: int
    station_id: bytes
    ward_id: bytes | None
    reviewer_id: bytes | None

    def part_id(self, part: Part) -> bytes | None:
        """Return the station, ward or officer it counts for; b"" for the city."""
        return (b"", self.station_id, self.ward_id, self.reviewer_id)[part]


def read_part_day(connection: Connection, calendar: Calendar, scope: Scope) -> PartDay:
    """Return what a scope's period comes to, which is one day up to a time of it."""
    known = known_of_day(connection, scope.period.first_day)
    found = _decisions(connection, calendar, scope, known)
    is_officer = scope.part is Part.OFFICER
    sums = DaySums(
        Received() if is_officer else count_received(connection, calendar, scope),
        _decided([each for each in found if each.part_id(scope.part) == _owner(scope)]),
        count_cited(connection, calendar, scope) if known.has_citations else Cited(),
    )
    return PartDay(sums, _workload(connection, scope, found))


def _owner(scope: Scope) -> bytes:
    return b"" if scope.part_id is None else scope.part_id.bytes


_READ: Final = "SELECT status, decided_ms - reported_ms, station_id, ward_id, reviewer_id "
_WHEN: Final = f"deleted_ms IS NULL AND {DECIDED} AND decided_ms >= ? AND decided_ms < ?"


def _decisions(
    connection: Connection, calendar: Calendar, scope: Scope, known: DayKnown
) -> list[_Decision]:
    """Return all decisions of the time, whosesoever they are."""
    span, found = scope.period.span_ms(calendar), list[_Decision]()
    if known.officers:
        marks = ", ".join("?" * len(known.officers))
        found = fetch_as(
            _Decision,
            connection,
            f"{_READ} FROM reports r INDEXED BY reports_reviewer "
            f"WHERE reviewer_id IN ({marks}) AND {_WHEN}",
            (*known.officers, *span),
        )
    if known.has_others:
        # Nothing else finds them; who decided is known of nearly all.
        statement = f"{_READ} FROM reports r WHERE reviewer_id IS NULL AND {_WHEN}"
        found += fetch_as(_Decision, connection, statement, span)
    return found


def _decided(found: list[_Decision]) -> Decided:
    verdicts, times = Counter[ReportStatus | None](), [0] * BUCKETS
    for each in found:
        verdicts[verdict_of(ReportStatus(each.status))] += 1
        times[bucket_of(each.took_ms)] += 1
    return Decided(
        verdicts[ReportStatus.APPROVED],
        verdicts[ReportStatus.REJECTED],
        verdicts[ReportStatus.DUPLICATE],
        tuple(times),
    )


def _workload(connection: Connection, scope: Scope, found: list[_Decision]) -> Workload | None:
    if scope.part is Part.WARD:
        return None
    counts = Counter(each.reviewer_id for each in found if each.reviewer_id is not None)
    if scope.station_id is not None:
        own = _officers_of(connection, scope.station_id)
    else:
        own = set(counts) if scope.officer_id is None else {scope.officer_id.bytes}
    mine = [n for officer, n in counts.items() if officer in own]
    return Workload(sum(mine), len(mine))


def _officers_of(connection: Connection, station_id: UUID) -> set[bytes]:
    rows = fetch_all(
        connection, "SELECT id FROM officers WHERE station_id = ?", (station_id.bytes,)
    )
    return {row[0] for row in rows}
