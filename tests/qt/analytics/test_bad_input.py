"""Reports that are odd, few or none: each page is sensible and says why it shows nothing."""

from datetime import timedelta

import pytest

from tests.qt.analytics.conftest import Desk, Fill, OpenDesk
from tests.services.analytics.happened import Happened, write
from trafficdesk.domain.analytics.scope import Part
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Place, Station
from trafficdesk.qt.analytics.analytics_commands import PAGES
from trafficdesk.qt.analytics.choosing import Choice, Subject
from trafficdesk.qt.analytics.places_page import PlacesPage
from trafficdesk.qt.analytics.section import Section
from trafficdesk.qt.analytics.trends_page import TrendsPage
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.services.session import Session
from trafficdesk.store import facts, places

MARKET = Place(76.95, 11.02)


def _sections(desk: Desk) -> list[Section]:
    return desk.work.page.findChildren(Section)


def _assert_no_faults(desk: Desk) -> None:
    for page in PAGES:
        desk.open(page)
        assert [each.title.text() for each in _sections(desk) if each.fault()] == []


def test_reports_all_at_one_place_are_one_hotspot_of_which_no_chance_is_told(
    session: Session, open_desk: OpenDesk
) -> None:
    now = session.clock()
    write(session, [Happened(MARKET, now - timedelta(days=n)) for n in range(200)])
    desk = open_desk()
    _assert_no_faults(desk)
    desk.open("places")
    page = desk.work.page
    assert isinstance(page, PlacesPage)
    (spot,) = page.hotspots.facts.rows
    assert spot.cells[5].text == "not known"
    (square,) = page.ahead.facts.rows
    assert square.wanted is not None


def test_months_without_a_report_are_told_as_such(session: Session, open_desk: OpenDesk) -> None:
    now = session.clock()
    write(session, [Happened(MARKET, now - timedelta(days=days)) for days in (5, 6, 190, 191, 700)])
    desk = open_desk()
    _assert_no_faults(desk)
    desk.open("trends")
    page = desk.work.page
    assert isinstance(page, TrendsPage)
    counts = [row.cells[1].text for row in page.months[1].facts.rows]
    assert len(counts) == 12
    assert sum(map(int, counts)) == 4
    assert counts.count("0") >= 8
    desk.open("overview")
    desk.wait_for_chart()
    assert 0 in [moment.count for moment in desk.overview.chart.timeline().moments]


@pytest.mark.parametrize("part", [Part.STATION, Part.OFFICER])
def test_a_choice_that_matches_nothing_says_so_and_what_to_do(
    session: Session, fill: Fill, open_desk: OpenDesk, part: Part
) -> None:
    fill(60)
    new = new_id()
    if part is Part.STATION:
        with session.store.writing() as connection:
            city_id = facts.home_city_id(connection)
            places.put_station(connection, Station(new, city_id, "Singanallur", MARKET))
    desk = open_desk()
    assert desk.work.choice is not None
    desk.work.choose(Choice(desk.work.choice.period, Subject(part, new, "S")))
    desk.settle()
    _assert_no_faults(desk)
    desk.open("trends")
    for section in _sections(desk):
        assert section.is_empty
        page = section.pages.currentWidget()
        assert page is not None
        told = [each.text() for each in page.findChildren(Label)]
        assert told[:2] == ["Nothing in this period", "Choose more days or the whole city above."]
