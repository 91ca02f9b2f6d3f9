"""Tallies, cells and days equal a recount after whatever happened to reports, in any order."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.vocabulary import ReportStatus, Severity, Violation
from trafficdesk.store import facts, reports, tallies
from trafficdesk.store.engine import Store
from trafficdesk.store.reports import ReportUpdate
from trafficdesk.store.upkeep import day_sum_faults, map_count_faults, queue_count_faults

InsertReport = Callable[..., int]

_statuses = st.sampled_from([str(s) for s in ReportStatus])
_severities = st.sampled_from([int(s) for s in Severity])
_lons = st.floats(76.8, 77.2) | st.sampled_from([-180.0, 0.0, 179.9999])
_lats = st.floats(10.8, 11.2) | st.sampled_from([-89.9, 0.0, 89.9])
# Midnights of the city and of UTC, turns of months and years, and anything between.
_times = st.integers(1_700_000_000_000, 1_800_000_000_000) | st.sampled_from(
    [1_790_706_600_000, 1_790_706_599_999, 1_767_205_799_999, 1_767_205_800_000, 86_400_000]
)
_facts = st.fixed_dictionaries(
    {
        "status": _statuses,
        "severity": _severities,
        "violation": st.sampled_from([str(v) for v in Violation]),
        "lon": _lons,
        "lat": _lats,
        "occurred_ms": _times,
    }
)
_changes = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.dictionaries(
            st.sampled_from(
                [
                    *("status", "severity", "lon", "lat", "escalated", "deleted_ms"),
                    *("ward_id", "reviewer_id", "decided_ms", "score"),
                ]
            ),
            st.integers(0, 3),
            min_size=1,
        ),
    ),
    max_size=12,
)
_VALUES: dict[str, tuple[object, ...]] = {
    "status": ("pending", "approved", "rejected", "under_review"),
    "severity": (1, 2, 3, 4),
    "lon": (76.9, 76.901, 77.0, -0.5),
    "lat": (11.0, 11.0001, 10.9, -33.0),
    "escalated": (False, True, False, True),
    "deleted_ms": (None, 1_790_000_000_000, None, 5),
    "ward_id": (None, str(UUID(int=1)), str(UUID(int=2)), str(UUID(int=1))),
    "reviewer_id": (None, str(UUID(int=3)), str(UUID(int=4)), str(UUID(int=3))),
    "decided_ms": (None, 1_790_000_000_000, 1_790_086_400_000, 1_690_000_000_000),
    "score": (0, 50, 99, 7),
}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(made=st.lists(_facts, min_size=1, max_size=6), changes=_changes)
def test_counts_equal_a_recount_after_any_moves(
    shared_store: Store,
    insert_report: InsertReport,
    made: list[dict[str, Any]],
    changes: list[tuple[int, dict[str, int]]],
) -> None:
    with shared_store.writing() as connection:
        pks = [insert_report(connection, **values) for values in made]
        calendar = facts.calendar(connection)
        revisions = dict.fromkeys(pks, 1)
        for which, fields in changes:
            pk = pks[which % len(pks)]
            values = {name: _VALUES[name][choice] for name, choice in fields.items()}
            change = ReportUpdate(pk, revisions[pk], values, 1_790_000_000_000)
            revision = reports.update(connection, calendar, change)
            assert revision is not None
            revisions[pk] = revision
        assert queue_count_faults(connection) == ()
        assert map_count_faults(connection) == ()
        assert day_sum_faults(connection) == ()
        connection.rollback()


def test_a_wrong_count_is_found(store: Store, insert_report: InsertReport) -> None:
    with store.writing() as connection:
        insert_report(connection)
        connection.exec_driver_sql("UPDATE report_tally SET n = n + 1")
        connection.exec_driver_sql("UPDATE report_days SET n = n + 1")
        connection.exec_driver_sql("UPDATE day_sums SET took_3 = took_3 + 1 WHERE part = 0")
        assert queue_count_faults(connection)
        assert map_count_faults(connection)
        assert day_sum_faults(connection)
        connection.rollback()


def test_the_tallies_answer_as_counting_does(store: Store, insert_report: InsertReport) -> None:
    with store.writing() as connection:
        for i, status in enumerate(ReportStatus):
            insert_report(connection, status=str(status), severity=1 + i % 4)
    with store.reading() as connection:
        for status in ReportStatus:
            wanted = ReportFilter(statuses=frozenset({status}))
            assert tallies.count(connection, wanted) == 1
        assert tallies.count(connection, ReportFilter()) == len(ReportStatus)
        by_severity = tallies.count_by(connection, "severity", ReportFilter())
        assert by_severity == {"1": 2, "2": 2, "3": 2, "4": 2}
