"""A list can be asked for when something happened, was decided, and for one hour of the week."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from trafficdesk.domain.queues import ReportFilter, WeekHour
from trafficdesk.domain.times import to_ms
from trafficdesk.store import queues, tallies
from trafficdesk.store.engine import Store
from trafficdesk.store.queues import PageRequest

InsertReport = Callable[..., int]
IST_MS = 19_800_000
MONDAY = datetime(2026, 11, 16, tzinfo=UTC) - timedelta(milliseconds=IST_MS)


@pytest.mark.parametrize("is_decided", [False, True])
def test_an_hour_of_the_week_is_that_of_the_citys_own_clock(
    store: Store, insert_report: InsertReport, *, is_decided: bool
) -> None:
    column, other = ("decided_ms", "reported_ms") if is_decided else ("reported_ms", "decided_ms")
    with store.writing() as connection:
        pks = [
            insert_report(
                connection,
                **{column: to_ms(MONDAY + timedelta(hours=hour, minutes=59)), other: 0},
            )
            for hour in range(24 * 14)
        ]
    for weekday, hour in ((0, 0), (0, 23), (3, 12), (6, 23)):
        wanted = ReportFilter(week_hour=WeekHour(weekday, hour, IST_MS, is_decided))
        with store.reading() as connection:
            found = {row.pk for row in queues.find_page(connection, PageRequest(wanted))}
            count = tallies.count(connection, wanted)
        first = weekday * 24 + hour
        assert found == {pks[first], pks[first + 168]}
        assert count == 2


def test_days_of_what_happened_are_not_those_of_the_report(
    store: Store, insert_report: InsertReport
) -> None:
    day_ms = 86_400_000
    at = to_ms(MONDAY)
    with store.writing() as connection:
        pks = [
            insert_report(connection, occurred_ms=at + n * day_ms, reported_ms=at + 9 * day_ms)
            for n in range(4)
        ]
    wanted = ReportFilter(occurred_from_ms=at + day_ms, occurred_to_ms=at + 3 * day_ms)
    with store.reading() as connection:
        found = {row.pk for row in queues.find_page(connection, PageRequest(wanted))}
        assert found == {pks[1], pks[2]}
        assert tallies.count(connection, wanted) == 2
