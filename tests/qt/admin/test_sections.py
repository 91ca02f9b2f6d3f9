"""The officer's own sections: password, look, keys, locking."""

import subprocess
import sys
from collections.abc import Callable, Iterator

import keyring
import pytest
from keyring.backends import fail
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from trafficdesk.qt.admin.account import AccountPage
from trafficdesk.qt.admin.keys import KeysPage
from trafficdesk.qt.admin.locking import LockingPage
from trafficdesk.qt.admin.look import LookPage
from trafficdesk.qt.admin.workspace import AdminWorkspace
from trafficdesk.qt.commands_ahead import outlines
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.map.map_commands import map_commands
from trafficdesk.qt.shell.key_list import KeyRow
from trafficdesk.security.unlock import Unlocked, WrongPassword, unlock
from trafficdesk.services.session import Session

MakeWorkspace = Callable[..., AdminWorkspace]


@pytest.fixture(autouse=True)
def _no_system_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


def account(workspace: AdminWorkspace) -> AccountPage:
    page = workspace.open_section("account")
    assert isinstance(page, AccountPage)
    return page


def test_the_password_is_changed_and_the_fields_are_emptied(
    admin: Session, make_workspace: MakeWorkspace, qtbot: QtBot
) -> None:
    form = account(make_workspace(admin)).form
    form.present.set_text("a long password")
    form.fresh.set_text("rain on the tin roof")
    form.again.set_text("rain on the tin roof")
    QTest.keyClick(form.again.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(form.message.isVisible)
    assert (form.present.text(), form.fresh.text(), form.again.text()) == ("", "", "")
    old = unlock(admin.profile, admin.officer.id, "a long password", admin.clock())
    assert isinstance(old, WrongPassword)
    opened = unlock(admin.profile, admin.officer.id, "rain on the tin roof", admin.clock())
    assert isinstance(opened, Unlocked)
    opened.key.wipe()


def test_a_wrong_present_password_is_told_with_the_tries_left(
    admin: Session, make_workspace: MakeWorkspace, qtbot: QtBot
) -> None:
    form = account(make_workspace(admin)).form
    form.present.set_text("not this one")
    form.fresh.set_text("rain on the tin roof")
    form.again.set_text("rain on the tin roof")
    form.save.click()
    qtbot.waitUntil(form.present.error.isVisible)
    assert "4" in form.present.error.text()
    assert form.fresh.text() == "rain on the tin roof"
    assert form.save.isEnabled()


def test_two_different_new_passwords_are_told_before_anything_is_tried(
    admin: Session, make_workspace: MakeWorkspace
) -> None:
    form = account(make_workspace(admin)).form
    form.present.set_text("a long password")
    form.fresh.set_text("rain on the tin roof")
    form.again.set_text("rain on the tin rof")
    form.save.click()
    assert form.again.error.isVisible()
    assert form.save.isEnabled()


def test_a_look_is_kept_as_soon_as_it_is_chosen(
    admin: Session, make_workspace: MakeWorkspace, equipment: Equipment
) -> None:
    page = make_workspace(admin).open_section("look")
    assert isinstance(page, LookPage)
    page.theme.chosen.emit("dark")
    page.text_size.chosen.emit("125")
    page.compact.click()
    values = equipment.settings.values
    assert (values.theme, values.text_percent, values.density) == ("dark", 125, "compact")
    equipment.settings.change(theme="light", text_percent=150, density="comfortable")
    shown = (page.theme.chosen_id(), page.text_size.chosen_id(), page.compact.isChecked())
    assert shown == ("light", "150", False)


def test_idle_minutes_stay_within_one_and_thirty(
    admin: Session, make_workspace: MakeWorkspace, equipment: Equipment
) -> None:
    page = make_workspace(admin).open_section("locking")
    assert isinstance(page, LockingPage)
    page.minutes.spin.setValue(29)
    QTest.keyClick(page.minutes.spin, Qt.Key.Key_Up)
    QTest.keyClick(page.minutes.spin, Qt.Key.Key_Up)
    assert equipment.settings.values.lock_minutes == 30
    page.minutes.spin.setValue(0)
    assert equipment.settings.values.lock_minutes == 1


def test_a_system_without_a_keyring_is_said_and_the_switch_stays_off(
    admin: Session, make_workspace: MakeWorkspace, qtbot: QtBot
) -> None:
    page = make_workspace(admin).open_section("locking")
    assert isinstance(page, LockingPage)
    qtbot.waitUntil(page.reason.isVisible)
    assert not page.keyring.isEnabled()
    assert page.keyring.accessibleDescription() == page.reason.text() != ""


def row_of(page: KeysPage, command_id: str) -> KeyRow:
    assert page.keys is not None
    return next(row for row in page.keys.rows if row.command.id == command_id)


def press(key: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)


def test_a_key_is_recorded_kept_and_reset(
    admin: Session, make_workspace: MakeWorkspace, equipment: Equipment, qtbot: QtBot
) -> None:
    workspace = make_workspace(admin)
    page = workspace.open_section("keys")
    assert isinstance(page, KeysPage)
    workspace.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    assert not page.reset.isEnabled()
    row_of(page, "admin.look").click()
    press(Qt.Key.Key_F9)
    assert equipment.commands.keys_of("admin.look") == ("F9",)
    press(Qt.Key.Key_F9)
    assert workspace.sections.open_id() == "look"
    workspace.open_section("keys")
    page.reset.click()
    assert equipment.commands.keys_of("admin.look") == ("Alt+2",)
    assert not page.reset.isEnabled()


def test_a_key_that_is_taken_is_refused_with_its_owner(
    admin: Session, make_workspace: MakeWorkspace, equipment: Equipment, qtbot: QtBot
) -> None:
    workspace = make_workspace(admin)
    page = workspace.open_section("keys")
    assert isinstance(page, KeysPage)
    workspace.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    equipment.commands.remap("admin.audit", ("F8",))
    row_of(page, "admin.look").click()
    press(Qt.Key.Key_F8)
    assert equipment.commands.keys_of("admin.look") == ("Alt+2",)
    assert "Audit" in page.told.title()


def _open_keys(workspace: AdminWorkspace, qtbot: QtBot) -> KeysPage:
    page = workspace.open_section("keys")
    assert isinstance(page, KeysPage)
    workspace.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    return page


def test_commands_of_workspaces_that_were_not_opened_are_listed_and_given_keys(
    admin: Session, make_workspace: MakeWorkspace, equipment: Equipment, qtbot: QtBot
) -> None:
    commands = equipment.commands
    commands.announce("map", lambda: outlines(map_commands))
    page = _open_keys(make_workspace(admin), qtbot)
    assert page.keys is not None
    listed = {row.command.id for row in page.keys.rows}
    assert {"map.zoom_in", "map.export", "admin.look"} <= listed
    assert row_of(page, "map.heat").accessibleName().endswith(", Shift H")
    row_of(page, "map.heat").click()
    press(Qt.Key.Key_F9)
    assert commands.keys_of("map.heat") == ("F9",)
    assert commands.find("map.heat") is None
    assert not commands.run("map.heat")


def test_two_keys_one_after_the_other_are_recorded(
    admin: Session, make_workspace: MakeWorkspace, equipment: Equipment, qtbot: QtBot
) -> None:
    commands = equipment.commands
    page = _open_keys(make_workspace(admin), qtbot)
    row_of(page, "admin.look").click()
    press(Qt.Key.Key_G)
    press(Qt.Key.Key_L)
    assert commands.keys_of("admin.look") == ("G, L",)
    row_of(page, "admin.audit").click()
    press(Qt.Key.Key_G)
    press(Qt.Key.Key_Return)
    assert commands.keys_of("admin.audit") == ("Alt+8",)
    assert page.told.isVisible()
    assert page.told.title() == "G gets in the way of G L for “Look” (Administration)."
    row_of(page, "admin.audit").click()
    press(Qt.Key.Key_H)
    qtbot.waitUntil(lambda: commands.keys_of("admin.audit") == ("H",))


def test_one_command_gets_its_default_back(
    admin: Session, make_workspace: MakeWorkspace, equipment: Equipment, qtbot: QtBot
) -> None:
    commands = equipment.commands
    page = _open_keys(make_workspace(admin), qtbot)
    for key in (Qt.Key.Key_F9, Qt.Key.Key_Backspace):
        row_of(page, "admin.look").click()
        press(key)
    assert commands.keys_of("admin.look") == ()
    assert "Alt 2" in row_of(page, "admin.look").accessibleDescription()
    row_of(page, "admin.look").click()
    press(Qt.Key.Key_Delete)
    assert commands.keys_of("admin.look") == ("Alt+2",)
    assert not commands.has_own_keys("admin.look")


def test_what_is_announced_is_what_the_workspaces_bring_and_costs_no_web_engine() -> None:
    """In a process of its own: the map's engine is loaded when the map is opened, not before."""
    code = (
        "import sys\n"
        "from trafficdesk.qt import furnishing\n"
        "made = {c: {each.context for each in make()} for c, make in furnishing._COMING.items()}\n"
        "assert all(c in own for c, own in made.items()), made\n"
        "assert all(each.split('.')[0] == c for c, own in made.items() for each in own), made\n"
        "assert not [name for name in sys.modules if 'WebEngine' in name]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
