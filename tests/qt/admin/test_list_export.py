"""The lists of the administration are taken out by a key or a button; the audit has its own way."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.exports.read_back import read_rows
from tests.qt.picking import Picker, picker_beside
from trafficdesk.domain.vocabulary import Role
from trafficdesk.policy.reading import MachinePolicy
from trafficdesk.policy.schema import ExportRules, LockRules, Policy
from trafficdesk.qt.admin.workspace import AdminWorkspace
from trafficdesk.qt.commands import Commands
from trafficdesk.services import administration
from trafficdesk.services.administration import OfficerDetails
from trafficdesk.services.session import Session

MakeWorkspace = Callable[..., AdminWorkspace]
# Each list's first column, and something that stands in it.
LISTS = {
    "keys": ("command", "Export the list"),
    "officers": ("name", "Ravi Chandran"),
    "types": ("code", "no_helmet"),
    "base_maps": ("name", ""),
    "imports": ("file", ""),
    "desk": ("section", "lock"),
}


@pytest.fixture
def asked(tmp_path: Path) -> Picker:
    return picker_beside(tmp_path, "list.csv")


@dataclass
class Desk:
    """The workspace, and where its files go."""

    work: AdminWorkspace
    asked: Picker
    commands: Commands
    bot: QtBot

    def open(self, section: str) -> None:
        """Show a section, and wait until it has read what it lists."""
        page = self.work.open_section(section)
        self.bot.waitUntil(lambda: page.listed() is not None)

    def told(self) -> str:
        """Return what is said of the last export, "" if nothing is."""
        return self.work.told.title() if self.work.told.isVisible() else ""

    def hit(self) -> None:
        """Press Ctrl+E."""
        self.work.window().activateWindow()
        self.work.setFocus()
        QTest.keyClick(self.work.sections, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)


@pytest.fixture
def open_desk(
    make_workspace: MakeWorkspace, asked: Picker, commands: Commands, qtbot: QtBot
) -> Callable[[Session], Desk]:
    def make(session: Session) -> Desk:
        work = make_workspace(session)
        work.export.files = asked
        work.window().activateWindow()
        qtbot.waitUntil(work.window().isActiveWindow)
        return Desk(work, asked, commands, qtbot)

    return make


@pytest.fixture
def full(admin: Session) -> Session:
    details = OfficerDetails("Ravi Chandran", "RC", "SI", Role.OFFICER)
    administration.add_officer(admin, details, "four plain words here")
    return admin


@pytest.fixture
def desk(open_desk: Callable[[Session], Desk], full: Session) -> Desk:
    return open_desk(full)


@pytest.mark.parametrize("section", LISTS)
def test_a_key_writes_the_list_of_the_page(desk: Desk, section: str) -> None:
    desk.open(section)
    desk.hit()
    desk.bot.waitUntil(lambda: desk.told() == "Exported to list.csv")
    rows = read_rows(desk.asked.path)
    column, word = LISTS[section]
    page = desk.work.open_section(section).listed()
    assert page is not None
    assert len(rows) == page.total
    if word:
        assert next(iter(rows[0])) == column
        assert word in {row[column] for row in rows}
    assert desk.told() == "", "what was said goes with the page"
    assert "GeoPackage" not in desk.asked.kinds, "there is no place in it"


@pytest.mark.parametrize("section", LISTS)
def test_a_button_writes_it_too_and_shows_the_key(desk: Desk, section: str) -> None:
    desk.open(section)
    desk.asked.name = ""
    button = desk.work.page().list_button
    assert button is not None
    assert button.key() == "Ctrl E"
    desk.work.page().ensureWidgetVisible(button)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.bot.waitUntil(lambda: desk.told().startswith("Exported to "))
    (written,) = desk.asked.folder.iterdir()
    assert written.suffix == ".csv"


def test_words_for_people_stand_over_the_columns(desk: Desk) -> None:
    desk.open("officers")
    desk.asked.name = "list.html"
    desk.hit()
    desk.bot.waitUntil(lambda: desk.told().startswith("Exported"))
    page = desk.asked.path.read_text("utf-8")
    assert "Locked out" in page
    assert "As of 20" in page


def test_whoever_may_not_read_of_others_is_told_that_they_are_masked(
    full: Session, open_desk: Callable[[Session], Desk]
) -> None:
    desk = open_desk(replace(full, officer=replace(full.officer, role=Role.OFFICER)))
    desk.open("officers")
    desk.hit()
    desk.bot.waitUntil(lambda: desk.told().startswith("Exported"))
    assert desk.told().endswith("masked")
    assert "Ravi" not in desk.asked.path.read_text("utf-8-sig")


def test_who_may_not_export_is_told_so_where_they_click(
    full: Session, open_desk: Callable[[Session], Desk]
) -> None:
    desk = open_desk(replace(full, officer=replace(full.officer, role=Role.SERVICE)))
    desk.open("types")
    button = desk.work.page().list_button
    assert button is not None
    button.click()
    assert desk.told() == "Your role may not export this"
    assert list(desk.asked.folder.iterdir()) == []


def test_where_policy_lets_out_places_alone_a_list_without_any_is_refused(
    full: Session, open_desk: Callable[[Session], Desk]
) -> None:
    policy = Policy(exports=ExportRules(("geojson",)), lock=LockRules(5))
    machine = MachinePolicy(policy, "policies.json")
    desk = open_desk(replace(full, profile=replace(full.profile, machine=machine)))
    desk.open("types")
    desk.hit()
    assert desk.told() == "Your agency's policy does not allow this export"
    assert list(desk.asked.folder.iterdir()) == []


def test_a_page_without_a_list_says_so_and_the_audit_has_its_own_way(
    desk: Desk, choose_file: Callable[[Path], None], tmp_path: Path
) -> None:
    desk.work.open_section("look")
    assert desk.commands.get("admin.export").disabled_reason == "There is no list to export here"
    desk.work.open_section("audit")
    choose_file(tmp_path / "audit.jsonl")
    desk.hit()
    desk.bot.waitUntil((tmp_path / "audit.jsonl").exists)
