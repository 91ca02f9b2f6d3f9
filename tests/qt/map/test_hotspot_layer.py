"""Hotspots as a layer of the map: true circles, ranks on their rings, the legend, the key."""

import math

import pytest
from PySide6.QtCore import Qt

from tests.qt.map.conftest import CENTRE, FileAt, Hand, MakeMap
from trafficdesk.domain.records import Bounds
from trafficdesk.maps.layers import LayerQuery
from trafficdesk.maps.sources import StoreSources
from trafficdesk.qt.map.hotspot_layer import HotspotLayer
from trafficdesk.services.session import Session

EAST = CENTRE.lon + 0.03
CITY = LayerQuery(Bounds(76.8, 10.8, 77.2, 11.2), 12)


@pytest.fixture
def busy(file_at: FileAt) -> None:
    """File seven reports in the middle and four three kilometres to the east."""
    for place, n in ((CENTRE.lon, 7), (EAST, 4)):
        for _ in range(n):
            file_at(place, CENTRE.lat)


@pytest.mark.usefixtures("busy")
def test_the_fullest_place_is_rank_one(session: Session) -> None:
    view = HotspotLayer(session).read(CITY)
    assert [spot.rank for spot in view.spots] == [1, 2]
    assert view.spots[0].place.lon == pytest.approx(CENTRE.lon, abs=0.001)
    assert "reports: 7" in view.spots[0].words
    assert view.radius_m == 500


@pytest.mark.usefixtures("busy")
def test_only_what_touches_the_view_reaches_the_page(session: Session) -> None:
    sources = StoreSources(session.store, session.clock, read_hotspots=HotspotLayer(session).read)
    beside = Bounds(EAST + 0.004, 10.8, 77.2, 11.2)  # within the second circle, not at its middle
    assert [spot.rank for spot in sources.hotspots(LayerQuery(beside, 14)).spots] == [2]


@pytest.mark.usefixtures("busy")
def test_a_new_report_and_other_days_are_other_hotspots(session: Session, file_at: FileAt) -> None:
    layer = HotspotLayer(session)
    kept = layer.read(CITY)
    assert layer.read(CITY) is kept
    for _ in range(5):
        file_at(EAST, CENTRE.lat)
    assert "reports: 9" in layer.read(CITY).spots[0].words
    long_ago = LayerQuery(CITY.bounds, 12, from_ms=0, to_ms=86_400_000)
    assert layer.read(long_ago).spots == ()


def test_a_desk_without_reports_has_no_hotspots(session: Session) -> None:
    assert HotspotLayer(session).read(CITY).spots == ()


@pytest.mark.usefixtures("busy")
def test_key_h_shows_circles_of_500_m_with_their_ranks_and_the_legend(
    make_map: MakeMap, session: Session, hand: Hand
) -> None:
    desk = make_map(session)
    legend = "document.querySelector('.hotspot-legend')"
    assert hand.ask(desk.view, f"{legend}.hidden") is True
    hand.press(Qt.Key.Key_H)
    ranks = "[...document.querySelectorAll('.hotspot-rank')].map((e) => e.textContent)"
    hand.wait(desk.view, f"{ranks}.length === 1")
    assert hand.ask(desk.view, ranks) == ["1"], "the other is not in view"
    ring = "document.querySelector('.leaflet-hotspots-pane path').getBoundingClientRect()"
    metres_a_px = 156_543.03 * math.cos(math.radians(CENTRE.lat)) / 2**15
    assert hand.ask(desk.view, f"{ring}.width") == pytest.approx(1_000 / metres_a_px, abs=4)
    middle = hand.ask(desk.view, f"[{ring}.x + {ring}.width / 2, {ring}.y + {ring}.height / 2]")
    mark = "document.querySelector('.hotspot-rank').getBoundingClientRect()"
    at = hand.ask(desk.view, f"[{mark}.x + {mark}.width / 2, {mark}.y + {mark}.height / 2]")
    assert math.dist(middle, at) == pytest.approx(500 / metres_a_px, abs=4)
    hand.wait(desk.view, f"{legend}.hidden === false")
    assert "500 m" in hand.ask(desk.view, f"{legend}.textContent")
    hand.press(Qt.Key.Key_H)
    hand.wait(desk.view, f"{ranks}.length === 0")
    hand.wait(desk.view, f"{legend}.hidden === true")
