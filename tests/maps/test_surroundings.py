"""What lies at a place and around it, and the counts around the map."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Bounds, NewReport, Place, Ward
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import ReportStatus, Severity, Violation
from trafficdesk.maps.gazetteer import open_gazetteer
from trafficdesk.maps.layers import LayerQuery
from trafficdesk.maps.overview import Chosen, first_span, read_overview
from trafficdesk.maps.packs import Pack
from trafficdesk.maps.sketch import install_sketch
from trafficdesk.maps.surroundings import describe, find_listed, find_near, search
from trafficdesk.maps.time_window import latest
from trafficdesk.services.intake import file_report
from trafficdesk.services.session import Session
from trafficdesk.store import facts, places

HERE = Place(76.9674, 11.0183)
FileAt = Callable[..., int]


@pytest.fixture
def file_at(session: Session) -> FileAt:
    def file(place: Place, severity: Severity = Severity.MINOR, days_ago: int = 0) -> int:
        with session.store.reading() as connection:
            city_id, station_id = facts.home_city_id(connection), facts.home_station_id(connection)
        at = session.clock() - timedelta(days=days_ago, minutes=5)
        report = NewReport(
            (Violation.SPEED,), severity, place, at, at, city_id, station_id, plate="TN 37 BZ 4412"
        )
        return file_report(session, report).pk

    return file


def test_near_means_a_hundred_metres_and_not_the_report_itself(
    session: Session, file_at: FileAt
) -> None:
    chosen = file_at(HERE)
    close = file_at(Place(HERE.lon + 0.0005, HERE.lat))  # 55 m
    file_at(Place(HERE.lon + 0.0009, HERE.lat + 0.0005))  # 113 m, in the box all the same

    near = find_near(session.store, HERE, chosen)

    assert [each.row.pk for each in near] == [close]
    assert near[0].distance_m == pytest.approx(54.6, abs=1)


def test_a_list_has_the_worst_first_and_is_that_of_the_view(
    session: Session, file_at: FileAt
) -> None:
    minor = file_at(HERE)
    critical = file_at(Place(76.95, 11.0), Severity.CRITICAL)
    file_at(Place(77.15, 11.15), Severity.CRITICAL)

    listed = find_listed(session.store, LayerQuery(Bounds(76.9, 10.9, 77.0, 11.1), 13))

    assert [row.pk for row in listed.rows] == [critical, minor]
    assert listed.total == 2


def test_counts_are_those_of_the_window_and_respect_what_is_ticked(
    session: Session, file_at: FileAt
) -> None:
    file_at(HERE, Severity.SEVERE)
    file_at(HERE, Severity.MINOR)
    file_at(HERE, Severity.MINOR, days_ago=50)
    now_ms = to_ms(session.clock())
    span = first_span(session.store, now_ms, 30)
    chosen = Chosen(severities=frozenset({Severity.SEVERE}), span=span)

    seen = read_overview(session.store, chosen, now_ms)

    assert seen.shown(chosen) == 1
    assert seen.total == 3
    assert seen.of_severity(Severity.MINOR, chosen) == 1
    assert seen.of_status(ReportStatus.PENDING, chosen) == 1
    assert sum(seen.days.values()) == 1
    assert seen.things["stations"] == 1
    assert span == latest(seen.frame, 30)


def test_a_window_without_reports_is_not_where_the_map_begins(
    session: Session, file_at: FileAt
) -> None:
    now_ms = to_ms(session.clock())
    assert first_span(session.store, now_ms, 30) is None
    file_at(HERE, days_ago=80)
    assert first_span(session.store, now_ms, 30) is None
    assert first_span(session.store, now_ms, 90) is not None


def test_a_point_has_its_street_and_its_ward_or_lies_outside(
    session: Session, tmp_path: Path
) -> None:
    pack = install_sketch(tmp_path / "packs")
    assert isinstance(pack, Pack)
    gazetteer = open_gazetteer(pack)
    assert gazetteer is not None
    assert not describe(session.store, gazetteer, HERE).is_outside  # no wards: nobody knows
    corners = [[76.9, 11.0], [77.0, 11.0], [77.0, 11.1], [76.9, 11.1], [76.9, 11.0]]
    square = json.dumps({"type": "Polygon", "coordinates": [corners]})
    with session.store.writing() as connection:
        city_id = facts.home_city_id(connection)
        places.put_ward(connection, Ward(new_id(), city_id, "Gandhipuram", square))

    inside = describe(session.store, gazetteer, HERE)
    outside = describe(session.store, gazetteer, Place(77.3, 11.4))
    gazetteer.close()

    assert inside.ward == "Gandhipuram"
    assert inside.street is not None
    assert inside.street.distance_m < 250
    assert outside.is_outside
    assert outside.street is None


def test_one_search_finds_places_plates_and_references(
    session: Session, file_at: FileAt, tmp_path: Path
) -> None:
    pk = file_at(HERE)
    pack = install_sketch(tmp_path / "packs")
    assert isinstance(pack, Pack)
    gazetteer = open_gazetteer(pack)

    by_plate = search(session.store, gazetteer, "tn37 bz", HERE)
    by_reference = search(session.store, None, by_plate.reports[0].reference.lower(), HERE)
    by_name = search(session.store, gazetteer, "gandhipuram", HERE)
    assert gazetteer is not None
    gazetteer.close()

    assert [row.pk for row in by_plate.reports] == [pk]
    assert [row.pk for row in by_reference.reports] == [pk]
    assert by_name.places[0].name == "Gandhipuram"
    assert not by_name.reports
    assert search(session.store, None, "  ", None).places == ()
