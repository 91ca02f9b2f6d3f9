"""The boards are taken out as files: the incidents by a key, the units by a command."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.qt.dispatch.conftest import CONTROL, Desk, EnlistUnit, FileIncident, OpenDesk
from tests.qt.picking import Picker
from trafficdesk.domain.vocabulary import Role


@pytest.fixture
def asked(tmp_path: Path) -> Picker:
    (tmp_path / "out").mkdir()
    return Picker(tmp_path / "out", "list.csv")


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


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_key_writes_the_incident_board_and_a_command_the_unit_board(
    desk: Desk, asked: Picker
) -> None:
    desk.hit(Qt.Key.Key_E, CONTROL)
    desk.wait(lambda: desk.toast.startswith("Exported"))
    assert desk.toast == "Exported to list.csv; plates and words about people are masked"
    heads, *rows = read(asked.path)
    assert heads[:2] == ["reference", "standing"]
    assert [row[0] for row in rows] == [
        line.incident.reference for line in desk.work.lines.incidents
    ]
    assert "GeoPackage (*.gpkg)" in asked.kinds
    asked.name = ""
    desk.commands.run("dispatch.export_units")
    day = desk.session.clock().date().isoformat()
    path = asked.folder / f"units-{day}.csv"
    desk.wait(path.exists)
    assert [row[0] for row in read(path)[1:]] == ["P1", "P2"]
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
