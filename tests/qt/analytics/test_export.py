"""What stands in a part of analytics goes out as numbers or as a picture, by menu and by key."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
from pyarrow.parquet import read_table
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtPdf import QPdfDocument

from tests.qt.analytics.conftest import Desk, Fill, OpenDesk
from tests.qt.picking import Picker
from trafficdesk.domain.analytics.agreement import Agreement
from trafficdesk.domain.analytics.metrics import MetricId
from trafficdesk.domain.vocabulary import Role
from trafficdesk.exports.writing import Format
from trafficdesk.policy.reading import MachinePolicy
from trafficdesk.policy.schema import ExportRules, Policy
from trafficdesk.qt.analytics import section_export
from trafficdesk.qt.analytics.choosing import rival_words
from trafficdesk.qt.analytics.figure_words import UNKNOWN
from trafficdesk.qt.analytics.patterns_page import PatternsPage
from trafficdesk.qt.analytics.second_look_rows import officer_rows
from trafficdesk.qt.analytics.section import Section
from trafficdesk.qt.exporting.pictures import Picture
from trafficdesk.qt.widgets.menus import Menu
from trafficdesk.services import auditing
from trafficdesk.services.analytics.second_looks import OfOfficer
from trafficdesk.services.session import Session

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(open_desk: OpenDesk, fill: Fill, tmp_path: Path) -> Desk:
    fill(600)
    opened = open_desk()
    opened.work.export.files = Picker(tmp_path)
    return opened


def _written(desk: Desk, folder: Path, ending: str) -> Path:
    desk.wait(lambda: bool(list(folder.glob(f"*.{ending}"))))
    (path,) = folder.glob(f"*.{ending}")
    return path


def _told(desk: Desk) -> str:
    return desk.work.message.title()


def test_the_numbers_of_a_chart_are_numbers(desk: Desk, tmp_path: Path) -> None:
    section = desk.overview.month_section
    desk.work.export.save_numbers(section, Format.JSON)
    rows = json.loads(_written(desk, tmp_path, "json").read_bytes())
    moments = desk.overview.chart.timeline().moments
    assert [row["month"] for row in rows] == [moment.name for moment in moments]
    assert [row["reports"] for row in rows] == [moment.count for moment in moments]
    desk.wait(lambda: _told(desk).startswith("Exported to reports_per_month-"))
    desk.work.export.save_numbers(desk.overview.heat_section, Format.PARQUET)
    hours = read_table(_written(desk, tmp_path, "parquet"))
    assert sum(hours["reports"].to_pylist()) == sum(map(sum, desk.overview.heat.table.counts()))
    with desk.session.store.reading() as connection:
        noted = [e for e in auditing.entries(connection) if e.action == "analytics.export"]
    detail = json.loads(noted[0].detail)
    assert (detail["section"], detail["format"]) == ("Reports per month", "json")
    assert len(noted) == 2


def test_a_chart_is_a_picture_a_drawing_and_paper(desk: Desk, tmp_path: Path) -> None:
    desk.wait_for_chart()
    for section in (desk.overview.month_section, desk.overview.heat_section):
        assert desk.work.export.pictures_of(section) == (Format.PNG, Format.SVG, Format.PDF)
    section = desk.overview.month_section
    for form in desk.work.export.pictures_of(section):
        desk.work.export.save_picture(section, form)
        ending = f".{form}"
        desk.wait(partial(lambda ending: _told(desk).endswith(ending), ending))
    image = QImage(str(_written(desk, tmp_path, "png")))
    assert image.width() > 2 * section.content.width()
    drawn = _written(desk, tmp_path, "svg").read_text("utf-8")
    assert "<polyline" in drawn
    assert "<image" not in drawn, "lines and dots stay lines and dots"
    assert "Reports per month" in drawn
    document = QPdfDocument()
    assert document.load(str(_written(desk, tmp_path, "pdf"))) is QPdfDocument.Error.None_
    assert document.pageCount() == 1
    words = document.getAllText(0).text()
    document.close()
    assert "Reports per month" in words
    assert desk.work.bar.period.text() in words
    assert "Not over yet" in words
    assert desk.work.choice is not None
    assert f"vs {rival_words(desk.work.choice)}" in words


def test_the_tiles_go_out_as_their_figures_and_as_a_picture(desk: Desk, tmp_path: Path) -> None:
    section = desk.overview.kpi_section
    faces = [tile.face for tile in desk.overview.kpis.tiles]
    desk.work.export.save_numbers(section, Format.JSON)
    rows = json.loads(_written(desk, tmp_path, "json").read_bytes())
    assert [row["figure"] for row in rows] == [face.name for face in faces]
    read = [row["value_as_read"] or UNKNOWN for row in rows]
    assert read == [face.figure for face in faces]
    counted = dict(zip((face.id for face in faces), rows, strict=True))[MetricId.RECEIVED]
    assert counted["value"] == counted["told_from"] > 100
    assert "what_it_counts" in counted
    desk.wait(lambda: _told(desk).startswith("Exported to key_figures-"))
    desk.work.export.save_picture(section, Format.SVG)
    drawn = _written(desk, tmp_path, "svg").read_text("utf-8")
    assert faces[0].name in drawn
    assert desk.overview.first_focus().hasFocus()
    assert desk.work.export.section() is section, "the tile has the keyboard"


def test_a_picture_that_takes_long_can_be_stopped_by_esc_and_leaves_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = Event()

    def make_slowly(_picture: Picture, _form: Format) -> Callable[[], bytes]:
        return lambda: b"picture" if go_on.wait(20) else b""

    monkeypatch.setattr(section_export, "picture_maker", make_slowly)
    export = desk.work.export
    export.save_picture(desk.overview.heat_section, Format.PNG)
    desk.wait(export.writing.strip.isVisible)
    export.save_numbers(desk.overview.heat_section, Format.CSV)
    assert _told(desk) == "A file is being written"
    desk.hit(Qt.Key.Key_Escape)
    go_on.set()
    desk.wait(lambda: _told(desk) == "Export stopped; nothing was written")
    assert not export.writing.strip.isVisible()
    assert [each.name for each in tmp_path.iterdir()] == ["profile"]
    export.save_numbers(desk.overview.heat_section, Format.CSV)
    assert _written(desk, tmp_path, "csv").stat().st_size


def test_second_looks_go_out_as_numbers() -> None:
    found, none = Agreement(5, 4, 0.6), Agreement(0, 0, None)
    officers = (OfOfficer(uuid4(), "Meena K", found), OfOfficer(uuid4(), "", none))
    agreed, unseen = (row.cells for row in officer_rows(officers))
    assert [cell.value for cell in agreed] == [None, 5, 80.0, 0.6]
    assert [cell.value for cell in unseen] == [None, 0, None, None]


def test_one_key_offers_the_part_that_has_the_keyboard(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[list[str]] = []

    def note(menu: Menu, _anchor: object) -> None:
        offered.append([each.text() for each in menu.actions() if each.text()])

    monkeypatch.setattr(Menu, "open_below", note)
    desk.overview.months.setFocus()
    desk.work.toggle_tables()
    desk.overview.months.setFocus()
    desk.hit(Qt.Key.Key_E, CTRL)
    assert any("Drawing (.svg)" in line for line in offered[0])
    desk.overview.places.setFocus()
    desk.hit(Qt.Key.Key_E, CTRL)
    assert not any("Drawing" in line for line in offered[1])
    assert any("GeoPackage (.gpkg)" in line for line in offered[1]), "places have a place"
    assert any("Workbook (.xlsx)" in line for line in offered[1])
    for section in desk.work.page.findChildren(Section):
        assert section.export_button.accessibleName() == f"Export: {section.title.text()}"
        assert "Ctrl E" in section.export_button.toolTip()
    desk.overview.heat_section.export_button.click()
    assert len(offered) == 3


def test_what_cannot_be_written_and_what_policy_forbids_is_told(desk: Desk, tmp_path: Path) -> None:
    section = desk.overview.place_section
    desk.work.export.files = Picker(tmp_path, "nowhere/list.xlsx")
    desk.work.export.save_numbers(section, Format.XLSX)
    desk.wait(lambda: "could not be written" in _told(desk))
    session = desk.session
    policy = MachinePolicy(Policy(exports=ExportRules(("csv", "svg"))), "policies.json")
    session.profile = replace(session.profile, machine=policy)
    assert desk.work.export.numbers_of(section) == (Format.CSV,)
    assert desk.work.export.pictures_of(desk.overview.heat_section) == (Format.SVG,)
    none = MachinePolicy(Policy(exports=ExportRules(())), "policies.json")
    session.profile = replace(session.profile, machine=none)
    desk.hit(Qt.Key.Key_E, CTRL)
    assert "policy does not allow" in _told(desk)
    assert [each.name for each in tmp_path.iterdir()] == ["profile"]


@pytest.mark.parametrize(("role", "plate"), [(Role.DISPATCHER, "TN38•"), (Role.OFFICER, "TN38BB")])
def test_plates_are_masked_for_whoever_may_not_read_them(
    role: Role, plate: str, open_desk: OpenDesk, fill: Fill, session: Session, tmp_path: Path
) -> None:
    fill(600)
    session.officer = replace(session.officer, role=role)
    desk = open_desk()
    desk.work.export.files = Picker(tmp_path)
    desk.open("patterns")
    page = desk.work.page
    assert isinstance(page, PatternsPage)
    desk.work.export.save_numbers(page.vehicle_section, Format.CSV)
    lines = _written(desk, tmp_path, "csv").read_text("utf-8-sig").splitlines()
    assert len(lines) > 10
    assert all(line.startswith(plate) for line in lines[1:])
    desk.wait(lambda: ("masked" in _told(desk)) is (role is Role.DISPATCHER))
