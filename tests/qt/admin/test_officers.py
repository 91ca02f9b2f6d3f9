"""Officers are added, changed, helped and removed in place, on the real slots."""

from collections.abc import Callable
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from trafficdesk.domain.vocabulary import Role
from trafficdesk.qt.admin.officer_panel import OfficerPanel
from trafficdesk.qt.admin.officers import OfficersPage
from trafficdesk.qt.admin.workspace import AdminWorkspace
from trafficdesk.qt.equipment import Equipment
from trafficdesk.security.enrolment import remove_officer as remove_slot
from trafficdesk.security.key_slots import holders
from trafficdesk.security.unlock import Unlocked, unlock
from trafficdesk.services import administration
from trafficdesk.services.administration import OfficerDetails, OfficerDone
from trafficdesk.services.session import Session
from trafficdesk.store import facts, sync_marks

MakeWorkspace = Callable[..., AdminWorkspace]
PASSWORD = "four plain words here"
RAVI = OfficerDetails("Ravi Chandran", "RC", "SI", Role.OFFICER)


@pytest.fixture
def ravi(admin: Session) -> UUID:
    done = administration.add_officer(admin, RAVI, PASSWORD)
    assert isinstance(done, OfficerDone)
    return done.officer_id


def open_page(workspace: AdminWorkspace, qtbot: QtBot, count: int) -> OfficersPage:
    page = workspace.open_section("officers")
    assert isinstance(page, OfficersPage)
    qtbot.waitUntil(lambda: len(page.rows) == count)
    return page


def open_panel(page: OfficersPage, officer_id: UUID) -> OfficerPanel:
    for row in page.rows:
        if row.enrolled.holder.officer_id == officer_id:
            row.click()
    assert page.panel is not None
    return page.panel


def names(session: Session) -> list[str]:
    return [holder.name for holder in holders(session.profile)]


def test_an_officer_is_added_with_a_suggested_password_that_opens_the_desk(
    admin: Session, make_workspace: MakeWorkspace, equipment: Equipment, qtbot: QtBot
) -> None:
    page = open_page(make_workspace(admin), qtbot, 1)
    told: list[object] = []
    equipment.changes.changed.connect(told.append)
    page.add_button.click()
    form = page.form
    assert form is not None
    form.details.name.set_text("Leela Devi")
    form.details.initials.set_text("ld")
    form.details.role.choose(str(Role.SUPERVISOR))
    form.password.suggest.click()
    password = form.password.field.text()
    assert len(password) >= 16
    form.save.click()
    qtbot.waitUntil(lambda: len(page.rows) == 2)
    assert "Leela Devi" in page.message.title()
    assert told
    added = next(h for h in holders(admin.profile) if h.name == "Leela Devi")
    assert (added.initials, added.role) == ("LD", Role.SUPERVISOR)
    opened = unlock(admin.profile, added.officer_id, password, admin.clock())
    assert isinstance(opened, Unlocked)
    opened.key.wipe()


def test_what_is_wrong_with_a_new_officer_stands_at_its_field_and_nothing_typed_is_lost(
    admin: Session, make_workspace: MakeWorkspace, qtbot: QtBot
) -> None:
    page = open_page(make_workspace(admin), qtbot, 1)
    page.add_button.click()
    form = page.form
    assert form is not None
    form.details.name.set_text("Leela Devi")
    form.details.initials.set_text("AA")
    form.password.field.set_text("short")
    form.save.click()
    qtbot.waitUntil(form.details.initials.error.isVisible)
    assert "Admin A" in form.details.initials.error.text()
    form.details.initials.set_text("LD")
    form.save.click()
    qtbot.waitUntil(form.password.field.error.isVisible)
    assert form.details.name.text() == "Leela Devi"
    assert form.save.isEnabled()
    assert names(admin) == ["Admin A"]


