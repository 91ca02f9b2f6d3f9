"""The patrol plan as a layer of the map: areas shaded, named, and told in the legend."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.qt.map.conftest import CENTRE, Hand, MakeMap
from tests.services.conftest import new_report
from tests.services.dispatching import enlist
from tests.services.test_patrol_plan import NOW, MakeSession, draw
from trafficdesk.domain.records import Place
from trafficdesk.domain.vocabulary import GeofenceKind, Role
from trafficdesk.maps.layers import NO_PATROLS
from trafficdesk.qt.map.patrol_layer import PatrolLayer
from trafficdesk.services.intake import file_report
from trafficdesk.services.session import Session
from trafficdesk.store import geofences

AWAY = Place(CENTRE.lon + 0.2, CENTRE.lat)
WEEKS = 3


@pytest.fixture
def session(session: Session) -> Session:
    """The officer's desk in the middle of a shift."""
    return replace(session, clock=lambda: NOW)


@pytest.fixture
def busy_area(session: Session) -> str:
    """An area in the middle, with a report in this shift in each of the last weeks; one idle."""
    area = draw(session, "Gandhipuram", CENTRE, GeofenceKind.PATROL_AREA)
    draw(session, "Idle", AWAY, GeofenceKind.PATROL_AREA)
    for weeks in range(WEEKS + 2):
        seen = session.clock() - timedelta(weeks=weeks, minutes=1)
        for _ in range(2):
            assert file_report(session, new_report(session, place=CENTRE, occurred_at=seen)).pk
    return area


def test_the_shift_that_goes_on_is_planned_for_the_units_on_duty(
    session: Session, make_session: MakeSession, busy_area: str
) -> None:
    enlist(make_session(Role.SUPERVISOR, "Ravi S"), "PCR-21")
    view = PatrolLayer(session).read()
    busy, idle = sorted(view.areas, key=lambda area: -area.step)
    # A little may happen everywhere.
    assert (str(busy.id), busy.step, idle.step) == (busy_area, 4, 1)
    assert busy.words.startswith("Gandhipuram · ")
    assert busy.words.endswith("PCR-21")
    assert "PCR-21" not in idle.words
    assert len(view.steps) == 5
    assert view.steps[0].startswith("\u20660.0")


def test_a_city_without_areas_has_no_plan(session: Session) -> None:
    with session.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM wards")
        assert geofences.find_all(connection) == []
    assert PatrolLayer(session).read() == NO_PATROLS


def test_areas_are_shaded_named_and_told_in_the_legend_while_the_layer_is_shown(
    make_map: MakeMap, session: Session, busy_area: str, hand: Hand
) -> None:
    assert busy_area
    desk = make_map(session)
    legend = "document.querySelector('.legend .shades')"
    assert hand.ask(desk.view, f"{legend}.hidden") is True
    desk.layers.layers["patrols"].click()
    hand.wait(desk.view, "document.querySelectorAll('.area-name.patrols').length === 1")
    name = hand.ask(desk.view, "document.querySelector('.area-name.patrols').textContent")
    assert name.startswith("Gandhipuram · ")
    hand.wait(desk.view, f"{legend}.hidden === false")
    assert hand.ask(desk.view, f"{legend}.querySelectorAll('.ramp4').length") == 1
    assert "Patrol plan" in hand.ask(desk.view, f"{legend}.textContent")
    desk.layers.layers["patrols"].click()
    hand.wait(desk.view, f"{legend}.hidden")
    assert hand.ask(desk.view, "document.querySelectorAll('.area-name.patrols').length") == 0
