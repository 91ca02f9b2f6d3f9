"""Many reports are clustered along roads and hours, and every row is fit for the store."""

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from uuid import UUID

import pytest

from trafficdesk.domain.demo.town import ZONE
from trafficdesk.domain.plates import is_regular_plate
from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.domain.vocabulary import ReportStatus, Severity, Violation
from trafficdesk.services.demo.city import DemoCity
from trafficdesk.services.demo.scale import ScaleCast, scale_rows
from trafficdesk.services.demo.sightings import Cast
from trafficdesk.store.reports import ReportInsert

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
COUNT = 12_000


@pytest.fixture(scope="module")
def rows(city: DemoCity, cast: Cast) -> list[ReportInsert]:
    wards = [UUID(int=9)] * len(city.spots)
    officers = (UUID(int=5), UUID(int=6))
    ids = ScaleCast(cast.city_id, cast.station_ids, officers, cast.citizen_ids, wards)
    return list(scale_rows(city, ids, NOW, COUNT))


def test_as_many_rows_come_as_were_asked_for_each_with_its_own_id(
    rows: list[ReportInsert],
) -> None:
    assert len(rows) == COUNT
    assert len({row.id for row in rows}) == COUNT
    assert len({row.reference for row in rows}) == COUNT
    assert all(UUID(bytes=row.id).version == 7 for row in rows)


def test_they_cover_three_years_up_to_now_in_order(rows: list[ReportInsert]) -> None:
    assert all(a.occurred_ms <= b.occurred_ms + 60_000 for a, b in pairwise(rows))
    assert rows[-1].reported_ms <= to_ms(NOW)
    assert to_ms(NOW) - rows[0].occurred_ms > 2.9 * 365 * 86_400_000
    assert all(row.occurred_ms < row.reported_ms for row in rows)


def test_rush_hours_have_more_than_the_small_hours(rows: list[ReportInsert]) -> None:
    hours = Counter(from_ms(row.occurred_ms).astimezone(ZONE).hour for row in rows)
    assert min(hours[8], hours[17], hours[18]) > 3 * max(hours[2], hours[3], hours[4])
    drunk = [
        from_ms(row.occurred_ms).astimezone(ZONE).hour
        for row in rows
        if row.violation == Violation.DRUNK_DRIVING
    ]
    assert sum(1 for hour in drunk if hour >= 20 or hour < 5) > 0.8 * len(drunk)


def test_they_lie_along_the_roads_and_cluster_at_junctions(
    city: DemoCity, rows: list[ReportInsert]
) -> None:
    spots = {(round(s.place.lon, 3), round(s.place.lat, 3)) for s in city.spots}
    near = sum(
        1
        for row in rows
        if any(
            (round(row.lon + dx, 3), round(row.lat + dy, 3)) in spots
            for dx in (-0.0005, 0, 0.0005)
            for dy in (-0.0005, 0, 0.0005)
        )
    )
    assert near == COUNT
    cells = Counter((round(row.lon, 3), round(row.lat, 3)) for row in rows)
    top_tenth = sum(n for _, n in cells.most_common(len(cells) // 10))
    assert top_tenth > 0.25 * COUNT


def test_old_reports_are_decided_and_new_ones_wait(rows: list[ReportInsert]) -> None:
    assert not any(row.status == ReportStatus.PENDING for row in rows[: COUNT // 2])
    latest = rows[-60:]
    assert sum(1 for row in latest if row.status == ReportStatus.PENDING) > 20
    for row in rows:
        assert (row.rejection_reason is not None) == (row.status == ReportStatus.REJECTED)
        assert (row.reviewer_id is None) == (row.status == ReportStatus.PENDING)
        is_decided = row.status not in {ReportStatus.PENDING, ReportStatus.NEEDS_INFO}
        assert (row.decided_ms is not None) == is_decided
        assert row.decided_ms is None or row.decided_ms >= row.reported_ms


def test_values_are_of_the_fields_own_words(rows: list[ReportInsert]) -> None:
    for row in rows[::37]:
        assert row.violation in set(Violation)
        assert Severity(row.severity)
        assert is_regular_plate(row.plate)
        assert type(row.status) is str
        assert 0 <= row.score <= 100
    assert max(Counter(row.plate for row in rows).values()) >= 5