def test_a_change_is_saved_with_enter(
    admin: Session, ravi: UUID, make_workspace: MakeWorkspace, qtbot: QtBot
) -> None:
    page = open_page(make_workspace(admin), qtbot, 2)
    panel = open_panel(page, ravi)
    assert panel.details is not None
    panel.details.rank.set_text("Inspector")
    QTest.keyClick(panel.details.rank.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(page.message.isVisible)
    assert next(h for h in holders(admin.profile) if h.officer_id == ravi).rank == "Inspector"


def test_the_last_administrator_is_told_why_they_cannot_step_down(
    admin: Session, make_workspace: MakeWorkspace, qtbot: QtBot
) -> None:
    page = open_page(make_workspace(admin), qtbot, 1)
    panel = open_panel(page, admin.officer.id)
    assert panel.details is not None
    assert panel.leave is None
    panel.details.role.choose(str(Role.OFFICER))
    panel.save.click()
    qtbot.waitUntil(panel.message.isVisible)
    assert "Admin A" in panel.message.title()
    assert holders(admin.profile)[0].role is Role.ADMIN


def test_a_temporary_password_is_set_in_place(
    admin: Session, ravi: UUID, make_workspace: MakeWorkspace, qtbot: QtBot
) -> None:
    page = open_page(make_workspace(admin), qtbot, 2)
    panel = open_panel(page, ravi)
    assert panel.password is not None
    panel.password.field.set_text("another four words now")
    panel.give.click()
    qtbot.waitUntil(page.message.isVisible)
    opened = unlock(admin.profile, ravi, "another four words now", admin.clock())
    assert isinstance(opened, Unlocked)
    assert opened.must_change_password
    opened.key.wipe()


def test_removing_asks_first_and_does_nothing_until_confirmed(
    admin: Session, ravi: UUID, make_workspace: MakeWorkspace, qtbot: QtBot
) -> None:
    page = open_page(make_workspace(admin), qtbot, 2)
    panel = open_panel(page, ravi)
    assert panel.leave is not None
    panel.leave.ask.click()
    assert panel.leave.question.isVisible()
    panel.leave.question.drop()
    assert panel.leave.ask.isVisible()
    assert "Ravi Chandran" in names(admin)
    panel.leave.ask.click()
    panel.leave.question.yes.click()
    qtbot.waitUntil(lambda: len(page.rows) == 1)
    assert names(admin) == ["Admin A"]
    assert "Ravi Chandran" in page.message.title()
    assert page.panel is None


def test_a_supervisor_helps_an_officer_but_not_an_administrator(
    make_session: Callable[..., Session], ravi: UUID, make_workspace: MakeWorkspace, qtbot: QtBot
) -> None:
    supervisor = make_session(Role.SUPERVISOR)
    page = open_page(make_workspace(supervisor), qtbot, 3)
    panel = open_panel(page, ravi)
    assert panel.password is not None
    assert panel.details is None
    page.rows[0].click()
    assert page.panel is not None
    assert page.panel.password is None


def test_an_officer_whose_adding_was_cut_short_is_marked_and_given_a_password(
    admin: Session, make_workspace: MakeWorkspace, ravi: UUID, qtbot: QtBot
) -> None:
    remove_slot(admin.profile, admin.key, ravi)
    page = open_page(make_workspace(admin), qtbot, 2)
    (row,) = [row for row in page.rows if row.enrolled.holder.officer_id == ravi]
    assert "No password yet" in row.accessibleName()
    panel = open_panel(page, ravi)
    assert panel.password is not None
    panel.password.field.set_text("another four words")
    panel.give.click()
    qtbot.waitUntil(lambda: RAVI.name in names(admin))


def test_pressing_the_open_row_again_closes_it(
    admin: Session, ravi: UUID, make_workspace: MakeWorkspace, qtbot: QtBot
) -> None:
    page = open_page(make_workspace(admin), qtbot, 2)
    open_panel(page, ravi)
    page.rows[1].click()
    assert page.panel is None
    assert not page.rows[1].isChecked()


def test_on_a_joined_desk_the_panel_says_whose_it_is_to_change_an_officer(
    admin: Session, ravi: UUID, make_workspace: MakeWorkspace, qtbot: QtBot
) -> None:
    with admin.store.writing() as connection:
        facts.put(connection, sync_marks.LINK, "{}")
    panel = open_panel(open_page(make_workspace(admin), qtbot, 2), ravi)
    assert panel.details is None
    said = [label.text() for label in panel.findChildren(QLabel)]
    assert any("said at the server" in text for text in said)
    assert panel.password is not None
    assert panel.leave is not None
