"""The map's layers as the encrypted store answers them."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Bounds, NewReport, Place, Position, Ward
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import (
    Entity,
    GeofenceKind,
    ReportStatus,
    Severity,
    Violation,
)
from trafficdesk.maps.answers import parse_query
from trafficdesk.maps.layers import LayerQuery, answer_layer
from trafficdesk.maps.overview import Chosen, first_span, read_overview
from trafficdesk.maps.sources import StoreSources, count_points
from trafficdesk.maps.surroundings import find_listed
from trafficdesk.services import areas
from trafficdesk.services.intake import file_report
from trafficdesk.services.session import Session
from trafficdesk.store import dispatch_rows, facts, places, unit_positions

CITY = Bounds(76.8, 10.8, 77.2, 11.2)
FileAt = Callable[..., int]


@pytest.fixture
def file_at(session: Session) -> FileAt:
    def file(
        lon: float,
        lat: float,
        severity: Severity = Severity.MINOR,
        days_ago: int = 0,
        violation: Violation = Violation.NO_HELMET,
    ) -> int:
        with session.store.reading() as connection:
            city_id, station_id = facts.home_city_id(connection), facts.home_station_id(connection)
        at = session.clock() - timedelta(days=days_ago, minutes=5)
        report = NewReport((violation,), severity, Place(lon, lat), at, at, city_id, station_id)
        filed = file_report(session, report)
        assert filed.pk, filed
        return filed.pk

    return file


@pytest.fixture
def sources(session: Session) -> StoreSources:
    return StoreSources(session.store, session.clock)


def test_reports_far_apart_stand_alone_and_close_ones_are_gathered(
    sources: StoreSources, file_at: FileAt
) -> None:
    lone = file_at(77.05, 11.1)
    for step in range(5):
        file_at(76.95 + step * 1e-4, 11.01, Severity.CRITICAL if step == 0 else Severity.MINOR)

    view = sources.reports(LayerQuery(CITY, 12))

    assert [point.pk for point in view.points] == [lone]
    assert [(c.n, c.critical) for c in view.clusters] == [(5, 1)]
    assert view.total == 6


def test_filters_and_the_time_window_hold_for_the_reports_shown(
    sources: StoreSources, file_at: FileAt, session: Session
) -> None:
    old = file_at(76.9, 11.0, Severity.SEVERE, days_ago=40)
    fresh = file_at(77.0, 11.1, Severity.SEVERE)
    file_at(77.1, 10.9, Severity.MINOR)
    severe = LayerQuery(CITY, 12, severities=frozenset({Severity.SEVERE}))
    since_ms = to_ms(session.clock() - timedelta(days=7))

    assert {p.pk for p in sources.reports(severe).points} == {old, fresh}
    lately = replace(severe, from_ms=since_ms, to_ms=to_ms(session.clock()) + 900_000)
    assert [p.pk for p in sources.reports(lately).points] == [fresh]
    decided = replace(severe, statuses=frozenset({ReportStatus.APPROVED}))
    assert sources.reports(decided).total == 0


def test_chosen_violations_alone_are_shown_listed_and_counted(
    sources: StoreSources, file_at: FileAt, session: Session
) -> None:
    parked = file_at(76.9, 11.0, Severity.SEVERE, violation=Violation.ILLEGAL_PARKING)
    older = file_at(77.0, 11.1, days_ago=40, violation=Violation.ILLEGAL_PARKING)
    file_at(77.1, 10.9)
    query = parse_query("bbox=76.8,10.8,77.2,11.2&zoom=12&violations=illegal_parking")

    assert {point.pk for point in sources.reports(query).points} == {parked, older}
    assert len(sources.heat(query)) == 2
    assert [row.pk for row in find_listed(session.store, query).rows] == [parked, older]
    chosen = Chosen(violations=query.violations)
    seen = read_overview(session.store, chosen, to_ms(session.clock()))
    assert (seen.shown(chosen), seen.total, seen.one_in) == (2, 3, 1)
    assert sum(seen.days.values()) == 2
    recent = replace(chosen, span=first_span(session.store, to_ms(session.clock()), 7))
    again = read_overview(session.store, recent, to_ms(session.clock()), seen)
    assert again.shown(recent) == 1
    assert json.loads(answer_layer(sources, "reports", query))["oneIn"] == 1
    assert count_points(session.store, query) == 2
    assert count_points(session.store, replace(query, violations=frozenset())) == 3
    late = replace(query, from_ms=to_ms(session.clock() - timedelta(days=7)))
    assert count_points(session.store, late) == 1
    west = replace(query, bounds=query.bounds._replace(east=76.95))
    assert count_points(session.store, west) == 1


def test_a_unit_not_heard_of_for_ten_minutes_is_stale(
    sources: StoreSources, session: Session
) -> None:
    now = session.clock()
    with session.store.writing() as connection:
        for call_sign, minutes in (("P01", 2), ("P02", 25)):
            unit_id = new_id()
            values = {"call_sign": call_sign, "kind": "patrol_car", "duty": "on"}
            dispatch_rows.insert(connection, Entity.UNIT, unit_id, values)
            seen = Position(unit_id, Place(76.96, 11.02), now - timedelta(minutes=minutes))
            unit_positions.put(connection, [seen])

    spots = sources.units(LayerQuery(CITY, 12))

    assert {spot.now.unit.call_sign: spot.stale for spot in spots} == {"P01": False, "P02": True}


def test_only_areas_that_touch_the_view_are_told(sources: StoreSources, session: Session) -> None:
    square = {
        "type": "Polygon",
        "coordinates": [[[76.9, 11.0], [76.92, 11.0], [76.92, 11.02], [76.9, 11.0]]],
    }
    areas.draw(session, "School run", GeofenceKind.PATROL_AREA, json.dumps(square))
    with session.store.writing() as connection:
        city_id = facts.home_city_id(connection)
        places.put_ward(connection, Ward(new_id(), city_id, "Ukkadam", json.dumps(square)))
    here, elsewhere = Bounds(76.91, 11.0, 76.95, 11.05), Bounds(77.1, 11.1, 77.2, 11.2)

    for layer in ("geofences", "wards"):
        shown = json.loads(answer_layer(sources, layer, LayerQuery(here, 13)))
        assert len(shown["features"]) == 1
        assert not json.loads(answer_layer(sources, layer, LayerQuery(elsewhere, 13)))["features"]
