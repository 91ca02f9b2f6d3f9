"""Places found by name and streets by place."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from trafficdesk.domain.records import Place
from trafficdesk.maps.gazetteer import Gazetteer
from trafficdesk.maps.packs import Pack
from trafficdesk.maps.places_file import NamedPlace, NamedStreet, fold, save_places

GANDHIPURAM = Place(76.966, 11.018)


@pytest.fixture
def gazetteer(sketch_pack: Pack) -> Iterator[Gazetteer]:
    opened = Gazetteer(sketch_pack.places_file)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Avinashi Road", "Avinashi Road"),
        ("AVINASHI", "Avinashi Road"),
        ("gandhi", "Gandhipuram"),
        ("avinasi rd", "Avinashi Road"),
        ("gandipuram", "Gandhipuram"),
        ("sathyamanglam", "Sathyamangalam Road"),
        ("காந்திபுரம்", "Gandhipuram"),
        ("அவினாசி", "Avinashi Road"),
        ("coimbatore junction", "Coimbatore Junction"),
    ],
)
def test_a_place_is_found_by_what_people_type(gazetteer: Gazetteer, typed: str, first: str) -> None:
    assert gazetteer.search(typed, GANDHIPURAM)[0].name == first


def test_an_exact_name_comes_before_longer_ones(gazetteer: Gazetteer) -> None:
    found = gazetteer.search("peelamedu")
    assert found[0].name == "Peelamedu"
    assert found[0].score > found[-1].score


def test_equal_names_are_ordered_by_distance(tmp_path: Path) -> None:
    streets = [
        NamedStreet("minor", {"": "Main Road"}, (Place(lon, 11.0), Place(lon + 0.001, 11.0)))
        for lon in (76.0, 77.0, 78.0)
    ]
    save_places(tmp_path / "places.db", streets, [])
    opened = Gazetteer(tmp_path / "places.db")
    lons = [round(f.place.lon) for f in opened.search("main road", Place(78.0, 11.0))]
    opened.close()
    assert lons == [78, 77, 76]


@pytest.mark.parametrize("typed", ["", "  ", '"', '""" OR', "*", "NEAR(", "zzzzqq", "a\x00b", "-"])
def test_odd_texts_find_nothing_and_break_nothing(gazetteer: Gazetteer, typed: str) -> None:
    assert all(found.name for found in gazetteer.search(typed))


def test_the_nearest_street_is_named_with_its_area(gazetteer: Gazetteer) -> None:
    near = gazetteer.nearest_street(Place(76.9915, 11.0126))
    assert near is not None
    assert near.name in {"Avinashi Road", "Puliakulam Road"}
    assert near.near == "Lakshmi Mills"
    assert near.distance_m < 40
    assert gazetteer.nearest_area(GANDHIPURAM) == "Gandhipuram"


def test_far_from_every_street_there_is_none(gazetteer: Gazetteer) -> None:
    assert gazetteer.nearest_street(Place(0.0, 0.0)) is None
    assert gazetteer.nearest_area(Place(0.0, 0.0)) == ""


def test_pieces_of_one_street_are_one_place_and_far_namesakes_are_not(tmp_path: Path) -> None:
    def way(lon: float) -> NamedStreet:
        return NamedStreet("minor", {"": "Ring"}, (Place(lon, 11.0), Place(lon + 0.01, 11.0)))

    town = NamedPlace("place", "town", {"": "Old Town"}, Place(76.0, 11.0))
    assert save_places(tmp_path / "p.db", [way(76.0), way(76.01), way(79.0)], [town]) == (2, 1)


def test_folding_keeps_the_vowels_of_indian_scripts() -> None:
    assert fold("  Müller-Straße ") == "muller strasse"
    assert fold("காந்தி") == "காந்தி"
