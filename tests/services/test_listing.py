"""Windows of a list say where their rows stand, from whichever row they were found."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from trafficdesk.domain.queues import ReportFilter, Sort, sort_key
from trafficdesk.domain.records import Report
from trafficdesk.domain.vocabulary import Severity
from trafficdesk.services.choices import load_choices
from trafficdesk.services.listing import Listing, Stretch, find_around, find_place, find_stretch
from trafficdesk.services.session import Session

COUNT = 30


@pytest.fixture
def pks(session: Session, file: Callable[..., Report]) -> list[int]:
    now = session.clock()
    return [
        file(
            reported_at=now - timedelta(minutes=7 * (i % 11)),
            occurred_at=now - timedelta(hours=2),
            severity=Severity(1 + i % 4),
            plate=f"TN37BZ{i:04d}",
        ).pk
        for i in range(COUNT)
    ]


@pytest.mark.parametrize("sort", Sort)
def test_every_stretch_is_the_same_from_every_anchor(
    session: Session, pks: list[int], sort: Sort
) -> None:
    listing = Listing(ReportFilter(), sort)
    whole = find_stretch(session, listing, Stretch(0, 100)).rows
    assert {row.pk for row in whole} == set(pks)
    for place in (0, 4, 12, 29):
        anchor = (place, sort_key(whole[place], sort))
        for start in (0, 3, 12, 25):
            found = find_stretch(session, listing, Stretch(start, 5, anchor))
            assert found.rows == whole[start : start + 5]
            assert (found.start, found.count) == (start, COUNT)


@pytest.mark.usefixtures("pks")
@pytest.mark.parametrize("sort", Sort)
def test_a_report_is_found_in_its_place_with_its_neighbours(session: Session, sort: Sort) -> None:
    listing = Listing(ReportFilter(), sort)
    whole = find_stretch(session, listing, Stretch(0, 100)).rows
    for place in (0, 9, 29):
        window = find_place(session, listing, whole[place].pk, 4)
        assert window is not None
        assert window.rows == whole[max(0, place - 4) : place + 4]
        assert window.start == max(0, place - 4)


def test_a_report_outside_the_filter_has_no_place(session: Session, pks: list[int]) -> None:
    listing = Listing(ReportFilter(severities=frozenset({Severity.CRITICAL})))
    assert find_place(session, listing, pks[0], 4) is None
    assert find_place(session, listing, 10_000, 4) is None


@pytest.mark.usefixtures("pks")
def test_rows_around_a_key_that_is_gone_close_over_the_gap(session: Session) -> None:
    listing = Listing(ReportFilter())
    whole = find_stretch(session, listing, Stretch(0, 100)).rows
    key = sort_key(whole[10], listing.sort)
    narrower = Listing(ReportFilter(severities=frozenset({Severity(5 - whole[10].severity)})))
    window = find_around(session, narrower, key, 3, 3)
    kept = [row for row in whole if row.severity == 5 - whole[10].severity]
    assert window.rows == tuple(kept[window.start : window.start + len(window.rows)])


@pytest.mark.usefixtures("pks")
def test_what_needs_counting_is_left_uncounted(session: Session) -> None:
    found = find_stretch(session, Listing(ReportFilter(min_score=1)), Stretch(0, 5))
    assert found.count is None


def test_a_desk_knows_its_lists(session: Session) -> None:
    choices = load_choices(session)
    assert choices.city.name == "Coimbatore"
    assert session.officer.id in {officer.id for officer in choices.officers}
    assert [station.name for station in choices.stations] == ["Gandhipuram"]
    assert "signal_jump" in choices.violations
