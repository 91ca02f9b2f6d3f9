"""Further officers of a desk with a server: they prove who they are there, and work here."""

import pytest
from PySide6.QtTest import QTest

from tests.qt.sync.conftest import OpenDesk, Window
from tests.server.world import PASSWORD, Person, World
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import ReportStatus, Role
from trafficdesk.profile import Profile
from trafficdesk.qt.admin.officers import OfficersPage
from trafficdesk.qt.admin.server_officer import ServerOfficerForm
from trafficdesk.qt.admin.workspace import AdminWorkspace
from trafficdesk.qt.unlock.screen import UnlockScreen


@pytest.fixture
def person(world: World) -> Person:
    """An administrator sits at the desk."""
    return world.person(Role.ADMIN, "Poongodi I")


def form_of(window: Window) -> ServerOfficerForm:
    admin = window.sitting.view.open_workspace("admin")
    assert isinstance(admin, AdminWorkspace)
    admin.open_section("officers")
    page = admin.pages.currentWidget()
    assert isinstance(page, OfficersPage)
    window.wait(lambda: bool(page.rows))
    page.add_button.click()
    assert page.server_form is not None
    assert len(page.rows) == 1
    return page.server_form


def test_an_officer_of_the_server_is_added_and_their_work_is_taken(
    profile: Profile, world: World, other: SyncedDesk, open_desk: OpenDesk
) -> None:
    report = other.file()
    other.sync()
    second = world.person(Role.OFFICER, "Anbu Selvi")
    window = open_desk(profile)
    window.unlock()
    window.wait(lambda: len(window.pks()) == 1)  # everybody of the city is known by then
    form = form_of(window)
    QTest.keyClicks(form.login.edit, second.login)
    QTest.keyClicks(form.password.edit, "not the password")
    form.save.click()
    window.wait(lambda: form.password.error.text() == "Login or password is wrong.")
    form.password.clear()
    QTest.keyClicks(form.password.edit, PASSWORD)
    form.save.click()
    window.wait(lambda: window.officer_ids() >= {second.id})
    window.wait_until_sent()
    window.application.lock("lock")
    window.wait(lambda: isinstance(window.shown(), UnlockScreen))
    screen = window.shown()
    assert isinstance(screen, UnlockScreen)
    screen.officer_chosen.emit(window.holder(second.id))
    session = window.unlock().session
    assert session.officer.id == second.id
    window.wait(lambda: len(window.pks()) == 1)
    window.step(window.pks()[0], Move.APPROVE)
    window.wait_until_sent()
    other.sync()
    assert other.report(report.id).status is ReportStatus.APPROVED
