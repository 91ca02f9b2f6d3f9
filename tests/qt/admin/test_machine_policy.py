"""What IT decides for the machine holds in the administration, and its pages say so."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.qt.admin.conftest import MakeWorkspace
from trafficdesk.policy.reading import read_policy
from trafficdesk.profile import Profile
from trafficdesk.qt.admin.account import AccountPage
from trafficdesk.qt.admin.locking import LockingPage
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.services.session import Session

PLACE = "/etc/trafficdesk/policies.json"
POLICY = b"""{
  "lock": {"idle_minutes": 5, "keyring": false},
  "passwords": {"min_characters": 24},
  "position": {"keep_days": 1000}
}"""


@pytest.fixture
def ruled(admin: Session) -> Session:
    """Return the administrator's session on a machine that has a policy."""
    return replace(admin, profile=Profile(admin.profile.folder, read_policy(POLICY, PLACE)))


def said(page: QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(Label) if label.isVisibleTo(page))


def test_a_desk_locks_no_later_than_policy_says_and_the_page_says_why(
    ruled: Session, make_workspace: MakeWorkspace, equipment: Equipment
) -> None:
    page = make_workspace(ruled).open_section("locking")
    assert isinstance(page, LockingPage)
    page.minutes.spin.setValue(2)
    page.minutes.spin.setValue(29)
    assert equipment.settings.values.lock_minutes == 5
    assert "Your agency's policy allows no longer time." in said(page)


def test_a_keyring_that_policy_forbids_cannot_be_switched_on_and_the_page_says_why(
    ruled: Session, make_workspace: MakeWorkspace, qtbot: QtBot
) -> None:
    page = make_workspace(ruled).open_section("locking")
    assert isinstance(page, LockingPage)
    qtbot.waitUntil(page.reason.isVisible)
    assert page.reason.text() == "Your agency's policy does not allow the system keyring."
    assert not page.keyring.isEnabled()


def test_a_password_is_as_long_as_policy_says(
    ruled: Session, make_workspace: MakeWorkspace, qtbot: QtBot
) -> None:
    page = make_workspace(ruled).open_section("account")
    assert isinstance(page, AccountPage)
    assert "At least 24 characters." in said(page)
    form = page.form
    form.present.set_text("a long password")
    form.fresh.set_text("rain on the tin roof")
    form.again.set_text("rain on the tin roof")
    QTest.keyClick(form.again.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "24" in form.fresh.error.text())


def test_the_desk_names_its_policy_and_what_of_it_is_passed_over(
    ruled: Session, make_workspace: MakeWorkspace
) -> None:
    page = make_workspace(ruled).open_section("desk")
    assert PLACE in said(page)
    assert "Its part position is passed over" in said(page)


def test_without_a_policy_everything_is_the_desks_to_choose(
    admin: Session, make_workspace: MakeWorkspace
) -> None:
    page = make_workspace(admin).open_section("desk")
    assert "None: everything is this desk's to choose" in said(page)
