"""The officer's own sections: password, look, keys, locking."""

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
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.shell.key_sheet import KeyRow
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
    assert "Audit" in page.message.title()
