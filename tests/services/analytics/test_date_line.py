"""A city on both sides of the date line: its places are found, named and listed like any other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from numpy.random import default_rng

from tests.services.analytics.happened import NOW, Happened, at, counted, period, write
from trafficdesk.domain.analytics.place_forecasting import Squares, Unit
from trafficdesk.domain.geometry import centre_of, is_on_earth
from trafficdesk.domain.queues import ReportFilter, Sort
from trafficdesk.domain.records import Bounds, Place
from trafficdesk.domain.vocabulary import Role, Violation
from trafficdesk.services.analytics.hotspots import find_hotspots
from trafficdesk.services.analytics.patterns import find_recurring
from trafficdesk.services.analytics.place_forecasts import forecast_places
from trafficdesk.services.analytics.places import find_dangerous_places
from trafficdesk.services.session import Session
from trafficdesk.store import facts, queues, walks
from trafficdesk.store.queues import PageRequest

MakeSession = Callable[..., Session]
CENTRE, WEST, EAST = Place(179.999, -16.85), Place(179.9995, -16.849), Place(-179.9995, -16.849)
ROAD = "Wairiki Road"


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    """A desk of a city whose middle lies 100 m west of the date line."""
    found = replace(make_session(Role.SUPERVISOR), clock=lambda: NOW)
    with found.store.writing() as connection:
        home = facts.home_city_id(connection).bytes
        connection.exec_driver_sql(
            "UPDATE cities SET lon = ?, lat = ? WHERE id = ?", (*CENTRE, home)
        )
    return found


def test_a_hotspot_of_both_sides_lists_and_names_those_of_both(session: Session) -> None:
    when = at("2026-10-05T10:00")
    write(session, [Happened(WEST, when)] * 3 + [Happened(EAST, when, address=ROAD)] * 2)
    october = period(session, "2026-10-01", "2026-11-01")
    for found in (find_hotspots(session, october), find_dangerous_places(session, october)):
        (spot,) = found.discs
        assert (spot.disc.n, spot.name) == (5, ROAD)
        assert is_on_earth(spot.disc.place)
        assert counted(session, spot.rows) == 5


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("turn", [-360, 0])
def test_a_box_over_the_date_line_lists_both_sides_in_every_order(
    session: Session, sort: Sort, turn: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    when, far = at("2026-10-05T10:00"), Place(0.0, CENTRE.lat)
    write(session, [Happened(place, when) for place in (WEST, WEST, EAST, far)])
    wanted = ReportFilter(bounds=Bounds(179.99 + turn, -17.0, 180.01 + turn, -16.0))
    for few in (walks.FEW, 0):  # by the tree, and along the order
        monkeypatch.setattr(walks, "FEW", few)
        with session.store.reading() as connection:
            found = queues.find_page(connection, PageRequest(wanted, sort))
        assert len(found) == counted(session, wanted) == 3


def test_squares_to_come_on_both_sides_list_their_reports(session: Session) -> None:
    begin = at("2025-01-01T10:00")
    spots = [Place(CENTRE.lon + n * 0.004, CENTRE.lat) for n in range(-3, 4)]
    places = [Place((lon + 180) % 360 - 180, lat) for lon, lat in spots]
    days = [begin + timedelta(days=n) for n in range(7 * 50)]
    write(session, [Happened(places[n % 7], day) for n, day in enumerate(days)])
    found = forecast_places(session, period(session, "2025-01-01", "2026-01-01"), Unit.WEEK)
    assert sum(counted(session, each.rows) for each in found.squares) == len(days)
    middles = [centre_of(each.bounds) for each in found.squares]
    assert all(map(is_on_earth, middles))
    assert {middle.lon > 0 for middle in middles} == {True, False}


def test_a_pattern_beyond_the_date_line_lists_and_names_its_reports(session: Session) -> None:
    rng = default_rng(5)
    kinds = (Violation.SPEED, Violation.NO_HELMET, Violation.ILLEGAL_PARKING)
    beyond = Place(-179.99, CENTRE.lat)
    places = (CENTRE, Place(179.98, CENTRE.lat), beyond)
    often = [
        Happened(
            places[int(rng.integers(0, 3))],
            at("2026-03-02T00:00") + timedelta(hours=int(rng.integers(0, 4_000))),
            violation=kinds[int(rng.integers(0, 3))],
        )
        for _ in range(600)
    ]
    monday = at("2026-03-02T08:30")
    mornings = [
        Happened(beyond, monday + timedelta(weeks=n), violation=kinds[2], address=ROAD)
        for n in range(20)
    ]
    write(session, often + mornings)
    (found,) = find_recurring(session, period(session, "2026-03-01", "2026-10-01"))
    assert found.pattern.kind.square == Squares(CENTRE).square_of(beyond)
    assert counted(session, found.rows) >= found.pattern.support >= 20
    assert found.name == ROAD
