"""Keyset pages give every report of a filter once, in order, both ways, whatever lies there."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from trafficdesk.domain.queues import ReportFilter, Sort, sort_key
from trafficdesk.domain.records import QueueRow
from trafficdesk.domain.vocabulary import ReportStatus, Severity, Violation
from trafficdesk.store import queues, tallies
from trafficdesk.store.engine import Store
from trafficdesk.store.queues import PageRequest

InsertReport = Callable[..., int]

_rows = st.lists(
    st.fixed_dictionaries(
        {
            # Few values, so that many rows are equal in everything but their number.
            "status": st.sampled_from(["pending", "approved", "rejected"]),
            "severity": st.integers(1, 4),
            "violation": st.sampled_from(["no_helmet", "speed"]),
            "reported_ms": st.integers(1_790_000_000_000, 1_790_000_000_003),
            "score": st.integers(0, 3),
            "escalated": st.integers(0, 1),
            "plate": st.sampled_from(["", "TN37AB1234", "TN37AB1"]),
            "description": st.sampled_from(["red lamp", "no helmet", ""]),
        }
    ),
    max_size=24,
)
_filters = st.sampled_from(
    [
        ReportFilter(),
        ReportFilter(statuses=frozenset({ReportStatus.PENDING})),
        ReportFilter(statuses=frozenset({ReportStatus.PENDING, ReportStatus.APPROVED})),
        ReportFilter(severities=frozenset({Severity.SEVERE, Severity.CRITICAL})),
        ReportFilter(
            severities=frozenset({Severity.MINOR, Severity.CRITICAL}),
            statuses=frozenset({ReportStatus.PENDING, ReportStatus.REJECTED}),
        ),
        ReportFilter(violations=frozenset({Violation.SPEED})),
        ReportFilter(
            violations=frozenset({Violation.SPEED}), severities=frozenset({Severity.SEVERE})
        ),
        ReportFilter(
            violations=frozenset({Violation.SPEED}), statuses=frozenset({ReportStatus.APPROVED})
        ),
        ReportFilter(escalated=True),
        ReportFilter(plate="TN 37 AB"),
        ReportFilter(text="red"),
        ReportFilter(min_score=2, statuses=frozenset({ReportStatus.REJECTED})),
        ReportFilter(from_ms=1_790_000_000_001, to_ms=1_790_000_000_003),
    ]
)


def _expected(connection: Connection, wanted: ReportFilter, sort: Sort) -> list[int]:
    """Return the numbers of a list by filtering and sorting everything in Python."""
    rows = connection.exec_driver_sql(
        "SELECT pk, status, severity, violation, reported_ms, score, escalated, plate, description "
        "FROM reports"
    ).all()
    kept = [row for row in rows if _is_wanted(row, wanted)]
    keys: dict[Sort, Callable[[Any], tuple[int, ...]]] = {
        Sort.NEWEST: lambda r: (r.reported_ms, r.pk),
        Sort.OLDEST: lambda r: (r.reported_ms, r.pk),
        Sort.WORST: lambda r: (r.severity, r.reported_ms, r.pk),
        Sort.BEST_EVIDENCE: lambda r: (r.score, r.pk),
    }
    kept.sort(key=keys[sort], reverse=sort is not Sort.OLDEST)
    return [row.pk for row in kept]


def _is_wanted(row: Any, wanted: ReportFilter) -> bool:  # noqa: ANN401 - a row of the driver
    return (
        (not wanted.statuses or row.status in wanted.statuses)
        and (not wanted.violations or row.violation in wanted.violations)
        and (not wanted.severities or row.severity in wanted.severities)
        and (not wanted.escalated or row.escalated == 1)
        and (not wanted.plate or row.plate.startswith("TN37AB"))
        and (not wanted.text or "red" in row.description)
        and row.score >= wanted.min_score
        and (wanted.from_ms is None or row.reported_ms >= wanted.from_ms)
        and (wanted.to_ms is None or row.reported_ms < wanted.to_ms)
    )


def _walk(connection: Connection, request: PageRequest) -> list[QueueRow]:
    found: list[QueueRow] = []
    while page := queues.find_page(connection, request):
        found += page
        request = request._replace(after=sort_key(page[-1], request.sort))
    return found


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=_rows, wanted=_filters, sort=st.sampled_from(Sort), limit=st.integers(1, 7))
def test_pages_enumerate_the_filter_in_order(
    shared_store: Store,
    insert_report: InsertReport,
    rows: list[dict[str, Any]],
    wanted: ReportFilter,
    sort: Sort,
    limit: int,
) -> None:
    with shared_store.writing() as connection:
        for values in rows:
            insert_report(connection, **values)
        expected = _expected(connection, wanted, sort)
        request = PageRequest(wanted, sort, limit=limit)
        there = _walk(connection, request)
        assert [row.pk for row in there] == expected
        assert tallies.count(connection, wanted) == len(expected)
        back = _walk(connection, request._replace(backwards=True))
        assert [row.pk for row in back] == expected[::-1]
        for position, row in enumerate(there):
            key = sort_key(row, sort)
            assert queues.find_position(connection, request, key) == position
            skipped = queues.find_page(connection, request._replace(skip=position, limit=1))
            assert skipped == [row]
        connection.rollback()


@pytest.mark.parametrize("sort", list(Sort))
def test_a_page_in_the_middle_goes_on_from_its_key_in_both_directions(
    shared_store: Store, insert_report: InsertReport, sort: Sort
) -> None:
    with shared_store.writing() as connection:
        for i in range(12):
            insert_report(connection, severity=1 + i % 4, score=i % 3)
        everything = queues.find_page(connection, PageRequest(ReportFilter(), sort, limit=50))
        middle = sort_key(everything[5], sort)
        onward = PageRequest(ReportFilter(), sort, after=middle, limit=3)
        assert queues.find_page(connection, onward) == everything[6:9]
        backward = onward._replace(backwards=True)
        assert queues.find_page(connection, backward) == everything[4:1:-1]
        connection.rollback()


@pytest.mark.parametrize(
    "typed", ['"', "NEAR(", "a OR", "*", "col:x", "-x", "'); DROP", "கோவை", "١٢"]
)
def test_nothing_typed_into_the_search_is_read_as_syntax(shared_store: Store, typed: str) -> None:
    with shared_store.reading() as connection:
        assert queues.find_page(connection, PageRequest(ReportFilter(text=typed))) == []
