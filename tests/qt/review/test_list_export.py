"""The list on screen is taken out by a key: what it shows, with progress, and stopped at will."""

import json
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import Connection

from tests.qt.picking import Picker, picker_beside
from tests.qt.review.conftest import Desk, OpenDesk
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.records import Report
from trafficdesk.domain.vocabulary import Severity
from trafficdesk.services.session import Session
from trafficdesk.store import export_rows
from trafficdesk.store.export_rows import ExportRow
from trafficdesk.store.queues import PageRequest
from trafficdesk.store.walks import Walk

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def asked(tmp_path: Path) -> Picker:
    return picker_beside(tmp_path, "list.json")


@pytest.fixture
def desk(open_desk: OpenDesk, file_many: Callable[[int], list[Report]], asked: Picker) -> Desk:
    file_many(5)
    opened = open_desk()
    opened.work.column.export.files = asked
    return opened


def test_what_the_list_shows_is_written_with_what_was_asked(desk: Desk, asked: Picker) -> None:
    desk.work.column.show_filter_result(ReportFilter(severities=frozenset({Severity.SEVERE})))
    desk.settle()
    listed = desk.listed
    desk.hit(Qt.Key.Key_E, CTRL)
    desk.wait_for(lambda: desk.toast.startswith("Exported"))
    rows = json.loads(asked.path.read_bytes())
    assert [row["reference"] for row in rows] == listed
    assert "GeoPackage (*.gpkg)" in asked.kinds
    assert not desk.work.column.export.writing.strip.isVisible()
    asked.name = "list.html"
    desk.hit(Qt.Key.Key_E, CTRL)
    desk.wait_for(asked.path.exists)
    page = asked.path.read_text("utf-8")
    assert "Severe" in page
    assert "As of 20" in page
    assert "Citizen wrote" in page


def test_a_list_that_is_being_written_shows_how_far_it_is_and_can_be_stopped(
    desk: Desk, asked: Picker, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = Event()
    find_page = export_rows.find_page

    def find_slowly(connection: Connection, request: PageRequest, walk: Walk) -> list[ExportRow]:
        go_on.wait(20)
        return find_page(connection, request, walk)

    monkeypatch.setattr(export_rows, "find_page", find_slowly)
    export = desk.work.column.export
    desk.hit(Qt.Key.Key_E, CTRL)
    desk.wait_for(export.writing.strip.isVisible)
    assert export.writing.row.words() == "Writing 0 of 5"
    assert export.refusal() == "A file is being written"
    export.writing.row.cancelled.emit()
    go_on.set()
    desk.wait_for(lambda: desk.toast == "Export stopped; nothing was written")
    assert list(asked.path.parent.iterdir()) == []
    assert export.refusal() == ""
    with session.store.reading():
        pass


def test_a_folder_that_takes_no_file_and_an_ending_that_is_no_format_are_told(
    desk: Desk, asked: Picker
) -> None:
    asked.name = "nowhere/list.csv"
    desk.hit(Qt.Key.Key_E, CTRL)
    desk.wait_for(lambda: "could not be written" in desk.toast)
    asked.name = "list.docx"
    desk.hit(Qt.Key.Key_E, CTRL)
    desk.wait_for(lambda: desk.toast.startswith("Choose one of these endings: .csv"))
    assert list(asked.folder.iterdir()) == []
