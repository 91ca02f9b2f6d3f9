"""Every list is walked along an index in its order; nothing is sorted that could be a million."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection

from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.domain.queues import QueueName, ReportFilter, Sort, queue_filter, sort_key
from trafficdesk.domain.records import Bounds
from trafficdesk.domain.vocabulary import ReportStatus, Severity, Violation
from trafficdesk.store import facts, incidents, queues, tallies, units, walks
from trafficdesk.store.analytics import micro_counts, part_days, series
from trafficdesk.store.analytics.day_figures import DayKnown, known_of_day
from trafficdesk.store.engine import Store
from trafficdesk.store.queues import PageRequest
from trafficdesk.store.readers import driver_of
from trafficdesk.store.rows import fetch_all

InsertReport = Callable[..., int]

OFFICER = UUID(int=7, version=4)
LISTS = {
    **{str(name): queue_filter(name, OFFICER) for name in QueueName},
    "a violation": ReportFilter(violations=frozenset({Violation.NO_HELMET})),
    "a violation pending": ReportFilter(
        statuses=frozenset({ReportStatus.PENDING}), violations=frozenset({Violation.NO_HELMET})
    ),
    "a violation at its worst": ReportFilter(
        severities=frozenset({Severity.CRITICAL}), violations=frozenset({Violation.NO_HELMET})
    ),
    "minor or critical pending": ReportFilter(
        statuses=frozenset({ReportStatus.PENDING}),
        severities=frozenset({Severity.MINOR, Severity.CRITICAL}),
    ),
    "critical": ReportFilter(severities=frozenset({Severity.CRITICAL})),
    "a ward": ReportFilter(ward_id=OFFICER),
    "approved or cited": ReportFilter(
        statuses=frozenset({ReportStatus.APPROVED, ReportStatus.CITED})
    ),
}
KEYS = {Sort.NEWEST: (5, 5), Sort.OLDEST: (5, 5), Sort.WORST: (2, 5, 5), Sort.BEST_EVIDENCE: (5, 5)}
SEARCHES = {
    "text": ReportFilter(text="helmet"),
    "plate": ReportFilter(plate="TN37"),
    "bounds": ReportFilter(bounds=Bounds(76.9, 10.9, 77.0, 11.1)),
    "days": ReportFilter(from_ms=1_790_000_000_010, to_ms=1_790_000_000_040),
    "text of the pending": ReportFilter(text="hel", statuses=frozenset({ReportStatus.PENDING})),
    "text and plate": ReportFilter(text="red", plate="TN37AB"),
}


@pytest.fixture
def reading(shared_store: Store) -> Iterator[Connection]:
    with shared_store.reading() as connection:
        yield connection


def _plan(connection: Connection, request: PageRequest) -> list[str]:
    walk = walks.along_index(request.filter, request.sort)
    statement, values = queues.page_statement(request, walk)
    return [str(row[3]) for row in fetch_all(connection, f"EXPLAIN QUERY PLAN {statement}", values)]


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("name", LISTS)
def test_a_list_follows_an_index_and_sorts_nothing(
    reading: Connection, name: str, sort: Sort
) -> None:
    first = PageRequest(LISTS[name], sort)
    after = first._replace(after=KEYS[sort])
    for request in (first, after, after._replace(backwards=True), first._replace(backwards=True)):
        plan = _plan(reading, request)
        assert not [step for step in plan if "TEMP B-TREE" in step], plan
        walked = [step for step in plan if step.startswith(("SCAN r", "SEARCH r"))]
        assert all("INDEX reports_" in step or "PRIMARY KEY" in step for step in walked), plan


@pytest.mark.parametrize("name", ["escalated", "second_look", "mine"])
@pytest.mark.parametrize("sort", Sort)
def test_a_short_queue_reads_only_its_own_rows(reading: Connection, name: str, sort: Sort) -> None:
    plan = _plan(reading, PageRequest(LISTS[name], sort))
    index = "assignee" if name == "mine" else name
    walked = [step for step in plan if " r " in step and "PRIMARY KEY" not in step]
    assert walked
    assert all(f"reports_{index}" in step for step in walked), plan


@pytest.mark.parametrize("name", ["text", "plate", "bounds", "days"])
def test_a_search_that_leaves_few_rows_leads(reading: Connection, name: str) -> None:
    walk = walks.choose(reading, SEARCHES[name], Sort.WORST)
    statement, values = queues.page_statement(PageRequest(SEARCHES[name], Sort.WORST), walk)
    page = _explained(reading, statement, values)
    assert "SCAN c VIRTUAL TABLE" in page
    assert "SEARCH r USING INTEGER PRIMARY KEY" in page
    ((search, searched),) = walks.searches(SEARCHES[name])
    led = {
        "text": "report_text VIRTUAL TABLE",
        "plate": "reports_plate",
        "bounds": "report_view VIRTUAL TABLE",
        "days": "reports_newest",
    }
    assert led[name] in _explained(reading, search, searched)


def _explained(connection: Connection, statement: str, values: tuple[object, ...]) -> str:
    rows = fetch_all(connection, f"EXPLAIN QUERY PLAN {statement}", values)
    return " | ".join(str(row[3]) for row in rows)


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("name", SEARCHES)
def test_both_ways_through_a_search_give_the_same_pages(
    shared_store: Store,
    insert_report: InsertReport,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    sort: Sort,
) -> None:
    with shared_store.writing() as connection:
        _fill(connection, insert_report)
        led = _pages(connection, SEARCHES[name], sort)
        monkeypatch.setattr(walks, "FEW", 0)
        assert _pages(connection, SEARCHES[name], sort) == led
        assert len(led) == queues.count_live(connection, SEARCHES[name])
        assert len(led) == tallies.count(connection, SEARCHES[name])
        assert len(led) > 2
        connection.rollback()


@pytest.mark.parametrize("of", ["station_id", "ward_id", "officer_id"])
def test_no_report_is_read_for_trends(reading: Connection, of: str) -> None:
    scope = Scope(Period(20_000, 20_365), **{of: OFFICER})
    ran: list[str] = []
    driver = driver_of(reading)
    driver.set_trace_callback(ran.append)
    calendar = facts.calendar(reading)
    ran.clear()
    series.count_kinds(reading, calendar, scope)
    series.count_hours(reading, calendar, scope)
    driver.set_trace_callback(None)
    plans = [_explained(reading, each, ()) for each in ran]
    assert plans
    own = "USING COVERING INDEX reports_reviewer" if of == "officer_id" else "day_sums"
    assert all(own in plan for plan in plans), plans


@pytest.mark.parametrize("of", [None, "station_id", "ward_id", "officer_id"])
def test_of_a_day_that_is_there_in_part_only_its_own_rows_are_read(
    reading: Connection, monkeypatch: pytest.MonkeyPatch, of: str | None
) -> None:
    scope = Scope(Period(20_000, 20_001, 3_600_000), **({of: OFFICER} if of else {}))
    calendar = facts.calendar(reading)
    known = known_of_day(reading, 20_000)
    assert known == DayKnown([], has_others=False, has_citations=False)
    some = known._replace(officers=[OFFICER.bytes])
    monkeypatch.setattr(part_days, "known_of_day", lambda *_: some)
    ran: list[str] = []
    driver = driver_of(reading)
    driver.set_trace_callback(ran.append)
    known_of_day(reading, 20_000)
    part_days.read_part_day(reading, calendar, scope)
    series.count_kinds(reading, calendar, scope)
    series.count_hours(reading, calendar, scope)
    micro_counts.of_span(reading, scope.period.span_ms(calendar))
    driver.set_trace_callback(None)
    for plan in (_explained(reading, each, ()) for each in ran):
        assert not re.search(r"SCAN (r|reports|day_sums)\b", plan), plan


def _fill(connection: Connection, insert_report: InsertReport) -> None:
    for i in range(60):
        insert_report(
            connection,
            lon=76.85 + (i % 20) / 100,
            status="pending" if i % 3 else "approved",
            severity=1 + i % 4,
            score=i % 7,
            reported_ms=1_790_000_000_000 + i * 7 % 60,
            plate=f"TN37{'AB' if i % 4 else 'CD'}{i:04d}",
            description="red lamp, no helmet" if i % 2 else "helm, red",
        )


def _pages(connection: Connection, wanted: ReportFilter, sort: Sort) -> list[int]:
    found: list[int] = []
    request = PageRequest(wanted, sort, limit=4)
    while rows := queues.find_page(connection, request):
        found += [row.pk for row in rows]
        request = request._replace(after=sort_key(rows[-1], sort))
    return found


def test_no_bound_limit_makes_sqlite_prepare_again() -> None:
    modules = Path(walks.__file__).parent.rglob("*.py")
    found = [
        file.name for file in modules if re.search(r"(LIMIT|OFFSET) \?", file.read_text("utf-8"))
    ]
    assert not found, "write LIMIT +? (rows.py says why)"


def test_who_is_out_is_read_from_what_is_open_alone(reading: Connection) -> None:
    assert "assignments_open" in _explained(reading, units.OUT, ())
    ran: list[str] = []
    driver = driver_of(reading)
    driver.set_trace_callback(ran.append)
    incidents.find_standing(reading)
    driver.set_trace_callback(None)
    assert len(ran) == 2
    plan = _explained(reading, ran[-1], ())
    assert "assignments_open" in plan
    assert "SCAN incidents" not in plan
