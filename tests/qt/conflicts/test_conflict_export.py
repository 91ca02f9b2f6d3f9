"""The conflicts on screen are taken out as a file by a key: those of the open tab, as filtered."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.exports.read_back import read_rows
from tests.qt.conflicts.conftest import Desk, MakeConflict, OpenDesk
from tests.qt.picking import Picker, picker_beside

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def asked(tmp_path: Path) -> Picker:
    return picker_beside(tmp_path, "list.csv")


@pytest.fixture
def desk(open_desk: OpenDesk, conflict: MakeConflict, asked: Picker) -> Desk:
    conflict({"plate": "TN1"}, {"plate": "TN2"})
    conflict({"severity": 1}, {"severity": 4})
    opened = open_desk()
    opened.wait_for_open(2)
    opened.work.export.files = asked
    return opened


def fields(path: Path) -> list[str]:
    return [row["field"] for row in read_rows(path)]


def test_a_key_writes_what_the_open_tab_lists_in_its_order(desk: Desk, asked: Picker) -> None:
    desk.hit(Qt.Key.Key_E, CONTROL)
    desk.wait(lambda: desk.toast == "Exported to list.csv")
    before = fields(asked.path)
    assert sorted(before) == ["plate", "severity"]
    desk.press("s")
    desk.hit(Qt.Key.Key_E, CONTROL)
    desk.wait(lambda: fields(asked.path) == before[::-1])
    asked.name = "list.html"
    desk.wait(lambda: not desk.work.export.refusal())
    desk.hit(Qt.Key.Key_E, CONTROL)
    desk.wait(asked.path.exists)
    page = asked.path.read_text("utf-8")
    assert "Open · Newest first" in page
    assert "Theirs by" in page


def test_what_was_set_aside_is_no_list_of_conflicts(desk: Desk, asked: Picker) -> None:
    desk.work.open_tab("parked")
    desk.hit(Qt.Key.Key_E, CONTROL)
    assert [why for _, why in desk.refused] == ["Open the conflicts or those settled first"]
    assert list(asked.folder.iterdir()) == []
