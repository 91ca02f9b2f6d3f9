"""Every address of the page: what is answered, and that nothing else can be reached."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.domain.records import Bounds, Geofence, Incident, Place, Station, Ward
from trafficdesk.domain.vocabulary import GeofenceKind, ReportStatus, Severity
from trafficdesk.maps.answers import BAD_REQUEST, FAILED, NOT_FOUND, OK, TILE_MIME, MapAnswers
from trafficdesk.maps.clusters import Cluster
from trafficdesk.maps.layers import (
    LAYER_NAMES,
    HotspotSpot,
    HotspotView,
    LayerQuery,
    PatrolArea,
    PatrolView,
    ReportsView,
    UnitSpot,
)
from trafficdesk.maps.mercator import tile_at
from trafficdesk.maps.packs import Pack, import_pack
from trafficdesk.maps.vector_tile import decode_tile
from trafficdesk.shipped import shipped
from trafficdesk.store.conflicts import ConflictSpot
from trafficdesk.store.map_view import Cell, Point

_ID = UUID(int=7)
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
_SQUARE = '{"type":"Polygon","coordinates":[[[76.9,11.0],[77.0,11.0],[77.0,11.1],[76.9,11.0]]]}'
QUERY = "bbox=76.9,10.9,77.1,11.1&zoom=13"


class FixedSources:
    """Answers the same few things whatever is asked, and keeps what was asked."""

    asked: LayerQuery | None = None

    def reports(self, query: LayerQuery) -> ReportsView:
        self.asked = query
        box = Bounds(76.95, 11.0, 76.97, 11.02)
        clusters = (Cluster(76.96, 11.01, 12, 2, box),)
        return ReportsView(clusters, (Point(5, 76.99, 11.0, "pending", 4),), 13)

    def heat(self, query: LayerQuery) -> tuple[Cell, ...]:
        self.asked = query
        return (Cell(76.9612345678, 11.01, 3, 0),)

    def incidents(self, query: LayerQuery) -> tuple[Incident, ...]:
        self.asked = query
        return ()

    def conflicts(self, query: LayerQuery) -> tuple[ConflictSpot, ...]:
        self.asked = query
        return (ConflictSpot(_ID, "CBE-2026-000001", Place(76.97, 11.0), NOW, 2),)

    def units(self, query: LayerQuery) -> tuple[UnitSpot, ...]:
        self.asked = query
        return ()

    def stations(self, query: LayerQuery) -> tuple[Station, ...]:
        self.asked = query
        return (Station(_ID, _ID, "B1 <Race> Course", Place(76.97, 11.0)),)

    def wards(self, query: LayerQuery) -> tuple[Ward, ...]:
        self.asked = query
        return (Ward(_ID, _ID, "Ukkadam", _SQUARE),)

    def geofences(self, query: LayerQuery) -> tuple[Geofence, ...]:
        self.asked = query
        return (Geofence(_ID, 1, "School", GeofenceKind.PATROL_AREA, _SQUARE),)

    def hotspots(self, query: LayerQuery) -> HotspotView:
        self.asked = query
        spot = HotspotSpot(1, Place(76.97, 11.0), "Ukkadam · reports: 7", is_sure=True)
        return HotspotView((spot,), 500.0)

    def patrols(self, query: LayerQuery) -> PatrolView:
        self.asked = query
        area = PatrolArea(_ID, "Ukkadam · 3.2 · PCR-21", _SQUARE, 4)
        return PatrolView((area,), "Patrol plan", ("0.0", "3.2"))


@pytest.fixture
def sources() -> FixedSources:
    return FixedSources()


@pytest.fixture
def answers(sketch_pack: Pack, sources: FixedSources) -> MapAnswers:
    return MapAnswers([sketch_pack], sources, b"// channel")


def test_the_page_and_its_files_are_answered(answers: MapAnswers) -> None:
    assert answers.answer("desk://map/").mime == "text/html;charset=utf-8"
    assert answers.answer("desk://map/page.js").body.endswith(b");")
    assert answers.answer("desk://map/qwebchannel.js").body == b"// channel"
    leaflet = answers.answer("desk://map/asset/leaflet.js")
    assert (leaflet.status, leaflet.mime) == (OK, "text/javascript")
    assert answers.answer("desk://map/asset/plus.svg").mime == "image/svg+xml"


def test_tiles_come_unzipped_and_where_there_is_none_the_body_is_empty(
    answers: MapAnswers,
) -> None:
    x, y = tile_at(76.966, 11.018, 14)
    tile = answers.answer(f"desk://map/tile/coimbatore/14/{x}/{y}.mvt")
    assert tile.mime == TILE_MIME
    assert "road" in decode_tile(tile.body)
    assert answers.answer("desk://map/tile/coimbatore/14/0/0.mvt") == (OK, TILE_MIME, b"")
    assert answers.answer("desk://map/tile/nowhere/1/0/0.mvt").status == NOT_FOUND


@pytest.mark.parametrize("z", range(15))
def test_the_world_answers_at_every_zoom(answers: MapAnswers, z: int) -> None:
    x, y = tile_at(76.966, 11.018, z)
    body = answers.answer(f"desk://map/tile/world/{z}/{x}/{y}.mvt").body
    assert decode_tile(body)["land"].features


def test_the_sea_is_no_land(answers: MapAnswers) -> None:
    x, y = tile_at(70.0, 0.0, 8)
    assert decode_tile(answers.answer(f"desk://map/tile/world/8/{x}/{y}.mvt").body).keys() == {
        "sea"
    }


def test_a_pack_brings_its_own_ground(answers: MapAnswers) -> None:
    x, y = tile_at(76.966, 11.018, 12)
    ground = decode_tile(answers.answer(f"desk://map/ground/coimbatore/12/{x}/{y}.mvt").body)
    assert ground["land"].features
    assert answers.answer("desk://map/ground/coimbatore/12/0/0.mvt").body == b""


def test_the_page_learns_which_base_maps_there_are(answers: MapAnswers) -> None:
    told = json.loads(answers.answer("desk://map/base").body)
    assert [base["name"] for base in told] == ["coimbatore", "world"]
    assert told[0]["sketch"] is True
    assert told[0]["schema"]["layers"]["road"] == ["road", "class"]


@pytest.mark.parametrize("layer", LAYER_NAMES)
def test_every_layer_is_answered(answers: MapAnswers, sources: FixedSources, layer: str) -> None:
    answer = answers.answer(f"desk://map/layer/{layer}?{QUERY}")
    assert answer.status == OK
    assert {"cells", "points", "features"} & set(json.loads(answer.body))
    assert sources.asked == LayerQuery(Bounds(76.9, 10.9, 77.1, 11.1), 13)


def test_reports_are_told_as_the_page_reads_them(answers: MapAnswers) -> None:
    told = json.loads(answers.answer(f"desk://map/layer/reports?{QUERY}").body)
    assert told == {
        "cells": [[76.96, 11.01, 12, 2, 76.95, 11.0, 76.97, 11.02]],
        "points": [[5, 76.99, 11.0, 4, "pending"]],
        "total": 13,
        "oneIn": 1,
    }


def test_filters_reach_whoever_answers(answers: MapAnswers, sources: FixedSources) -> None:
    filters = "&statuses=pending,approved&severities=4,3&violations=speed&from=1000&to=2000"
    assert answers.answer(f"desk://map/layer/reports?{QUERY}{filters}").status == OK
    asked = sources.asked
    assert asked is not None
    assert asked.statuses == {ReportStatus.PENDING, ReportStatus.APPROVED}
    assert asked.severities == {Severity.SEVERE, Severity.CRITICAL}
    assert asked.violations == {"speed"}
    assert (asked.from_ms, asked.to_ms) == (1000, 2000)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "bbox=1,2,3&zoom=4",
        "bbox=a,b,c,d&zoom=4",
        "bbox=nan,0,1,1&zoom=4",
        "bbox=3,0,1,1&zoom=4",
        "bbox=0,0,1,1&zoom=99",
        "bbox=0,0,1,1&zoom=inf",
        "bbox=0,0,1,1&zoom=4&severities=9",
        "bbox=0,0,1,1&zoom=4&statuses=gone",
        "bbox=0,0,1,1&zoom=4&from=yesterday",
    ],
)
def test_a_question_that_makes_no_sense_is_refused(answers: MapAnswers, query: str) -> None:
    assert answers.answer(f"desk://map/layer/reports?{query}").status == BAD_REQUEST


@pytest.mark.parametrize(
    "path",
    [
        "asset/../../../profile.py",
        "asset/..%2F..%2Fpyproject.toml",
        "asset/%2Fetc%2Fpasswd",
        "asset/vendor/leaflet/leaflet.js",
        "tile/../coimbatore/1/0/0.mvt",
        "tile/coimbatore/1/0/0.mvt/../../x",
        "layer/secrets?bbox=0,0,1,1&zoom=1",
        "index.html",
        "asset/%00",
    ],
)
def test_nothing_else_can_be_reached(answers: MapAnswers, path: str) -> None:
    answer = answers.answer(f"desk://map/{path}")
    assert (answer.status, answer.body) == (NOT_FOUND, b"")


@given(st.text(max_size=60))
def test_no_address_breaks_the_answers(path: str) -> None:
    answer = MapAnswers([], FixedSources()).answer(f"desk://map/x{path}")
    assert answer.status in (NOT_FOUND, BAD_REQUEST)


def test_a_pack_damaged_on_disk_fails_its_tiles_alone(
    tmp_path_factory: pytest.TempPathFactory, sources: FixedSources
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    pack = import_pack(shipped("basemaps", "coimbatore", "tiles.pmtiles"), folder)
    assert isinstance(pack, Pack)
    (pack.folder / "tiles.pmtiles").write_bytes(b"PMTiles")
    answers = MapAnswers([pack], sources)
    assert answers.answer("desk://map/tile/tiles/10/0/0.mvt").status == FAILED
    assert answers.answer("desk://map/tile/world/0/0/0.mvt").status == OK
