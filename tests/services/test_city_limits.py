"""The city lies where its wards, its administrator or a base map say, and imports check by that."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from trafficdesk.domain.geometry import contains
from trafficdesk.domain.records import Bounds, Place
from trafficdesk.domain.vocabulary import Role
from trafficdesk.services import auditing, city_limits
from trafficdesk.services.city_limits import CityFault, CityKept
from trafficdesk.services.importing.files import Imported, import_reports
from trafficdesk.services.importing.mapping import load_mapping
from trafficdesk.services.importing.wards import import_wards
from trafficdesk.services.session import Session
from trafficdesk.store import facts, places

COUNTRY = Bounds(68.1, 6.5, 97.4, 35.7)
RING = [[76.9, 10.9], [77.0, 10.9], [77.0, 11.1], [76.9, 11.1], [76.9, 10.9]]
AROUND = Bounds(76.89, 10.88, 77.01, 11.12)


@pytest.fixture
def admin(make_session: Callable[..., Session]) -> Session:
    return make_session(Role.ADMIN, "Poongodi I")


@pytest.fixture
def nowhere(admin: Session) -> Session:
    """Return the administrator of a desk of which nobody has said where it stands."""
    with admin.store.writing() as connection:
        home = places.get_city(connection, facts.home_city_id(connection))
        connection.exec_driver_sql(
            "UPDATE cities SET west = ?, south = ?, east = ?, north = ?, lon = 79, lat = 22 "
            "WHERE id = ?",
            (*COUNTRY, home.id.bytes),
        )
        connection.exec_driver_sql("UPDATE stations SET lon = 79, lat = 22")
    return admin


def _import_wards(session: Session, folder: Path) -> None:
    rules = folder / "wards.toml"
    rules.write_text('kind = "wards"\n[name]\ncolumn = "No"\n')
    feature = {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [RING]},
        "properties": {"No": "Ward 1"},
    }
    path = folder / "wards.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert isinstance(import_wards(session, path, load_mapping(rules)), Imported)


def test_imported_wards_say_where_a_new_desks_city_lies(nowhere: Session, tmp_path: Path) -> None:
    assert city_limits.load_city(nowhere).is_vague
    _import_wards(nowhere, tmp_path)
    found = city_limits.load_city(nowhere)
    assert not found.is_vague
    assert found.city.bounds == pytest.approx(AROUND, abs=2e-4)
    assert found.city.centre == pytest.approx(Place(76.95, 11.0), abs=2e-4)
    with nowhere.store.reading() as connection:
        assert all(contains(AROUND, s.place) for s in places.find_stations(connection))
        actions = [entry.action for entry in auditing.entries(connection)]
    assert {"desk.city", "ward.import"} <= set(actions)


def test_limits_that_somebody_chose_are_not_changed_by_wards(
    admin: Session, tmp_path: Path
) -> None:
    chosen = Bounds(76.8, 10.8, 77.2, 11.2)
    assert isinstance(city_limits.change_city(admin, "Kovai", chosen), CityKept)
    _import_wards(admin, tmp_path)
    found = city_limits.load_city(admin)
    assert (found.city.name, found.city.bounds) == ("Kovai", chosen)
    assert found.of_wards == pytest.approx(AROUND, abs=2e-4)


def test_an_import_is_checked_against_the_citys_limits(nowhere: Session, tmp_path: Path) -> None:
    rules = tmp_path / "map.toml"
    rules.write_text('[time]\ncolumn = "t"\n[place]\nlon = "x"\nlat = "y"\n')

    def warned(name: str, lon: float) -> int:
        path = tmp_path / name
        path.write_text(f"t,x,y\n2026-01-01T10:00:00,{lon},11.0\n")
        done = import_reports(nowhere, path, load_mapping(rules))
        assert isinstance(done, Imported)
        return sum(done.warnings.values())

    assert warned("before.csv", 80.1) == 0
    _import_wards(nowhere, tmp_path)
    assert warned("outside.csv", 80.2) == 1
    assert warned("inside.csv", 76.95) == 0


def test_what_is_no_city_is_refused(admin: Session, make_session: Callable[..., Session]) -> None:
    small = Bounds(76.8, 10.8, 77.2, 11.2)
    assert city_limits.change_city(admin, "India", COUNTRY) is CityFault.TOO_WIDE
    assert city_limits.change_city(admin, " ", small) is CityFault.NAME_MISSING
    officer = make_session(Role.OFFICER, "Revathi M")
    assert city_limits.change_city(officer, "Kovai", small) is CityFault.NOT_PERMITTED


@pytest.mark.parametrize("text", ["", "1,2,3", "77, 11, 76, 12", "76,91,77,92", "a,b,c,d"])
def test_four_numbers_in_order_are_limits_and_nothing_else(text: str) -> None:
    assert city_limits.read_limits(text) is None
    assert city_limits.read_limits("76.8; 10.8; 77.2; 11.2") == Bounds(76.8, 10.8, 77.2, 11.2)
