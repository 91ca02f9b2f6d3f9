"""A file is imported, its faults are shown, it is taken back; the city gets its limits."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.records import Bounds
from trafficdesk.qt.admin import import_words
from trafficdesk.qt.admin.city import CityPage
from trafficdesk.qt.admin.imports import ImportsPage
from trafficdesk.qt.admin.workspace import AdminWorkspace
from trafficdesk.services import city_limits
from trafficdesk.services.city_limits import CityFault
from trafficdesk.services.importing.batches import TakeBackFault
from trafficdesk.services.importing.faults import ImportFault, RowFault
from trafficdesk.services.session import Session
from trafficdesk.store import tallies

MakeWorkspace = Callable[..., AdminWorkspace]
RULES = '[time]\ncolumn = "t"\n[place]\nlon = "x"\nlat = "y"\n'


@pytest.fixture
def page(make_workspace: MakeWorkspace, admin: Session) -> ImportsPage:
    page = make_workspace(admin).open_section("imports")
    assert isinstance(page, ImportsPage)
    return page


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    table, mapping = tmp_path / "rows.csv", tmp_path / "map.toml"
    table.write_text("t,x,y\n2026-01-01T10:00:00,76.95,11.0\n2026-01-01T11:00:00,76.96,11.0\n")
    mapping.write_text(RULES)
    return table, mapping


def _count(session: Session) -> int:
    with session.store.reading() as connection:
        return tallies.count(connection, ReportFilter())


def test_a_file_is_imported_and_taken_back(
    page: ImportsPage, files: tuple[Path, Path], admin: Session, qtbot: QtBot
) -> None:
    before = _count(admin)
    page.import_file(*files)
    qtbot.waitUntil(lambda: len(page.rows) == 1)
    assert "2 reports" in page.message.title()
    assert _count(admin) == before + 2
    page.rows[0].remove.click()
    page.rows[0].question.yes.click()
    qtbot.waitUntil(lambda: "Taken back: 2 reports." in page.message.title())
    qtbot.waitUntil(lambda: page.rows[0].batch.state == "taken_back")
    assert _count(admin) == before
    assert not page.rows[0].remove.isVisible()


def test_wrong_rows_are_shown_with_line_and_column(
    page: ImportsPage, files: tuple[Path, Path], admin: Session, qtbot: QtBot
) -> None:
    before = _count(admin)
    table, mapping = files
    table.write_text("t,x,y\n2026-01-01T10:00:00,11.0,76.95\n2026-01-01T11:00:00,76.96,11.0\n")
    page.import_file(table, mapping)
    qtbot.waitUntil(lambda: "1 of 2 rows" in page.message.title())
    assert page.faults.rows.count() == 1
    assert _count(admin) == before


def test_the_city_gets_its_name_and_limits(
    make_workspace: MakeWorkspace, admin: Session, qtbot: QtBot
) -> None:
    page = make_workspace(admin).open_section("city")
    assert isinstance(page, CityPage)
    qtbot.waitUntil(lambda: bool(page.name.text()))
    page.limits.set_text("77, 11, 76, 12")
    page.save.click()
    assert page.limits.error.text()
    page.name.set_text("Kovai")
    page.limits.set_text("76.8, 10.8, 77.2, 11.2")
    page.save.click()
    qtbot.waitUntil(lambda: city_limits.load_city(admin).city.name == "Kovai")
    assert city_limits.load_city(admin).city.bounds == Bounds(76.8, 10.8, 77.2, 11.2)
    qtbot.waitUntil(lambda: "saved" in page.message.title())


def test_every_fault_has_its_sentence() -> None:
    assert set(import_words.FILES) == set(ImportFault)
    assert set(import_words.ROWS) == set(RowFault)
    assert set(import_words.TAKE_BACKS) == set(TakeBackFault)
    assert set(import_words.CITIES) == set(CityFault)
