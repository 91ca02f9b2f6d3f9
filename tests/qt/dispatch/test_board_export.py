"""The boards are taken out as files: the incidents by a key, the units by a command."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.exports.read_back import read_rows
from tests.qt.dispatch.conftest import CONTROL, Desk, EnlistUnit, FileIncident, OpenDesk
from tests.qt.picking import Picker, picker_beside
from trafficdesk.domain.vocabulary import Role


@pytest.fixture
def asked(tmp_path: Path) -> Picker:
    return picker_beside(tmp_path, "list.csv")


@pytest.fixture
def desk(
    open_desk: OpenDesk, file_incident: FileIncident, enlist: EnlistUnit, asked: Picker
) -> Desk:
    for vehicles in (1, 5, 3):
        file_incident(vehicle_count=vehicles)
    enlist("P2", east_m=None)
    enlist("P1")
    opened = open_desk()
    opened.work.export.files = asked
    return opened


def test_a_key_writes_the_incident_board_and_a_command_the_unit_board(
    desk: Desk, asked: Picker
) -> None:
    desk.hit(Qt.Key.Key_E, CONTROL)
    desk.wait(lambda: desk.toast.startswith("Exported"))
    assert desk.toast == "Exported to list.csv; plates and words about people are masked"
    rows = read_rows(asked.path)
    assert list(rows[0])[:2] == ["reference", "standing"]
    listed = [line.incident.reference for line in desk.work.lines.incidents]
    assert [row["reference"] for row in rows] == listed
    assert "GeoPackage (*.gpkg)" in asked.kinds
    asked.name = ""
    desk.commands.run("dispatch.export_units")
    day = desk.session.clock().date().isoformat()
    path = asked.folder / f"units-{day}.csv"
    desk.wait(path.exists)
    assert [row["call_sign"] for row in read_rows(path)] == ["P1", "P2"]
    asked.name = "list.html"
    desk.wait(lambda: not desk.work.export.refusal())
    desk.hit(Qt.Key.Key_E, CONTROL)
    desk.wait(asked.path.exists)
    page = asked.path.read_text("utf-8")
    assert "As of 20" in page
    assert "What others said" in page


def test_whoever_may_not_is_told_so(desk: Desk, asked: Picker) -> None:
    desk.session.officer = replace(desk.session.officer, role=Role.SERVICE)
    desk.hit(Qt.Key.Key_E, CONTROL)
    desk.wait(lambda: desk.toast == "Your role may not export this")
    assert list(asked.folder.iterdir()) == []
