"""The desk's sections: violation types, base maps, audit, this desk."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from trafficdesk.qt.admin.audit import AuditPage
from trafficdesk.qt.admin.base_maps import BaseMapsPage
from trafficdesk.qt.admin.this_desk import DeskPage
from trafficdesk.qt.admin.violation_types import TypesPage
from trafficdesk.qt.admin.workspace import AdminWorkspace
from trafficdesk.qt.equipment import Equipment
from trafficdesk.security.errors import KeySlotsMissing
from trafficdesk.security.key_slots import holders
from trafficdesk.services import auditing, desk_care
from trafficdesk.services.session import Session
from trafficdesk.shipped import shipped

MakeWorkspace = Callable[..., AdminWorkspace]
ChooseFile = Callable[[Path], None]


def actions(session: Session) -> list[str]:
    with session.store.reading() as connection:
        return [entry.action for entry in auditing.entries(connection)]


def test_a_violation_type_is_added_and_renamed_in_place(
    admin: Session, make_workspace: MakeWorkspace, qtbot: QtBot
) -> None:
    page = make_workspace(admin).open_section("types")
    assert isinstance(page, TypesPage)
    page.name.set_text("Horn in silence zone")
    page.save.click()
    qtbot.waitUntil(lambda: [row.isVisible() for row in page.rows] == [True])
    row = page.rows[0]
    row.field.set_text("Horn near a hospital")
    row.field.edited.emit("Horn near a hospital")
    assert row.save.isVisible()
    page.open()
    page.open()
    qtbot.wait(100)
    assert page.rows == [row]
    assert row.save.isVisible(), "what came in meanwhile takes no typed name away"
    row.save.click()
    qtbot.waitUntil(lambda: "Horn near a hospital" in page.message.title())
    qtbot.waitUntil(lambda: not row.save.isVisible())
    named = desk_care.find_violation_types(admin)
    assert named == {"horn_in_silence_zone": "Horn near a hospital"}
    page.name.set_text("horn near a hospital")
    page.save.click()
    qtbot.waitUntil(page.name.error.isVisible)


@pytest.fixture
def map_file(tmp_path: Path) -> Path:
    """Return a real PMTiles file: the sketch that is shipped."""
    found = next(shipped("basemaps").rglob("tiles.pmtiles"))
    path = tmp_path / "Coimbatore.pmtiles"
    path.write_bytes(found.read_bytes())
    return path


def test_a_map_file_is_imported_used_and_removed(
    admin: Session,
    make_workspace: MakeWorkspace,
    equipment: Equipment,
    map_file: Path,
    qtbot: QtBot,
) -> None:
    page = make_workspace(admin).open_section("base_maps")
    assert isinstance(page, BaseMapsPage)
    page.import_file(map_file)
    assert not page.import_button.isEnabled()
    qtbot.waitUntil(lambda: len(page.rows) == 1)
    assert equipment.settings.values.map_pack == "coimbatore"
    assert page.import_button.isEnabled()
    qtbot.waitUntil(lambda: page.rows[0].isVisible() and not page.rows[0].use.isVisible())
    page.rows[0].remove.click()
    assert page.rows[0].question.isVisible()
    page.rows[0].question.yes.click()
    qtbot.waitUntil(lambda: page.rows == [])
    assert equipment.settings.values.map_pack == ""
    assert list(admin.profile.packs.iterdir()) == []
    assert actions(admin)[-2:] == ["base_map.import", "base_map.remove"]


def test_a_file_that_is_no_map_is_refused_in_a_sentence_with_its_name(
    admin: Session,
    make_workspace: MakeWorkspace,
    choose_file: ChooseFile,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    path = tmp_path / "holiday.mbtiles"
    path.write_bytes(b"no map at all" * 100)
    choose_file(path)
    page = make_workspace(admin).open_section("base_maps")
    assert isinstance(page, BaseMapsPage)
    page.import_button.click()
    qtbot.waitUntil(page.message.isVisible)
    assert "holiday.mbtiles" in page.message.title()
    assert page.import_button.isEnabled()
    assert not page.progress.isVisible()


def open_audit(workspace: AdminWorkspace) -> AuditPage:
    page = workspace.open_section("audit")
    assert isinstance(page, AuditPage)
    return page


def test_the_chain_is_checked_and_exported(
    admin: Session,
    make_workspace: MakeWorkspace,
    choose_file: ChooseFile,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    page = open_audit(make_workspace(admin))
    page.verify_button.click()
    qtbot.waitUntil(page.verify_button.isEnabled)
    assert "1" in page.message.title()
    choose_file(tmp_path / "audit.jsonl")
    page.export_button.click()
    qtbot.waitUntil(lambda: "audit.jsonl" in page.message.title())
    assert len((tmp_path / "audit.jsonl").read_text("utf-8").splitlines()) == 4
    assert actions(admin)[-2:] == ["audit.verify", "audit.export"]


def test_an_export_that_cannot_be_written_says_so_and_leaves_nothing(
    admin: Session,
    make_workspace: MakeWorkspace,
    choose_file: ChooseFile,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    choose_file(tmp_path / "missing" / "audit.jsonl")
    page = open_audit(make_workspace(admin))
    page.export_button.click()
    qtbot.waitUntil(page.message.isVisible)
    assert page.message.title()
    assert not (tmp_path / "missing").exists()


def test_a_long_audit_reads_on_as_it_is_scrolled(
    admin: Session, make_workspace: MakeWorkspace, qtbot: QtBot
) -> None:
    for number in range(250):
        auditing.note(admin, auditing.Audited("base_map.import", "desk", f"pack-{number}"))
    page = open_audit(make_workspace(admin))
    entries = page.list.entries
    qtbot.waitUntil(lambda: entries.rowCount() == 100)
    bar = page.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: entries.rowCount() == 200)
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: entries.rowCount() == 251)
    assert [entries.line(place).seq for place in (0, 100, 250)] == [251, 151, 1]


def open_desk(workspace: AdminWorkspace, qtbot: QtBot) -> DeskPage:
    page = workspace.open_section("desk")
    assert isinstance(page, DeskPage)
    qtbot.waitUntil(lambda: page.shred.field.edit.placeholderText() == "D1")
    return page


def test_the_desk_is_shredded_only_once_its_code_is_typed(
    admin: Session, make_workspace: MakeWorkspace, qtbot: QtBot
) -> None:
    workspace = make_workspace(admin)
    page = open_desk(workspace, qtbot)
    assert not page.shred.button.isEnabled()
    page.shred.field.edited.emit("D2")
    assert not page.shred.button.isEnabled()
    page.shred.field.set_text("D1")
    page.shred.field.edited.emit("D1")
    assert page.shred.button.isEnabled()
    with qtbot.waitSignal(workspace.shredded):
        page.shred.button.click()
    with pytest.raises(KeySlotsMissing):
        holders(admin.profile)


def test_a_crash_report_is_read_in_place_and_removed(
    admin: Session, make_workspace: MakeWorkspace, qtbot: QtBot
) -> None:
    admin.profile.crash_reports.mkdir()
    text = "TrafficDesk 0.1.0\n\nbuiltins.ValueError: no such tile\n"
    (admin.profile.crash_reports / "1.txt").write_text(text, encoding="utf-8")
    page = open_desk(make_workspace(admin), qtbot)
    block = page.crashes
    qtbot.waitUntil(block.clear_button.isVisible)
    block.clear_button.click()
    qtbot.waitUntil(lambda: not block.clear_button.isVisible())
    assert list(admin.profile.crash_reports.iterdir()) == []


def test_a_diagnostics_file_is_written_where_the_officer_says(
    admin: Session,
    make_workspace: MakeWorkspace,
    choose_file: ChooseFile,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    block = open_desk(make_workspace(admin), qtbot).diagnostics
    path = tmp_path / "for-it.zip"
    choose_file(path)
    block.button.click()
    qtbot.waitUntil(block.message.isVisible)
    assert "for-it.zip" in block.message.title()
    assert block.button.isEnabled()
    assert path.stat().st_size > 500
    choose_file(tmp_path / "nowhere" / "for-it.zip")
    (tmp_path / "nowhere").write_text("no folder")
    block.button.click()
    qtbot.waitUntil(lambda: "for-it.zip" not in block.message.title() and block.button.isEnabled())
