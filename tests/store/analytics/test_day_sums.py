"""What KPIs are made from equals a recount after whatever happened to reports and citations."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from trafficdesk.domain.analytics.durations import BUCKETS
from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.domain.calendar import DAY_MS, Calendar
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Officer, Place, Station
from trafficdesk.domain.vocabulary import ReportStatus, Role
from trafficdesk.store import citations, facts, officers, places, reports
from trafficdesk.store.analytics import day_columns, series
from trafficdesk.store.analytics.counting import count_sums, recount_sums
from trafficdesk.store.analytics.day_counts import count_by_day
from trafficdesk.store.engine import Store
from trafficdesk.store.reports import ReportUpdate
from trafficdesk.store.upkeep import day_sum_faults

InsertReport = Callable[..., int]
NEW_YEAR_MS = 1_767_205_800_000  # midnight of the test city
FIRST_DAY = 20_440
WARDS = (None, UUID(int=1), UUID(int=2))
OTHER_STATION = UUID(int=9)
PEOPLE = (None, UUID(int=0xA << 120), UUID(int=0xB << 120))

_times = st.builds(
    lambda day, within: NEW_YEAR_MS + day * DAY_MS + within,
    st.integers(0, 20),
    st.sampled_from([0, 1, DAY_MS - 1, 12 * 3_600_000]),
)
_reports = st.fixed_dictionaries(
    {
        "status": st.sampled_from([str(each) for each in ReportStatus]),
        "severity": st.integers(1, 4),
        "score": st.integers(0, 100),
        "violation": st.sampled_from(["speed", "no_helmet", "ox_cart", "zebra"]),
        "occurred_ms": _times,
        "plate": st.sampled_from(["", "TN37A1", "TN37A2"]),
        "reported_ms": _times,
        "decided_ms": st.none() | _times,
        "ward_id": st.sampled_from([each and each.bytes for each in WARDS]),
        "reviewer_id": st.sampled_from([each and each.bytes for each in PEOPLE]),
    }
)
_placed = st.tuples(_reports, st.booleans())
_changes = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from([str(each) for each in ReportStatus]),
        "decided_ms": st.none() | _times,
        "ward_id": st.sampled_from([each and str(each) for each in WARDS]),
        "reviewer_id": st.sampled_from([each and str(each) for each in PEOPLE]),
        "deleted_ms": st.sampled_from([None, 5]),
        "score": st.integers(0, 100),
    },
)
_acts = st.lists(
    st.tuples(st.integers(0, 5), _changes | st.sampled_from(["issue", "cancel"]), _times),
    max_size=10,
)


def scopes(connection: Connection) -> Iterable[Scope]:
    """Return every scope over some stretches of days, some of which end at noon."""
    home_id = facts.home_station_id(connection)
    for first, days, last_ms in (
        (FIRST_DAY, 40, DAY_MS),
        (FIRST_DAY + 14, 9, DAY_MS),
        (FIRST_DAY + 1, 12, DAY_MS // 2),
        (FIRST_DAY + 12, 1, DAY_MS // 2),
    ):
        period = Period(first, first + days, last_ms)
        yield Scope(period)
        for station_id in (home_id, OTHER_STATION):
            yield Scope(period, station_id=station_id)
        for ward_id in WARDS[1:]:
            yield Scope(period, ward_id=ward_id)
        for officer_id in PEOPLE[1:]:
            yield Scope(period, officer_id=officer_id)


def _man_the_station(connection: Connection) -> None:
    for officer_id in PEOPLE[1:]:
        station_id = facts.home_station_id(connection)
        officers.put(
            connection, Officer(officer_id, "Meena K", "MK", "SI", Role.OFFICER, station_id)
        )


def _build_the_other(connection: Connection) -> None:
    city_id = facts.home_city_id(connection)
    places.put_station(connection, Station(OTHER_STATION, city_id, "Singanallur", Place(77, 11)))


def _cite(connection: Connection, pk: int, at_ms: int) -> None:
    number = new_id().hex
    citation = citations.Citation(new_id(), number, "s. 1", 50_000, "INR", "issued", at_ms)
    citations.insert(connection, pk, citation)


def _cancel(connection: Connection, pk: int) -> None:
    for each in citations.find_of_report(connection, pk):
        citations.set_status(connection, each.id, "cancelled")


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(made=st.lists(_placed, min_size=1, max_size=6), acts=_acts)
def test_figures_from_sums_equal_a_recount_after_any_moves(
    shared_store: Store,
    insert_report: InsertReport,
    made: list[tuple[dict[str, Any], bool]],
    acts: list[tuple[int, dict[str, Any] | str, int]],
) -> None:
    with shared_store.writing() as connection:
        calendar = facts.calendar(connection)
        _man_the_station(connection)
        _build_the_other(connection)
        other = {"station_id": OTHER_STATION.bytes}
        pks = [
            insert_report(connection, **values, **(other if is_other else {}))
            for values, is_other in made
        ]
        revisions = dict.fromkeys(pks, 1)
        for which, act, at_ms in acts:
            pk = pks[which % len(pks)]
            if act == "issue":
                _cite(connection, pk, at_ms)
            elif act == "cancel":
                _cancel(connection, pk)
            elif isinstance(act, dict) and act:
                change = ReportUpdate(pk, revisions[pk], act, at_ms)
                revision = reports.update(connection, calendar, change)
                assert revision is not None
                revisions[pk] = revision
        for scope in scopes(connection):
            today = scope.period.past_day - 1
            kept = count_sums(connection, calendar, scope, today)
            assert kept == recount_sums(connection, calendar, scope, today), scope
            _assert_counted(connection, calendar, scope)
        assert day_sum_faults(connection) == ()
        connection.rollback()


def _assert_counted(connection: Connection, calendar: Calendar, scope: Scope) -> None:
    """Count kinds and days report by report: what is kept is the same."""
    found = Counter(
        row
        for row in connection.exec_driver_sql(
            "SELECT violation, severity, ward_id, reported_ms, decided_ms, occurred_ms, status, "
            "station_id, reviewer_id FROM reports WHERE deleted_ms IS NULL"
        ).all()
        if _is_of(row, scope)
    )
    clock = "decided_ms" if scope.officer_id else "reported_ms"
    kinds, hours = [Counter[object](), Counter[object](), Counter[object]()], Counter[int]()
    days = Counter[int]()
    first, past = scope.period.span_ms(calendar)
    for row, n in found.items():
        if first <= (at := getattr(row, clock) or 0) < past:
            hours[(at + calendar.offset_ms) // series.HOUR_MS] += n
            for counted, value in zip(kinds, row[:3], strict=True):
                counted[value] += n
        if row.status not in {"rejected", "duplicate"}:
            days[calendar.day_of(row.occurred_ms)] += n
    kept = series.count_kinds(connection, calendar, scope)
    assert [+Counter(each) for each in kept] == kinds, scope
    told = series.count_hours(connection, calendar, scope)
    by_hour = {day * 24 + hour: n for day in told for hour, n in enumerate(told[day])}
    assert hours == +Counter(by_hour), scope
    assert count_by_day(connection, calendar, scope) == days, scope


def _is_of(row: Any, scope: Scope) -> bool:  # noqa: ANN401 - a row of reports
    of = {"station_id": scope.station_id, "ward_id": scope.ward_id, "reviewer_id": scope.officer_id}
    return all(each is None or getattr(row, name) == each.bytes for name, each in of.items())


@pytest.mark.parametrize(
    "change",
    [{"ward_id": str(WARDS[1])}, {"reviewer_id": str(PEOPLE[1])}, {"deleted_ms": 5}],
    ids=["ward", "officer", "deleted"],
)
def test_a_citation_goes_with_its_report(
    shared_store: Store, insert_report: InsertReport, change: dict[str, object]
) -> None:
    with shared_store.writing() as connection:
        calendar = facts.calendar(connection)
        pk = insert_report(connection, status="cited", decided_ms=NEW_YEAR_MS)
        _cite(connection, pk, NEW_YEAR_MS)
        assert day_sum_faults(connection) == ()
        connection.exec_driver_sql("DROP TABLE kept_day_sums")
        assert reports.update(connection, calendar, ReportUpdate(pk, 1, change, NEW_YEAR_MS))
        assert day_sum_faults(connection) == ()
        connection.rollback()


def test_the_columns_are_those_of_the_table(store: Store) -> None:
    assert len(day_columns.TOOK) == BUCKETS
    with store.reading() as connection:
        rows = connection.exec_driver_sql("PRAGMA table_info(day_sums)").all()
    assert tuple(row[1] for row in rows) == (*day_columns.KEY, *day_columns.COUNTS)


def test_a_year_is_summed_from_its_days_and_not_from_its_reports(store: Store) -> None:
    with store.reading() as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT sum(approved) FROM day_sums "
            "WHERE part = 0 AND part_id = x'' AND day >= 1 AND day < 9"
        ).all()
    assert all("SEARCH day_sums USING PRIMARY KEY" in row[3] for row in plan)
