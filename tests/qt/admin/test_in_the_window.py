"""The administration inside the running program."""

from collections.abc import Callable

from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.qt.running_desk import close, start, unlock
from trafficdesk.domain.vocabulary import Role
from trafficdesk.profile import Profile
from trafficdesk.qt.admin.officers import OfficersPage
from trafficdesk.qt.admin.this_desk import DeskPage
from trafficdesk.qt.admin.workspace import AdminWorkspace
from trafficdesk.qt.application import DeskApplication
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.shell.rail import Workspace
from trafficdesk.qt.sitting import Sitting
from trafficdesk.services.administration import OfficerDetails, OfficerDone, add_officer
from trafficdesk.services.session import Session


def furnish(equipment: Equipment, sitting: Sitting) -> None:
    def make() -> AdminWorkspace:
        workspace = AdminWorkspace(sitting.session, equipment)
        workspace.shredded.connect(sitting.lock_wanted)
        return workspace

    sitting.view.add_workspace(Workspace("admin", "Admin", "sliders-horizontal", "Ctrl+6", make))


def test_a_shredded_desk_blanks_its_window_and_ends_its_session_without_a_fault(
    make_session: Callable[..., Session], profile: Profile, qtbot: QtBot
) -> None:
    make_session()
    running = start(profile, furnish, qtbot)
    try:
        unlock(running, qtbot)
        page = _admin(running).open_section("desk")
        assert isinstance(page, DeskPage)
        qtbot.waitUntil(lambda: page.shred.field.edit.placeholderText() == "D1")
        QTest.keyClicks(page.shred.field.edit, "D1")
        with qtbot.waitSignal(running.locked):
            page.shred.button.click()
        assert running.window.desk is None
        assert not profile.key_slots.exists()
        assert not profile.crash_reports.exists()
    finally:
        close(running)


def test_an_administrator_who_steps_down_is_locked_out_of_the_administration_at_once(
    make_session: Callable[..., Session], profile: Profile, qtbot: QtBot
) -> None:
    make_session()
    running = start(profile, furnish, qtbot)
    try:
        session = unlock(running, qtbot).session
        second = OfficerDetails("Ravi Chandran", "RC", "SI", Role.ADMIN)
        assert isinstance(add_officer(session, second, "four plain words here"), OfficerDone)
        page = _admin(running).open_section("officers")
        assert isinstance(page, OfficersPage)
        qtbot.waitUntil(lambda: bool(page.rows))
        own = session.officer.id
        next(row for row in page.rows if row.enrolled.holder.officer_id == own).click()
        assert page.panel is not None
        assert page.panel.details is not None
        page.panel.details.role.choose(str(Role.OFFICER))
        with qtbot.waitSignal(running.locked):
            page.panel.save.click()
        assert session.key.is_wiped
        assert not profile.crash_reports.exists()
    finally:
        close(running)


def _admin(running: DeskApplication) -> AdminWorkspace:
    desk = running.window.desk
    workspace = None if desk is None else desk.find_made("admin")
    assert isinstance(workspace, AdminWorkspace)
    return workspace
