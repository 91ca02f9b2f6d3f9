"""How far the chosen unit comes: an area under the symbols, with its basis, gone with Esc."""

import threading
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from tests.qt.dispatch.conftest import HERE, Desk, EnlistUnit, FileIncident, OpenDesk
from trafficdesk.domain.geometry import distance_m
from trafficdesk.domain.records import Place
from trafficdesk.domain.travel import DETOUR, SPEED_KM_H, Basis, Reach, StraightLine
from trafficdesk.qt.dispatch.reaching import find_reach, rings_of

ESCAPED = threading.Event()
ANSWERED: list[float] = []
SQUARE = [[[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.0, 0.0]]]


class Slow(StraightLine):
    """Answers when nobody waits any more."""

    def reach(self, start: Place, minutes: float) -> Reach:
        ESCAPED.wait(5)
        ANSWERED.append(minutes)
        return super().reach(start, minutes)


def begin(desk: Desk, call_sign: str) -> None:
    """Choose a unit and press R."""
    desk.wait(lambda: call_sign in desk.names())
    desk.work.units.list.choose(desk.names()[call_sign])
    desk.press("r")


def test_the_reach_is_painted_and_goes_with_esc(
    open_desk: OpenDesk,
    enlist: EnlistUnit,
    file_incident: FileIncident,
    screenshots: Callable[[QWidget, str], list[object]],
) -> None:
    """Three bands around the unit, all on the map, told with their basis."""
    file_incident()
    enlist("P12", east_m=0)
    desk = open_desk()
    begin(desk, "P12")
    layer = desk.work.map.reach
    desk.wait(lambda: layer.bands != ())
    assert [band.minutes for band in layer.bands] == [15, 10, 5]
    far = SPEED_KM_H / 3.6 * 60 * 15 / DETOUR
    (ring,) = layer.bands[0].rings
    assert abs(distance_m(HERE, ring[0]) - far) < far * 0.01
    assert "Reach of P12" in layer.words
    assert "25 km/h, no roads" in layer.words
    spots = [desk.work.map.view.spot_of(place).toPoint() for place in ring]
    assert all(desk.work.map.rect().contains(spot) for spot in spots)
    assert len(screenshots(desk.work, "dispatch-reach")) == 4
    beside = desk.work.map.view.spot_of(Place(HERE.lon, HERE.lat - 0.01)).toPoint()
    shown = _ink(desk, beside)
    desk.work.focus_incidents()
    desk.hit(Qt.Key.Key_Escape)
    assert layer.bands == ()
    assert layer.words == ""
    assert _ink(desk, beside) != shown


def _ink(desk: Desk, spot: QPoint) -> int:
    return desk.work.map.grab().toImage().pixel(spot)


def test_esc_before_the_answer_takes_it_away_too(open_desk: OpenDesk, enlist: EnlistUnit) -> None:
    """What comes home afterwards is not shown."""
    enlist("P12")
    desk = open_desk()
    desk.work.gear = replace(desk.work.gear, travel=Slow())
    begin(desk, "P12")
    desk.hit(Qt.Key.Key_Escape)
    ESCAPED.set()
    desk.wait(lambda: len(ANSWERED) == 3)
    desk.qtbot.wait(100)
    assert desk.work.map.reach.bands == ()


def test_a_unit_without_a_position_has_no_reach(open_desk: OpenDesk, enlist: EnlistUnit) -> None:
    """R says why."""
    enlist("P12", east_m=None)
    desk = open_desk()
    begin(desk, "P12")
    assert desk.refused[-1][1] == "P12 has told no position yet"


def test_one_estimate_makes_an_estimate_of_all_and_many_polygons_are_rings() -> None:
    """What is least sure is what is told."""

    class Mixed(StraightLine):
        def reach(self, start: Place, minutes: float) -> Reach:
            found = super().reach(start, minutes)
            return replace(found, basis=Basis.BY_ROAD) if minutes > 5 else found

    assert find_reach(Mixed(), HERE).basis is Basis.STRAIGHT_LINE
    assert len(rings_of({"type": "Polygon", "coordinates": SQUARE})) == 1
    assert len(rings_of({"type": "MultiPolygon", "coordinates": [SQUARE, SQUARE]})) == 2
